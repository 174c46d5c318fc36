"""Sberbank frames: NUM LEN DATA CRC-lo CRC-hi, on a serial line as STX # base64 ETX between bare control bytes. Pure.

Source: notes on bank terminals, "Sberbank (UPOS) terminals", and a recorded exchange (MIT) for the envelope. NUM bit 7:
more frames follow; LEN is at most 180; CRC-16/CCITT-FALSE over NUM, LEN, DATA.
"""

from __future__ import annotations

import base64
import binascii
import enum
from dataclasses import dataclass

STX, MARK, ETX = 0x02, 0x23, 0x03
HEAD_SIZE, CRC_SIZE = 2, 2
DATA_SIZE_MAX = 180
MORE = 0x80
NUMBER_MAX = 0x7F
CRC_POLY, CRC_START = 0x1021, 0xFFFF
ENVELOPE_SIZE_MAX = (DATA_SIZE_MAX + HEAD_SIZE + CRC_SIZE + 2) // 3 * 4
MESSAGE_SIZE_MAX = 4096


class Control(enum.IntEnum):
    """Bytes that stand alone: EOT ends a message, ACK and BEL its frames by turns."""

    EOT = 0x04
    ACK = 0x06
    BEL = 0x07
    NAK = 0x15


_CONTROLS = frozenset(int(control) for control in Control)
_BASE64 = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=")


@dataclass(frozen=True, slots=True)
class Frame:
    """A whole frame whose CRC is right."""

    number: int
    data: bytes
    more: bool = False


@dataclass(frozen=True, slots=True)
class DamagedFrame:
    """An envelope whose inside is no frame; the link answers it with NAK."""

    raw: bytes


Token = Frame | DamagedFrame | Control


class FrameError(ValueError):
    """Bytes that are not one whole frame; the text says why."""


def crc16(data: bytes) -> bytes:
    """CRC-16/CCITT-FALSE, low byte first as on the wire."""
    crc = CRC_START
    for byte in data:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1 ^ CRC_POLY) & 0xFFFF if crc & 0x8000 else crc << 1
    return crc.to_bytes(2, "little")


def encode(frame: Frame) -> bytes:
    """The bytes of a frame, without its envelope.

    Raises:
        FrameError: a number or a size no frame has.
    """
    if not 0 <= frame.number <= NUMBER_MAX:
        raise FrameError(f"no frame has the number {frame.number}")
    if not 1 <= len(frame.data) <= DATA_SIZE_MAX:
        raise FrameError(f"a frame carries 1..{DATA_SIZE_MAX} bytes, not {len(frame.data)}")
    raw = bytes((frame.number | (MORE if frame.more else 0), len(frame.data))) + frame.data
    return raw + crc16(raw)


def decode(raw: bytes) -> Frame:
    """One whole frame from exactly its bytes, without its envelope.

    Raises:
        FrameError: what is wrong with the bytes.
    """
    if len(raw) < HEAD_SIZE + 1 + CRC_SIZE:
        raise FrameError(f"a frame has at least {HEAD_SIZE + 1 + CRC_SIZE} bytes, here are {len(raw)}")
    if raw[1] != len(raw) - HEAD_SIZE - CRC_SIZE or raw[1] > DATA_SIZE_MAX:
        raise FrameError(f"the frame says it carries {raw[1]} bytes, here are {len(raw) - HEAD_SIZE - CRC_SIZE}")
    if crc16(raw[:-2]) != raw[-2:]:
        raise FrameError(f"the CRC is {raw[-2:].hex()}, the bytes give {crc16(raw[:-2]).hex()}")
    return Frame(raw[0] & NUMBER_MAX, raw[2:-2], bool(raw[0] & MORE))


def in_envelope(raw: bytes) -> bytes:
    """A frame as a serial line carries it."""
    return bytes((STX, MARK)) + base64.b64encode(raw) + bytes((ETX,))


def out_of_envelope(wire: bytes) -> bytes:
    """A frame out of exactly its envelope.

    Raises:
        FrameError: no envelope.
    """
    if wire[:2] != bytes((STX, MARK)) or wire[-1:] != bytes((ETX,)):
        raise FrameError("an envelope is 02 23 ... 03")
    try:
        return base64.b64decode(wire[2:-1], validate=True)
    except binascii.Error:
        raise FrameError("the envelope is no base64") from None


def in_frames(data: bytes) -> list[Frame]:
    """A message as it is sent."""
    pieces = [data[at : at + DATA_SIZE_MAX] for at in range(0, len(data), DATA_SIZE_MAX)]
    return [Frame(number, piece, more=number < len(pieces) - 1) for number, piece in enumerate(pieces)]


class EnvelopeReader:
    """Rebuilds frames and control bytes from a serial stream cut anywhere. Line noise is skipped and counted."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self.noise_bytes = 0

    @property
    def waiting(self) -> bool:
        """True while an envelope has begun and not ended."""
        return bool(self._buffer)

    def feed(self, chunk: bytes) -> list[Token]:
        """What became whole with these bytes, in order."""
        found: list[Token] = []
        for byte in chunk:
            token = self._take(byte)
            if token is not None:
                found.append(token)
        return found

    def give_up_waiting(self) -> None:
        """Time passed and the envelope begun never ended."""
        self._drop()

    def _take(self, byte: int) -> Token | None:
        if byte == STX:
            self._drop()
            self._buffer.append(byte)
        elif not self._buffer:
            if byte in _CONTROLS:
                return Control(byte)
            self.noise_bytes += 1
        elif byte == ETX and len(self._buffer) > 2:
            return self._whole(byte)
        elif (len(self._buffer) == 1 and byte == MARK) or (
            1 < len(self._buffer) < 2 + ENVELOPE_SIZE_MAX and byte in _BASE64
        ):
            self._buffer.append(byte)
        else:
            self._drop()
            self.noise_bytes += 1
        return None

    def _whole(self, byte: int) -> Frame | DamagedFrame:
        wire = bytes(self._buffer) + bytes((byte,))
        self._buffer.clear()
        try:
            return decode(out_of_envelope(wire))
        except FrameError:
            return DamagedFrame(wire)

    def _drop(self) -> None:
        self.noise_bytes += len(self._buffer)
        self._buffer.clear()


class MessageJoiner:
    """Joins the frames of a message; one out of its turn throws the message away, a repeated one is taken once."""

    def __init__(self) -> None:
        self._data = b""
        self._next = 0

    def join(self, frame: Frame) -> bytes | None:
        """The message this frame completes, if any."""
        if frame.number == 0:
            self._data, self._next = b"", 0
        elif frame.number == self._next - 1:
            return None
        if frame.number != self._next or len(self._data) + len(frame.data) > MESSAGE_SIZE_MAX:
            self._data, self._next = b"", 0
            return None
        self._data, self._next = self._data + frame.data, self._next + 1
        if frame.more:
            return None
        whole, self._data, self._next = self._data, b"", 0
        return whole
