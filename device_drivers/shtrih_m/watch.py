"""What a Shtrih-M register says of itself, in the words of the contract. Generators, no clock.

Source: Shtrih-M protocol description, "Modes", "Main commands" (10, 11, FF01, FF03, FF39, FF40).
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable

from device_drivers.contract.fiscal_printer import FiscalPrinterEvent, FiscalStateChanged, ShiftState
from device_drivers.contract.status import DeviceState, Fault, Identified, StatusChanged
from device_drivers.dialogue import LinkBrokenError
from device_drivers.fiscal_session import LostError, RefusedError, Steps
from device_drivers.shtrih_m import messages
from device_drivers.shtrih_m.messages import Answer, Command, MessageError
from device_drivers.shtrih_m.register import (
    MODE_CLOSED,
    MODE_DOCUMENT,
    MODE_EXPIRED,
    MODE_OPEN,
    SUBMODE_CONTINUE,
    SUBMODE_NO_PAPER,
    SUBMODE_PAPER_OUT,
    Commands,
    State,
)

FLAG_COVER_OPEN = 1 << 10
WARNING_MEMORY = 0x02
OPENING_LOOK_BACK = 3  # documents that are no receipts may lie between the opening of a shift and now
_WORKING_MODES = (0, MODE_OPEN, MODE_EXPIRED, MODE_CLOSED, MODE_DOCUMENT)


class RegisterWatch:
    """Implements `Watching`."""

    def __init__(self, commands: Commands, tell: Callable[[FiscalPrinterEvent], None]) -> None:
        self._commands = commands
        self._tell = tell
        self._serial = ""
        self._opening: tuple[int, str] = (0, "")  # a shift and when it was opened

    def look(self, *, whole: bool) -> Steps[bool]:
        """One turn."""
        try:
            state = yield from self._commands.state()
            if state.submode == SUBMODE_CONTINUE:
                yield from self._commands.ask(Command.CONTINUE_PRINT, repeatable=False)
            if whole and not state.printing:
                yield from self._read_drive(state)
            self._tell(_device_status(state))
            return not state.printing
        except RefusedError as error:
            self._tell(StatusChanged(DeviceState.HARDWARE_ERROR, Fault.FAILED, str(error)))
        except (LostError, LinkBrokenError, MessageError):
            pass  # the session has seen that nobody answers
        return False

    def continue_print(self) -> Steps[None]:
        """B0, whether the register waits for it or not."""
        with contextlib.suppress(RefusedError, LostError, LinkBrokenError):  # the next turn shows the state as it is
            yield from self._commands.ask(Command.CONTINUE_PRINT, repeatable=False)

    def _read_drive(self, state: State) -> Steps[None]:
        full = yield from self._commands.ask(Command.FULL_STATUS)
        yield from self._identify(str(full.number("serial")))
        drive = yield from self._commands.ask(Command.FN_STATUS)
        shift = yield from self._commands.ask(Command.SHIFT_PARAMETERS)
        expiry = yield from self._commands.ask(Command.FN_EXPIRY)
        unsent = yield from self._commands.ask(Command.OFD_STATUS)
        is_open = bool(shift.number("state"))
        opened_at = (yield from self._opened_at(drive, shift)) if is_open else ""
        open_state = ShiftState.EXPIRED if state.mode == MODE_EXPIRED else ShiftState.OPEN
        self._tell(
            FiscalStateChanged(
                shift=open_state if is_open else ShiftState.CLOSED,
                shift_number=shift.number("shift"),
                last_fd=drive.number("last_fd"),
                today=full.text("date"),
                shift_opened_at=opened_at,
                drive_expires=expiry.text("date"),
                unsent_documents=unsent.number("queue"),
                first_unsent=unsent.text("first_at")[:8] if unsent.number("queue") else "",
                memory_nearly_full=bool(drive.number("warnings") & WARNING_MEMORY),
            )
        )

    def _identify(self, serial: str) -> Steps[None]:
        if self._serial != serial:
            kind = yield from self._commands.ask(Command.DEVICE_TYPE)
            self._serial = serial
            self._tell(Identified(kind.text("title"), serial))

    def _opened_at(self, drive: Answer, shift: Answer) -> Steps[str]:
        """When the shift was opened: its opening report lies before its receipts."""
        number = shift.number("shift")
        if self._opening[0] != number:
            newest = drive.number("last_fd") - shift.number("receipt")
            at = ""
            for fd in range(newest, max(0, newest - OPENING_LOOK_BACK), -1):
                found = yield from self._commands.ask(Command.FIND_DOCUMENT, {"fd": fd})
                if found.number("kind") == messages.OPENING_KIND:
                    data = bytes.fromhex(found.text("data"))
                    report = messages.values_of(messages.SHIFT_FOUND, data, "FIND DOCUMENT")
                    at = str(report["at"]) if report["shift"] == number else ""
                    break
            self._opening = (number, at)
        return self._opening[1]


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
