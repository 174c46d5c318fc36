"""What a Shtrih-M register says of itself, in the words of the contract. Generators, no clock.

Source: Shtrih-M protocol description, "Modes", "Main commands" (10, 11, FF01, FF03, FF39, FF40).
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import replace

from device_drivers.contract.fiscal_printer import FiscalPrinterEvent, ShiftState
from device_drivers.contract.status import DeviceState, Fault, Identified, StatusChanged
from device_drivers.dialogue import LinkBrokenError
from device_drivers.fiscal_drive import DriveReader
from device_drivers.fiscal_session import LostError, RefusedError, Steps
from device_drivers.shtrih_m.messages import Command
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
_WORKING_MODES = (0, MODE_OPEN, MODE_EXPIRED, MODE_CLOSED, MODE_DOCUMENT)


class RegisterWatch:
    """Implements `Watching`."""

    def __init__(self, commands: Commands, drive: DriveReader, tell: Callable[[FiscalPrinterEvent], None]) -> None:
        self._commands = commands
        self._drive = drive
        self._tell = tell
        self._serial = ""

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
        except (LostError, LinkBrokenError):
            pass  # the session has seen that nobody answers
        return False

    def continue_print(self) -> Steps[None]:
        """B0, whether the register waits for it or not."""
        with contextlib.suppress(RefusedError, LostError, LinkBrokenError):  # the next turn shows the state as it is
            yield from self._commands.ask(Command.CONTINUE_PRINT, repeatable=False)

    def _read_drive(self, state: State) -> Steps[None]:
        full = yield from self._commands.ask(Command.FULL_STATUS)
        yield from self._identify(str(full.number("serial")))
        told = yield from self._drive.state(f"{full.text('date')}T{full.text('time')[:4]}")
        # The register's own word on the age of the shift counts: it refuses by it.
        self._tell(replace(told, shift=ShiftState.EXPIRED) if state.mode == MODE_EXPIRED else told)

    def _identify(self, serial: str) -> Steps[None]:
        if self._serial != serial:
            kind = yield from self._commands.ask(Command.DEVICE_TYPE)
            self._serial = serial
            self._tell(Identified(kind.text("title"), serial))


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
