"""The journal and the clocks as the cashier sees them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import msgspec


class Moment(msgspec.Struct, frozen=True):
    """A reading of both clocks."""

    wall_ms: int  # UTC, milliseconds since 1970
    monotonic_s: float
    local: str  # local wall time, YYYYMMDDHHMMSS


class Clock(Protocol):
    def now(self) -> Moment: ...


class JournalRecord(msgspec.Struct, frozen=True, gc=False):
    """One line of the journal. `hash` covers all the rest and the hash of the record before it."""

    sequence: int
    kind: str
    data: dict[str, object]
    wall_ms: int
    monotonic_ms: int
    boot_id: str
    software_version: str
    hash: bytes


class Disk(Protocol):
    """The journal as the cashier sees it."""

    def append(self, kind: str, data: dict[str, object], on_durable: Callable[[], None]) -> None:
        """Write one record; `on_durable` is called in the cashier's thread when it is synced, in order of appends.

        A failed write calls nothing: the journal tells its owner by `on_failed`, given when it was opened.
        """

    def writable(self) -> bool:
        """False once a write failed or the disk's reserve is gone: cash is stopped."""
