"""`serial:///dev/ttyUSB0?baud=9600`: a serial port on the event loop.

pyserial opens and sets up the port; from then on its descriptor is ours and never blocks. One opener for a port:
TIOCEXCL against programs that do not ask, a lock (flock by pyserial) against those that do.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import fcntl
import os
import termios
from collections.abc import Mapping
from dataclasses import dataclass

import serial

from device_drivers.contract.errors import DeviceUrlError, LineBusyError, LineLostError

BAUD_DEFAULT = 9600
BAUD_RATES = (1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200)
PARITIES = {"none": serial.PARITY_NONE, "even": serial.PARITY_EVEN, "odd": serial.PARITY_ODD}
WRITE_S_MAX = 10.0  # a port that takes no byte this long is lost
STOP_BITS = {"1": serial.STOPBITS_ONE, "2": serial.STOPBITS_TWO}
OPTIONS = frozenset({"baud", "parity", "rtscts", "stopbits"})


@dataclass(frozen=True, slots=True)
class SerialSettings:
    """Speed and framing; eight data bits always."""

    baud: int = BAUD_DEFAULT
    parity: str = "none"
    rtscts: bool = False
    stop_bits: str = "1"


def serial_settings(options: Mapping[str, str]) -> SerialSettings:
    """Settings from the options of a URL.

    Raises:
        DeviceUrlError: an option that does not exist, or a value it cannot have.
    """
    if unknown := set(options) - OPTIONS:
        raise DeviceUrlError(f"a serial port has no option {sorted(unknown)[0]}; it has {', '.join(sorted(OPTIONS))}")
    baud, parity, rtscts = options.get("baud", str(BAUD_DEFAULT)), options.get("parity", "none"), options.get("rtscts")
    if baud not in map(str, BAUD_RATES):
        raise DeviceUrlError(f"baud is one of {', '.join(map(str, BAUD_RATES))}, not {baud}")
    if parity not in PARITIES:
        raise DeviceUrlError(f"parity is one of {', '.join(PARITIES)}, not {parity}")
    if rtscts not in (None, "0", "1"):
        raise DeviceUrlError(f"rtscts is 0 or 1, not {rtscts}")
    if (stop_bits := options.get("stopbits", "1")) not in STOP_BITS:
        raise DeviceUrlError(f"stopbits is one of {', '.join(STOP_BITS)}, not {stop_bits}")
    return SerialSettings(int(baud), parity, rtscts == "1", stop_bits)


def open_serial_line(path: str, settings: SerialSettings) -> SerialLine:
    """Opens the port for us alone.

    Raises:
        LineBusyError: another program has it.
        LineLostError: there is no such port, or it cannot be opened.
    """
    try:
        port = serial.Serial(
            path,
            baudrate=settings.baud,
            parity=PARITIES[settings.parity],
            stopbits=STOP_BITS[settings.stop_bits],
            rtscts=settings.rtscts,
            timeout=0,
            exclusive=True,
        )
    except (OSError, termios.error, ValueError) as error:
        raise _open_error(path, error) from error
    try:
        _claim(port.fileno())
    except (OSError, termios.error) as error:
        port.close()
        raise LineLostError("not a serial port", device=path) from error
    return SerialLine(port, path)


def _open_error(path: str, error: Exception) -> LineBusyError | LineLostError:
    code = getattr(error, "errno", None)
    if code in (errno.EBUSY, errno.EAGAIN, errno.EWOULDBLOCK) or "exclusively lock" in str(error):
        return LineBusyError("another program holds the port", device=path)
    if code == errno.ENOENT:
        return LineLostError("there is no such port", device=path)
    if code in (errno.EACCES, errno.EPERM):
        return LineLostError("no right to open the port (group dialout)", device=path)
    why = os.strerror(code) if code else "not a serial port, or settings that it does not have"
    return LineLostError(f"cannot be opened: {why}", device=path)


def _claim(fd: int) -> None:
    """Forbids further opens, and lets an empty read say "nothing yet" so that zero bytes mean a hang-up."""
    fcntl.ioctl(fd, termios.TIOCEXCL)
    attributes = termios.tcgetattr(fd)
    attributes[6][termios.VMIN] = 1
    termios.tcsetattr(fd, termios.TCSANOW, attributes)


class SerialLine:
    """An open serial port."""

    def __init__(self, port: serial.Serial, path: str) -> None:
        self._port = port
        self._fd: int = port.fileno()
        self._path = path
        self._open = True

    async def read(self, size_max: int, *, timeout_s: float) -> bytes:
        """What has come, waiting at most `timeout_s` for the first byte."""
        if (data := self._read_now(size_max)) is not None:
            return data
        if not await self._ready(timeout_s, for_write=False):
            return b""
        return self._read_now(size_max) or b""

    async def write(self, data: bytes) -> None:
        """Hands all of `data` to the port, waiting when its buffer is full."""
        rest = memoryview(data)
        while rest:
            try:
                rest = rest[os.write(self._descriptor(), rest) :]
            except BlockingIOError:
                if not await self._ready(WRITE_S_MAX, for_write=True):
                    raise LineLostError(f"takes no byte for {WRITE_S_MAX:.0f} s", device=self._path) from None
            except OSError as error:
                raise self._lost(error) from error

    def close(self) -> None:
        """Gives the port back."""
        if not self._open:
            return
        self._open = False
        with contextlib.suppress(OSError):
            fcntl.ioctl(self._fd, termios.TIOCNXCL)
        with contextlib.suppress(OSError, termios.error):
            self._port.close()

    def _read_now(self, size_max: int) -> bytes | None:
        try:
            data = os.read(self._descriptor(), size_max)
        except BlockingIOError:
            return None
        except OSError as error:
            raise self._lost(error) from error
        if not data:
            raise LineLostError("the port is gone", device=self._path)
        return data

    async def _ready(self, timeout_s: float, *, for_write: bool) -> bool:
        loop = asyncio.get_running_loop()
        add, remove = (loop.add_writer, loop.remove_writer) if for_write else (loop.add_reader, loop.remove_reader)
        ready: asyncio.Future[None] = loop.create_future()
        fd = self._descriptor()

        def wake() -> None:
            if not ready.done():
                ready.set_result(None)

        add(fd, wake)
        try:
            async with asyncio.timeout(timeout_s):
                await ready
        except TimeoutError:
            return False
        finally:
            remove(fd)
        return True

    def _descriptor(self) -> int:
        if not self._open:
            raise LineLostError("the port is closed", device=self._path)
        return self._fd

    def _lost(self, error: OSError) -> LineLostError:
        return LineLostError(f"the port is gone: {error.strerror}", device=self._path)
