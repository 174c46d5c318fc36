"""Terminals and the orders to install them as rows; `OrderStore` is what provisioning's office asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from provisioning.contract import Order, OrderState
from signaling_server.desk.call import Terminal
from signaling_server.storage.tables import ORDERS, TERMINALS


@dataclass(frozen=True, slots=True)
class StoredTerminal:
    terminal: Terminal
    last_seen_ms: int
    report: str


async def terminal_by_fingerprint(tx: AsyncConnection, fingerprint_hex: str) -> Terminal | None:
    same = select(TERMINALS).where(TERMINALS.c.certificate_fingerprint == fingerprint_hex)
    row = (await tx.execute(same)).mappings().first()
    return Terminal(row["terminal_id"], row["title"], row["site"]) if row else None


async def site_of(tx: AsyncConnection, terminal_id: str) -> str:
    """Where a terminal stands, by its order; empty where it is not known."""
    row = await tx.execute(select(TERMINALS.c.site).where(TERMINALS.c.terminal_id == terminal_id))
    return row.scalar() or ""


async def next_epoch(tx: AsyncConnection, terminal_id: str) -> int:
    """Counts one more connection of this terminal."""
    mine = update(TERMINALS).where(TERMINALS.c.terminal_id == terminal_id)
    grown = mine.values(epoch=TERMINALS.c.epoch + 1).returning(TERMINALS.c.epoch)
    return int((await tx.execute(grown)).scalar_one())


async def all_terminals(tx: AsyncConnection) -> list[StoredTerminal]:
    rows = (await tx.execute(select(TERMINALS).order_by(TERMINALS.c.title, TERMINALS.c.terminal_id))).mappings()
    return [_stored(row) for row in rows]


async def save_reports(tx: AsyncConnection, reports: Sequence[tuple[str, int, str]]) -> None:
    """Rows of (terminal_id, last_seen_ms, report as JSON), by key so that two writers cannot lock crosswise."""
    for terminal_id, last_seen_ms, report in sorted(reports):
        mine = update(TERMINALS).where(TERMINALS.c.terminal_id == terminal_id)
        await tx.execute(mine.values(last_seen_ms=last_seen_ms, report=report))


def _stored(row: Any) -> StoredTerminal:
    terminal = Terminal(row["terminal_id"], row["title"], row["site"])
    return StoredTerminal(terminal, row["last_seen_ms"], row["report"])


class OrderStore:
    """Implements `provisioning.contract.OfficeStore`."""

    def __init__(self, database: AsyncEngine) -> None:
        self._database = database

    async def add_order(self, order: Order) -> None:
        async with self._database.begin() as tx:
            await tx.execute(insert(ORDERS).values(_order_row(order)))

    async def order(self, order_id: str) -> Order | None:
        async with self._database.begin() as tx:
            row = (await tx.execute(select(ORDERS).where(ORDERS.c.order_id == order_id))).mappings().first()
        if row is None:
            return None
        return Order(**{**{name: row[name] for name in Order.__slots__}, "state": OrderState(row["state"])})

    async def set_order(self, order: Order) -> None:
        async with self._database.begin() as tx:
            await tx.execute(update(ORDERS).where(ORDERS.c.order_id == order.order_id).values(_order_row(order)))

    async def terminal_certified(
        self, *, terminal_id: str, title: str, site: str, fingerprint_hex: str, at_ms: int
    ) -> None:
        values = {
            "title": title,
            "site": site,
            "certificate_fingerprint": fingerprint_hex,
            "certified_at_ms": at_ms,
        }
        async with self._database.begin() as tx:
            known = update(TERMINALS).where(TERMINALS.c.terminal_id == terminal_id).values(**values)
            if (await tx.execute(known)).rowcount == 0:
                await tx.execute(insert(TERMINALS).values(terminal_id=terminal_id, **values))


def _order_row(order: Order) -> dict[str, Any]:
    return {name: getattr(order, name) for name in Order.__slots__}
