"""CCNET frames: SYNC ADR LNG DATA CRC-lo CRC-hi. No I/O, no clock.

Source: CCNET interface description, "Message format". Frames above 250 bytes (firmware download) are refused.
"""

from __future__ import annotations

from dataclasses import dataclass

from device_drivers.crc_kermit import crc16
from device_drivers.sized_frames import SizedFrameReader

SYNC = 0x02
BILL_VALIDATOR = 0x03  # addresses: 1 recycler, 2 coin changer, 3 bill validator, 4 card reader
ADDRESSES = range(0x01, 0x05)
HEAD_SIZE = 3  # SYNC, address, length
FRAME_SIZE_MIN = 6  # SYNC, address, length, one data byte, CRC (2)
FRAME_SIZE_MAX = 250
DATA_SIZE_MAX = FRAME_SIZE_MAX - FRAME_SIZE_MIN + 1


@dataclass(frozen=True, slots=True)
class Frame:
    """A whole frame whose CRC is right."""

    address: int
    data: bytes


class FrameError(ValueError):
    """Bytes that are not one whole CCNET frame; the text says why."""


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


class FrameReader(SizedFrameReader[Frame]):
    """Frames of one address. The session answers a damaged one with NAK."""

    HEAD_SIZE = HEAD_SIZE

    def __init__(self, address: int = BILL_VALIDATOR) -> None:
        super().__init__()
        self._address = address

    def _may_be_head(self, begun: bytearray) -> bool:
        if begun[0] != SYNC or (len(begun) > 1 and begun[1] != self._address):
            return False
        return len(begun) < HEAD_SIZE or FRAME_SIZE_MIN <= begun[2] <= FRAME_SIZE_MAX

    def _size(self, head: bytearray) -> int:
        return head[2]

    def _opened(self, raw: bytes) -> Frame | None:
        return Frame(address=raw[1], data=raw[HEAD_SIZE:-2]) if crc16(raw[:-2]) == raw[-2:] else None
