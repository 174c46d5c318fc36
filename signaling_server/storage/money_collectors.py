"""Who may empty cassettes, as rows. A card is one collector's."""

from __future__ import annotations

import uuid

from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from signaling_server.contract.money import CollectorCard
from signaling_server.storage.tables import COLLECTORS


async def collectors(tx: AsyncConnection) -> list[CollectorCard]:
    """By name."""
    names = CollectorCard.__struct_fields__
    asked = select(*(COLLECTORS.c[name] for name in names)).order_by(COLLECTORS.c.name, COLLECTORS.c.collector_id)
    return [CollectorCard(*row) for row in await tx.execute(asked)]


async def put_collector(
    tx: AsyncConnection, *, name: str, card_id: str, salt: bytes, pin_hash: bytes, at_ms: int
) -> None:
    values = {"name": name, "card_id": card_id, "salt": salt.hex(), "pin_hash": pin_hash.hex(), "added_at_ms": at_ms}
    await tx.execute(insert(COLLECTORS).values(collector_id=uuid.uuid4().hex, **values))


async def remove_collector(tx: AsyncConnection, card_id: str) -> bool:
    """False: there was none."""
    return (await tx.execute(delete(COLLECTORS).where(COLLECTORS.c.card_id == card_id))).rowcount > 0


async def number_of_collectors(tx: AsyncConnection) -> int:
    return int((await tx.execute(select(func.count()).select_from(COLLECTORS))).scalar() or 0)
