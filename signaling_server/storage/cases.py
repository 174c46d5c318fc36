"""Cases, their events and papers as rows."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from signaling_server.contract.cases import AnswerWay, AttachmentSlip, CaseKind, CaseState, Segment
from signaling_server.storage.service_tables import CASE_ATTACHMENTS, CASE_EVENTS
from signaling_server.storage.tables import CASES

LISTED_MAX = 500


@dataclass(frozen=True, slots=True)
class Case:
    """One case, whatever way it came. Dates are YYYY-MM-DD, moments UTC milliseconds."""

    number: str
    received_date: str
    state: CaseState
    channel: str
    terminal_id: str
    submission_id: str | None
    agent_id: str
    segment: Segment
    kind: CaseKind | None  # None: a call whose form is not filled yet
    complaint_subject: str
    topic_id: str
    summary: str
    account: str
    customer_name: str
    phone: str
    email: str
    postal_address: str
    answer_way: AnswerWay | None
    consent_version: str
    due_date: str
    appeal_of: str
    answer: str
    decision: str
    decided_by: str
    execution: str
    notified_at_ms: int
    refusal_reason: str
    refusal_by: str
    opened_at_ms: int
    closed_at_ms: int
    result: str  # of a case of a call
    call_id: str | None


@dataclass(frozen=True, slots=True)
class StoredAttachment:
    attachment_id: str
    media_type: str
    size_bytes: int
    sha256: str
    arrived_at_ms: int  # 0: promised, still on its way


@dataclass(frozen=True, slots=True)
class StoredEvent:
    at_ms: int
    actor: str
    from_state: str
    to_state: str
    detail: str


async def insert_case(tx: AsyncConnection, values: dict[str, Any]) -> None:
    await tx.execute(insert(CASES).values(values))


async def case_by_number(tx: AsyncConnection, number: str) -> Case | None:
    row = (await tx.execute(select(CASES).where(CASES.c.number == number))).mappings().first()
    return _case(row) if row else None


async def case_by_submission(tx: AsyncConnection, terminal_id: str, submission_id: str) -> Case | None:
    same = select(CASES).where(CASES.c.terminal_id == terminal_id, CASES.c.submission_id == submission_id)
    row = (await tx.execute(same)).mappings().first()
    return _case(row) if row else None


async def cases_in(tx: AsyncConnection, states: Collection[CaseState]) -> list[Case]:
    """Those with the nearest due date first; what owes nothing comes last."""
    found = select(CASES).where(CASES.c.state.in_(sorted(states)))
    ordered = found.order_by(CASES.c.due_date == "", CASES.c.due_date, CASES.c.number).limit(LISTED_MAX)
    return [_case(row) for row in (await tx.execute(ordered)).mappings()]


async def cases_of_call(tx: AsyncConnection, call_id: str) -> list[Case]:
    """In the order in which they were opened."""
    mine = select(CASES).where(CASES.c.call_id == call_id).order_by(CASES.c.opened_at_ms, CASES.c.number)
    return [_case(row) for row in (await tx.execute(mine)).mappings()]


async def cases_of_account(tx: AsyncConnection, account: str, states: Collection[CaseState]) -> list[Case]:
    """In the order in which they were opened."""
    mine = select(CASES).where(CASES.c.account == account, CASES.c.state.in_(states))
    return [_case(row) for row in (await tx.execute(mine.order_by(CASES.c.opened_at_ms, CASES.c.number))).mappings()]


async def registered_topics(tx: AsyncConnection, *, since_ms: int, until_ms: int) -> dict[str, int]:
    """Cases opened in a time, by topic; a call whose form is not filled yet has none."""
    table = CASES.c
    inside = (table.opened_at_ms >= since_ms, table.opened_at_ms < until_ms, table.topic_id != "")
    counted = select(table.topic_id, func.count()).where(*inside).group_by(table.topic_id)
    return {row[0]: row[1] for row in await tx.execute(counted)}


async def change_case(tx: AsyncConnection, number: str, before: CaseState, values: dict[str, Any]) -> bool:
    """Changes it unless somebody else has moved it meanwhile."""
    mine = update(CASES).where(CASES.c.number == number, CASES.c.state == before)
    return bool((await tx.execute(mine.values(values))).rowcount)


async def add_event(
    tx: AsyncConnection, number: str, *, at_ms: int, actor: str, before: str, after: str, detail: str = ""
) -> None:
    event = {"number": number, "at_ms": at_ms, "actor": actor, "from_state": before, "to_state": after}
    await tx.execute(insert(CASE_EVENTS).values(**event, detail=detail))


async def events_of(tx: AsyncConnection, number: str) -> list[StoredEvent]:
    table = CASE_EVENTS.c
    told = select(table.at_ms, table.actor, table.from_state, table.to_state, table.detail)
    rows = await tx.execute(told.where(table.number == number).order_by(table.event_id))
    return [StoredEvent(*row) for row in rows]


async def promise_attachments(tx: AsyncConnection, number: str, slips: Collection[AttachmentSlip]) -> None:
    rows = [
        {"number": number, "attachment_id": slip.attachment_id, "size_bytes": slip.size_bytes, "sha256": slip.sha256}
        for slip in slips
    ]
    if rows:
        await tx.execute(insert(CASE_ATTACHMENTS), rows)


async def attachments_of(tx: AsyncConnection, number: str) -> list[StoredAttachment]:
    table = CASE_ATTACHMENTS.c
    columns = (table.attachment_id, table.media_type, table.size_bytes, table.sha256, table.arrived_at_ms)
    rows = await tx.execute(select(*columns).where(table.number == number).order_by(table.attachment_id))
    return [StoredAttachment(*row) for row in rows]


async def store_attachment(
    tx: AsyncConnection, number: str, attachment_id: str, *, content: bytes, media_type: str, at_ms: int
) -> None:
    mine = update(CASE_ATTACHMENTS).where(
        CASE_ATTACHMENTS.c.number == number, CASE_ATTACHMENTS.c.attachment_id == attachment_id
    )
    await tx.execute(mine.values(content=content, media_type=media_type, arrived_at_ms=at_ms))


async def attachment_content(tx: AsyncConnection, number: str, attachment_id: str) -> tuple[str, bytes] | None:
    """Media type and bytes; None: it is not here."""
    table = CASE_ATTACHMENTS.c
    found = select(table.media_type, table.content).where(
        table.number == number, table.attachment_id == attachment_id, table.content.is_not(None)
    )
    row = (await tx.execute(found)).first()
    return (str(row[0]), bytes(row[1])) if row else None


_NAMES = tuple(field.name for field in fields(Case))


def _case(row: Any) -> Case:
    values = {name: row[name] for name in _NAMES}
    values["state"], values["segment"] = CaseState(row["state"]), Segment(row["segment"])
    values["kind"] = CaseKind(row["kind"]) if row["kind"] else None
    values["answer_way"] = AnswerWay(row["answer_way"]) if row["answer_way"] else None
    return Case(**values)
