"""ID-003 frames: SYNC LNG CMD DATA CRC-lo CRC-hi. No I/O, no clock.

Source: ID-003 paper, "Frame". The same bytes may be a command or a status: nothing in a frame says who spoke.
"""

from __future__ import annotations

from device_drivers.crc_kermit import crc16
from device_drivers.sized_frames import SizedFrameReader

SYNC = 0xFC
HEAD_SIZE = 2  # SYNC, length
FRAME_SIZE_MIN = 5  # SYNC, length, command, CRC (2)
FRAME_SIZE_MAX = 255
DATA_SIZE_MAX = FRAME_SIZE_MAX - FRAME_SIZE_MIN + 1  # command and its data


class FrameError(ValueError):
    """Bytes that are not one whole ID-003 frame; the text says why."""


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


class FrameReader(SizedFrameReader[bytes]):
    """Gives the data of frames."""

    HEAD_SIZE = HEAD_SIZE

    def _may_be_head(self, begun: bytearray) -> bool:
        return begun[0] == SYNC and (len(begun) < HEAD_SIZE or begun[1] >= FRAME_SIZE_MIN)

    def _size(self, head: bytearray) -> int:
        return head[1]

    def _opened(self, raw: bytes) -> bytes | None:
        return raw[HEAD_SIZE:-2] if crc16(raw[:-2]) == raw[-2:] else None
