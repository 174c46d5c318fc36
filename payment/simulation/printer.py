"""The far end of a slip: paper that may come out without a word, and a printer that may be silent for ever."""

from __future__ import annotations

from functools import partial

from payment.contract import Receipt, ReceiptNotPrinted, ReceiptPrinted
from payment.simulation.stage import Line, Stage, Wire

PRINT_S = (0.8, 2.5)
TELL_S = (0.02, 0.2)


class Printer:
    """The cashier's `PrinterPort`. The oracle counts `slips`."""

    def __init__(self, stage: Stage, wire: Wire) -> None:
        self.slips: list[Receipt] = []
        self._stage = stage
        self._wire = wire

    def print_receipt(self, receipt: Receipt) -> None:
        stage = self._stage
        stage.knife.passes("print")
        stage.say(f"print {receipt.txn_id}{' КОПИЯ' if receipt.copy else ''}")
        if stage.chance.happens(0.04):
            self._fails(receipt)
        else:
            stage.later(stage.chance.between_s(*PRINT_S), partial(self._printed, receipt), Line.MAINS)
        stage.knife.passes("print")

    def _printed(self, receipt: Receipt) -> None:
        self._stage.knife.passes("a slip comes out")
        self.slips.append(receipt)
        if not self._stage.chance.happens(0.02):
            self._wire.tell(ReceiptPrinted(receipt.txn_id), TELL_S)

    def _fails(self, receipt: Receipt) -> None:
        half_out = self._stage.chance.happens(0.5)
        if half_out:
            self.slips.append(receipt)
        self._wire.tell(ReceiptNotPrinted(receipt.txn_id, may_be_on_paper=half_out, reason="paper"), TELL_S)
