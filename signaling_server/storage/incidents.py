"""Incidents as rows. Written once; who took one is added."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from signaling_server.contract.incidents import Incident
from signaling_server.storage.service_tables import INCIDENTS


async def keep_incident(tx: AsyncConnection, incident: Incident) -> None:
    await tx.execute(insert(INCIDENTS).values(**msgspec.to_builtins(incident)))


async def open_incidents(tx: AsyncConnection) -> list[Incident]:
    """What nobody has taken, newest first."""
    untaken = select(INCIDENTS).where(INCIDENTS.c.taken_by == "").order_by(INCIDENTS.c.at_ms.desc())
    return [_incident(row) for row in (await tx.execute(untaken)).mappings()]


async def take_incident(tx: AsyncConnection, incident_id: str, *, who: str, at_ms: int) -> bool:
    """False: there is none, or somebody has taken it."""
    free = (INCIDENTS.c.incident_id == incident_id) & (INCIDENTS.c.taken_by == "")
    return (await tx.execute(update(INCIDENTS).where(free).values(taken_by=who, taken_at_ms=at_ms))).rowcount == 1


def _incident(row: Any) -> Incident:
    return msgspec.convert({name: row[name] for name in Incident.__struct_fields__}, Incident)
