"""How a document is made and how its fate is found out, the same with every fiscal register. Generators, no clock.

Source: notes on payments, "Fiscal receipt"; "Recovery after a break" of the Shtrih-M paper.
- Until the closing command leaves, any trouble is healed by cancelling the receipt: nothing is in the drive.
- The closing command is never repeated. When its outcome is unknown the drive is asked: a closed document is found by
  our own id in tag 1192, an open receipt is cancelled.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from device_drivers.contract.fiscal_printer import (
    DocumentAbsent,
    DocumentClosed,
    DocumentRefused,
    DocumentUnknown,
    FiscalDocument,
    FiscalPrinterEvent,
    ShiftClosed,
    ShiftOpened,
    ShiftRefused,
)
from device_drivers.dialogue import LinkBrokenError
from device_drivers.fiscal_session import LostError, Pause, RefusedError, Steps, UnfitError

MAKE_TRIES_MAX = 2
INQUIRIES_MAX = 15  # after a closing command without an answer
INQUIRY_PAUSE_S = 1.0
NO_ANSWER = "the register does not answer"


@dataclass(frozen=True, slots=True)
class Encoded:
    """A document in the register's words: commands from the opening to the last line, and the closing ones."""

    fiscal_id: str
    filling: tuple[bytes, ...]
    closing: tuple[bytes, ...]  # the last one closes; those before it only prepare


class Register(Protocol):
    """What a protocol can do with its register. Steps raise LostError and RefusedError."""

    def encode(self, document: FiscalDocument) -> Encoded:
        """Raises UnfitError."""

    def ready(self) -> Steps[None]:
        """Nothing printed, nothing open, a shift that is young enough."""

    def last_fd(self) -> Steps[int]:
        """Number of the last document in the drive."""

    def do(self, data: bytes) -> Steps[object]:
        """One command of an encoded document."""

    def discard(self) -> Steps[None]:
        """Cancels what stands open, if anything."""

    def inquire(self, fiscal_id: str, before_fd: int | None) -> Steps[DocumentClosed | DocumentAbsent]:
        """The truth of the drive, looked for behind `before_fd`; what stands open is cancelled first."""

    def turn_shift(self, *, is_open: bool) -> Steps[int | None]:
        """Opens or closes the shift; its number, None when the register did not do it."""


class RegisterDialogues:
    """Documents and shifts of a register; what comes of them goes to `tell`."""

    def __init__(self, register: Register, tell: Callable[[FiscalPrinterEvent], None]) -> None:
        self._register = register
        self._tell = tell

    def print_document(self, document: FiscalDocument) -> Steps[None]:
        """Makes and closes a document; ends in `DocumentClosed`, `DocumentRefused` or `DocumentUnknown`."""
        fiscal_id = document.fiscal_id
        try:
            encoded = self._register.encode(document)
            filled = yield from self._fill(encoded)
        except UnfitError as error:
            self._tell(DocumentRefused(fiscal_id, str(error), final=True))
        except RefusedError as error:
            self._tell(DocumentRefused(fiscal_id, str(error), final=error.final))
        except (LostError, LinkBrokenError):
            # The closing command never left. What may stand open is cancelled before the next document.
            self._tell(DocumentRefused(fiscal_id, NO_ANSWER))
        else:
            if isinstance(filled, DocumentClosed):
                self._tell(filled)
            else:
                yield from self._close(encoded, filled)

    def ask_document(self, fiscal_id: str) -> Steps[None]:
        """Looks for a document in the drive; an open receipt is cancelled, so that the answer is final."""
        try:
            found = yield from self._register.inquire(fiscal_id, None)
            self._tell(found)
        except RefusedError as error:
            self._tell(DocumentUnknown(fiscal_id, str(error)))
        except (LostError, LinkBrokenError):
            self._tell(DocumentUnknown(fiscal_id, NO_ANSWER))

    def open_shift(self) -> Steps[None]:
        """Ends in `ShiftOpened` or `ShiftRefused`."""
        yield from self._turn_shift(ShiftOpened, is_open=True)

    def close_shift(self) -> Steps[None]:
        """Ends in `ShiftClosed` or `ShiftRefused`."""
        yield from self._turn_shift(ShiftClosed, is_open=False)

    def _fill(self, encoded: Encoded) -> Steps[int | DocumentClosed]:
        """Everything before the closing command; the number of the last document before ours.

        When that last one is ours already (an owner that was killed and did not ask), it is not made again.
        """
        for attempt in range(1, MAKE_TRIES_MAX + 1):
            try:
                yield from self._register.ready()
                before_fd = yield from self._register.last_fd()
                last = yield from self._register.inquire(encoded.fiscal_id, max(0, before_fd - 1))
                if isinstance(last, DocumentClosed):
                    return last
                for data in (*encoded.filling, *encoded.closing[:-1]):
                    yield from self._register.do(data)
                return before_fd
            except LostError:
                if attempt == MAKE_TRIES_MAX:
                    raise
                yield Pause(INQUIRY_PAUSE_S)
            except RefusedError:
                yield from self._discard_quietly()
                raise
        raise AssertionError

    def _close(self, encoded: Encoded, before_fd: int) -> Steps[None]:
        refused: RefusedError | None = None
        try:
            try:
                yield from self._register.do(encoded.closing[-1])
            except RefusedError as error:
                refused = error
            except LostError:
                pass  # the drive is asked below
            found = yield from self._inquire_patiently(encoded.fiscal_id, before_fd)
        except LinkBrokenError:
            self._tell(DocumentUnknown(encoded.fiscal_id, "the line broke while the document was closed"))
            return
        if isinstance(found, DocumentAbsent):
            reason = str(refused) if refused is not None else "the register did not close it"
            self._tell(DocumentRefused(encoded.fiscal_id, reason, final=refused is not None and refused.final))
        else:
            self._tell(found)

    def _inquire_patiently(
        self, fiscal_id: str, before_fd: int
    ) -> Steps[DocumentClosed | DocumentAbsent | DocumentUnknown]:
        reason = NO_ANSWER
        for _ in range(INQUIRIES_MAX):
            try:
                return (yield from self._register.inquire(fiscal_id, before_fd))
            except RefusedError as error:
                reason = str(error)
            except LostError:
                pass
            yield Pause(INQUIRY_PAUSE_S)
        return DocumentUnknown(fiscal_id, reason)

    def _discard_quietly(self) -> Steps[None]:
        try:
            yield from self._register.discard()
        except (LostError, RefusedError):
            return  # the next document begins with it anyhow

    def _turn_shift(self, done: type[ShiftOpened] | type[ShiftClosed], *, is_open: bool) -> Steps[None]:
        try:
            shift = yield from self._register.turn_shift(is_open=is_open)
            self._tell(ShiftRefused("the register did not do it") if shift is None else done(shift))
        except RefusedError as error:
            self._tell(ShiftRefused(str(error)))
        except (LostError, LinkBrokenError):
            self._tell(ShiftRefused(NO_ANSWER))
