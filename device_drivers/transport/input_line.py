"""`input:///dev/input/event3`: an input device of Linux for us alone, so that what it types does not reach the screen.

Its bytes are the kernel's records (struct input_event), after records of what is held or switched when it is opened:
the kernel itself tells changes only. One way: nothing is ever written.
"""

from __future__ import annotations

import asyncio
import errno
import fcntl
import os

from device_drivers.contract.errors import CommandOrderError, LineBusyError, LineLostError
from device_drivers.input_records import EV_KEY, EV_SW, RECORD

GRAB = 0x40044590  # EVIOCGRAB
KEYS_SIZE, SWITCHES_SIZE = 96, 3  # bits for KEY_MAX and SW_MAX
KEYS_NOW = 0x80004518 | KEYS_SIZE << 16  # EVIOCGKEY
SWITCHES_NOW = 0x8000451B | SWITCHES_SIZE << 16  # EVIOCGSW


def open_input_line(path: str) -> InputLine:
    """Opens and grabs the device.

    Raises:
        LineBusyError: another program has grabbed it.
        LineLostError: there is no such device, it cannot be opened, or it is no input device.
    """
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise LineLostError(f"cannot be opened: {error.strerror}", device=path) from error
    try:
        fcntl.ioctl(fd, GRAB, 1)
        keys = fcntl.ioctl(fd, KEYS_NOW, bytes(KEYS_SIZE))
        switches = fcntl.ioctl(fd, SWITCHES_NOW, bytes(SWITCHES_SIZE))
    except OSError as error:
        os.close(fd)
        if error.errno == errno.EBUSY:
            raise LineBusyError("another program has grabbed the device", device=path) from error
        raise LineLostError("not an input device", device=path) from error
    return InputLine(fd, path, held_records(keys, switches))


def held_records(keys: bytes, switches: bytes) -> bytes:
    """Records of the keys that are held and of every switch, from the kernel's bits."""
    held = [(EV_KEY, code, 1) for code in range(len(keys) * 8) if keys[code // 8] >> code % 8 & 1]
    switched = [(EV_SW, code, switches[code // 8] >> code % 8 & 1) for code in range(len(switches) * 8)]
    return b"".join(RECORD.pack(0, 0, *record) for record in held + switched)


class InputLine:
    """An open input device; `fd` does not block and belongs to the line."""

    def __init__(self, fd: int, path: str, first: bytes = b"") -> None:
        self._fd = fd
        self._first = first
        self._path = path
        self._open = True

    async def read(self, size_max: int, *, timeout_s: float) -> bytes:
        """What has come, waiting at most `timeout_s` for the first byte."""
        if (data := self._read_now(size_max)) is not None:
            return data
        loop, came = asyncio.get_running_loop(), asyncio.Event()
        loop.add_reader(self._fd, came.set)
        try:
            async with asyncio.timeout(timeout_s):
                await came.wait()
        except TimeoutError:
            return b""
        finally:
            loop.remove_reader(self._fd)
        return self._read_now(size_max) or b""

    async def write(self, data: bytes) -> None:
        """Refused: a scanner's session says nothing."""
        raise CommandOrderError("an input device takes no bytes", device=self._path)

    def close(self) -> None:
        """Gives the device back, and with it what it types."""
        if self._open:
            self._open = False
            os.close(self._fd)

    def _read_now(self, size_max: int) -> bytes | None:
        if not self._open:
            raise LineLostError("the device is closed", device=self._path)
        if self._first:
            data, self._first = self._first[:size_max], self._first[size_max:]
            return data
        try:
            data = os.read(self._fd, size_max)
        except BlockingIOError:
            return None
        except OSError as error:
            raise LineLostError(f"the device is gone: {error.strerror}", device=self._path) from error
        if not data:
            raise LineLostError("the device is gone", device=self._path)
        return data
