"""Rows for the night's comparison: payments of several days, and the registers that were loaded."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from signaling_server.storage.tables import JOURNAL_RECORDS, JOURNALS, PAYMENTS, REGISTERS


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


class StoredRecord(NamedTuple):
    terminal_id: str
    kind: str
    data: str


async def records_of(tx: AsyncConnection, kinds: Collection[str], since_ms: int) -> list[StoredRecord]:
    """Records of these kinds that terminals wrote from a moment on, in their order."""
    columns = JOURNAL_RECORDS.c
    asked = select(columns.terminal_id, columns.kind, columns.data).where(
        columns.wall_ms >= since_ms, columns.kind.in_(sorted(kinds))
    )
    ordered = asked.order_by(columns.terminal_id, columns.journal_id, columns.sequence)
    return [StoredRecord(*row) for row in await tx.execute(ordered)]


async def records_since_reset(tx: AsyncConnection, terminal_id: str, kinds: Collection[str]) -> list[StoredRecord]:
    """Of the terminal's newest journal, behind its last reset of counters."""
    columns = JOURNAL_RECORDS.c
    newest = select(JOURNALS.c.journal_id).where(JOURNALS.c.terminal_id == terminal_id)
    newest = newest.order_by(JOURNALS.c.first_heard_at_ms.desc()).limit(1)
    mine = (columns.terminal_id == terminal_id) & (columns.journal_id == newest.scalar_subquery())
    reset = select(func.coalesce(func.max(columns.sequence), 0)).where(mine, columns.kind == "counters_reset")
    asked = select(columns.terminal_id, columns.kind, columns.data).where(
        mine, columns.sequence > reset.scalar_subquery(), columns.kind.in_(sorted(kinds))
    )
    return [StoredRecord(*row) for row in await tx.execute(asked.order_by(columns.sequence))]


async def last_record_ms(tx: AsyncConnection, terminal_id: str) -> int:
    """When the terminal wrote the last record that is here; 0: none is."""
    columns = JOURNAL_RECORDS.c
    asked = select(func.max(columns.wall_ms)).where(columns.terminal_id == terminal_id)
    return int((await tx.execute(asked)).scalar() or 0)


async def days_with_register(tx: AsyncConnection, source: str) -> set[str]:
    """Days, YYYYMMDD, of which a register of this source was loaded."""
    return set((await tx.execute(select(REGISTERS.c.day).where(REGISTERS.c.source == source))).scalars())


async def register_is_loaded(tx: AsyncConnection, sha256: str) -> bool:
    return (await tx.execute(select(REGISTERS.c.sha256).where(REGISTERS.c.sha256 == sha256))).first() is not None


async def add_register(tx: AsyncConnection, **values: Any) -> None:
    await tx.execute(insert(REGISTERS).values(**values))
