"""The sandbox's memory of money: who was credited what. One row a txn_id, for ever; an undone one is marked beside."""

from __future__ import annotations

import sqlite3
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from payment import lock_file

BUSY_TIMEOUT_MS = 2000
PRV_TXN_FIRST = 2016001
APPLICATION_ID = 0x5342584B  # "SBXK" in the header of every file that a sandbox made
TABLES = frozenset({"credit", "cancelled", "refused", "readings", "qr"})  # of a file made before it had that number

_SCHEMA = """
CREATE TABLE IF NOT EXISTS credit (
    prv_txn INTEGER PRIMARY KEY,
    txn_id TEXT NOT NULL UNIQUE,
    account TEXT NOT NULL,
    amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
    txn_date TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS cancelled (txn_id TEXT PRIMARY KEY REFERENCES credit (txn_id)) STRICT;
CREATE TABLE IF NOT EXISTS refused (txn_id TEXT PRIMARY KEY, result INTEGER NOT NULL) STRICT
"""
_ROWS = """
SELECT txn_id, account, amount_minor, txn_date, prv_txn, cancelled.txn_id IS NOT NULL
FROM credit LEFT JOIN cancelled USING (txn_id)
"""


class StoreError(Exception):
    """The database cannot be used; the text is for the person who started the sandbox."""


class OtherContentError(Exception):
    """This txn_id was credited with another account, sum or date."""


@dataclass(frozen=True, slots=True)
class Credit:
    """Money that reached an account, and whether it was taken back."""

    txn_id: str
    account: str
    amount_minor: int
    txn_date: str
    prv_txn: str = ""
    cancelled: bool = False

    def as_json(self) -> dict[str, object]:
        return asdict(self)


def hold(path: Path) -> IO[bytes]:
    """One sandbox a database, until this is closed; the kernel lets go with the process, however it ends.

    Raises:
        StoreError: another sandbox runs over it, or nothing can be written beside it.
    """
    try:
        return lock_file.hold(path.with_name(path.name + ".lock"))
    except BlockingIOError:
        raise StoreError(f"another sandbox runs over {path}") from None
    except OSError as error:
        raise StoreError(f"cannot write beside the sandbox's database {path}: {error.strerror}") from error


def connect(path: Path, schema: str) -> sqlite3.Connection:
    """Opens the sandbox's file; every commit is synced.

    Raises:
        StoreError: it is no database, another program's one, or cannot be written.
    """
    try:
        database = sqlite3.connect(path, isolation_level=None)
        database.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        if not _ours(database):
            database.close()
            raise StoreError(f"{path} is another program's database: it is left alone, name another file")
        database.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = FULL")
        database.executescript(schema)
    except sqlite3.Error as error:
        raise StoreError(f"cannot use {path} as the sandbox's database: {error}") from error
    return database


def _ours(database: sqlite3.Connection) -> bool:
    """A sandbox's file, or one that holds nothing yet. Asked before anything is written."""
    (application_id,) = database.execute("PRAGMA application_id").fetchone()
    if application_id != 0:
        return bool(application_id == APPLICATION_ID)
    names = database.execute("SELECT name FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%'")
    return {name for (name,) in names} <= TABLES


class CreditStore:
    """Used from the event loop's thread: a row of a sandbox is a fraction of a millisecond."""

    def __init__(self, path: Path) -> None:
        self._database = connect(path, _SCHEMA)

    def close(self) -> None:
        self._database.close()

    def find(self, txn_id: str) -> Credit | None:
        rows = self._select("WHERE txn_id = ?", txn_id)
        return rows[0] if rows else None

    def credit(self, wanted: Credit) -> Credit:
        """Credits once; a repeat gets the first credit back.

        Raises:
            OtherContentError: the txn_id is taken by another payment.
        """
        self._database.execute("BEGIN IMMEDIATE")
        try:
            if self.find(wanted.txn_id) is None:
                self._insert(wanted)
            self._database.execute("COMMIT")
        except BaseException:
            self._database.execute("ROLLBACK")
            raise
        stored = self.find(wanted.txn_id)
        assert stored is not None
        if (stored.account, stored.amount_minor, stored.txn_date) != (
            wanted.account,
            wanted.amount_minor,
            wanted.txn_date,
        ):
            raise OtherContentError(wanted.txn_id)
        return stored

    def cancel(self, txn_id: str) -> None:
        """Takes a credit back; a repeat changes nothing."""
        self._database.execute("INSERT OR IGNORE INTO cancelled SELECT txn_id FROM credit WHERE txn_id = ?", (txn_id,))

    def refuse(self, txn_id: str, result: int) -> None:
        """Remembers a final refusal: a request that comes late must not credit what the payer has given up."""
        self._database.execute("INSERT OR IGNORE INTO refused VALUES (?, ?)", (txn_id, result))

    def refusal(self, txn_id: str) -> int | None:
        row = self._database.execute("SELECT result FROM refused WHERE txn_id = ?", (txn_id,)).fetchone()
        return None if row is None else int(row[0])

    def all(self) -> list[Credit]:
        return self._select("ORDER BY prv_txn")

    def of_day(self, day: str) -> list[Credit]:
        """Credits of an accounting day, YYYYMMDD, that were not taken back."""
        return self._select("WHERE substr(txn_date, 1, 8) = ? AND cancelled.txn_id IS NULL ORDER BY prv_txn", day)

    def credited_minor(self, account: str) -> int:
        """All money that ever reached the account and was not taken back."""
        row = self._database.execute(
            "SELECT COALESCE(SUM(amount_minor), 0) FROM credit LEFT JOIN cancelled USING (txn_id) "
            "WHERE account = ? AND cancelled.txn_id IS NULL",
            (account,),
        )
        total: int = row.fetchone()[0]
        return total

    def _insert(self, wanted: Credit) -> None:
        self._database.execute(
            "INSERT INTO credit SELECT COALESCE(MAX(prv_txn) + 1, ?), ?, ?, ?, ? FROM credit",
            (PRV_TXN_FIRST, wanted.txn_id, wanted.account, wanted.amount_minor, wanted.txn_date),
        )

    def _select(self, rest: str, *values: str) -> list[Credit]:
        return [
            Credit(txn_id, account, amount_minor, date, str(prv), bool(cancelled))
            for txn_id, account, amount_minor, date, prv, cancelled in self._database.execute(_ROWS + rest, values)
        ]
