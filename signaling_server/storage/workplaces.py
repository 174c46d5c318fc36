"""What supervisors decided of workplaces, as rows that are only added."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from signaling_server.contract.workplace import WorkplaceAct, WorkplaceActKind
from signaling_server.storage.service_tables import WORKPLACE_ACTS

SHOWN_MAX = 50


async def keep_act(tx: AsyncConnection, act: WorkplaceAct, grid: bytes = b"") -> None:
    await tx.execute(insert(WORKPLACE_ACTS).values(**msgspec.to_builtins(act), grid=grid.hex()))


async def background_of(tx: AsyncConnection, agent_id: str) -> bytes:
    """The grid as a supervisor last set it; empty: nobody has."""
    rows = select(WORKPLACE_ACTS.c.grid).where(_of(agent_id, WorkplaceActKind.BACKGROUND))
    found = (await tx.execute(rows.order_by(WORKPLACE_ACTS.c.at_ms.desc()).limit(1))).scalar()
    return bytes.fromhex(found or "")


async def allowed_since(tx: AsyncConnection, agent_id: str, since_ms: int) -> list[WorkplaceAct]:
    """What this agent may work with since then, newest first."""
    mine = select(WORKPLACE_ACTS).where(_of(agent_id, WorkplaceActKind.ALLOWED), WORKPLACE_ACTS.c.at_ms >= since_ms)
    return [_act(row) for row in (await tx.execute(mine.order_by(WORKPLACE_ACTS.c.at_ms.desc()))).mappings()]


async def newest_acts(tx: AsyncConnection) -> list[WorkplaceAct]:
    newest = select(WORKPLACE_ACTS).order_by(WORKPLACE_ACTS.c.at_ms.desc()).limit(SHOWN_MAX)
    return [_act(row) for row in (await tx.execute(newest)).mappings()]


def _of(agent_id: str, kind: WorkplaceActKind) -> Any:
    return (WORKPLACE_ACTS.c.agent_id == agent_id) & (WORKPLACE_ACTS.c.kind == kind.value)


def _act(row: Any) -> WorkplaceAct:
    return msgspec.convert({name: row[name] for name in WorkplaceAct.__struct_fields__}, WorkplaceAct)
