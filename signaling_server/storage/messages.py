"""The queue of outgoing messages as rows."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from signaling_server.messaging.rules import Channel, MessageState, OutgoingMessage
from signaling_server.storage.service_tables import OUTGOING

ROWS_MAX = 500


@dataclass(frozen=True, slots=True)
class QueuedMessage:
    """A message with what has become of it."""

    message_id: str
    message: OutgoingMessage
    attempts: int
    created_at_ms: int
    due_at_ms: int
    ended_at_ms: int
    last_error: str


async def put_message(tx: AsyncConnection, message: OutgoingMessage, *, created_at_ms: int, due_at_ms: int) -> bool:
    """False: a message with this key is queued already."""
    fields = {name: getattr(message, name) for name in OutgoingMessage.__slots__}
    row = {"message_id": uuid.uuid4().hex, "state": MessageState.WAITING, "created_at_ms": created_at_ms}
    try:
        async with tx.begin_nested():
            await tx.execute(insert(OUTGOING).values(**fields, **row, due_at_ms=due_at_ms))
    except IntegrityError:
        return False
    return True


async def due_messages(tx: AsyncConnection, *, now_ms: int, count_max: int) -> list[QueuedMessage]:
    """What may leave now, who waits longest first."""
    due = select(OUTGOING).where(OUTGOING.c.state == MessageState.WAITING, OUTGOING.c.due_at_ms <= now_ms)
    rows = (await tx.execute(due.order_by(OUTGOING.c.due_at_ms).limit(count_max))).mappings()
    return [_queued(row) for row in rows]


async def claim_message(tx: AsyncConnection, queued: QueuedMessage, *, until_ms: int) -> bool:
    """Takes it for this process: False when another has it. Who dies with it lets it go at `until_ms`."""
    mine = update(OUTGOING).where(
        OUTGOING.c.message_id == queued.message_id,
        OUTGOING.c.state == MessageState.WAITING,
        OUTGOING.c.due_at_ms == queued.due_at_ms,
    )
    taken = await tx.execute(mine.values(due_at_ms=until_ms, attempts=OUTGOING.c.attempts + 1))
    return bool(taken.rowcount)


async def state_of_message(tx: AsyncConnection, idempotency_key: str) -> tuple[Channel, MessageState] | None:
    """None: nothing was queued under this key."""
    found = select(OUTGOING.c.channel, OUTGOING.c.state).where(OUTGOING.c.idempotency_key == idempotency_key)
    row = (await tx.execute(found)).one_or_none()
    return None if row is None else (Channel(row.channel), MessageState(row.state))


async def end_message(
    tx: AsyncConnection, message_id: str, state: MessageState, *, at_ms: int, gateway_id: str = "", error: str = ""
) -> None:
    """Ends it; the text of a one-time code is not kept a moment longer."""
    ended = {"state": state, "ended_at_ms": at_ms, "gateway_id": gateway_id[:200], "last_error": error[:200]}
    mine = update(OUTGOING).where(OUTGOING.c.message_id == message_id)
    await tx.execute(mine.values(ended))
    await tx.execute(mine.where(OUTGOING.c.code_valid_s > 0).values(body=""))


async def delay_message(tx: AsyncConnection, message_id: str, *, due_at_ms: int, error: str) -> None:
    later = {"due_at_ms": due_at_ms, "last_error": error[:200]}
    await tx.execute(update(OUTGOING).where(OUTGOING.c.message_id == message_id).values(later))


async def dead_messages(tx: AsyncConnection) -> list[QueuedMessage]:
    """What could not be delivered, newest first."""
    dead = select(OUTGOING).where(OUTGOING.c.state == MessageState.DEAD).order_by(OUTGOING.c.ended_at_ms.desc())
    return [_queued(row) for row in (await tx.execute(dead.limit(ROWS_MAX))).mappings()]


async def revive_message(tx: AsyncConnection, message_id: str, *, at_ms: int) -> bool:
    """Gives a dead message its days anew. False: it is not dead."""
    dead = update(OUTGOING).where(OUTGOING.c.message_id == message_id, OUTGOING.c.state == MessageState.DEAD)
    anew = {"state": MessageState.WAITING, "attempts": 0, "created_at_ms": at_ms, "due_at_ms": at_ms}
    return bool((await tx.execute(dead.values(anew))).rowcount)


async def forget_sent(tx: AsyncConnection, *, before_ms: int) -> None:
    """Address and text of what left long ago are no longer needed here."""
    old = update(OUTGOING).where(
        OUTGOING.c.state == MessageState.SENT, OUTGOING.c.ended_at_ms < before_ms, OUTGOING.c.address != ""
    )
    await tx.execute(old.values(address="", subject="", body=""))


def _queued(row: Any) -> QueuedMessage:
    fields = {name: row[name] for name in OutgoingMessage.__slots__}
    message = OutgoingMessage(**{**fields, "channel": Channel(row["channel"])})
    rest = ("attempts", "created_at_ms", "due_at_ms", "ended_at_ms", "last_error")
    return QueuedMessage(row["message_id"], message, *(row[name] for name in rest))
