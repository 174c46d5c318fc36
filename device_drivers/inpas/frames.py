"""INPAS frames: STX LEN DATA CRC, or SOH LEN HEADER DATA CRC for a part; bare control bytes. No I/O, no clock.

Source: notes on bank terminals, "INPAS SmartSale". Lengths low byte first; CRC-16 poly 8005h from 0, not reflected,
from STX or SOH to the last data byte, high byte first.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

SOH, STX = 0x01, 0x02
HEAD_SIZE, CRC_SIZE = 3, 2
DATA_SIZE_MAX = 4096
CRC_POLY = 0x8005
HEADER_VERSION, HEADER_PART = 0x01, 0x02
PART_SIZE = 440  # of a message that has to be split
MESSAGE_SIZE_MAX = 32768


class Control(enum.IntEnum):
    """Bytes that stand alone."""

    ETX = 0x03
    EOT = 0x04
    ACK = 0x06
    NAK = 0x15


_CONTROLS = frozenset(int(control) for control in Control)


@dataclass(frozen=True, slots=True)
class Frame:
    """A whole frame whose CRC is right. `part`: None for a message on its own, 0 for the last part."""

    data: bytes
    part: int | None = None


@dataclass(frozen=True, slots=True)
class DamagedFrame:
    """Bytes that began like a frame and failed their CRC; the link answers them with NAK."""

    raw: bytes


Token = Frame | DamagedFrame | Control


class FrameError(ValueError):
    """Bytes that are not one whole frame or control byte; the text says why."""


def crc16(data: bytes) -> bytes:
    """CRC-16/BUYPASS, high byte first."""
    crc = 0
    for byte in data:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1 ^ CRC_POLY) & 0xFFFF if crc & 0x8000 else crc << 1
    return crc.to_bytes(2, "big")


def encode(frame: Frame) -> bytes:
    """The bytes of a frame on the wire.

    Raises:
        FrameError: no data, or more than a frame carries.
    """
    if not 1 <= len(frame.data) <= DATA_SIZE_MAX:
        raise FrameError(f"a frame carries 1..{DATA_SIZE_MAX} bytes, not {len(frame.data)}")
    start, body = STX, frame.data
    if frame.part is not None:
        header = _tlv(HEADER_VERSION, b"1") + _tlv(HEADER_PART, str(frame.part).encode())
        start, body = SOH, len(header).to_bytes(2, "little") + header + frame.data
    raw = bytes((start,)) + len(body).to_bytes(2, "little") + body
    return raw + crc16(raw)


def decode(raw: bytes) -> Frame | Control:
    """One frame or control byte from exactly its bytes.

    Raises:
        FrameError: what is wrong with the bytes.
    """
    if len(raw) == 1 and raw[0] in _CONTROLS:
        return Control(raw[0])
    if len(raw) < HEAD_SIZE + 1 + CRC_SIZE:
        raise FrameError(f"a frame has at least {HEAD_SIZE + 1 + CRC_SIZE} bytes, here are {len(raw)}")
    if raw[0] not in (STX, SOH):
        raise FrameError(f"a frame begins with 02 or 01, not {raw[0]:02x}")
    size = int.from_bytes(raw[1:3], "little")
    if size != len(raw) - HEAD_SIZE - CRC_SIZE:
        raise FrameError(f"the frame says it carries {size} bytes, here are {len(raw) - HEAD_SIZE - CRC_SIZE}")
    if crc16(raw[:-2]) != raw[-2:]:
        raise FrameError(f"the CRC is {raw[-2:].hex()}, the bytes give {crc16(raw[:-2]).hex()}")
    return _opened(raw)


def in_frames(data: bytes) -> list[Frame]:
    """A message as it is sent: alone, or in parts numbered from 1 whose last one is 0."""
    if len(data) <= PART_SIZE:
        return [Frame(data)]
    pieces = [data[at : at + PART_SIZE] for at in range(0, len(data), PART_SIZE)]
    return [Frame(piece, number) for number, piece in enumerate(pieces[:-1], 1)] + [Frame(pieces[-1], 0)]


class FrameReader:
    """Rebuilds frames and control bytes from a stream cut anywhere. Line noise is skipped and counted.

    Behind the start of a damaged frame the search goes on for frames only: its inside may hold any control byte.
    """

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._doubtful = 0  # bytes still to come that belonged to a damaged frame
        self.noise_bytes = 0

    @property
    def waiting(self) -> bool:
        """True while a frame has begun and not ended."""
        return bool(self._buffer)

    def feed(self, chunk: bytes) -> list[Token]:
        """What became whole with these bytes, in order."""
        self._buffer += chunk
        found: list[Token] = []
        while self._buffer:
            first = self._buffer[0]
            if first in (STX, SOH) and self._may_be_head():
                if (frame := self._take_frame()) is None:
                    break
                found.append(frame)
            elif first in _CONTROLS and not self._doubtful:
                del self._buffer[0]
                found.append(Control(first))
            else:
                self._skip()
        return found

    def give_up_waiting(self) -> list[Token]:
        """Time passed and the frame begun never ended: it was noise; what lay behind its start is looked through."""
        found: list[Token] = []
        while self._buffer:
            self._doubtful = len(self._buffer)
            self._skip()
            found += self.feed(b"")
        self._doubtful = 0
        return found

    def _may_be_head(self) -> bool:
        return len(self._buffer) < HEAD_SIZE or 1 <= int.from_bytes(self._buffer[1:3], "little") <= DATA_SIZE_MAX

    def _take_frame(self) -> Frame | DamagedFrame | None:
        size = HEAD_SIZE + int.from_bytes(self._buffer[1:3], "little") + CRC_SIZE
        if len(self._buffer) < HEAD_SIZE or len(self._buffer) < size:
            return None  # the rest is still on the wire
        raw = bytes(self._buffer[:size])
        try:
            frame = _opened(raw) if crc16(raw[:-2]) == raw[-2:] else None
        except FrameError:
            frame = None
        if frame is None:
            self._doubtful = max(self._doubtful, size)
            self._skip()
            return DamagedFrame(raw)
        del self._buffer[:size]
        self._doubtful = max(0, self._doubtful - size)
        return frame

    def _skip(self) -> None:
        del self._buffer[0]
        self._doubtful = max(0, self._doubtful - 1)
        self.noise_bytes += 1


class MessageJoiner:
    """Joins the parts of split messages; a part out of its turn throws the message away."""

    def __init__(self) -> None:
        self._parts = b""
        self._last = 0

    def join(self, frame: Frame) -> bytes | None:
        """The message this frame completes, if any."""
        if frame.part is None:
            self._parts, self._last = b"", 0
            return frame.data
        in_turn = frame.part in (0, self._last + 1) and len(self._parts) + len(frame.data) <= MESSAGE_SIZE_MAX
        whole, self._parts, self._last = self._parts + frame.data, b"", 0
        if not in_turn or frame.part == 0:
            return whole if in_turn else None
        self._parts, self._last = whole, frame.part
        return None


def _opened(raw: bytes) -> Frame:
    body = raw[HEAD_SIZE:-CRC_SIZE]
    if raw[0] == STX:
        return Frame(body)
    size = int.from_bytes(body[:2], "little")
    header, data = body[2 : 2 + size], body[2 + size :]
    if len(body) < 2 or len(header) != size or not data:
        raise FrameError("the header of a part runs over its end")
    return Frame(data, _part_number(header))


def _part_number(header: bytes) -> int:
    at = 0
    while at + 3 <= len(header):
        size = int.from_bytes(header[at + 1 : at + 3], "little")
        value = header[at + 3 : at + 3 + size]
        if header[at] == HEADER_PART and value.isdigit() and len(value) <= 4:
            return int(value)
        at += 3 + size
    raise FrameError("a part does not tell its number")


def _tlv(tag: int, value: bytes) -> bytes:
    return bytes((tag,)) + len(value).to_bytes(2, "little") + value
