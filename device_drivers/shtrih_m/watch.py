"""What a Shtrih-M register says of itself, in the words of the contract, told on the edge only. Generators, no clock.

Source: Shtrih-M protocol description, "Modes", "Main commands" (10, 11, FF01, FF03, FF39, FF40).
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Generator

from device_drivers.contract.fiscal_printer import DocumentPrinted, FiscalPrinterEvent, FiscalStateChanged, ShiftState
from device_drivers.contract.status import DeviceState, Fault, Identified, StatusChanged
from device_drivers.dialogue import LinkBrokenError
from device_drivers.shtrih_m import messages
from device_drivers.shtrih_m.exchange import Outcome
from device_drivers.shtrih_m.messages import Answer, Command, MessageError
from device_drivers.shtrih_m.register import (
    MODE_CLOSED,
    MODE_DOCUMENT,
    MODE_EXPIRED,
    MODE_OPEN,
    SUBMODE_CONTINUE,
    SUBMODE_NO_PAPER,
    SUBMODE_PAPER_OUT,
    LostError,
    RefusedError,
    Register,
    State,
    Steps,
    Wish,
)

FLAG_COVER_OPEN = 1 << 10
WARNING_MEMORY = 0x02
OPENING_LOOK_BACK = 3  # documents that are no receipts may lie between the opening of a shift and now
_WORKING_MODES = (0, MODE_OPEN, MODE_EXPIRED, MODE_CLOSED, MODE_DOCUMENT)


class RegisterWatch:
    """Asks and compares with what was told last."""

    def __init__(self, register: Register, tell: Callable[[FiscalPrinterEvent], None]) -> None:
        self._register = register
        self._tell = tell
        self._told_status: StatusChanged | None = None
        self._told_state: FiscalStateChanged | None = None
        self._told_identity: Identified | None = None
        self._unprinted: list[str] = []  # closed documents whose paper is still coming
        self._opening: tuple[int, str] = (0, "")  # a shift and when it was opened
        self.drive_is_known = False

    @property
    def printing(self) -> bool:
        """Paper of a closed document is still to come."""
        return bool(self._unprinted)

    def closed(self, fiscal_id: str) -> None:
        """A document is in the drive: its paper is waited for."""
        self._unprinted.append(fiscal_id)
        self.drive_is_known = False

    def lost(self, fault: Fault) -> None:
        """Nobody is heard."""
        self.drive_is_known = False
        self._tell_status(StatusChanged(DeviceState.OFFLINE, fault))

    def look(self) -> Steps:
        """One turn: the state, and the drive when it is not known yet."""
        try:
            state = yield from self._register.state()
            if state.submode == SUBMODE_CONTINUE:
                yield from self._register.ask(Command.CONTINUE_PRINT, repeatable=False)
            elif not state.printing and state.submode != SUBMODE_NO_PAPER:
                self._paper_is_out()
            if not self.drive_is_known and not state.printing:
                yield from self._read_drive(state)
                self.drive_is_known = True
            self._tell_status(_device_status(state))
        except RefusedError as error:
            self._tell_status(StatusChanged(DeviceState.HARDWARE_ERROR, Fault.FAILED, str(error)))
        except (LostError, LinkBrokenError, MessageError):
            pass  # the session has seen that nobody answers

    def continue_print(self) -> Steps:
        """B0, whether the register waits for it or not."""
        with contextlib.suppress(RefusedError, LostError, LinkBrokenError):  # the next turn shows the state as it is
            yield from self._register.ask(Command.CONTINUE_PRINT, repeatable=False)

    def _paper_is_out(self) -> None:
        unprinted, self._unprinted = self._unprinted, []
        for fiscal_id in unprinted:
            self._tell(DocumentPrinted(fiscal_id))

    def _read_drive(self, state: State) -> Generator[Wish, Outcome | None, None]:
        full = yield from self._register.ask(Command.FULL_STATUS)
        yield from self._identify(full)
        drive = yield from self._register.ask(Command.FN_STATUS)
        shift = yield from self._register.ask(Command.SHIFT_PARAMETERS)
        expiry = yield from self._register.ask(Command.FN_EXPIRY)
        unsent = yield from self._register.ask(Command.OFD_STATUS)
        is_open = bool(shift.number("state"))
        opened_at = (yield from self._opened_at(drive, shift)) if is_open else ""
        told = FiscalStateChanged(
            shift=ShiftState.EXPIRED if state.mode == MODE_EXPIRED else _shift_state(is_open),
            shift_number=shift.number("shift"),
            last_fd=drive.number("last_fd"),
            today=full.text("date"),
            shift_opened_at=opened_at,
            drive_expires=expiry.text("date"),
            unsent_documents=unsent.number("queue"),
            first_unsent=unsent.text("first_at")[:8] if unsent.number("queue") else "",
            memory_nearly_full=bool(drive.number("warnings") & WARNING_MEMORY),
        )
        if told != self._told_state:
            self._told_state = told
            self._tell(told)

    def _identify(self, full: Answer) -> Generator[Wish, Outcome | None, None]:
        if self._told_identity is not None and self._told_identity.serial == str(full.number("serial")):
            return
        kind = yield from self._register.ask(Command.DEVICE_TYPE)
        self._told_identity = Identified(kind.text("title"), str(full.number("serial")))
        self._tell(self._told_identity)

    def _opened_at(self, drive: Answer, shift: Answer) -> Generator[Wish, Outcome | None, str]:
        """When the shift was opened: its opening report lies before its receipts."""
        number = shift.number("shift")
        if self._opening[0] != number:
            newest = drive.number("last_fd") - shift.number("receipt")
            at = ""
            for fd in range(newest, max(0, newest - OPENING_LOOK_BACK), -1):
                found = yield from self._register.ask(Command.FIND_DOCUMENT, {"fd": fd})
                if found.number("kind") == messages.OPENING_KIND:
                    data = bytes.fromhex(found.text("data"))
                    report = messages.values_of(messages.SHIFT_FOUND, data, "FIND DOCUMENT")
                    at = str(report["at"]) if report["shift"] == number else ""
                    break
            self._opening = (number, at)
        return self._opening[1]

    def _tell_status(self, status: StatusChanged) -> None:
        if status != self._told_status:
            self._told_status = status
            self._tell(status)


def _shift_state(is_open: bool) -> ShiftState:
    return ShiftState.OPEN if is_open else ShiftState.CLOSED


def _device_status(state: State) -> StatusChanged:
    """The gravest cause wins."""
    detail = f"{state.mode}.{state.submode}"
    for holds, told, fault in (
        (state.flags & FLAG_COVER_OPEN, DeviceState.USER_ERROR, Fault.COVER_OPEN),
        (state.submode in (SUBMODE_NO_PAPER, SUBMODE_PAPER_OUT), DeviceState.USER_ERROR, Fault.PAPER_OUT),
        (state.submode == SUBMODE_CONTINUE, DeviceState.DEVICE_BUSY, Fault.PAUSED),
        (state.mode not in _WORKING_MODES, DeviceState.HARDWARE_ERROR, Fault.FAILED),
    ):
        if holds:
            return StatusChanged(told, fault, detail)
    return StatusChanged(DeviceState.ONLINE)
