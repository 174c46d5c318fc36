"""The staff directory and the sign-ins as rows."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from signaling_server.contract.messages import Plate
from signaling_server.desk.call import Agent
from signaling_server.storage.tables import AGENTS, SIGN_INS


@dataclass(frozen=True, slots=True)
class StoredSignIn:
    agent_id: str
    created_at_ms: int
    last_used_at_ms: int


async def put_agent(
    tx: AsyncConnection, *, login: str, password_hash: str, plate: Plate, roles: tuple[str, ...], replace: bool
) -> bool:
    """Adds the agent, or with `replace` changes him and ends his sign-ins. False: the login is taken."""
    values = {
        "password_hash": password_hash,
        "last_name": plate.last_name,
        "first_name": plate.first_name,
        "patronymic": plate.patronymic,
        "position": plate.position,
        "roles": ",".join(roles),
    }
    known = (await tx.execute(select(AGENTS.c.agent_id).where(AGENTS.c.login == login))).scalar()
    if known is None:
        await tx.execute(insert(AGENTS).values(agent_id=uuid.uuid4().hex, login=login, ready=False, **values))
        return True
    if replace:
        await tx.execute(update(AGENTS).where(AGENTS.c.agent_id == known).values(**values))
        await tx.execute(delete(SIGN_INS).where(SIGN_INS.c.agent_id == known))
    return replace


async def agent_with_hash(tx: AsyncConnection, login: str, company: str) -> tuple[Agent, str] | None:
    row = (await tx.execute(select(AGENTS).where(AGENTS.c.login == login))).mappings().first()
    return (_agent(row, company), row["password_hash"]) if row else None


async def agent_by_id(tx: AsyncConnection, agent_id: str, company: str) -> Agent | None:
    row = (await tx.execute(select(AGENTS).where(AGENTS.c.agent_id == agent_id))).mappings().first()
    return _agent(row, company) if row else None


async def set_agent_ready(tx: AsyncConnection, agent_id: str, ready: bool) -> None:
    await tx.execute(update(AGENTS).where(AGENTS.c.agent_id == agent_id).values(ready=ready))


async def ready_agents(tx: AsyncConnection, company: str) -> list[Agent]:
    rows = (await tx.execute(select(AGENTS).where(AGENTS.c.ready).order_by(AGENTS.c.login))).mappings()
    return [_agent(row, company) for row in rows]


async def insert_sign_in(tx: AsyncConnection, *, token_hash: str, agent_id: str, at_ms: int) -> None:
    row = {"token_hash": token_hash, "agent_id": agent_id, "created_at_ms": at_ms, "last_used_at_ms": at_ms}
    await tx.execute(insert(SIGN_INS).values(row))


async def sign_in_by_hash(tx: AsyncConnection, token_hash: str) -> StoredSignIn | None:
    row = (await tx.execute(select(SIGN_INS).where(SIGN_INS.c.token_hash == token_hash))).mappings().first()
    return StoredSignIn(row["agent_id"], row["created_at_ms"], row["last_used_at_ms"]) if row else None


async def touch_sign_in(tx: AsyncConnection, token_hash: str, at_ms: int) -> None:
    await tx.execute(update(SIGN_INS).where(SIGN_INS.c.token_hash == token_hash).values(last_used_at_ms=at_ms))


async def delete_sign_in(tx: AsyncConnection, token_hash: str) -> None:
    await tx.execute(delete(SIGN_INS).where(SIGN_INS.c.token_hash == token_hash))


def _agent(row: Any, company: str) -> Agent:
    plate = Plate(company, row["last_name"], row["first_name"], row["patronymic"], row["position"])
    roles = tuple(role for role in row["roles"].split(",") if role)
    return Agent(row["agent_id"], row["login"], plate, roles, row["ready"])
