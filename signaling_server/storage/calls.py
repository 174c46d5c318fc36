"""Calls and their offers as rows."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from signaling_server.contract.closing import PortalAnswer
from signaling_server.contract.messages import CallContext, CallEndReason, WayToTalk
from signaling_server.desk.call import Call, CallStage, PastOffer
from signaling_server.storage.tables import CALLS, OFFERS


async def insert_call(tx: AsyncConnection, call: Call) -> None:
    await tx.execute(insert(CALLS).values(_row(call)))


async def save_call(tx: AsyncConnection, call: Call) -> None:
    await tx.execute(update(CALLS).where(CALLS.c.call_id == call.call_id).values(_row(call)))


async def live_calls(tx: AsyncConnection) -> list[Call]:
    """What a restarted office must go on with, oldest first."""
    live = select(CALLS).where(CALLS.c.stage != CallStage.CLOSED).order_by(CALLS.c.requested_at_ms)
    return [_call(row) for row in (await tx.execute(live)).mappings()]


async def call_by_id(tx: AsyncConnection, call_id: str) -> Call | None:
    row = (await tx.execute(select(CALLS).where(CALLS.c.call_id == call_id))).mappings().first()
    return _call(row) if row else None


async def call_by_request(tx: AsyncConnection, terminal_id: str, request_id: str) -> Call | None:
    same = select(CALLS).where(CALLS.c.terminal_id == terminal_id, CALLS.c.request_id == request_id)
    row = (await tx.execute(same)).mappings().first()
    return _call(row) if row else None


async def calls_asked_for(tx: AsyncConnection, from_ms: int, until_ms: int) -> list[Call]:
    """Of a time that is over, oldest first: closed ones only."""
    then = CALLS.c.requested_at_ms.between(from_ms, until_ms - 1) & (CALLS.c.stage == CallStage.CLOSED)
    found = select(CALLS).where(then).order_by(CALLS.c.requested_at_ms)
    return [_call(row) for row in (await tx.execute(found)).mappings()]


async def offers_of_calls_asked_for(tx: AsyncConnection, from_ms: int, until_ms: int) -> list[PastOffer]:
    """Rings that are over, oldest first; also those after that time, of calls of that time."""
    columns = (OFFERS.c.call_id, OFFERS.c.agent_id, OFFERS.c.offered_at_ms, OFFERS.c.closed_at_ms, OFFERS.c.outcome)
    then = CALLS.c.requested_at_ms.between(from_ms, until_ms - 1) & (OFFERS.c.closed_at_ms > 0)
    found = select(*columns).join(CALLS, CALLS.c.call_id == OFFERS.c.call_id).where(then)
    return [PastOffer(*row) for row in (await tx.execute(found.order_by(OFFERS.c.offered_at_ms))).all()]


async def portal_answers(tx: AsyncConnection, since_ms: int) -> list[PortalAnswer]:
    """What was said of the ЛКК in each talk that an agent has taken since then."""
    taken = select(CALLS.c.portal).where(CALLS.c.accepted_at_ms >= since_ms, CALLS.c.accepted_at_ms > 0)
    return [PortalAnswer(word) for word in (await tx.execute(taken)).scalars()]


async def insert_offer(tx: AsyncConnection, *, token: str, call_id: str, agent_id: str, at_ms: int) -> None:
    offer = {"token": token, "call_id": call_id, "agent_id": agent_id, "offered_at_ms": at_ms}
    await tx.execute(insert(OFFERS).values(offer))


async def mark_rang(tx: AsyncConnection, *, token: str, agent_id: str, at_ms: int) -> None:
    first = (OFFERS.c.token == token) & (OFFERS.c.agent_id == agent_id) & (OFFERS.c.rang_at_ms == 0)
    await tx.execute(update(OFFERS).where(first).values(rang_at_ms=at_ms))


async def close_offer(tx: AsyncConnection, *, token: str, outcome: str, at_ms: int) -> None:
    await tx.execute(update(OFFERS).where(OFFERS.c.token == token).values(outcome=outcome, closed_at_ms=at_ms))


async def close_stray_offers(tx: AsyncConnection, *, at_ms: int) -> None:
    """Offers that a stopped office left ringing."""
    await tx.execute(update(OFFERS).where(OFFERS.c.closed_at_ms == 0).values(outcome="restart", closed_at_ms=at_ms))


def _row(call: Call) -> dict[str, Any]:
    row = {name: getattr(call, name) for name in Call.__slots__}
    row["context"] = msgspec.json.encode(call.context).decode()
    row["end_reason"] = call.end_reason or ""
    return row


def _call(row: Any) -> Call:
    fields = {name: row[name] for name in Call.__slots__}
    fields["way"] = WayToTalk(row["way"])
    fields["context"] = msgspec.json.decode(row["context"], type=CallContext)
    fields["stage"] = CallStage(row["stage"])
    fields["portal"] = PortalAnswer(row["portal"])
    fields["end_reason"] = CallEndReason(row["end_reason"]) if row["end_reason"] else None
    return Call(**fields)
