"""The dialogues with a Shtrih-M register, step by step in the order of its paper. Generators: no I/O, no clock.

Source: Shtrih-M protocol description, "Order that works", "Recovery after a break".
- Until the closing command leaves, any trouble is healed by cancelling the receipt: nothing is in the drive.
- The closing command is never repeated. When its outcome is unknown the drive is asked: a closed document is found by
  our own id in tag 1192, an open receipt is cancelled.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping

from device_drivers import tlv
from device_drivers.contract.fiscal_printer import (
    DocumentAbsent,
    DocumentClosed,
    DocumentKind,
    DocumentRefused,
    DocumentUnknown,
    FiscalDocument,
    FiscalItem,
    FiscalPrinterEvent,
    FiscalTag,
    ShiftClosed,
    ShiftOpened,
    ShiftRefused,
)
from device_drivers.dialogue import LinkBrokenError
from device_drivers.layout import Value
from device_drivers.shtrih_m import messages
from device_drivers.shtrih_m.exchange import Outcome
from device_drivers.shtrih_m.messages import NAME_SIZE, RECKON_TAX, Command, MessageError
from device_drivers.shtrih_m.register import (
    MODE_CLOSED,
    MODE_DOCUMENT,
    MODE_EXPIRED,
    PRINT_ANSWER_S,
    LostError,
    Pause,
    RefusedError,
    Register,
    Steps,
    Wish,
)
from device_drivers.tlv import TlvError

REPORT_ANSWER_S = 40.0
MAKE_TRIES_MAX = 2
INQUIRIES_MAX = 15  # after a closing command without an answer
INQUIRY_PAUSE_S = 1.0
LOOK_BACK_DOCUMENTS = 8  # where the document is looked for when nobody knows the number before it
TLV_READS_MAX = 64

ERRORS_SHIFT_OPEN, ERRORS_SHIFT_CLOSED = (0x15,), (0x16, 0x3D)

_RECEIPT_KINDS = {
    DocumentKind.INCOME: 0,
    DocumentKind.INCOME_RETURN: 2,
    DocumentKind.OUTCOME: 1,
    DocumentKind.OUTCOME_RETURN: 3,
}
# Tag 1199 -> bit of the register's tax group. Groups 1 and 5 hold the general rate in force, since 2026 22 %.
TAX_GROUPS: Mapping[int, int] = {11: 0x01, 2: 0x02, 5: 0x04, 6: 0x08, 12: 0x10, 4: 0x20}


class UnfitError(Exception):
    """The document cannot be put into the register's words."""


