"""What a recording is made of: records of encoded packets, in sealed chunks of about a second. Pure.

The chunks are sealed with AES-256-GCM (NIST SP 800-38D) under the recording's own key, made at the terminal and sealed
to the office (`sealing.py`). Nonce and associated data hold the chunk's number, the recording and whether it is the
last: a chunk that was changed, swapped, or taken from another recording does not open, and a cut end is seen.
"""

from __future__ import annotations

import enum
import struct
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_SIZE = 32
_RECORD = struct.Struct("<BBQI")  # stream, flags, time, size
_KEY_FLAG = 1
_GOES_ON, _LAST = b"\0", b"\1"


class RecordedError(ValueError):
    """No chunk of this recording, or damaged."""


class Stream(enum.IntEnum):
    AGENT_PICTURE = 1
    AGENT_SOUND = 2
    CUSTOMER_PICTURE = 3
    CUSTOMER_SOUND = 4


@dataclass(frozen=True, slots=True)
class Record:
    """One encoded picture (VP8) or packet of sound (Opus, 20 ms). The clock is one for all streams."""

    stream: Stream
    time_us: int  # since the notice was given: always above 0
    key: bool  # needs no other to be decoded
    data: bytes


def pack(records: Iterable[Record]) -> bytes:
    parts: list[bytes] = []
    for record in records:
        assert record.time_us > 0, "nothing is recorded before the notice"
        parts.append(_RECORD.pack(record.stream, _KEY_FLAG * record.key, record.time_us, len(record.data)))
        parts.append(record.data)
    return b"".join(parts)


def unpack(plain: bytes) -> list[Record]:
    """Raises RecordedError."""
    records: list[Record] = []
    place = 0
    try:
        while place < len(plain):
            stream, flags, time_us, size = _RECORD.unpack_from(plain, place)
            place += _RECORD.size
            if place + size > len(plain) or time_us == 0:
                raise RecordedError("a record is cut short, or older than the notice")
            records.append(Record(Stream(stream), time_us, bool(flags & _KEY_FLAG), plain[place : place + size]))
            place += size
    except (struct.error, ValueError) as error:
        raise RecordedError("no records") from error
    return records


class ChunkSeal:
    """The seal of one recording."""

    def __init__(self, key: bytes, recording_id: str) -> None:
        self._cipher = AESGCM(key)
        self._recording_id = recording_id.encode()

    def close(self, number: int, plain: bytes, *, last: bool) -> bytes:
        """Each number once: it is the nonce."""
        mark = _LAST if last else _GOES_ON
        return mark + self._cipher.encrypt(_nonce(number), plain, self._bound(mark, number))

    def open(self, number: int, sealed: bytes) -> bytes:
        """Raises RecordedError."""
        try:
            return self._cipher.decrypt(_nonce(number), sealed[1:], self._bound(sealed[:1], number))
        except (InvalidTag, ValueError) as error:
            raise RecordedError("it cannot be opened with this key") from error

    def _bound(self, mark: bytes, number: int) -> bytes:
        return mark + number.to_bytes(8, "big") + self._recording_id


def is_last(sealed: bytes) -> bool:
    """What the chunk says of itself; true for certain only when it opens."""
    return sealed[:1] == _LAST


def key_context(recording_id: str, call_id: str) -> str:
    """The context under which a recording's key is sealed to the office."""
    return f"recording-key {recording_id} {call_id}"


def _nonce(number: int) -> bytes:
    return number.to_bytes(12, "big")
