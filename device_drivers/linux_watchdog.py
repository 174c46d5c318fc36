"""`/dev/watchdog` of Linux, also where a file or a pipe stands in its place. Implements `Watchdog`.

Source: Linux, watchdog-api. Opening the device starts its timer, so it is opened by `start` alone. Closing it after a
written "V" stops the timer (unless the kernel is built with nowayout); our own death without it does not.
"""

from __future__ import annotations

import fcntl
import os
import struct
from pathlib import Path

from device_drivers.contract.status import DeviceState, Fault, StatusChanged
from device_drivers.contract.watchdog import WatchdogEvent, WatchdogStarted, WatchdogStopped, WatchdogUnreachable
from device_drivers.status_teller import StatusTeller

SET_TIMEOUT = 0xC0045706  # WDIOC_SETTIMEOUT
FEED = b"\x00"
MAGIC_CLOSE = b"V"
TIMEOUT_S_DEFAULT = 60


class LinuxWatchdog:
    """One watchdog device. A write to it never waits."""

    def __init__(self, path: Path, timeout_s: int = TIMEOUT_S_DEFAULT) -> None:
        self._path = path
        self._timeout_s = timeout_s
        self._device: int | None = None
        self._wanted = False
        self._events: list[WatchdogEvent] = []
        self._status = StatusTeller()

    def start(self) -> None:
        """Run the timer; a device that cannot be opened now is tried again at each feed."""
        self._wanted = True
        if self._device is None:
            self._open()

    def stop(self) -> None:
        """Stop the timer. One that a dead program left running is taken over first."""
        self._wanted = False
        if self._device is None and not self._open():
            return
        if self._write(MAGIC_CLOSE):
            self._events.append(WatchdogStopped())
            self._close()

    def feed(self) -> None:
        """All is well now."""
        if not self._wanted:
            return
        if self._device is None:
            self._open()  # which feeds it too
        else:
            self._write(FEED)

    def take_events(self) -> list[WatchdogEvent]:
        """Events since the last call, oldest first."""
        events, self._events = self._events, []
        return events

    def _open(self) -> bool:
        try:
            self._device = os.open(self._path, os.O_WRONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError as error:
            state = DeviceState.DEVICE_BUSY if isinstance(error, BlockingIOError) else DeviceState.NO_DEVICE
            self._tell(StatusChanged(state, Fault.LINE_LOST, error.strerror or ""))
            return False
        self._tell(StatusChanged(DeviceState.ONLINE))
        if self._wanted:
            self._events.append(WatchdogStarted(self._set_timeout(self._device)))
        return True

    def _set_timeout(self, device: int) -> int:
        """The time-out in force, in seconds: the driver may round it, or have a fixed one."""
        try:
            answer = fcntl.ioctl(device, SET_TIMEOUT, struct.pack("i", self._timeout_s))
        except OSError:
            return self._timeout_s
        return int(struct.unpack("i", answer)[0])

    def _write(self, data: bytes) -> bool:
        assert self._device is not None
        try:
            os.write(self._device, data)
        except OSError as error:
            if self._wanted:
                self._events.append(WatchdogUnreachable())
            self._tell(StatusChanged(DeviceState.OFFLINE, Fault.LINE_LOST, error.strerror or ""))
            self._close()
            return False
        return True

    def _close(self) -> None:
        if self._device is not None:
            os.close(self._device)
            self._device = None

    def _tell(self, status: StatusChanged) -> None:
        self._events += self._status.tell(status)
