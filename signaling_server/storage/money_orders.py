"""Orders to terminals about money, as rows: what was decided, how far it is, how it ended."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, RowMapping, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from signaling_server.storage.tables import JOURNAL_RECORDS, MONEY_ORDERS, MONEY_PROPOSALS, MONEY_SESSIONS

WAITING = "waiting"  # no journal has it
ACCEPTED = "accepted"  # the terminal's journal has it, nothing is done yet
BEGUN = "begun"  # billing or bank may have heard of it
DONE, FAILED = "done", "failed"
WITHDRAWN = "withdrawn"  # and never carried out
UNSURE = "unsure"  # withdrawn, and no journal is left that could tell whether it had begun
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


def _to_tell() -> ColumnElement[bool]:
    """What no journal has confirmed yet: an order, or its withdrawal until the order has begun or is over."""
    columns = MONEY_ORDERS.c
    return (columns.state == WAITING) | ((columns.state == ACCEPTED) & (columns.withdrawn_at_ms > 0))


async def terminals_to_tell(tx: AsyncConnection) -> list[str]:
    return list((await tx.execute(select(MONEY_ORDERS.c.terminal_id).where(_to_tell()).distinct())).scalars())


async def orders_to_tell(tx: AsyncConnection, terminal_ids: Sequence[str], at_ms: int) -> list[RowMapping]:
    """Oldest first. Each is noted as told before it is: once it has left the office nobody knows where it is."""
    columns = MONEY_ORDERS.c
    theirs = _to_tell() & columns.terminal_id.in_(terminal_ids)
    oldest = list((await tx.execute(select(columns.order_id).where(theirs).order_by(columns.created_at_ms))).scalars())
    chosen = columns.order_id.in_(oldest[:UNTOLD_MAX])
    first = chosen & (columns.state == WAITING) & (columns.told_at_ms == 0)
    await tx.execute(update(MONEY_ORDERS).where(first).values(told_at_ms=at_ms))
    asked = select(MONEY_ORDERS).where(chosen, _to_tell()).order_by(columns.created_at_ms)
    return list((await tx.execute(asked)).mappings())


async def withdraw_untold(tx: AsyncConnection, order_id: str, **values: Any) -> bool:
    """Ends an order that has surely never left the office; False: it may have."""
    columns = MONEY_ORDERS.c
    untold = (columns.order_id == order_id) & (columns.state == WAITING) & (columns.told_at_ms == 0)
    done = await tx.execute(update(MONEY_ORDERS).where(untold).values(state=WITHDRAWN, **values))
    return done.rowcount == 1


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
