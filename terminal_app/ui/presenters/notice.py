"""One plain sentence and a way on, sometimes two."""

from __future__ import annotations

from dataclasses import dataclass

from payment.money import rubles
from terminal_app.ipc.messages import (
    SCAN_AGAIN,
    CashView,
    Dismiss,
    Notice,
    PressPay,
    StartBillScan,
    TerminalState,
    UiToCore,
)
from terminal_app.ipc.pages import OpenService
from terminal_app.ui.locale import t
from terminal_app.ui.presenters.opening import opens_words
from terminal_app.ui.presenters.presenter import Presenter

ICONS = {
    Notice.ACCOUNT_NOT_FOUND: "bill",
    Notice.ATTRIBUTE_WRONG: "user",
    Notice.ATTRIBUTE_ATTEMPTS_SPENT: "user",
    Notice.BILLING_UNREACHABLE: "no_link",
    Notice.QR_UNREADABLE: "qr",
    Notice.QR_NOT_A_BILL: "qr",
    Notice.QR_FOREIGN_PAYEE: "bill",
    Notice.CAMERA_UNAVAILABLE: "camera_off",
    Notice.CASH_UNAVAILABLE: "banknote",
    Notice.MONEY_INSIDE: "banknote",
    Notice.PAY_LESS: "ruble",
    Notice.CARD_DECLINED: "wallet",
    Notice.QR_NOT_PAID: "qr",
    Notice.PAYMENT_RECOVERED: "banknote",
    Notice.PAYMENT_REFUSED: "ruble",
    Notice.PAYMENT_DELAYED: "clock",
    Notice.SERVER_UNREACHABLE: "no_link",
    Notice.NO_AGENT_ON_DUTY: "people",
    Notice.DESK_CLOSED: "clock",
    Notice.CALL_BROKEN: "no_link",
    Notice.PLACE_LOST: "no_link",
    Notice.WAITED_TOO_LONG: "clock",
    Notice.CALL_NOT_ALLOWED: "headset",
}
MESSAGE_INSTEAD = frozenset(  # of a call that nobody takes now
    {Notice.DESK_CLOSED, Notice.NO_AGENT_ON_DUTY, Notice.SERVER_UNREACHABLE, Notice.WAITED_TOO_LONG, Notice.PLACE_LOST}
)


@dataclass(frozen=True, slots=True)
class NoticeView:
    icon: str
    title: str
    sentence: str
    first: str  # empty: only one way on
    first_key: str
    second: str  # empty: there is no such way; its key is `book`
    button: str


class NoticePresenter(Presenter[NoticeView]):
    def view(self, state: TerminalState) -> NoticeView:
        cash = state.cash or CashView()
        values = {
            "phone": state.support_phone,
            "opens": _opens(state),
            "hours": state.support_hours,
            "amount": rubles(_inside_minor(state)),
            "asked": rubles(cash.asked_minor),
            "credited": rubles(max(0, cash.inserted_minor - cash.fee_minor)),
        }
        first_key, first = _first_way(state.notice)
        return NoticeView(
            icon=ICONS.get(state.notice, "info"),
            title=t(f"notice.{state.notice}.title", **values),
            sentence=t(f"notice.{state.notice}.sentence", **values),
            first=t(first, **values) if first else "",
            first_key=first_key,
            second=t("notice.book") if _may_book(state) else "",
            button=t(f"notice.{state.notice}.button"),
        )

    def press(self, key: str, state: TerminalState) -> UiToCore | None:
        if key == "again" and state.notice in SCAN_AGAIN:
            return StartBillScan()
        if key == "credit" and state.notice is Notice.PAY_LESS:
            return None if state.busy or state.cash is None or not state.cash.may_pay else PressPay()
        if key == "message" and state.notice in MESSAGE_INSTEAD:
            return OpenService("message")
        if key == "call_back" and state.notice is Notice.CALL_BROKEN:
            return OpenService("call_back")
        if key == "book" and _may_book(state):
            return OpenService("booking")
        return Dismiss() if key == "dismiss" else None


def _may_book(state: TerminalState) -> bool:
    return state.notice is Notice.DESK_CLOSED and state.availability.offer.serves("booking")


def _opens(state: TerminalState) -> str:
    """When consultants serve again, as far as it is known."""
    closed = state.availability.offer.consultants
    return "" if closed is None or closed.opens is None else f"{opens_words(closed.opens, 'desk')}. "


def _first_way(notice: Notice) -> tuple[str, str]:
    """Key and words of the way that stands beside the button."""
    if notice in SCAN_AGAIN:
        return "again", "notice.again"
    if notice in MESSAGE_INSTEAD:
        return "message", "notice.leave_message"
    if notice is Notice.CALL_BROKEN:  # the last step: the consultant rings here, or somebody calls his phone
        return "call_back", "notice.call_back"
    return ("credit", "notice.pay_less.credit") if notice is Notice.PAY_LESS else ("", "")


def _inside_minor(state: TerminalState) -> int:
    cash = state.cash or CashView()
    return cash.recovered_minor if state.notice is Notice.PAYMENT_RECOVERED else cash.inserted_minor
