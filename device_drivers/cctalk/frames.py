"""ccTalk messages on the wire: `DEST LEN SRC HEADER DATA SUM`, or with CRC-16 `DEST LEN CRClo HEADER DATA CRChi`.

No I/O, no clock. Source: ccTalk paper, "Message", "Encrypted variant". There is no start byte: who listens looks for
its own address, believes a length only with its checksum, and drops what time leaves unfinished.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from device_drivers.cctalk import cipher
from device_drivers.cctalk.cipher import Key
from device_drivers.sized_frames import SizedFrameReader

HOST = 1
BROADCAST = 0
COIN_ACCEPTOR, BILL_VALIDATOR = 2, 40
FRAME_SIZE_MIN = 5
DATA_SIZE_MAX = 252
FRAME_SIZE_MAX = DATA_SIZE_MAX + FRAME_SIZE_MIN
CRC_POLY = 0x1021


class Variant(enum.Enum):
    """How a message is guarded."""

    CHECKSUM8 = "checksum8"
    CRC16 = "crc16"


@dataclass(frozen=True, slots=True)
class Form:
    """How messages look on one wire; a key means the enciphered form of the CRC variant."""

    variant: Variant = Variant.CHECKSUM8
    key: Key | None = None


@dataclass(frozen=True, slots=True)
class Frame:
    """A whole message whose checksum is right; the CRC variant does not say who speaks."""

    destination: int
    header: int
    data: bytes = b""
    source: int | None = None


class FrameError(ValueError):
    """Bytes that are not one whole ccTalk message; the text says why."""


def _crc_table() -> tuple[int, ...]:
    table = []
    for byte in range(256):
        crc = byte << 8
        for _ in range(8):
            crc = (crc << 1 ^ CRC_POLY if crc & 0x8000 else crc << 1) & 0xFFFF
        table.append(crc)
    return tuple(table)


_CRC_TABLE = _crc_table()


def crc16(data: bytes) -> int:
    """CRC-16/XMODEM over `data`."""
    crc = 0
    for byte in data:
        crc = (crc << 8 & 0xFFFF) ^ _CRC_TABLE[crc >> 8 ^ byte]
    return crc


def encode(frame: Frame, form: Form) -> bytes:
    """The bytes of a message on the wire.

    Raises:
        FrameError: more data than a message carries, or no source where one is written.
    """
    if len(frame.data) > DATA_SIZE_MAX:
        raise FrameError(f"a message carries 0..{DATA_SIZE_MAX} data bytes, not {len(frame.data)}")
    head = bytes((frame.destination, len(frame.data)))
    tail = bytes((frame.header,)) + frame.data
    if form.variant is Variant.CHECKSUM8:
        if frame.source is None:
            raise FrameError("a message with a simple checksum names its source")
        body = head + bytes((frame.source,)) + tail
        return body + bytes((-sum(body) & 0xFF,))
    crc = crc16(head + tail)
    guarded = bytes((crc & 0xFF,)) + tail + bytes((crc >> 8,))
    return head + (guarded if form.key is None else cipher.encipher(guarded, form.key))


def decode(raw: bytes, form: Form) -> Frame:
    """One whole message from exactly its bytes.

    Raises:
        FrameError: what is wrong with the bytes.
    """
    if len(raw) < FRAME_SIZE_MIN:
        raise FrameError(f"a message has at least {FRAME_SIZE_MIN} bytes, here are {len(raw)}")
    if raw[1] + FRAME_SIZE_MIN != len(raw):
        raise FrameError(f"the message says it has {raw[1] + FRAME_SIZE_MIN} bytes, here are {len(raw)}")
    if form.variant is Variant.CHECKSUM8:
        if sum(raw) & 0xFF:
            raise FrameError(f"the bytes sum up to {sum(raw) & 0xFF:02x}, not to 00")
        return Frame(destination=raw[0], header=raw[3], data=raw[4:-1], source=raw[2])
    rest = raw[2:] if form.key is None else cipher.decipher(raw[2:], form.key)
    found, right = rest[0] | rest[-1] << 8, crc16(raw[:2] + rest[1:-1])
    if found != right:
        raise FrameError(f"the CRC is {found:04x}, the bytes give {right:04x}")
    return Frame(destination=raw[0], header=rest[1], data=rest[2:-1])


class FrameReader(SizedFrameReader[Frame]):
    """The messages to one address, of one source where the form names it."""

    HEAD_SIZE = 2

    def __init__(self, form: Form, destination: int = HOST, source: int | None = None) -> None:
        super().__init__()
        self._form = form
        self._destination = destination
        self._source = source if form.variant is Variant.CHECKSUM8 else None

    def _may_be_head(self, begun: bytearray) -> bool:
        if begun[0] != self._destination or (len(begun) > 1 and begun[1] > DATA_SIZE_MAX):
            return False
        return self._source is None or len(begun) < 3 or begun[2] == self._source

    def _size(self, head: bytearray) -> int:
        return head[1] + FRAME_SIZE_MIN

    def _opened(self, raw: bytes) -> Frame | None:
        try:
            return decode(raw, self._form)
        except FrameError:
            return None
