"""The journal's file: its tables, its commits and its reading. Synchronous; journal.py has the thread that waits.

Any connection that speaks SQL like the standard library's will do: the simulator runs exactly these statements over a
disk that loses and tears whatever is not synced (payment/simulation/power_disk.py).
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Protocol

from payment.contract import JournalRecord
from payment.journal_chain import GENESIS, chained

_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA wal_autocheckpoint=0",
    "PRAGMA busy_timeout=2000",
)
_SCHEMA = (
    """CREATE TABLE IF NOT EXISTS record (
    sequence INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    data TEXT NOT NULL,
    wall_ms INTEGER NOT NULL,
    monotonic_ms INTEGER NOT NULL,
    boot_id TEXT NOT NULL,
    software_version TEXT NOT NULL,
    hash BLOB NOT NULL
) STRICT""",
    """CREATE TRIGGER IF NOT EXISTS record_is_never_changed BEFORE UPDATE ON record
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END""",
    """CREATE TRIGGER IF NOT EXISTS record_is_never_deleted BEFORE DELETE ON record
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END""",
)

Entry = tuple[str, dict[str, object]]  # kind and data of a record


class JournalError(Exception):
    """The journal cannot be used; the text says why and what a person can do."""


class JournalDamagedError(JournalError):
    """A record is not what was written."""


class Connection(Protocol):
    """What the journal needs of a connection in autocommit mode: sqlite3's, or one over a simulated disk."""

    @property
    def in_transaction(self) -> bool: ...
    def execute(self, sql: str, /) -> Iterable[Any]: ...
    def executemany(self, sql: str, rows: Sequence[tuple[object, ...]], /) -> object: ...
    def close(self) -> None: ...


def system_clocks_ms() -> tuple[int, int]:
    """Wall and monotonic, milliseconds."""
    return time.time_ns() // 1_000_000, time.monotonic_ns() // 1_000_000


class JournalFile:
    """One open journal whose whole chain was checked. Raises what its connection raises."""

    def __init__(
        self,
        connection: Connection,
        *,
        boot_id: str,
        software_version: str,
        clocks_ms: Callable[[], tuple[int, int]] = system_clocks_ms,
    ) -> None:
        """Raises JournalDamagedError; the connection is closed then."""
        self._connection = connection
        self._stamp = (boot_id, software_version)
        self._clocks_ms = clocks_ms
        try:
            for statement in (*_PRAGMAS, *_SCHEMA):
                list(connection.execute(statement))
            self.records = list(verified(connection))
        except BaseException:
            connection.close()
            raise
        self._last_hash = self.records[-1].hash if self.records else GENESIS
        self._last_sequence = len(self.records)

    def commit(self, batch: Iterable[Entry]) -> None:
        """Writes these records with one sync: all of them or none."""
        last_hash, sequence = self._last_hash, self._last_sequence
        rows = []
        for kind, data in batch:
            sequence += 1
            text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
            stamp = (sequence, kind, text, *self._clocks_ms(), *self._stamp)
            last_hash = chained(last_hash, stamp)
            rows.append((*stamp, last_hash))
        connection = self._connection
        connection.execute("BEGIN IMMEDIATE")
        try:
            connection.executemany("INSERT INTO record VALUES (?,?,?,?,?,?,?,?)", rows)
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        self._last_hash, self._last_sequence = last_hash, sequence

    def checkpoint(self) -> None:
        """Folds the log into the file."""
        list(self._connection.execute("PRAGMA wal_checkpoint(RESTART)"))

    def close(self) -> None:
        self._connection.close()


def verified(connection: Connection) -> Iterator[JournalRecord]:
    """All records, the chain checked as they are read. Raises JournalDamagedError."""
    last_hash, expected = GENESIS, 1
    for row in connection.execute("SELECT * FROM record ORDER BY sequence"):
        *stamp, stored = row
        if any(isinstance(part, bytes) for part in stamp):
            raise JournalDamagedError(f"record {expected} of the journal holds bytes where text was written")
        last_hash = chained(last_hash, tuple(stamp))
        if stamp[0] != expected or stored != last_hash:
            raise JournalDamagedError(f"record {expected} of the journal is missing or not what was written")
        expected += 1
        sequence, kind, data, wall_ms, monotonic_ms, boot_id, software_version = stamp
        yield JournalRecord(sequence, kind, json.loads(data), wall_ms, monotonic_ms, boot_id, software_version, stored)
