"""Recordings as rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from signaling_server.contract.recording import RecordingHead, RecordingRow, RecordingState
from signaling_server.storage.recording_tables import RECORDING_ACTS, RECORDING_EVENTS, RECORDINGS
from signaling_server.storage.tables import AGENTS, CALLS

LISTED_MAX = 500
NO_KEY = b""


@dataclass(frozen=True, slots=True)
class Recording:
    """Moments are UTC milliseconds, 0 is "not yet"; `sealed_key` is empty before its head came and when destroyed."""

    recording_id: str
    call_id: str
    terminal_id: str
    agent_id: str
    noticed_at_ms: int
    seal_key_id: str = ""
    sealed_key: bytes = NO_KEY
    size: int = 0
    whole: bool = False
    keep_until_ms: int = 0
    hold_reason: str = ""
    destroyed_at_ms: int = 0


async def keep_event(tx: AsyncConnection, call_id: str, state: RecordingState, reason: str, *, at_ms: int) -> None:
    """What is told again adds no row."""
    told = await events(tx, call_id)
    if told and told[-1][:2] == (state, reason):
        return
    row = {"call_id": call_id, "sequence": len(told), "state": state.value, "reason": reason, "at_ms": at_ms}
    await tx.execute(insert(RECORDING_EVENTS).values(row))


async def events(tx: AsyncConnection, call_id: str) -> list[tuple[RecordingState, str, int]]:
    """State, reason and moment, in their order."""
    of_call = select(RECORDING_EVENTS).where(RECORDING_EVENTS.c.call_id == call_id)
    rows = (await tx.execute(of_call.order_by(RECORDING_EVENTS.c.sequence))).mappings()
    return [(RecordingState(row["state"]), row["reason"], row["at_ms"]) for row in rows]


async def insert_recording(tx: AsyncConnection, recording: Recording) -> None:
    row = {name: getattr(recording, name) for name in Recording.__slots__}
    await tx.execute(insert(RECORDINGS).values(row))


async def recording_by_id(tx: AsyncConnection, recording_id: str) -> Recording | None:
    row = (await tx.execute(select(RECORDINGS).where(RECORDINGS.c.recording_id == recording_id))).mappings().first()
    return Recording(**{name: row[name] for name in Recording.__slots__}) if row else None


async def keep_head(
    tx: AsyncConnection, recording_id: str, head: RecordingHead, *, keep_until_ms: int, hold_reason: str
) -> None:
    values = {
        "seal_key_id": head.seal_key_id,
        "sealed_key": head.sealed_key,
        "keep_until_ms": keep_until_ms,
        "hold_reason": hold_reason,
    }
    await tx.execute(update(RECORDINGS).where(RECORDINGS.c.recording_id == recording_id).values(values))


async def note_chunk(tx: AsyncConnection, recording_id: str, *, size: int, last: bool) -> None:
    grown: dict[str, Any] = {"size": RECORDINGS.c.size + size, **({"whole": True} if last else {})}
    await tx.execute(update(RECORDINGS).where(RECORDINGS.c.recording_id == recording_id).values(grown))


async def set_hold(tx: AsyncConnection, recording_id: str, reason: str) -> None:
    await tx.execute(update(RECORDINGS).where(RECORDINGS.c.recording_id == recording_id).values(hold_reason=reason))


async def overdue(tx: AsyncConnection, now_ms: int) -> list[str]:
    """Recordings whose term is over and that nobody holds."""
    over = (
        (RECORDINGS.c.keep_until_ms < now_ms) & (RECORDINGS.c.sealed_key != NO_KEY) & (RECORDINGS.c.hold_reason == "")
    )
    return list((await tx.execute(select(RECORDINGS.c.recording_id).where(over))).scalars())


async def destroy_key(tx: AsyncConnection, recording_id: str, *, at_ms: int) -> None:
    gone = {"sealed_key": NO_KEY, "destroyed_at_ms": at_ms}
    await tx.execute(update(RECORDINGS).where(RECORDINGS.c.recording_id == recording_id).values(gone))


async def refuse_call(tx: AsyncConnection, call_id: str, *, at_ms: int) -> None:
    """«Без записи»: nothing that was recorded of this call so far is taken any more."""
    taken = (RECORDINGS.c.call_id == call_id) & (RECORDINGS.c.destroyed_at_ms == 0)
    await tx.execute(update(RECORDINGS).where(taken).values(sealed_key=NO_KEY, destroyed_at_ms=at_ms))


async def keep_act(tx: AsyncConnection, recording_id: str, *, login: str, act: str, reason: str, at_ms: int) -> None:
    row = {"recording_id": recording_id, "login": login, "act": act, "reason": reason, "at_ms": at_ms}
    await tx.execute(insert(RECORDING_ACTS).values(row))


async def listed(tx: AsyncConnection) -> list[RecordingRow]:
    """Newest first; those whose packets have not come yet are not there."""
    found = (
        select(RECORDINGS, CALLS.c.case_number, CALLS.c.site, AGENTS.c.last_name, AGENTS.c.first_name)
        .join(CALLS, CALLS.c.call_id == RECORDINGS.c.call_id)
        .outerjoin(AGENTS, AGENTS.c.agent_id == RECORDINGS.c.agent_id)
        .where(RECORDINGS.c.seal_key_id != "")
        .order_by(RECORDINGS.c.noticed_at_ms.desc())
        .limit(LISTED_MAX)
    )
    return [_row(row) for row in (await tx.execute(found)).mappings()]


def _row(row: Any) -> RecordingRow:
    same = {name: row[name] for name in RecordingRow.__struct_fields__ if name != "agent_name"}
    name = " ".join(part for part in (row["last_name"], row["first_name"]) if part)
    return RecordingRow(**same, agent_name=name)
