"""ATOL transport v3 frames: FE LEN(2x7 bits, low first) ID DATA CRC8, byte stuffing behind FE. No I/O, no clock.

Source: ATOL protocol, "Transport v3". CRC-8 with 31h from FFh over ID and DATA before stuffing; FE is sent as FD EE, FD
as FD ED.
"""

from __future__ import annotations

from dataclasses import dataclass

START, ESCAPE = 0xFE, 0xFD
ESCAPED_START, ESCAPED_ESCAPE = 0xEE, 0xED
ID_MAX = 0xDF
ASYNC_ID = 0xF0
DATA_SIZE_MAX = 1024  # a register takes less; two 7-bit groups could say 16383
HEAD_SIZE = 3  # length and ID, behind the start byte
CRC_POLY, CRC_START = 0x31, 0xFF


@dataclass(frozen=True, slots=True)
class Frame:
    """A whole frame whose CRC is right."""

    number: int
    data: bytes


class FrameError(ValueError):
    """Bytes that are not one whole frame; the text says why."""


def crc8(data: bytes) -> int:
    """CRC-8, high bit first."""
    crc = CRC_START
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc << 1 ^ CRC_POLY) & 0xFF if crc & 0x80 else crc << 1
    return crc


def encode(frame: Frame) -> bytes:
    """The bytes of a frame on the wire.

    Raises:
        FrameError: no such number, or more data than a frame carries.
    """
    if not 1 <= len(frame.data) <= DATA_SIZE_MAX:
        raise FrameError(f"a frame carries 1..{DATA_SIZE_MAX} bytes, not {len(frame.data)}")
    if not 0 <= frame.number <= ID_MAX and frame.number != ASYNC_ID:
        raise FrameError(f"no frame has the number {frame.number}")
    numbered = bytes((frame.number,)) + frame.data
    size = len(frame.data)
    body = bytes((size & 0x7F, size >> 7)) + numbered + bytes((crc8(numbered),))
    return bytes((START,)) + _stuff(body)


def decode(raw: bytes) -> Frame:
    """One whole frame from exactly its bytes.

    Raises:
        FrameError: what is wrong with the bytes.
    """
    if raw[:1] != bytes((START,)):
        raise FrameError(f"a frame begins with fe, not {raw[:1].hex() or 'nothing'}")
    body = _unstuff(raw[1:])
    if len(body) < HEAD_SIZE + 2:
        raise FrameError(f"a frame has at least {HEAD_SIZE + 2} bytes behind its start, here are {len(body)}")
    if (body[0] | body[1]) & 0x80:
        raise FrameError("a length has seven bits a byte")
    if _size(body) != len(body) - HEAD_SIZE - 1:
        raise FrameError(f"the frame says it carries {_size(body)} bytes, here are {len(body) - HEAD_SIZE - 1}")
    if crc8(body[2:-1]) != body[-1]:
        raise FrameError(f"the CRC is {body[-1]:02x}, the bytes give {crc8(body[2:-1]):02x}")
    if body[2] > ID_MAX and body[2] != ASYNC_ID:
        raise FrameError(f"no frame has the number {body[2]}")
    return Frame(body[2], body[3:-1])


class FrameReader:
    """Rebuilds frames from a stream cut anywhere. FE begins a frame wherever it stands: data never holds it."""

    def __init__(self) -> None:
        self._body: bytearray | None = None  # what came behind the start byte, without stuffing
        self._escaped = False
        self.noise_bytes = 0
        self.damaged_frames = 0

    @property
    def waiting(self) -> bool:
        """True while a frame has begun and not ended."""
        return self._body is not None

    def feed(self, chunk: bytes) -> list[Frame]:
        """Frames that became whole with these bytes, in order; damaged ones are counted and dropped."""
        found = []
        for byte in chunk:
            frame = self._take(byte)
            if frame is not None:
                found.append(frame)
        return found

    def give_up_waiting(self) -> None:
        """Time passed and the frame begun never ended."""
        if self._body is not None:
            self._drop()

    def _take(self, byte: int) -> Frame | None:
        if byte == START:
            if self._body is not None:
                self._drop()
            self._body, self._escaped = bytearray(), False
            return None
        if self._body is None:
            self.noise_bytes += 1
            return None
        if byte == ESCAPE and not self._escaped:
            self._escaped = True
            return None
        if self._escaped:
            if byte not in (ESCAPED_START, ESCAPED_ESCAPE):
                self._drop()
                return None
            byte, self._escaped = START if byte == ESCAPED_START else ESCAPE, False
        self._body.append(byte)
        return self._whole()

    def _whole(self) -> Frame | None:
        body = self._body
        assert body is not None
        if len(body) >= 2 and ((body[0] | body[1]) & 0x80 or not 1 <= _size(body) <= DATA_SIZE_MAX):
            self._drop()
            return None
        if len(body) < HEAD_SIZE or len(body) < HEAD_SIZE + _size(body) + 1:
            return None
        raw = bytes(body)
        if crc8(raw[2:-1]) != raw[-1] or (raw[2] > ID_MAX and raw[2] != ASYNC_ID):
            self._drop()
            return None
        self._body = None
        return Frame(raw[2], raw[3:-1])

    def _drop(self) -> None:
        self.damaged_frames += 1
        self._body, self._escaped = None, False


def _size(body: bytes | bytearray) -> int:
    return body[0] | body[1] << 7


def _stuff(body: bytes) -> bytes:
    out = bytearray()
    for byte in body:
        if byte == START:
            out += bytes((ESCAPE, ESCAPED_START))
        elif byte == ESCAPE:
            out += bytes((ESCAPE, ESCAPED_ESCAPE))
        else:
            out.append(byte)
    return bytes(out)


def _unstuff(raw: bytes) -> bytes:
    out = bytearray()
    escaped = False
    for byte in raw:
        if byte == START:
            raise FrameError("fe stands inside the frame")
        if escaped:
            if byte not in (ESCAPED_START, ESCAPED_ESCAPE):
                raise FrameError(f"fd is followed by {byte:02x}")
            out.append(START if byte == ESCAPED_START else ESCAPE)
            escaped = False
        elif byte == ESCAPE:
            escaped = True
        else:
            out.append(byte)
    if escaped:
        raise FrameError("the frame ends within an escape")
    return bytes(out)
