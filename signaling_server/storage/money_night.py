"""Rows for the night's comparison: payments of several days, and the registers that were loaded."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from signaling_server.storage.tables import PAYMENTS, REGISTERS


class KnownPayment(NamedTuple):
    terminal_id: str
    txn_id: str
    account: str
    amount_minor: int
    day: str
    outcome: str


async def payments_since(tx: AsyncConnection, first_day: str, last_day: str) -> list[KnownPayment]:
    """Of all terminals, from one day to another, both YYYYMMDD and included."""
    columns = PAYMENTS.c
    asked = select(
        columns.terminal_id, columns.txn_id, columns.account, columns.amount_minor, columns.txn_date, columns.outcome
    ).where(columns.txn_date >= first_day, columns.txn_date < f"{last_day}999999")
    return [KnownPayment(*row[:4], row.txn_date[:8], row.outcome) for row in await tx.execute(asked)]


async def register_is_loaded(tx: AsyncConnection, sha256: str) -> bool:
    return (await tx.execute(select(REGISTERS.c.sha256).where(REGISTERS.c.sha256 == sha256))).first() is not None


async def add_register(tx: AsyncConnection, **values: Any) -> None:
    await tx.execute(insert(REGISTERS).values(**values))
