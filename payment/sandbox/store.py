"""The sandbox's only memory: who was credited what. One row a txn_id, for ever."""

from __future__ import annotations

import sqlite3
from dataclasses import asdict, dataclass
from pathlib import Path

BUSY_TIMEOUT_MS = 2000
PRV_TXN_FIRST = 2016001

_SCHEMA = """
CREATE TABLE IF NOT EXISTS credit (
    prv_txn INTEGER PRIMARY KEY,
    txn_id TEXT NOT NULL UNIQUE,
    account TEXT NOT NULL,
    amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
    txn_date TEXT NOT NULL
) STRICT
"""


class StoreError(Exception):
    """The database cannot be used; the text is for the person who started the sandbox."""


class OtherContentError(Exception):
    """This txn_id was credited with another account, sum or date."""


@dataclass(frozen=True, slots=True)
class Credit:
    """Money that reached an account."""

    txn_id: str
    account: str
    amount_minor: int
    txn_date: str
    prv_txn: str = ""

    def as_json(self) -> dict[str, object]:
        return asdict(self)


class CreditStore:
    """Used from the event loop's thread: a row of a sandbox is a fraction of a millisecond."""

    def __init__(self, path: Path) -> None:
        try:
            self._database = sqlite3.connect(path, isolation_level=None)
            self._database.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
            self._database.execute("PRAGMA journal_mode = WAL")
            self._database.execute("PRAGMA synchronous = FULL")
            self._database.execute(_SCHEMA)
        except sqlite3.Error as error:
            raise StoreError(f"cannot use {path} as the sandbox's database: {error}") from error

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

    def all(self) -> list[Credit]:
        return self._select("ORDER BY prv_txn")

    def credited_minor(self, account: str) -> int:
        """All money that ever reached the account."""
        row = self._database.execute("SELECT COALESCE(SUM(amount_minor), 0) FROM credit WHERE account = ?", (account,))
        total: int = row.fetchone()[0]
        return total

    def _insert(self, wanted: Credit) -> None:
        self._database.execute(
            "INSERT INTO credit SELECT COALESCE(MAX(prv_txn) + 1, ?), ?, ?, ?, ? FROM credit",
            (PRV_TXN_FIRST, wanted.txn_id, wanted.account, wanted.amount_minor, wanted.txn_date),
        )

    def _select(self, rest: str, *values: str) -> list[Credit]:
        rows = self._database.execute(
            f"SELECT txn_id, account, amount_minor, txn_date, prv_txn FROM credit {rest}",  # noqa: S608 (our own text)
            values,
        )
        return [
            Credit(txn_id, account, amount_minor, date, str(prv)) for txn_id, account, amount_minor, date, prv in rows
        ]
