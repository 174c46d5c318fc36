"""The journal's file: its tables, its commits and its reading. Synchronous; journal.py has the thread that waits.

SQLite by apsw and never by the standard library, whose SQLite is another one: two of them in one process take each
other's locks away (sqlite.org/howtocorrupt.html, 2.2.1). So the simulator cuts the very library that a terminal runs,
over a disk that loses and tears whatever is not synced (payment/simulation/power_disk.py); and a commit costs less.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import apsw
import msgspec

from payment.contract import JournalRecord
from payment.journal.chain import GENESIS, chained

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

_INSERT = "INSERT INTO record VALUES (?,?,?,?,?,?,?,?)"
_encode = msgspec.json.Encoder(order="sorted").encode
_decode = msgspec.json.Decoder(dict[str, object]).decode

Entry = tuple[str, dict[str, object]]  # kind and data of a record
Row = tuple[int, str, str, int, int, str, str, bytes]  # a record as it is stored


class JournalError(Exception):
    """The journal cannot be used; the text says why and what a person can do."""


class JournalDamagedError(JournalError):
    """A record is not what was written."""


def connect(path: Path, *, to_write: bool) -> apsw.Connection:
    """Raises apsw.Error."""
    writing = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE
    return apsw.Connection(str(path), flags=writing if to_write else apsw.SQLITE_OPEN_READONLY)


def system_clocks_ms() -> tuple[int, int]:
    """Wall and monotonic, milliseconds."""
    return time.time_ns() // 1_000_000, time.monotonic_ns() // 1_000_000


class JournalFile:
    """One open journal whose whole chain was checked. Raises what its connection raises."""

    def __init__(
        self,
        connection: apsw.Connection,
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
                connection.execute(statement).fetchall()
            self.records = list(verified(connection))
        except BaseException:
            connection.close()
            raise
        self._execute = connection.cursor().execute
        self._last_hash = self.records[-1].hash if self.records else GENESIS
        self._last_sequence = len(self.records)

    def commit(self, batch: Iterable[Entry]) -> None:
        """Writes these records with one sync: all of them or none."""
        self.write([self.chained_on(kind, data) for kind, data in batch])

    def chained_on(self, kind: str, data: dict[str, object]) -> Row:
        """The record as it will stand behind all that were chained before it; `write` has to follow, in that order.

        Raises TypeError, and chains nothing, for what JSON cannot hold. Apart from `write`, so that whoever says what
        happened encodes it while his processor is warm, not the writer's thread that has just slept through a sync.
        """
        sequence, text = self._last_sequence + 1, _encode(data).decode()
        stamp = (sequence, kind, text, *self._clocks_ms(), *self._stamp)
        self._last_sequence, self._last_hash = sequence, chained(self._last_hash, stamp)
        return (*stamp, self._last_hash)

    def write(self, rows: Iterable[Row]) -> None:
        """One sync for all of them. After it raised, nothing may be written any more: the chain has a gap."""
        self.prepare()
        try:
            for row in rows:
                self._execute(_INSERT, row)
            self._execute("COMMIT")
        except BaseException:
            self._abandon()
            raise

    def prepare(self) -> None:
        """Begins the transaction of the next commit while nobody waits: its locks are a good part of SQLite's work.

        Readers are not hindered, and there is no other writer.
        """
        if not self._connection.in_transaction:
            self._execute("BEGIN IMMEDIATE")

    def checkpoint(self) -> None:
        """Folds the log into the file."""
        self._abandon()
        self._execute("PRAGMA wal_checkpoint(RESTART)").fetchall()

    def _abandon(self) -> None:
        if self._connection.in_transaction:
            self._execute("ROLLBACK")

    def close(self) -> None:
        self._connection.close()


def verified(connection: apsw.Connection) -> Iterator[JournalRecord]:
    """All records, the chain checked as they are read. Raises JournalDamagedError."""
    last_hash, expected = GENESIS, 1
    row: tuple[Any, ...]
    try:
        for row in connection.execute("SELECT * FROM record ORDER BY sequence"):
            last_hash = chained(last_hash, row[:-1])
            known = _decode(row[2])
            if row[0] != expected or row[7] != last_hash:
                raise JournalDamagedError(f"record {expected} of the journal is missing or not what was written")
            expected += 1
            yield JournalRecord(row[0], row[1], known, *row[3:])
    except (TypeError, ValueError) as error:  # a text that is none, too: apsw decodes it as it reads
        raise JournalDamagedError(f"record {expected} of the journal holds what was never written") from error
