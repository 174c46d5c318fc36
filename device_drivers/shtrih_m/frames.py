"""Shtrih-M messages: STX LEN CMD.. DATA LRC between bare control bytes. No I/O, no clock.

Source: Shtrih-M protocol description, "Standard low level". LRC is the xor from LEN to the last data byte.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from functools import reduce
from operator import xor

STX = 0x02
FRAME_SIZE_MIN = 4  # STX, LEN, one byte, LRC
DATA_SIZE_MAX = 255


class Control(enum.IntEnum):
    """Bytes that stand alone."""

    ENQ = 0x05
    ACK = 0x06
    NAK = 0x15


_CONTROLS = frozenset(int(control) for control in Control)


@dataclass(frozen=True, slots=True)
class Message:
    """A whole message whose LRC is right: command and data."""

    data: bytes


@dataclass(frozen=True, slots=True)
class DamagedMessage:
    """Bytes that began like a message and failed their LRC."""

    raw: bytes


Token = Message | DamagedMessage | Control


class FrameError(ValueError):
    """Bytes that are not one whole message or control byte; the text says why."""


def lrc(body: bytes) -> int:
    """The xor of all bytes."""
    return reduce(xor, body, 0)


def encode(data: bytes) -> bytes:
    """The bytes of a message on the wire.

    Raises:
        FrameError: no data, or more than a message carries.
    """
    if not 1 <= len(data) <= DATA_SIZE_MAX:
        raise FrameError(f"a message carries 1..{DATA_SIZE_MAX} bytes, not {len(data)}")
    body = bytes((len(data),)) + data
    return bytes((STX,)) + body + bytes((lrc(body),))


def decode(raw: bytes) -> Message | Control:
    """One message or control byte from exactly its bytes.

    Raises:
        FrameError: what is wrong with the bytes.
    """
    if len(raw) == 1 and raw[0] in _CONTROLS:
        return Control(raw[0])
    if len(raw) < FRAME_SIZE_MIN:
        raise FrameError(f"a message has at least {FRAME_SIZE_MIN} bytes, here are {len(raw)}")
    if raw[0] != STX:
        raise FrameError(f"a message begins with 02, not {raw[0]:02x}")
    if raw[1] != len(raw) - 3:
        raise FrameError(f"the message says it has {raw[1]} bytes, here are {len(raw) - 3}")
    if lrc(raw[1:-1]) != raw[-1]:
        raise FrameError(f"the LRC is {raw[-1]:02x}, the bytes give {lrc(raw[1:-1]):02x}")
    return Message(raw[2:-1])


class FrameReader:
    """Rebuilds messages and control bytes from a stream cut anywhere. Line noise is skipped and counted.

    Behind the STX of a damaged message the search goes on for messages only: its inside may hold any control byte.
    """

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._doubtful = 0  # bytes still to come that belonged to a damaged message
        self.noise_bytes = 0

    @property
    def waiting(self) -> bool:
        """True while a message has begun and not ended."""
        return bool(self._buffer)

    def feed(self, chunk: bytes) -> list[Token]:
        """What became whole with these bytes, in order."""
        self._buffer += chunk
        found: list[Token] = []
        while self._buffer:
            first = self._buffer[0]
            if first == STX and (len(self._buffer) < 2 or self._buffer[1] != 0):
                if (message := self._take_message()) is None:
                    break
                found.append(message)
            elif first in _CONTROLS and not self._doubtful:
                del self._buffer[0]
                found.append(Control(first))
            else:
                self._skip()
        return found

    def give_up_waiting(self) -> list[Token]:
        """Time passed and the message begun never ended: it was noise; what lay behind its STX is looked through."""
        found: list[Token] = []
        while self._buffer:
            self._doubtful = len(self._buffer)
            self._skip()
            found += self.feed(b"")
        self._doubtful = 0
        return found

    def _take_message(self) -> Message | DamagedMessage | None:
        if len(self._buffer) < 2 or len(self._buffer) < self._buffer[1] + 3:
            return None  # the rest is still on the wire
        size = self._buffer[1] + 3
        raw = bytes(self._buffer[:size])
        if lrc(raw[1:-1]) != raw[-1]:
            self._doubtful = max(self._doubtful, size)
            self._skip()
            return DamagedMessage(raw)
        del self._buffer[:size]
        self._doubtful = max(0, self._doubtful - size)
        return Message(raw[2:-1])

    def _skip(self) -> None:
        del self._buffer[0]
        self._doubtful = max(0, self._doubtful - 1)
        self.noise_bytes += 1
