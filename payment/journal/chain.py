"""The hash that chains the records of a journal: the terminal writes it, the office checks it. Pure."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

import msgspec

_encode = msgspec.json.Encoder().encode

GENESIS = bytes(32)  # before the first record


class StoredRecord(NamedTuple):
    """One line of a journal as it is stored; `data` is the JSON text that was hashed."""

    sequence: int
    kind: str
    data: str
    wall_ms: int
    monotonic_ms: int
    boot_id: str
    software_version: str
    hash: bytes


def chained(previous: bytes, stamp: tuple[object, ...]) -> bytes:
    """The hash of a record: of all its fields but the hash, and of the hash before it."""
    return hashlib.sha256(previous + _encode(stamp)).digest()


def follows(previous: bytes, record: StoredRecord) -> bool:
    """Whether this record is what was written after the one with that hash."""
    return chained(previous, tuple(record[:-1])) == record.hash
