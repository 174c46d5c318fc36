"""Whose cards open service mode, as rows. A card is one person's, in one role."""

from __future__ import annotations

import enum
import uuid

from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from signaling_server.contract.money import CollectorCard
from signaling_server.storage.tables import COLLECTORS


class Role(enum.StrEnum):
    COLLECTOR = "collector"
    TECHNICIAN = "technician"


async def cards(tx: AsyncConnection, role: Role) -> list[CollectorCard]:
    """By name."""
    names = CollectorCard.__struct_fields__
    asked = select(*(COLLECTORS.c[name] for name in names)).where(COLLECTORS.c.role == role.value)
    ordered = asked.order_by(COLLECTORS.c.name, COLLECTORS.c.collector_id)
    return [CollectorCard(*row) for row in await tx.execute(ordered)]


async def put_card(
    tx: AsyncConnection, role: Role, *, name: str, card_id: str, salt: bytes, pin_hash: bytes, at_ms: int
) -> None:
    values = {"name": name, "card_id": card_id, "salt": salt.hex(), "pin_hash": pin_hash.hex(), "added_at_ms": at_ms}
    await tx.execute(insert(COLLECTORS).values(collector_id=uuid.uuid4().hex, role=role.value, **values))


async def remove_card(tx: AsyncConnection, card_id: str, role: Role | None = None) -> bool:
    """Of this role only, where one is named. False: there was none."""
    found = delete(COLLECTORS).where(COLLECTORS.c.card_id == card_id)
    if role is not None:
        found = found.where(COLLECTORS.c.role == role.value)
    return (await tx.execute(found)).rowcount > 0


async def number_of_cards(tx: AsyncConnection, role: Role) -> int:
    counted = select(func.count()).select_from(COLLECTORS).where(COLLECTORS.c.role == role.value)
    return int((await tx.execute(counted)).scalar() or 0)
