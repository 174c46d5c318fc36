"""Which screen widget and which presenter stand for a Screen of core."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from terminal_app.ipc.messages import Screen, TerminalState, UiToCore
from terminal_app.ui.presenters.account_confirm import AccountConfirmPresenter
from terminal_app.ui.presenters.account_entry import AccountEntryPresenter
from terminal_app.ui.presenters.amount import AmountPresenter
from terminal_app.ui.presenters.attract import AttractPresenter
from terminal_app.ui.presenters.balance import BalancePresenter
from terminal_app.ui.presenters.basket import BasketPresenter
from terminal_app.ui.presenters.bill_scan import BillScanPresenter
from terminal_app.ui.presenters.call_card import CallCardPresenter
from terminal_app.ui.presenters.call_document import CallDocumentPresenter
from terminal_app.ui.presenters.call_live import CallLivePresenter
from terminal_app.ui.presenters.call_notes import CallNotesPresenter, CallPadPresenter, CallTypingPresenter
from terminal_app.ui.presenters.call_result import CallResultPresenter
from terminal_app.ui.presenters.call_waiting import CallWaitingPresenter
from terminal_app.ui.presenters.call_way import CallWayPresenter
from terminal_app.ui.presenters.card_payment import CardPaymentPresenter
from terminal_app.ui.presenters.cash_in import CashInPresenter
from terminal_app.ui.presenters.means import MeansPresenter
from terminal_app.ui.presenters.notice import NoticePresenter
from terminal_app.ui.presenters.out_of_service import OutOfServicePresenter
from terminal_app.ui.presenters.page_entry import PageEntryPresenter
from terminal_app.ui.presenters.page_list import PageListPresenter
from terminal_app.ui.presenters.page_pad import PagePadPresenter
from terminal_app.ui.presenters.page_photo import PagePhotoPresenter
from terminal_app.ui.presenters.page_summary import PageSummaryPresenter
from terminal_app.ui.presenters.page_text import PageTextPresenter
from terminal_app.ui.presenters.paying import PayingPresenter
from terminal_app.ui.presenters.presenter import Presenter
from terminal_app.ui.presenters.qr_payment import QrPaymentPresenter
from terminal_app.ui.presenters.reading import Ended, Sentence
from terminal_app.ui.presenters.receipt import ReceiptPresenter
from terminal_app.ui.presenters.second_attribute import SecondAttributePresenter
from terminal_app.ui.presenters.simulated import simulated
from terminal_app.ui.screens.account_confirm import AccountConfirmScreen
from terminal_app.ui.screens.account_entry import AccountEntryScreen
from terminal_app.ui.screens.amount import AmountScreen
from terminal_app.ui.screens.attract import AttractScreen
from terminal_app.ui.screens.balance import BalanceScreen
from terminal_app.ui.screens.basket import BasketScreen
from terminal_app.ui.screens.bill_scan import BillScanScreen
from terminal_app.ui.screens.call_card import CallCardScreen
from terminal_app.ui.screens.call_document import CallDocumentScreen
from terminal_app.ui.screens.call_live import CallLiveScreen
from terminal_app.ui.screens.call_notes import CallPadScreen, CallTypingScreen
from terminal_app.ui.screens.call_result import CallResultScreen
from terminal_app.ui.screens.call_waiting import CallWaitingScreen
from terminal_app.ui.screens.call_way import CallWayScreen
from terminal_app.ui.screens.card_payment import CardPaymentScreen
from terminal_app.ui.screens.cash_in import CashInScreen
from terminal_app.ui.screens.chrome import Chrome
from terminal_app.ui.screens.means import MeansScreen
from terminal_app.ui.screens.notice import NoticeScreen
from terminal_app.ui.screens.out_of_service import OutOfServiceScreen
from terminal_app.ui.screens.page_entry import PageEntryScreen
from terminal_app.ui.screens.page_list import PageListScreen
from terminal_app.ui.screens.page_pad import PagePadScreen
from terminal_app.ui.screens.page_photo import PagePhotoScreen
from terminal_app.ui.screens.page_summary import PageSummaryScreen
from terminal_app.ui.screens.page_text import PageTextScreen
from terminal_app.ui.screens.paying import PayingScreen
from terminal_app.ui.screens.qr_payment import QrPaymentScreen
from terminal_app.ui.screens.receipt import ReceiptScreen
from terminal_app.ui.screens.screen import KioskScreen
from terminal_app.ui.screens.second_attribute import SecondAttributeScreen

ROUTES: dict[Screen, tuple[type[Presenter[Any]], type[KioskScreen]]] = {
    Screen.ATTRACT: (AttractPresenter, AttractScreen),
    Screen.ACCOUNT_ENTRY: (AccountEntryPresenter, AccountEntryScreen),
    Screen.BILL_SCAN: (BillScanPresenter, BillScanScreen),
    Screen.ACCOUNT_CONFIRM: (AccountConfirmPresenter, AccountConfirmScreen),
    Screen.SECOND_ATTRIBUTE: (SecondAttributePresenter, SecondAttributeScreen),
    Screen.BALANCE: (BalancePresenter, BalanceScreen),
    Screen.AMOUNT: (AmountPresenter, AmountScreen),
    Screen.BASKET: (BasketPresenter, BasketScreen),
    Screen.MEANS: (MeansPresenter, MeansScreen),
    Screen.CASH_IN: (CashInPresenter, CashInScreen),
    Screen.CARD_PAYMENT: (CardPaymentPresenter, CardPaymentScreen),
    Screen.QR_PAYMENT: (QrPaymentPresenter, QrPaymentScreen),
    Screen.PAYING: (PayingPresenter, PayingScreen),
    Screen.RECEIPT: (ReceiptPresenter, ReceiptScreen),
    Screen.NOTICE: (NoticePresenter, NoticeScreen),
    Screen.CALL_WAY: (CallWayPresenter, CallWayScreen),
    Screen.CALL_WAITING: (CallWaitingPresenter, CallWaitingScreen),
    Screen.CALL_LIVE: (CallLivePresenter, CallLiveScreen),
    Screen.CALL_PAD: (CallPadPresenter, CallPadScreen),
    Screen.CALL_TYPING: (CallTypingPresenter, CallTypingScreen),
    Screen.CALL_NOTES: (CallNotesPresenter, PageTextScreen),
    Screen.CALL_DOCUMENT: (CallDocumentPresenter, CallDocumentScreen),
    Screen.CALL_CARD: (CallCardPresenter, CallCardScreen),
    Screen.CALL_RESULT: (CallResultPresenter, CallResultScreen),
    Screen.PAGE_ENTRY: (PageEntryPresenter, PageEntryScreen),
    Screen.PAGE_LIST: (PageListPresenter, PageListScreen),
    Screen.PAGE_PAD: (PagePadPresenter, PagePadScreen),
    Screen.PAGE_PHOTO: (PagePhotoPresenter, PagePhotoScreen),
    Screen.PAGE_SUMMARY: (PageSummaryPresenter, PageSummaryScreen),
    Screen.PAGE_TEXT: (PageTextPresenter, PageTextScreen),
    Screen.OUT_OF_SERVICE: (OutOfServicePresenter, OutOfServiceScreen),
}


def place_of(state: TerminalState) -> str:
    """Where the customer is, in one word: the screen, the page of a service, or which card of the consultant."""
    if state.screen is Screen.CALL_CARD and state.call is not None:
        return f"{state.screen.value}.{state.call.card_id}"
    return state.page.name if state.page is not None else state.screen.value


class Router:
    """Keeps one screen on the glass. A new one is built from nothing and the old one let go: that is the wipe."""

    def __init__(self, chrome: Chrome) -> None:
        self._chrome = chrome
        self._presenter: Presenter[Any] | None = None
        self._widget: KioskScreen | None = None
        self.place = ""

    def show(self, state: TerminalState) -> None:
        """Draws a state; a screen that stays only gets its new view."""
        presenter_type, widget_type = ROUTES[state.screen]
        if type(self._presenter) is not presenter_type or place_of(state) != self.place:
            self._presenter, self._widget = presenter_type(state), None
            self.place = place_of(state)
        view = self._presenter.view(state)
        if state.training:
            view = simulated(view)
        if self._widget is None:
            self._widget = widget_type(view=view)
            self._chrome.hold(self._widget)
        else:
            self._widget.view = view

    def move(self, chrome: Chrome) -> None:
        """The screen is built anew in another chrome; what was typed on it stays."""
        self._chrome.release()
        self._chrome, self._widget = chrome, None

    def forget(self) -> None:
        """Lets the present screen go, with all that was typed on it."""
        self._presenter = self._widget = None
        self.place = ""
        self._chrome.release()

    def draw(self, points: Sequence[int], height: int) -> None:
        """A stroke on the present screen's pad."""
        if self._presenter is not None:
            self._presenter.draw(points, height)

    def to_say(self) -> Sentence | None:
        """What the voice reads of a document of the present screen now."""
        return self._presenter.to_say() if self._presenter is not None else None

    def said(self, sentence: Sentence, how: Ended, state: TerminalState) -> UiToCore | None:
        return self._presenter.said(sentence, how, state) if self._presenter is not None else None

    def press(self, key: str, state: TerminalState) -> UiToCore | None:
        """The command of a key of the present screen."""
        return self._presenter.press(key, state) if self._presenter is not None else None
