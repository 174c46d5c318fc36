"""CCNET frames: SYNC ADR LNG DATA CRC-lo CRC-hi. No I/O, no clock.

Source: CCNET interface description, "Message format". Frames above 250 bytes (firmware download) are refused.
"""

from __future__ import annotations

from dataclasses import dataclass

SYNC = 0x02
BILL_VALIDATOR = 0x03  # addresses: 1 recycler, 2 coin changer, 3 bill validator, 4 card reader
ADDRESSES = range(0x01, 0x05)
HEAD_SIZE = 3  # SYNC, address, length
FRAME_SIZE_MIN = 6  # SYNC, address, length, one data byte, CRC (2)
FRAME_SIZE_MAX = 250
DATA_SIZE_MAX = FRAME_SIZE_MAX - FRAME_SIZE_MIN + 1
CRC_POLY_REFLECTED = 0x8408


@dataclass(frozen=True, slots=True)
class Frame:
    """A whole frame whose CRC is right."""

    address: int
    data: bytes


@dataclass(frozen=True, slots=True)
class DamagedFrame:
    """Bytes that began like a frame and failed its CRC; the session answers them with NAK."""

    raw: bytes


class FrameError(ValueError):
    """Bytes that are not one whole CCNET frame; the text says why."""


def _crc_table() -> tuple[int, ...]:
    table = []
    for byte in range(256):
        crc = byte
        for _ in range(8):
            crc = (crc >> 1) ^ CRC_POLY_REFLECTED if crc & 1 else crc >> 1
        table.append(crc)
    return tuple(table)


_CRC_TABLE = _crc_table()


def crc16(data: bytes) -> bytes:
    """CRC-16/KERMIT over `data`, low byte first as on the wire."""
    crc = 0
    for byte in data:
        crc = (crc >> 8) ^ _CRC_TABLE[(crc ^ byte) & 0xFF]
    return crc.to_bytes(2, "little")


def encode(frame: Frame) -> bytes:
    """The bytes of a frame on the wire.

    Raises:
        FrameError: no data, or more than a frame carries.
    """
    if not 1 <= len(frame.data) <= DATA_SIZE_MAX:
        raise FrameError(f"a frame carries 1..{DATA_SIZE_MAX} data bytes, not {len(frame.data)}")
    body = bytes((SYNC, frame.address, len(frame.data) + FRAME_SIZE_MIN - 1)) + frame.data
    return body + crc16(body)


def decode(raw: bytes) -> Frame:
    """One whole frame from exactly its bytes, of any CCNET address.

    Raises:
        FrameError: what is wrong with the bytes.
    """
    if len(raw) < FRAME_SIZE_MIN:
        raise FrameError(f"a frame has at least {FRAME_SIZE_MIN} bytes, here are {len(raw)}")
    if raw[0] != SYNC:
        raise FrameError(f"a frame begins with 02, not {raw[0]:02x}")
    if raw[1] not in ADDRESSES:
        raise FrameError(f"nothing has the address {raw[1]:02x}")
    if raw[2] != len(raw):
        raise FrameError(f"the frame says it has {raw[2]} bytes, here are {len(raw)}")
    if crc16(raw[:-2]) != raw[-2:]:
        raise FrameError(f"the CRC is {raw[-2:].hex()}, the bytes give {crc16(raw[:-2]).hex()}")
    return Frame(address=raw[1], data=raw[HEAD_SIZE:-2])


class FrameReader:
    """Rebuilds frames from a byte stream cut anywhere. Line noise is skipped and counted.

    A length is believed only with its CRC: after a damaged frame the search goes on behind its SYNC, so that
    noise which looks like a head costs no good frame.
    """

    def __init__(self, address: int = BILL_VALIDATOR) -> None:
        self._address = address
        self._buffer = bytearray()
        self.noise_bytes = 0

    def feed(self, chunk: bytes) -> list[Frame | DamagedFrame]:
        """Frames that became whole with these bytes, in order."""
        self._buffer += chunk
        found: list[Frame | DamagedFrame] = []
        while (frame := self._take_frame()) is not None:
            found.append(frame)
        return found

    def give_up_waiting(self) -> list[Frame | DamagedFrame]:
        """Time passed and the frame begun never ended: it was noise; what lay behind its SYNC is looked through."""
        found: list[Frame | DamagedFrame] = []
        while self._buffer:
            self._skip(1)
            found += self.feed(b"")
        return found

    @property
    def waiting(self) -> bool:
        """True while a frame has begun and not ended."""
        return bool(self._buffer)

    def _take_frame(self) -> Frame | DamagedFrame | None:
        self._skip_noise()
        if len(self._buffer) < HEAD_SIZE or len(self._buffer) < self._buffer[2]:
            return None  # the rest is still on the wire
        size = self._buffer[2]
        raw = bytes(self._buffer[:size])
        if crc16(raw[:-2]) != raw[-2:]:
            self._skip(1)
            return DamagedFrame(raw)
        del self._buffer[:size]
        return Frame(address=raw[1], data=raw[HEAD_SIZE:-2])

    def _skip_noise(self) -> None:
        while self._buffer and not self._may_be_head():
            self._skip(1)

    def _may_be_head(self) -> bool:
        head = self._buffer[:HEAD_SIZE]
        if head[0] != SYNC:
            return False
        if len(head) > 1 and head[1] != self._address:
            return False
        return len(head) < HEAD_SIZE or FRAME_SIZE_MIN <= head[2] <= FRAME_SIZE_MAX

    def _skip(self, count: int) -> None:
        del self._buffer[:count]
        self.noise_bytes += count
