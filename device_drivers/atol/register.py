"""An ATOL register for `fiscal_dialogues` and `fiscal_drive`: documents in its words, its drive. Generators, no clock.

Source: ATOL protocol, tasks; modes: a shift is opened and receipts are made in mode 1, a shift is closed in mode 3.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping

from device_drivers import fiscal_drive, layout, tlv
from device_drivers.atol import messages
from device_drivers.atol.messages import Command, MessageError, Mode
from device_drivers.contract.fiscal_printer import (
    DocumentAbsent,
    DocumentClosed,
    DocumentKind,
    FiscalDocument,
    FiscalItem,
    FiscalPayments,
    FiscalPrinterEvent,
    FiscalTag,
)
from device_drivers.contract.status import DeviceState, Fault, Identified, StatusChanged
from device_drivers.dialogue import LinkBrokenError
from device_drivers.fiscal_dialogues import INQUIRY_PAUSE_S, Encoded
from device_drivers.fiscal_drive import DriveReader, FnQuestion
from device_drivers.fiscal_session import LostError, NoAnswer, Pause, RefusedError, Request, Steps, UnfitError
from device_drivers.fiscal_taxes import no_group
from device_drivers.layout import LayoutError, Value
from device_drivers.tlv import TlvError

TASK_S = 3.0
PRINT_TASK_S = 20.0
ADMINISTRATOR = 30
TLV_SIZE_QUESTION, TLV_DATA_QUESTION = 0x45, 0x46  # the drive's own codes
TLV_READS_MAX = 64
QUANTITY_STEP = 1000  # millionths in a thousandth

# Tag 1199 -> the register's number of a tax rate; 3 and 6 are the general rate in force, since 2026 22 %.
TAXES: Mapping[int, int] = {5: 1, 2: 2, 11: 3, 6: 4, 4: 5, 12: 6}
_KINDS = {
    DocumentKind.INCOME: 1,
    DocumentKind.INCOME_RETURN: 2,
    DocumentKind.OUTCOME: 4,
    DocumentKind.OUTCOME_RETURN: 5,
}


class AtolRegister:
    """Implements `Register`, `Drive` and `Watching`."""

    def __init__(self, password: int, taxes: Mapping[int, int], tell: Callable[[FiscalPrinterEvent], None]) -> None:
        self._password = password
        self._taxes = taxes
        self._tell = tell
        self._drive = DriveReader(self)
        self._serial = ""

    # --- a document --------------------------------------------------------------------------------------------

    def encode(self, document: FiscalDocument) -> Encoded:
        """Everything is encoded before the register is touched."""
        try:
            filling = [self._task(Command.OPEN_RECEIPT, {"kind": _KINDS[document.kind]})]
            system = FiscalTag(1055, document.tax_system)
            tags = (FiscalTag(tlv.FISCAL_ID_TAG, document.fiscal_id), system, *document.tags)
            filling += [self._task(Command.TAG, {"blocks": 1, "tlv": tlv.encode(tag).hex()}) for tag in tags]
            for item in document.items:
                filling.append(self._task(Command.BEGIN_ITEM, {"parameter": 1}))
                filling.append(self._task(Command.END_ITEM, self._item(item)))
            closing = [self._task(command, values) for command, values in _payments(document.payments)]
        except (MessageError, TlvError) as error:
            raise UnfitError(str(error)) from None
        return Encoded(document.fiscal_id, tuple(filling), tuple(closing))

    def _item(self, item: FiscalItem) -> dict[str, Value]:
        if item.vat not in self._taxes:
            raise UnfitError(no_group(item.vat))
        if item.quantity_millionths % QUANTITY_STEP:
            raise UnfitError("the register counts thousandths")
        if item.tags:
            raise UnfitError("over the wire the register takes no tags of an item")
        return {
            "price_minor": item.price_minor,
            "quantity_thousandths": item.quantity_millionths // QUANTITY_STEP,
            "amount_minor": item.amount_minor,
            "tax": self._taxes[item.vat],
            "tax_minor": item.vat_minor or 0,  # 0: the register reckons it
            "subject": item.subject,
            "method": item.method,
            "name": tlv.in_cp866(item.name[:128]),
        }

    def ready(self) -> Steps[None]:
        """Nothing open, mode 1, a shift that is young enough."""
        yield from self.discard()
        try:
            yield from self._enter(Mode.SALE, anew=True)  # the age of the shift is looked at when the mode is entered
        except RefusedError as error:
            if error.code != messages.ERROR_EXPIRED:
                raise
            yield from self._close_shift()
            yield from self._enter(Mode.SALE)
        status = yield from self._status()
        if not int(status["flags"]) & messages.FLAG_SHIFT_OPEN:
            yield from self.do(self._task(Command.OPEN_SHIFT, {}))

    def last_fd(self) -> Steps[int]:
        """Number of the last document in the drive."""
        return (yield from self._drive.last_fd())

    def do(self, data: bytes) -> Steps[bytes]:
        """One task that changes something; what follows its error code."""
        return (yield from self._send(data, PRINT_TASK_S, repeatable=False))

    def discard(self) -> Steps[None]:
        """Cancels what stands open; a loss of power leaves a receipt open and the mode left."""
        if int((yield from self._status())["receipt_state"]):
            yield from self._enter(Mode.SALE)
            yield from self.do(self._task(Command.CANCEL_RECEIPT, {}))

    def inquire(self, fiscal_id: str, before_fd: int | None) -> Steps[DocumentClosed | DocumentAbsent]:
        """The truth of the drive."""
        yield from self.discard()
        return (yield from self._drive.find(fiscal_id, before_fd))

    # --- shifts ------------------------------------------------------------------------------------------------

    def turn_shift(self, *, is_open: bool) -> Steps[int | None]:
        """Opens or closes the shift."""
        yield from self.discard()
        try:
            if is_open:
                yield from self._enter(Mode.SALE)
                yield from self.do(self._task(Command.OPEN_SHIFT, {}))
            elif int((yield from self._status())["flags"]) & messages.FLAG_SHIFT_OPEN:
                yield from self._close_shift()
        except LostError:
            yield Pause(INQUIRY_PAUSE_S)  # the drive says whether it was obeyed
        except RefusedError as error:
            if error.code != messages.ERROR_SHIFT_OPEN:
                raise
        shift = yield from self.ask_drive(FnQuestion.SHIFT)
        return int(shift["shift"]) if bool(shift["state"]) is is_open else None

    def _close_shift(self) -> Steps[None]:
        yield from self._enter(Mode.Z_REPORT)
        yield from self.do(self._task(Command.CLOSE_SHIFT, {}))
        yield from self.do(self._task(Command.LEAVE_MODE, {}))

    def _enter(self, mode: Mode, *, anew: bool = False) -> Steps[None]:
        present = int((yield from self._status())["mode"]) & 0x0F
        if present == mode and not anew:
            return
        if present != Mode.IDLE:
            yield from self.do(self._task(Command.LEAVE_MODE, {}))
        yield from self.do(self._task(Command.ENTER_MODE, {"mode": int(mode), "mode_password": ADMINISTRATOR}))

    # --- the drive ---------------------------------------------------------------------------------------------

    def ask_drive(self, question: FnQuestion, fd: int = 0) -> Steps[Mapping[str, Value]]:
        """A question to the drive."""
        parameters = fd.to_bytes(4, "little") if question is FnQuestion.FIND else b""
        data = yield from self._drive_data(int(question), parameters)
        try:
            return layout.decode(fiscal_drive.ANSWERS[question], data)
        except LayoutError:
            raise LostError from None  # an answer nobody can read is none

    def read_tlv(self, fd: int) -> Steps[bytes]:
        """A stored document, piece by piece."""
        head = yield from self._drive_data(TLV_SIZE_QUESTION, fd.to_bytes(4, "little"))
        if len(head) != 4:
            raise LostError
        size, data = int.from_bytes(head[2:], "little"), b""
        for _ in range(TLV_READS_MAX):
            if len(data) >= size:
                return data[:size]
            # Each reading moves on: one that was lost cannot be repeated, the whole document is asked anew.
            data += yield from self._drive_data(TLV_DATA_QUESTION, b"", repeatable=False)
        raise LostError

    def _drive_data(self, question: int, parameters: bytes, *, repeatable: bool = True) -> Steps[bytes]:
        task = self._task(Command.DRIVE, {"question": question, "parameters": parameters.hex()})
        return (yield from self._send(task, TASK_S, repeatable=repeatable))

    # --- the watch ---------------------------------------------------------------------------------------------

    def look(self, *, whole: bool) -> Steps[bool]:
        """One turn. A task is done when its paper is out, so only the end of the roll keeps a document back."""
        try:
            raw = yield from self._raw(self._task(Command.STATE, {}), TASK_S, repeatable=True)
            state = messages.values_of(messages.STATE_ANSWER, raw, "STATE")
            if whole:
                yield from self._read_drive()
            self._tell(_device_status(int(state["printer"])))
            return not int(state["printer"]) & messages.PRINTER_NO_PAPER
        except RefusedError as error:
            self._tell(StatusChanged(DeviceState.HARDWARE_ERROR, Fault.FAILED, str(error)))
        except (LostError, LinkBrokenError, MessageError):
            pass  # the session has seen that nobody answers
        return False

    def continue_print(self) -> Steps[None]:
        """The register goes on by itself when paper is back; asked for its state it shows so."""
        with contextlib.suppress(RefusedError, LostError, LinkBrokenError):
            yield from self._raw(self._task(Command.STATE, {}), TASK_S, repeatable=True)

    def _read_drive(self) -> Steps[None]:
        status = yield from self._status()
        serial = str(status["serial"])
        if serial != self._serial:
            raw = yield from self._raw(self._task(Command.DEVICE, {}), TASK_S, repeatable=True)
            device = messages.values_of(messages.DEVICE_ANSWER, raw, "DEVICE")
            self._serial = serial
            self._tell(Identified(str(device["title"]), serial))
        at = "20" + "".join(f"{int(status[part]):02d}" for part in ("year", "month", "day"))
        at += "T" + "".join(f"{int(status[part]):02d}" for part in ("hour", "minute"))
        told = yield from self._drive.state(at)
        self._tell(told)

    # --- tasks -------------------------------------------------------------------------------------------------

    def _status(self) -> Steps[Mapping[str, Value]]:
        raw = yield from self._raw(self._task(Command.STATUS, {}), TASK_S, repeatable=True)
        try:
            return messages.values_of(messages.STATUS_ANSWER, raw, "STATUS")
        except MessageError:
            raise LostError from None

    def _send(self, data: bytes, limit_s: float, *, repeatable: bool) -> Steps[bytes]:
        raw = yield from self._raw(data, limit_s, repeatable=repeatable)
        if raw[:1] != bytes((messages.COMMAND_RESULT,)) or len(raw) < 2:
            raise LostError
        if raw[1]:
            raise RefusedError(raw[1], messages.error_text(raw[1]), final=raw[1] in messages.FINAL_ERRORS)
        return raw[2:]

    def _raw(self, data: bytes, limit_s: float, *, repeatable: bool) -> Steps[bytes]:
        outcome = yield Request(data, limit_s, repeatable)
        if outcome is None or isinstance(outcome, NoAnswer) or not outcome.data:
            raise LostError
        return outcome.data

    def _task(self, command: Command, values: Mapping[str, Value]) -> bytes:
        return messages.encode_task(self._password, command, values)


def _payments(payments: FiscalPayments) -> list[tuple[Command, dict[str, Value]]]:
    """Parts of the payment; the last one closes the receipt."""
    amounts = (
        payments.cash_minor,
        payments.electronic_minor,
        payments.advance_minor,
        payments.credit_minor,
        payments.other_minor,
    )
    parts: list[dict[str, Value]] = [
        {"payment": kind, "amount_minor": amount} for kind, amount in enumerate(amounts, 1) if amount
    ]
    return [(Command.PAYMENT, part) for part in parts[:-1]] + [(Command.CLOSE_RECEIPT, parts[-1])]


def _device_status(printer: int) -> StatusChanged:
    """The gravest cause wins."""
    for mask, told, fault in (
        (messages.PRINTER_NO_PAPER, DeviceState.USER_ERROR, Fault.PAPER_OUT),
        (messages.PRINTER_CUTTER, DeviceState.HARDWARE_ERROR, Fault.CUTTER),
        (messages.PRINTER_NO_LINK | messages.PRINTER_BROKEN, DeviceState.HARDWARE_ERROR, Fault.FAILED),
    ):
        if printer & mask:
            return StatusChanged(told, fault, f"{printer:02x}")
    return StatusChanged(DeviceState.ONLINE)
