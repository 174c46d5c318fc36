"""Orders to terminals about money, as rows: what was decided, how far it is, how it ended."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import RowMapping, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from signaling_server.storage.tables import JOURNAL_RECORDS, MONEY_ORDERS, MONEY_PROPOSALS, MONEY_SESSIONS

WAITING, ACCEPTED, DONE, FAILED = "waiting", "accepted", "done", "failed"
UNTOLD_MAX = 500  # told in one go; the rest comes with the next


class Operation(NamedTuple):
    """The QR that a visit was paid by."""

    operation_id: str
    amount_minor: int


async def add_order(tx: AsyncConnection, **values: Any) -> None:
    await tx.execute(insert(MONEY_ORDERS).values(state=WAITING, **values))


async def order(tx: AsyncConnection, order_id: str) -> RowMapping | None:
    return (await tx.execute(select(MONEY_ORDERS).where(MONEY_ORDERS.c.order_id == order_id))).mappings().first()


async def change_order(tx: AsyncConnection, order_id: str, **values: Any) -> None:
    await tx.execute(update(MONEY_ORDERS).where(MONEY_ORDERS.c.order_id == order_id).values(**values))


async def waiting_orders(tx: AsyncConnection) -> list[RowMapping]:
    """What no journal has confirmed yet, oldest first."""
    asked = select(MONEY_ORDERS).where(MONEY_ORDERS.c.state == WAITING).order_by(MONEY_ORDERS.c.created_at_ms)
    return list((await tx.execute(asked.limit(UNTOLD_MAX))).mappings())


async def number_of_orders(tx: AsyncConnection, proposal_id: str) -> int:
    """Of one proposal, ended ones included."""
    asked = select(func.count()).where(MONEY_ORDERS.c.proposal_id == proposal_id)
    return int((await tx.execute(asked)).scalar() or 0)


async def orders_of(tx: AsyncConnection, proposal_ids: Sequence[str]) -> dict[str, RowMapping]:
    """The newest order of each proposal."""
    columns = MONEY_ORDERS.c
    asked = select(MONEY_ORDERS).where(columns.proposal_id.in_(proposal_ids)).order_by(columns.created_at_ms)
    return {row["proposal_id"]: row for row in (await tx.execute(asked)).mappings()}


async def orders_of_item(tx: AsyncConnection, item_id: str) -> list[RowMapping]:
    joined = MONEY_ORDERS.join(MONEY_PROPOSALS, MONEY_PROPOSALS.c.proposal_id == MONEY_ORDERS.c.proposal_id)
    asked = select(MONEY_ORDERS).select_from(joined).where(MONEY_PROPOSALS.c.item_id == item_id)
    return list((await tx.execute(asked)).mappings())


async def note_operation(
    tx: AsyncConnection, terminal_id: str, session_id: str, operation_id: str, amount_minor: int
) -> None:
    same = (MONEY_SESSIONS.c.terminal_id == terminal_id) & (MONEY_SESSIONS.c.session_id == session_id)
    values = {"operation_id": operation_id, "operation_minor": amount_minor}
    await tx.execute(update(MONEY_SESSIONS).where(same).values(**values))


async def operation_of_session(tx: AsyncConnection, terminal_id: str, session_id: str) -> Operation | None:
    """None: it was not paid by a QR."""
    columns = MONEY_SESSIONS.c
    same = (columns.terminal_id == terminal_id) & (columns.session_id == session_id)
    row = (await tx.execute(select(columns.operation_id, columns.operation_minor).where(same))).first()
    return Operation(row[0], row[1]) if row is not None and row[0] else None


async def operation_named(tx: AsyncConnection, terminal_id: str, operation_id: str) -> Operation | None:
    columns = MONEY_SESSIONS.c
    same = (columns.terminal_id == terminal_id) & (columns.operation_id == operation_id)
    row = (await tx.execute(select(columns.operation_id, columns.operation_minor).where(same))).first()
    return Operation(row[0], row[1]) if row is not None else None


async def kind_of_record(tx: AsyncConnection, terminal_id: str, sequence: int, journal_start: str) -> str:
    """What a record is that an item names; "" when there is none."""
    columns = JOURNAL_RECORDS.c
    same = (columns.terminal_id == terminal_id) & (columns.sequence == sequence)
    asked = select(columns.kind).where(same, columns.journal_id.startswith(journal_start, autoescape=True))
    return (await tx.execute(asked)).scalar() or ""
