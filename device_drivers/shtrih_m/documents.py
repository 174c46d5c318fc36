"""A Shtrih-M register as `fiscal_dialogues` needs it: documents in its words, its drive read. Generators, no clock.

Source: Shtrih-M protocol description, "Order that works", "Recovery after a break", "Layouts of the two closing
commands".
"""

from __future__ import annotations

from collections.abc import Mapping

from device_drivers import tlv
from device_drivers.contract.fiscal_printer import (
    DocumentAbsent,
    DocumentClosed,
    DocumentKind,
    FiscalDocument,
    FiscalItem,
    FiscalTag,
)
from device_drivers.fiscal_dialogues import INQUIRY_PAUSE_S, Encoded
from device_drivers.fiscal_drive import DriveReader
from device_drivers.fiscal_session import LostError, Pause, RefusedError, Steps, UnfitError
from device_drivers.fiscal_taxes import no_group
from device_drivers.layout import Value
from device_drivers.shtrih_m.messages import NAME_SIZE, RECKON_TAX, Answer, Command, MessageError
from device_drivers.shtrih_m.register import (
    MODE_CLOSED,
    MODE_DOCUMENT,
    MODE_EXPIRED,
    PRINT_ANSWER_S,
    REPORT_ANSWER_S,
    Commands,
)
from device_drivers.tlv import TlvError

ERRORS_SHIFT_OPEN, ERRORS_SHIFT_CLOSED = (0x15,), (0x16, 0x3D)

_RECEIPT_KINDS = {
    DocumentKind.INCOME: 0,
    DocumentKind.INCOME_RETURN: 2,
    DocumentKind.OUTCOME: 1,
    DocumentKind.OUTCOME_RETURN: 3,
}
# Tag 1199 -> bit of the register's tax group. Groups 1 and 5 hold the general rate in force, since 2026 22 %.
TAX_GROUPS: Mapping[int, int] = {11: 0x01, 2: 0x02, 5: 0x04, 6: 0x08, 12: 0x10, 4: 0x20}


class ShtrihMRegister:
    """Implements `Register`."""

    def __init__(self, commands: Commands, drive: DriveReader, tax_groups: Mapping[int, int]) -> None:
        self._commands = commands
        self._drive = drive
        self._tax_groups = tax_groups

    # --- a document --------------------------------------------------------------------------------------------

    def encode(self, document: FiscalDocument) -> Encoded:
        """Everything is encoded before the register is touched."""
        try:
            opening = self._commands.encode_command(Command.OPEN_RECEIPT, {"kind": _RECEIPT_KINDS[document.kind]})
            lines = [line for item in document.items for line in self._item(document.kind, item)]
            tags = (FiscalTag(tlv.FISCAL_ID_TAG, document.fiscal_id), *document.tags)
            lines += [self._tlv(Command.SEND_TLV, tag) for tag in tags]
            closing = self._commands.encode_command(Command.CLOSE_RECEIPT_EXTENDED, _closing(document))
        except (MessageError, TlvError) as error:
            raise UnfitError(str(error)) from None
        return Encoded(document.fiscal_id, (opening, *lines), (closing,))

    def _item(self, kind: DocumentKind, item: FiscalItem) -> list[bytes]:
        if item.vat not in self._tax_groups:
            raise UnfitError(no_group(item.vat))
        values: dict[str, Value] = {
            "operation": int(kind),
            "quantity_millionths": item.quantity_millionths,
            "price_minor": item.price_minor,
            "amount_minor": item.amount_minor,
            "tax_minor": RECKON_TAX if item.vat_minor is None else item.vat_minor,
            "tax": self._tax_groups[item.vat],
            "method": item.method,
            "subject": item.subject,
            "text": item.name[:NAME_SIZE],
        }
        line = self._commands.encode_command(Command.OPERATION_V2, values)
        measure = (FiscalTag(tlv.MEASURE_TAG, item.measure),) if item.measure else ()
        return [line, *(self._tlv(Command.SEND_ITEM_TLV, tag) for tag in (*measure, *item.tags))]

    def _tlv(self, command: Command, tag: FiscalTag) -> bytes:
        return self._commands.encode_command(command, {"tlv": tlv.encode(tag).hex()})

    def ready(self) -> Steps[None]:
        """Nothing printed, nothing open, a shift that is young enough."""
        state = yield from self._commands.printed()
        if state.mode == MODE_DOCUMENT:
            yield from self._commands.cancel_receipt()
            state = yield from self._commands.printed()
        if state.mode == MODE_EXPIRED:
            yield from self._commands.ask(Command.Z_REPORT, limit_s=REPORT_ANSWER_S, repeatable=False)
            state = yield from self._commands.printed()
        if state.mode == MODE_CLOSED:
            yield from self._commands.ask(Command.OPEN_SHIFT, limit_s=PRINT_ANSWER_S, repeatable=False)
            yield from self._commands.printed()

    def last_fd(self) -> Steps[int]:
        """Number of the last document in the drive."""
        return (yield from self._drive.last_fd())

    def do(self, data: bytes) -> Steps[Answer]:
        """One command of an encoded document."""
        return (yield from self._commands.send(data))

    def discard(self) -> Steps[None]:
        """Cancels what stands open."""
        if (yield from self._commands.state()).mode == MODE_DOCUMENT:
            yield from self._commands.cancel_receipt()

    # --- the drive ---------------------------------------------------------------------------------------------

    def inquire(self, fiscal_id: str, before_fd: int | None) -> Steps[DocumentClosed | DocumentAbsent]:
        """Reading the drive prints nothing, so it works without paper too."""
        state = yield from self._commands.state()
        if state.mode == MODE_DOCUMENT and state.printing:
            raise LostError  # it may be closing just now: not yet the time to say that it is not there
        if state.mode == MODE_DOCUMENT:
            yield from self._commands.cancel_receipt()
        return (yield from self._drive.find(fiscal_id, before_fd))

    # --- shifts ------------------------------------------------------------------------------------------------

    def turn_shift(self, *, is_open: bool) -> Steps[int | None]:
        """Opens or closes the shift."""
        if (yield from self._commands.printed()).mode == MODE_DOCUMENT:
            yield from self._commands.cancel_receipt()
        command, done_errors = (
            (Command.OPEN_SHIFT, ERRORS_SHIFT_OPEN) if is_open else (Command.Z_REPORT, ERRORS_SHIFT_CLOSED)
        )
        try:
            yield from self._commands.ask(command, limit_s=REPORT_ANSWER_S, repeatable=False)
        except LostError:
            yield Pause(INQUIRY_PAUSE_S)  # the drive says whether it was obeyed
        except RefusedError as error:
            if error.code not in done_errors:
                raise
        shift = yield from self._commands.ask(Command.SHIFT_PARAMETERS)
        return shift.number("shift") if bool(shift.number("state")) is is_open else None


def _closing(document: FiscalDocument) -> dict[str, Value]:
    payments = document.payments
    return {
        "paid1_minor": payments.cash_minor,
        "paid2_minor": payments.electronic_minor,
        "paid14_minor": payments.advance_minor,
        "paid15_minor": payments.credit_minor,
        "paid16_minor": payments.other_minor,
        "tax_system": document.tax_system,
    }
