"""Rows for the page «Деньги»: search, items, proposals, collections, and the audit that is only written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import RowMapping, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from signaling_server.storage.tables import (
    MONEY_AUDIT,
    MONEY_COLLECTIONS,
    MONEY_ITEMS,
    MONEY_PROPOSALS,
    PAYMENTS,
    TERMINALS,
)


@dataclass(frozen=True, slots=True)
class PaymentSearch:
    """Empty fields do not narrow. `number` is that of the slip; moments are YYYYMMDDHHMMSS, the end is not included."""

    account: str = ""
    number: str = ""
    since: str = ""
    until: str = ""


async def search_payments(tx: AsyncConnection, search: PaymentSearch, limit: int) -> list[RowMapping]:
    """Newest first, with the terminal's title."""
    columns = PAYMENTS.c
    asked = select(PAYMENTS, TERMINALS.c.title.label("terminal_title")).join(
        TERMINALS, TERMINALS.c.terminal_id == columns.terminal_id
    )
    if search.account:
        asked = asked.where(columns.account == search.account)
    if search.number:
        asked = asked.where(columns.txn_id == search.number)
    if search.since:
        asked = asked.where(columns.txn_date >= search.since)
    if search.until:
        asked = asked.where(columns.txn_date < search.until)
    ordered = asked.order_by(columns.txn_date.desc(), columns.txn_id).limit(limit)
    return list((await tx.execute(ordered)).mappings())


# --- items ------------------------------------------------------------------------------------------------------------


async def items(tx: AsyncConnection, *, closed: bool, limit: int) -> list[RowMapping]:
    """Open ones oldest first, closed ones newest first; with the terminal's title and when it was heard last."""
    columns = MONEY_ITEMS.c
    title = func.coalesce(TERMINALS.c.title, "").label("terminal_title")
    seen = func.coalesce(TERMINALS.c.last_seen_ms, 0).label("terminal_seen_ms")
    asked = select(MONEY_ITEMS, title, seen).outerjoin(TERMINALS, TERMINALS.c.terminal_id == columns.terminal_id)
    if closed:
        asked = asked.where(columns.closed_at_ms > 0).order_by(columns.closed_at_ms.desc(), columns.item_id)
    else:
        asked = asked.where(columns.closed_at_ms == 0).order_by(columns.opened_at_ms, columns.item_id)
    return list((await tx.execute(asked.limit(limit))).mappings())


async def open_sum_minor(tx: AsyncConnection) -> int:
    """What the open ones stand for, of every kind."""
    columns = MONEY_ITEMS.c
    asked = select(func.sum(columns.amount_minor)).where(columns.closed_at_ms == 0)
    return int((await tx.execute(asked)).scalar() or 0)


async def item(tx: AsyncConnection, item_id: str) -> RowMapping | None:
    return (await tx.execute(select(MONEY_ITEMS).where(MONEY_ITEMS.c.item_id == item_id))).mappings().first()


async def change_item(tx: AsyncConnection, item_id: str, **values: Any) -> None:
    await tx.execute(update(MONEY_ITEMS).where(MONEY_ITEMS.c.item_id == item_id).values(**values))


async def terminal_title(tx: AsyncConnection, terminal_id: str) -> str:
    return (await tx.execute(select(TERMINALS.c.title).where(TERMINALS.c.terminal_id == terminal_id))).scalar() or ""


# --- proposals --------------------------------------------------------------------------------------------------------


async def proposals_of(tx: AsyncConnection, item_ids: Sequence[str]) -> dict[str, list[RowMapping]]:
    """By item, oldest first."""
    columns = MONEY_PROPOSALS.c
    asked = select(MONEY_PROPOSALS).where(columns.item_id.in_(item_ids)).order_by(columns.proposed_at_ms)
    found: dict[str, list[RowMapping]] = {}
    for row in (await tx.execute(asked)).mappings():
        found.setdefault(row["item_id"], []).append(row)
    return found


async def proposal(tx: AsyncConnection, proposal_id: str) -> RowMapping | None:
    same = MONEY_PROPOSALS.c.proposal_id == proposal_id
    return (await tx.execute(select(MONEY_PROPOSALS).where(same))).mappings().first()


async def add_proposal(tx: AsyncConnection, **values: Any) -> None:
    await tx.execute(insert(MONEY_PROPOSALS).values(**values))


async def change_proposal(tx: AsyncConnection, proposal_id: str, **values: Any) -> None:
    same = MONEY_PROPOSALS.c.proposal_id == proposal_id
    await tx.execute(update(MONEY_PROPOSALS).where(same).values(**values))


# --- collections and the audit ----------------------------------------------------------------------------------------


async def collections(tx: AsyncConnection, limit: int) -> list[RowMapping]:
    """Newest first, with the terminal's title."""
    asked = select(MONEY_COLLECTIONS, TERMINALS.c.title.label("terminal_title")).join(
        TERMINALS, TERMINALS.c.terminal_id == MONEY_COLLECTIONS.c.terminal_id
    )
    ordered = asked.order_by(MONEY_COLLECTIONS.c.opened_at_ms.desc()).limit(limit)
    return list((await tx.execute(ordered)).mappings())


async def write_audit(tx: AsyncConnection, *, at_ms: int, login: str, act: str, subject: str, detail: str) -> None:
    values = {"at_ms": at_ms, "login": login, "act": act, "subject": subject, "detail": detail}
    await tx.execute(insert(MONEY_AUDIT).values(**values))


async def audit(tx: AsyncConnection) -> list[RowMapping]:
    """Everything people did with money, oldest first."""
    return list((await tx.execute(select(MONEY_AUDIT).order_by(MONEY_AUDIT.c.audit_id))).mappings())
