"""The sandbox's acquirer of СБП: registered QRs and what became of them. An order has one QR, for ever.

`NEW -> IN_PROGRESS -> PAID -> REFUNDED`, or DECLINED, EXPIRED, CANCELLED. Money under way does not expire.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from payment.sandbox.store import connect

BANK = "100000000111"
BASE_36 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
QRC_TAIL_LENGTH = 30
LIFETIME_S = 300

_SCHEMA = """
CREATE TABLE IF NOT EXISTS qr (
    number INTEGER PRIMARY KEY,
    order_id TEXT NOT NULL UNIQUE,
    account TEXT NOT NULL,
    amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
    expires_at_s INTEGER NOT NULL,
    state TEXT NOT NULL
) STRICT
"""
NEW, IN_PROGRESS, PAID = "NEW", "IN_PROGRESS", "PAID"
DECLINED, EXPIRED, CANCELLED, REFUNDED = "DECLINED", "EXPIRED", "CANCELLED", "REFUNDED"
# What a person, the bank or the terminal may do, and where it leads from.
MOVES = {
    "begin": {NEW: IN_PROGRESS},
    "pay": {NEW: PAID, IN_PROGRESS: PAID},
    "decline": {NEW: DECLINED, IN_PROGRESS: DECLINED},
    "refund": {PAID: REFUNDED},
    "cancel": {NEW: CANCELLED},
}


class OtherOrderError(Exception):
    """This order was registered with another sum or account."""


@dataclass(frozen=True, slots=True)
class Qr:
    """One registered QR as it stands now."""

    number: int
    order_id: str
    account: str
    amount_minor: int
    expires_at_s: int
    state: str

    @property
    def qrc_id(self) -> str:
        """32 signs: AD, then the number in base 36."""
        digits, left = "", self.number
        while left:
            left, digit = divmod(left, len(BASE_36))
            digits = BASE_36[digit] + digits
        return "AD" + digits.rjust(QRC_TAIL_LENGTH, "0")

    @property
    def payload(self) -> str:
        """The link of the QR with its CRC, as the system's operator would make it."""
        link = f"https://qr.nspk.ru/{self.qrc_id}?type=02&bank={BANK}&sum={self.amount_minor}&cur=RUB"
        return f"{link}&crc={_crc(link.encode()):04X}"

    @property
    def provider_id(self) -> str:
        """The bank's number of the operation, once there is one."""
        return f"B{self.number:019d}" if self.state in (PAID, REFUNDED) else ""

    def as_json(self) -> dict[str, object]:
        return {
            "order_id": self.order_id,
            "qrc_id": self.qrc_id,
            "account": self.account,
            "amount_minor": self.amount_minor,
            "state": self.state,
        }


class QrStore:
    """Told the time in whole seconds of the wall clock."""

    def __init__(self, path: Path) -> None:
        self._database: sqlite3.Connection = connect(path, _SCHEMA)

    def close(self) -> None:
        self._database.close()

    def register(self, order_id: str, account: str, amount_minor: int, now_s: int) -> Qr:
        """Makes a QR once; a repeat gets the first one back.

        Raises:
            OtherOrderError: the order has another sum or account.
        """
        self._database.execute(
            "INSERT OR IGNORE INTO qr (order_id, account, amount_minor, expires_at_s, state) VALUES (?, ?, ?, ?, ?)",
            (order_id, account, amount_minor, now_s + LIFETIME_S, NEW),
        )
        found = self.find(order_id, now_s)
        assert found is not None
        if (found.account, found.amount_minor) != (account, amount_minor):
            raise OtherOrderError(order_id)
        return found

    def find(self, order_id: str, now_s: int) -> Qr | None:
        self._expire(now_s)
        rows = self._select("WHERE order_id = ?", order_id)
        return rows[0] if rows else None

    def move(self, order_id: str, move: str, now_s: int) -> Qr | None:
        """Does one of MOVES, if the QR's state allows it; the QR as it stands afterwards."""
        found = self.find(order_id, now_s)
        if found is not None and (state := MOVES[move].get(found.state)) is not None:
            self._database.execute("UPDATE qr SET state = ? WHERE order_id = ?", (state, order_id))
        return self.find(order_id, now_s)

    def all(self, now_s: int) -> list[Qr]:
        """The newest first."""
        self._expire(now_s)
        return self._select("ORDER BY number DESC")

    def _expire(self, now_s: int) -> None:
        self._database.execute("UPDATE qr SET state = ? WHERE state = ? AND expires_at_s <= ?", (EXPIRED, NEW, now_s))

    def _select(self, rest: str, *values: str) -> list[Qr]:
        rows = self._database.execute(
            f"SELECT number, order_id, account, amount_minor, expires_at_s, state FROM qr {rest}",  # noqa: S608 (ours)
            values,
        )
        return [Qr(*row) for row in rows]


def _crc(data: bytes) -> int:
    """CRC-16/CCITT-FALSE, bit by bit."""
    crc = 0xFFFF
    for byte in data:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1 ^ 0x1021 if crc & 0x8000 else crc << 1) & 0xFFFF
    return crc
