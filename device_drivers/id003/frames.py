"""ID-003 frames: SYNC LNG CMD DATA CRC-lo CRC-hi. No I/O, no clock.

Source: ID-003 paper, "Frame". The same bytes may be a command or a status: nothing in a frame says who spoke.
"""

from __future__ import annotations

from dataclasses import dataclass

SYNC = 0xFC
HEAD_SIZE = 2  # SYNC, length
FRAME_SIZE_MIN = 5  # SYNC, length, command, CRC (2)
FRAME_SIZE_MAX = 255
DATA_SIZE_MAX = FRAME_SIZE_MAX - FRAME_SIZE_MIN + 1  # command and its data
CRC_POLY_REFLECTED = 0x8408


@dataclass(frozen=True, slots=True)
class DamagedFrame:
    """Bytes that began like a frame and failed its CRC."""

    raw: bytes


class FrameError(ValueError):
    """Bytes that are not one whole ID-003 frame; the text says why."""


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


def encode(data: bytes) -> bytes:
    """The frame around a command or status and its data.

    Raises:
        FrameError: no data, or more than a frame carries.
    """
    if not 1 <= len(data) <= DATA_SIZE_MAX:
        raise FrameError(f"a frame carries 1..{DATA_SIZE_MAX} bytes, not {len(data)}")
    body = bytes((SYNC, len(data) + FRAME_SIZE_MIN - 1)) + data
    return body + crc16(body)


def decode(raw: bytes) -> bytes:
    """Command or status and its data from exactly one frame's bytes.

    Raises:
        FrameError: what is wrong with the bytes.
    """
    if len(raw) < FRAME_SIZE_MIN:
        raise FrameError(f"a frame has at least {FRAME_SIZE_MIN} bytes, here are {len(raw)}")
    if raw[0] != SYNC:
        raise FrameError(f"a frame begins with fc, not {raw[0]:02x}")
    if raw[1] != len(raw):
        raise FrameError(f"the frame says it has {raw[1]} bytes, here are {len(raw)}")
    if crc16(raw[:-2]) != raw[-2:]:
        raise FrameError(f"the CRC is {raw[-2:].hex()}, the bytes give {crc16(raw[:-2]).hex()}")
    return raw[HEAD_SIZE:-2]


class FrameReader:
    """Rebuilds frames from a byte stream cut anywhere. Line noise is skipped and counted.

    A length is believed only with its CRC: after a damaged frame the search goes on behind its SYNC.
    """

    def __init__(self) -> None:
        self._buffer = bytearray()
        self.noise_bytes = 0

    def feed(self, chunk: bytes) -> list[bytes | DamagedFrame]:
        """Data of the frames that became whole with these bytes, in order."""
        self._buffer += chunk
        found: list[bytes | DamagedFrame] = []
        while (frame := self._take_frame()) is not None:
            found.append(frame)
        return found

    def give_up_waiting(self) -> list[bytes | DamagedFrame]:
        """Time passed and the frame begun never ended: it was noise; what lay behind its SYNC is looked through."""
        found: list[bytes | DamagedFrame] = []
        while self._buffer:
            self._skip(1)
            found += self.feed(b"")
        return found

    @property
    def waiting(self) -> bool:
        """True while a frame has begun and not ended."""
        return bool(self._buffer)

    def _take_frame(self) -> bytes | DamagedFrame | None:
        self._skip_noise()
        if len(self._buffer) < HEAD_SIZE or len(self._buffer) < self._buffer[1]:
            return None  # the rest is still on the wire
        size = self._buffer[1]
        raw = bytes(self._buffer[:size])
        if crc16(raw[:-2]) != raw[-2:]:
            self._skip(1)
            return DamagedFrame(raw)
        del self._buffer[:size]
        return raw[HEAD_SIZE:-2]

    def _skip_noise(self) -> None:
        while self._buffer and not self._may_be_head():
            self._skip(1)

    def _may_be_head(self) -> bool:
        if self._buffer[0] != SYNC:
            return False
        return len(self._buffer) < HEAD_SIZE or self._buffer[1] >= FRAME_SIZE_MIN

    def _skip(self, count: int) -> None:
        del self._buffer[:count]
        self.noise_bytes += count
