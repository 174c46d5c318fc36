"""The bridge between payment's receipt and the printer's slip."""

from __future__ import annotations

from collections.abc import Callable

from device_drivers.contract import receipt_printer as device
from payment import receipt as words
from payment.contract import CashierEvent, Receipt, ReceiptNotPrinted, ReceiptPrinted

TRAINING_MARK = (words.Heading("УЧЕБНЫЙ", large=True), words.Heading("НЕ ЯВЛЯЕТСЯ ЧЕКОМ", large=False))
TRAINING_MARK_EVERY = 4  # lines


class SlipReceiptPrinter:
    """payment's PrinterPort over a receipt printer; a terminal without one says so at once."""

    def __init__(
        self,
        printer: device.ReceiptPrinter | None,
        issuer: words.Issuer,
        tell: Callable[[CashierEvent], None],
        *,
        training: bool = False,
    ) -> None:
        """`training`: every slip says across all its length that it is none."""
        self._printer = printer
        self._issuer = issuer
        self._tell = tell
        self._training = training
        self._others: dict[str, Callable[[bool], None]] = {}  # slips that are no customer's, by job

    def print_slip(self, job_id: str, lines: tuple[words.ReceiptLine, ...], done: Callable[[bool], None]) -> None:
        """A slip that is no receipt; `done` is told whether it is surely on paper."""
        if self._printer is None:
            done(False)
            return
        self._others[job_id] = done
        self._printer.print_slip(job_id, self._slip(lines))

    def print_receipt(self, receipt: Receipt) -> None:
        if self._printer is None:
            self._tell(ReceiptNotPrinted(receipt.txn_id, may_be_on_paper=False, reason="no printer"))
            return
        self._printer.print_slip(receipt.txn_id, self._slip(words.receipt_lines(receipt, self._issuer)))

    def _slip(self, lines: tuple[words.ReceiptLine, ...]) -> device.Slip:
        return device.Slip(tuple(_slip_line(line) for line in (marked_training(lines) if self._training else lines)))

    def on_event(self, event: device.ReceiptPrinterEvent) -> None:
        """The job's id is the payment's number, or that of another slip."""
        match event:
            case device.SlipPrinted(job_id=job_id) | device.SlipFailed(job_id=job_id) if job_id in self._others:
                self._others.pop(job_id)(isinstance(event, device.SlipPrinted))
            case device.SlipPrinted(job_id=job_id):
                self._tell(ReceiptPrinted(job_id))
            case device.SlipFailed(job_id=job_id, failure=failure, detail=detail):
                unknown = failure is device.PrintFailure.OUTCOME_UNKNOWN
                self._tell(ReceiptNotPrinted(job_id, may_be_on_paper=unknown, reason=detail or failure.value))


def marked_training(lines: tuple[words.ReceiptLine, ...]) -> tuple[words.ReceiptLine, ...]:
    """No piece torn off such a slip looks like a receipt: at its head, its foot and between every few lines."""
    marked: list[words.ReceiptLine] = list(TRAINING_MARK)
    for number, line in enumerate(lines, 1):
        marked.append(line)
        if number % TRAINING_MARK_EVERY == 0 and number < len(lines):
            marked.append(TRAINING_MARK[0])
    return (*marked, *TRAINING_MARK)


def _slip_line(line: words.ReceiptLine) -> device.SlipLine:
    match line:
        case words.Heading(text=text, large=large):
            return device.TextLine(text, device.Align.CENTER, bold=True, large=large)
        case words.Pair(name=name, value=value, bold=bold):
            return device.PairLine(name, value, bold)
        case words.Words(text=text, large=large):
            return device.TextLine(text, large=large)
        case words.Rule():
            return device.RuleLine()
        case words.Code(text=text):
            return device.QrLine(text.encode())
