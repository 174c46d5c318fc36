"""The bank's terminal waits for the card; what it asks for stands on its own screen."""

from __future__ import annotations

from dataclasses import dataclass

from payment.money import rubles
from terminal_app.ipc.messages import TerminalState
from terminal_app.ui.locale import t
from terminal_app.ui.presenters.presenter import Presenter


@dataclass(frozen=True, slots=True)
class CardPaymentView:
    title: str
    amount: str
    hint: str


class CardPaymentPresenter(Presenter[CardPaymentView]):
    """Nothing to press but the way back; after that the bank's terminal is asked, which takes a moment."""

    def view(self, state: TerminalState) -> CardPaymentView:
        asked_minor = state.cash.asked_minor if state.cash else 0
        return CardPaymentView(
            title=t("card.leaving" if state.busy else "card.title"),
            amount=rubles(asked_minor),
            hint="" if state.busy else t("card.hint"),
        )