class RegisterDocuments:
    """Documents and shifts of a register; what comes of them goes to `tell`."""

    def __init__(
        self, register: Register, tell: Callable[[FiscalPrinterEvent], None], tax_groups: Mapping[int, int]
    ) -> None:
        self._register = register
        self._tell = tell
        self._tax_groups = tax_groups

    # --- documents ---------------------------------------------------------------------------------------------

    def print_document(self, document: FiscalDocument) -> Steps:
        """Makes and closes a document; ends in `DocumentClosed`, `DocumentRefused` or `DocumentUnknown`."""
        try:
            lines, closing = self._encode(document)
            before_fd = yield from self._prepare(document, lines)
        except (MessageError, TlvError, UnfitError) as error:
            self._tell(DocumentRefused(document.fiscal_id, str(error), final=True))
        except RefusedError as error:
            self._tell(DocumentRefused(document.fiscal_id, str(error), final=error.final))
        except (LostError, LinkBrokenError):
            # The closing command never left. What may be open in the register is cancelled before the next document.
            self._tell(DocumentRefused(document.fiscal_id, "the register does not answer"))
        else:
            yield from self._close(document.fiscal_id, closing, before_fd)

    def ask_document(self, fiscal_id: str) -> Steps:
        """Looks for a document in the drive; an open receipt is cancelled, so that the answer is final."""
        try:
            found = yield from self._inquire(fiscal_id, None)
            self._tell(found)
        except RefusedError as error:
            self._tell(DocumentUnknown(fiscal_id, str(error)))
        except (LostError, LinkBrokenError, MessageError, TlvError):
            self._tell(DocumentUnknown(fiscal_id, "the register does not answer"))

    def _encode(self, document: FiscalDocument) -> tuple[list[bytes], bytes]:
        """Everything between opening and closing, and the closing command: encoded before the register is touched."""
        lines = []
        for item in document.items:
            lines.append(self._register.command(Command.OPERATION_V2, self._operation(document.kind, item)))
            if item.measure:
                lines.append(self._tlv(Command.SEND_ITEM_TLV, FiscalTag(tlv.MEASURE_TAG, item.measure)))
        tags = (FiscalTag(tlv.FISCAL_ID_TAG, document.fiscal_id), *document.tags)
        lines += [self._tlv(Command.SEND_TLV, tag) for tag in tags]
        return lines, self._register.command(Command.CLOSE_RECEIPT_EXTENDED, _closing(document))

    def _tlv(self, command: Command, tag: FiscalTag) -> bytes:
        return self._register.command(command, {"tlv": tlv.encode(tag).hex()})

    def _operation(self, kind: DocumentKind, item: FiscalItem) -> dict[str, Value]:
        if item.vat not in self._tax_groups:
            raise UnfitError(f"the register has no tax group for VAT code {item.vat}")
        return {
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

    def _prepare(self, document: FiscalDocument, lines: list[bytes]) -> Generator[Wish, Outcome | None, int]:
        """Everything before the closing command; the number of the last document before ours."""
        for attempt in range(1, MAKE_TRIES_MAX + 1):
            try:
                yield from self._ready_for_document()
                before_fd = (yield from self._register.ask(Command.FN_STATUS)).number("last_fd")
                opening = self._register.command(Command.OPEN_RECEIPT, {"kind": _RECEIPT_KINDS[document.kind]})
                for data in (opening, *lines):
                    yield from self._register.do(data)
                return before_fd
            except LostError:
                if attempt == MAKE_TRIES_MAX:
                    raise
                yield Pause(INQUIRY_PAUSE_S)
            except RefusedError:
                yield from self._cancel_quietly()
                raise
        raise AssertionError

    def _ready_for_document(self) -> Generator[Wish, Outcome | None, None]:
        """Nothing printed, nothing open, a shift that is young enough."""
        state = yield from self._register.printed()
        if state.mode == MODE_DOCUMENT:
            yield from self._register.cancel_receipt()
            state = yield from self._register.printed()
        if state.mode == MODE_EXPIRED:
            yield from self._register.ask(Command.Z_REPORT, limit_s=REPORT_ANSWER_S, repeatable=False)
            state = yield from self._register.printed()
        if state.mode == MODE_CLOSED:
            yield from self._register.ask(Command.OPEN_SHIFT, limit_s=PRINT_ANSWER_S, repeatable=False)
            yield from self._register.printed()

    def _close(self, fiscal_id: str, closing: bytes, before_fd: int) -> Steps:
        refused: RefusedError | None = None
        try:
            yield from self._register.do(closing, PRINT_ANSWER_S)
        except RefusedError as error:
            refused = error
        except LostError:
            pass  # the drive is asked below
        except LinkBrokenError:
            self._tell(DocumentUnknown(fiscal_id, "the line broke while the document was closed"))
            return
        try:
            found = yield from self._inquire_patiently(fiscal_id, before_fd)
        except LinkBrokenError:
            self._tell(DocumentUnknown(fiscal_id, "the line broke after the document was closed"))
            return
        if isinstance(found, DocumentAbsent):
            reason = str(refused) if refused is not None else "the register did not close it"
            self._tell(DocumentRefused(fiscal_id, reason, final=refused is not None and refused.final))
        else:
            self._tell(found)

    def _inquire_patiently(
        self, fiscal_id: str, before_fd: int
    ) -> Generator[Wish, Outcome | None, DocumentClosed | DocumentAbsent | DocumentUnknown]:
        reason = "the register does not answer"
        for _ in range(INQUIRIES_MAX):
            try:
                return (yield from self._inquire(fiscal_id, before_fd))
            except RefusedError as error:
                reason = str(error)
            except (LostError, MessageError, TlvError):
                pass
            yield Pause(INQUIRY_PAUSE_S)
        return DocumentUnknown(fiscal_id, reason)

    def _inquire(
        self, fiscal_id: str, before_fd: int | None
    ) -> Generator[Wish, Outcome | None, DocumentClosed | DocumentAbsent]:
        """The truth of the drive. Reading it prints nothing, so it works without paper too."""
        state = yield from self._register.state()
        if state.mode == MODE_DOCUMENT and state.printing:
            raise LostError  # it may be closing just now: not yet the time to say that it is not there
        if state.mode == MODE_DOCUMENT:
            yield from self._register.cancel_receipt()
        drive = yield from self._register.ask(Command.FN_STATUS)
        last_fd = drive.number("last_fd")
        floor_fd = before_fd if before_fd is not None else max(0, last_fd - LOOK_BACK_DOCUMENTS)
        for fd in range(last_fd, floor_fd, -1):
            closed = yield from self._read_document(fd, drive.text("fn"), fiscal_id)
            if closed is not None:
                return closed
        return DocumentAbsent(fiscal_id)

    def _read_document(
        self, fd: int, fn: str, fiscal_id: str
    ) -> Generator[Wish, Outcome | None, DocumentClosed | None]:
        found = yield from self._register.ask(Command.FIND_DOCUMENT, {"fd": fd})
        if found.number("kind") != messages.RECEIPT_KIND:
            return None
        elements = tlv.decode((yield from self._document_tlv(fd)))
        ours = tlv.first(elements, tlv.FISCAL_ID_TAG)
        if ours is None or ours.text != fiscal_id:
            return None
        head = messages.values_of(messages.RECEIPT_FOUND, bytes.fromhex(found.text("data")), "FIND DOCUMENT")
        shift, number = (tlv.first(elements, tag) for tag in (tlv.SHIFT_TAG, tlv.NUMBER_IN_SHIFT_TAG))
        return DocumentClosed(
            fiscal_id=fiscal_id,
            fn=fn,
            fd=fd,
            fpd=int(head["fpd"]),
            at=str(head["at"]),
            shift=shift.number if shift is not None else 0,
            number_in_shift=number.number if number is not None else 0,
            total_minor=int(head["total_minor"]),
        )

    def _document_tlv(self, fd: int) -> Generator[Wish, Outcome | None, bytes]:
        size = (yield from self._register.ask(Command.DOCUMENT_TLV, {"fd": fd})).number("size")
        data = b""
        for _ in range(TLV_READS_MAX):
            if len(data) >= size:
                return data[:size]
            # Each reading moves on: one that was lost cannot be repeated, the whole document is asked anew.
            piece = yield from self._register.ask(Command.READ_TLV, repeatable=False)
            data += bytes.fromhex(piece.text("tlv"))
        raise LostError

    def _cancel_quietly(self) -> Generator[Wish, Outcome | None, None]:
        try:
            if (yield from self._register.state()).mode == MODE_DOCUMENT:
                yield from self._register.cancel_receipt()
        except (LostError, RefusedError, MessageError):
            pass  # the next document begins with a cancellation anyhow

    # --- shifts ------------------------------------------------------------------------------------------------

    def open_shift(self) -> Steps:
        """Ends in `ShiftOpened` or `ShiftRefused`."""
        yield from self._turn_shift(Command.OPEN_SHIFT, PRINT_ANSWER_S, ERRORS_SHIFT_OPEN, ShiftOpened, is_open=True)

    def close_shift(self) -> Steps:
        """Ends in `ShiftClosed` or `ShiftRefused`."""
        yield from self._turn_shift(Command.Z_REPORT, REPORT_ANSWER_S, ERRORS_SHIFT_CLOSED, ShiftClosed, is_open=False)

    def _turn_shift(
        self,
        command: Command,
        limit_s: float,
        done_errors: tuple[int, ...],
        done: type[ShiftOpened] | type[ShiftClosed],
        *,
        is_open: bool,
    ) -> Steps:
        try:
            if (yield from self._register.printed()).mode == MODE_DOCUMENT:
                yield from self._register.cancel_receipt()
            try:
                yield from self._register.ask(command, limit_s=limit_s, repeatable=False)
            except LostError:
                yield Pause(INQUIRY_PAUSE_S)  # the drive says whether it was obeyed
            except RefusedError as error:
                if error.error not in done_errors:
                    raise
            shift = yield from self._register.ask(Command.SHIFT_PARAMETERS)
            if bool(shift.number("state")) is is_open:
                self._tell(done(shift.number("shift")))
            else:
                self._tell(ShiftRefused("the register did not do it"))
        except (RefusedError, MessageError) as error:
            self._tell(ShiftRefused(str(error)))
        except (LostError, LinkBrokenError):
            self._tell(ShiftRefused("the register does not answer"))


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
