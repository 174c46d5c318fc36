"""What was paid, and the paper."""

from __future__ import annotations

from dataclasses import dataclass

from payment.money import rubles
from payment.receipt import readable_txn_id
from terminal_app.ipc import orders
from terminal_app.ipc.messages import Dismiss, PrintCopy, TerminalState, UiToCore
from terminal_app.ipc.orders import AnotherAccount
from terminal_app.ui.locale import plural, t, unbroken
from terminal_app.ui.presenters.amount import shortened
from terminal_app.ui.presenters.balance import Line
from terminal_app.ui.presenters.presenter import Presenter

PAIRS_MAX = 6
_SLIP = {
    None: ("receipt.printing", "info"),
    True: ("receipt.take", "good"),
    False: ("receipt.write_down", "warn"),
}
_COPY = {
    None: ("receipt.copy_printing", "info"),
    True: ("receipt.copy_take", "good"),
    False: ("receipt.copy_failed", "warn"),
}


@dataclass(frozen=True, slots=True)
class ReceiptView:
    title: str
    amount: str
    sentence: str  # empty: credited, nothing to add
    credited: bool
    paper: str
    paper_tone: str
    number: str  # large, in fives as on the slip; only when there is no paper
    lines: tuple[Line, ...]
    copy_hint: str = ""  # how the last copy went, and how many are left; empty: no copy is offered
    copy_able: bool = False
    sent: str = ""  # where the electronic receipt goes
    another: bool = False  # the same customer may pay for one more account


def _said_of(receipt: orders.ReceiptView) -> tuple[str, str]:
    if receipt.card_unknown_minor:
        return "receipt.card_unknown", "receipt.card_unknown_sentence"
    if receipt.refused_minor and not receipt.credited:
        return "receipt.refused", "receipt.refused_sentence"
    if receipt.in_doubt_minor and not receipt.paid_minor:
        return "receipt.in_doubt", "receipt.in_doubt_sentence"
    if not receipt.credited:
        return "receipt.accepted", "receipt.later"
    if receipt.refused_minor:
        return "receipt.credited", "receipt.partly_refused"
    return "receipt.credited", "receipt.partly_in_doubt" if receipt.in_doubt_minor else ""


def _calls(receipt: orders.ReceiptView) -> bool:
    """The customer has to name the number to somebody."""
    return receipt.refused_minor > 0


class ReceiptPresenter(Presenter[ReceiptView]):
    """Without paper the number of the operation is shown large, to be written down."""

    def view(self, state: TerminalState) -> ReceiptView:
        receipt = state.receipt
        if receipt is None:
            return ReceiptView(t("receipt.accepted"), "", "", False, t("receipt.waiting"), "info", "", ())
        paper, tone = _paper(receipt)
        title, sentence = _said_of(receipt)
        return ReceiptView(
            title=t(title),
            amount=rubles(_shown_minor(receipt)),
            sentence=t(sentence, phone=state.support_phone) if sentence else "",
            credited=receipt.credited,
            paper=t(paper),
            paper_tone=tone,
            number="" if _on_paper(receipt) and not _calls(receipt) else readable_txn_id(receipt.txn_id),
            lines=tuple(Line(unbroken(pair.name), pair.value) for pair in receipt.pairs[:PAIRS_MAX]),
            copy_hint=_copy_hint(receipt) if _copy_offered(state) else "",
            copy_able=_copy_offered(state) and not _copy_printing(receipt),
            sent=t("receipt.sent", contact=shortened(receipt.contact)) if receipt.contact else "",
            another=_may_pay_again(state),
        )

    def press(self, key: str, state: TerminalState) -> UiToCore | None:
        if key == "copy" and self.view(state).copy_able:
            return PrintCopy()
        if key == "another" and self.view(state).another:
            return AnotherAccount()
        return Dismiss() if key == "done" else None


def _may_pay_again(state: TerminalState) -> bool:
    able, receipt = state.availability, state.receipt
    settled = receipt is not None and not receipt.card_unknown_minor  # who waits for his bank begins nothing new
    return settled and able.billing and able.pays


def _shown_minor(receipt: orders.ReceiptView) -> int:
    """The sum that the title speaks of."""
    lost = 0 if receipt.credited else receipt.refused_minor
    return lost or receipt.paid_minor or receipt.card_unknown_minor or receipt.in_doubt_minor


def _on_paper(receipt: orders.ReceiptView) -> bool:
    """The slip or a copy of it, or the slip may still come."""
    return receipt.printed is not False or bool(receipt.copy_printed)


def _paper(receipt: orders.ReceiptView) -> tuple[str, str]:
    """What is said of the last slip and how it is meant; a failed copy takes nothing from who has no slip at all."""
    if not receipt.copies and receipt.printed and not receipt.credited and _calls(receipt):
        return "receipt.take_notice", "warn"
    if not receipt.copies:
        return _SLIP[receipt.printed]
    if receipt.copy_printed is False and receipt.printed is False:
        return _SLIP[False]
    return _COPY[receipt.copy_printed]


def _copy_offered(state: TerminalState) -> bool:
    receipt = state.receipt
    return (
        receipt is not None and receipt.printed is not None and receipt.copies_left > 0 and state.availability.printer
    )


def _copy_printing(receipt: orders.ReceiptView) -> bool:
    return receipt.copies > 0 and receipt.copy_printed is None


def _copy_hint(receipt: orders.ReceiptView) -> str:
    if not receipt.copies:
        return t("receipt.copy_hint")
    if _copy_printing(receipt):
        return t("receipt.copy_printing")
    return plural("copies_left", receipt.copies_left)  # how the last one went is said above
