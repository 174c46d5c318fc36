"""What was paid, and the paper."""

from __future__ import annotations

from dataclasses import dataclass

from payment.money import rubles
from payment.receipt import readable_txn_id
from terminal_app.ipc import messages
from terminal_app.ipc.messages import Dismiss, TerminalState, UiToCore
from terminal_app.ui.locale import t
from terminal_app.ui.presenters.balance import Line
from terminal_app.ui.presenters.presenter import Presenter

PAIRS_MAX = 6


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


def _said_of(receipt: messages.ReceiptView) -> tuple[str, str]:
    if receipt.card_unknown_minor:
        return "receipt.card_unknown", "receipt.card_unknown_sentence"
    return ("receipt.credited", "") if receipt.credited else ("receipt.accepted", "receipt.later")


class ReceiptPresenter(Presenter[ReceiptView]):
    """Without paper the number of the operation is shown large, to be written down."""

    def view(self, state: TerminalState) -> ReceiptView:
        receipt = state.receipt
        if receipt is None:
            return ReceiptView(t("receipt.accepted"), "", "", False, t("receipt.waiting"), "info", "", ())
        paper, tone = {
            None: ("receipt.printing", "info"),
            True: ("receipt.take", "good"),
            False: ("receipt.write_down", "warn"),
        }[receipt.printed]
        title, sentence = _said_of(receipt)
        return ReceiptView(
            title=t(title),
            amount=rubles(receipt.paid_minor or receipt.card_unknown_minor),
            sentence=t(sentence) if sentence else "",
            credited=receipt.credited,
            paper=t(paper),
            paper_tone=tone,
            number=readable_txn_id(receipt.txn_id) if receipt.printed is False else "",
            lines=tuple(Line(pair.name, pair.value) for pair in receipt.pairs[:PAIRS_MAX]),
        )

    def press(self, key: str, state: TerminalState) -> UiToCore | None:
        return Dismiss() if key == "done" else None
