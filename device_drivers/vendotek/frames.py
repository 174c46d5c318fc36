"""VTK messages: serial `1F LEN16 DISC16 TLV.. CRC16`, TCP `LEN16 DISC16 TLV..`, high byte first. No I/O, no clock.

Source: VTK protocol 1.12, "Message". What is damaged or addressed to nobody is skipped silently and counted.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

START = 0x1F
LENGTH_SIZE, DISCRIMINATOR_SIZE, CRC_SIZE = 2, 2, 2
BODY_SIZE_MAX = 8192  # discriminator and TLV; a bank receipt is the longest thing
HOST, TERMINAL = 0x96FB, 0x97FB
HOST_NFC, TERMINAL_NFC = 0x96FC, 0x97FC
DISCRIMINATORS = (HOST, TERMINAL, HOST_NFC, TERMINAL_NFC)
CRC_POLY, CRC_START = 0x1021, 0xFFFF


class Framing(enum.Enum):
    SERIAL = "serial"
    TCP = "tcp"


@dataclass(frozen=True, slots=True)
class Frame:
    """A whole frame: who speaks, and the TLV bytes."""

    discriminator: int
    data: bytes


class FrameError(ValueError):
    """Bytes that are not one whole VTK frame; the text says why."""


def crc16(data: bytes) -> bytes:
    """CRC-16/CCITT-FALSE, high byte first."""
    crc = CRC_START
    for byte in data:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1 ^ CRC_POLY) & 0xFFFF if crc & 0x8000 else crc << 1
    return crc.to_bytes(2, "big")


def encode(frame: Frame, framing: Framing) -> bytes:
    """The bytes of a frame on the wire.

    Raises:
        FrameError: nobody speaks with this discriminator, or longer than a frame may be.
    """
    if frame.discriminator not in DISCRIMINATORS:
        raise FrameError(f"nobody speaks with the discriminator {frame.discriminator:x}")
    body = frame.discriminator.to_bytes(2, "big") + frame.data
    if len(body) > BODY_SIZE_MAX:
        raise FrameError(f"a frame carries {BODY_SIZE_MAX} bytes at most, not {len(body)}")
    raw = len(body).to_bytes(2, "big") + body
    if framing is Framing.TCP:
        return raw
    raw = bytes((START,)) + raw
    return raw + crc16(raw)


def decode(raw: bytes) -> tuple[Frame, Framing]:
    """One whole frame from exactly its bytes, and how it was framed.

    Raises:
        FrameError: what is wrong with the bytes.
    """
    framing = Framing.SERIAL if raw[:1] == bytes((START,)) else Framing.TCP
    body = raw
    if framing is Framing.SERIAL:
        if len(raw) < 1 + LENGTH_SIZE + DISCRIMINATOR_SIZE + CRC_SIZE:
            raise FrameError(f"a serial frame has at least 7 bytes, here are {len(raw)}")
        if crc16(raw[:-CRC_SIZE]) != raw[-CRC_SIZE:]:
            raise FrameError(f"the CRC is {raw[-2:].hex()}, the bytes give {crc16(raw[:-2]).hex()}")
        body = raw[1:-CRC_SIZE]
    size = int.from_bytes(body[:LENGTH_SIZE], "big")
    if len(body) < LENGTH_SIZE + DISCRIMINATOR_SIZE or size != len(body) - LENGTH_SIZE:
        raise FrameError(f"the frame says it has {size} bytes, here are {max(0, len(body) - LENGTH_SIZE)}")
    discriminator = int.from_bytes(body[2:4], "big")
    if discriminator not in DISCRIMINATORS:
        raise FrameError(f"nobody speaks with the discriminator {discriminator:04x}")
    return Frame(discriminator, body[4:]), framing


class FrameReader:
    """Rebuilds frames of one speaker from a stream cut anywhere."""

    def __init__(self, framing: Framing, speaker: int = TERMINAL) -> None:
        self._serial = framing is Framing.SERIAL
        self._speaker = speaker
        self._buffer = bytearray()
        self.noise_bytes = 0

    @property
    def waiting(self) -> bool:
        """True while a frame has begun and not ended."""
        return bool(self._buffer)

    def feed(self, chunk: bytes) -> list[Frame]:
        """Frames that became whole with these bytes, in order."""
        self._buffer += chunk
        found = []
        while (frame := self._take_frame()) is not None:
            found.append(frame)
        return found

    def give_up_waiting(self) -> list[Frame]:
        """Time passed and the frame begun never ended: it was noise; what lay behind its start is looked through."""
        found: list[Frame] = []
        while self._buffer:
            self._skip()
            found += self.feed(b"")
        return found

    def _take_frame(self) -> Frame | None:
        start = 1 if self._serial else 0
        head = start + LENGTH_SIZE + DISCRIMINATOR_SIZE
        while self._buffer:
            if not self._may_be_head(start):
                self._skip()
                continue
            if len(self._buffer) < head:
                return None
            size = start + LENGTH_SIZE + int.from_bytes(self._buffer[start : start + 2], "big")
            size += CRC_SIZE if self._serial else 0
            if len(self._buffer) < size:
                return None  # the rest is still on the wire
            raw = bytes(self._buffer[:size])
            if self._serial and crc16(raw[:-CRC_SIZE]) != raw[-CRC_SIZE:]:
                self._skip()
                continue
            del self._buffer[:size]
            return Frame(self._speaker, raw[head : -CRC_SIZE if self._serial else None])
        return None

    def _may_be_head(self, start: int) -> bool:
        """As far as it is there: start byte, a length in its range, the speaker's discriminator."""
        head = bytes(self._buffer[: start + LENGTH_SIZE + DISCRIMINATOR_SIZE])
        if self._serial and head[0] != START:
            return False
        length = head[start : start + 2]
        if len(length) == 2 and not DISCRIMINATOR_SIZE <= int.from_bytes(length, "big") <= BODY_SIZE_MAX:
            return False
        return self._speaker.to_bytes(2, "big").startswith(head[start + 2 : start + 4])

    def _skip(self) -> None:
        del self._buffer[0]
        self.noise_bytes += 1
