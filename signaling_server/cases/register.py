"""The register of обращения: a case has a number and a date of receipt, and the customer is told both (clause 3).

When it is registered. The case is opened, with its number, in the same transaction that hands the call to an agent: so
a lost page, a power cut or a forgotten form cannot lose it. Kind, topic and summary are filled by the wrap-up. The
customer gets `CaseRegistered` when the agent closes the wrap-up; if that takes longer than `DeskLimits.wrap_up_s` he
gets it without waiting, under the title «Консультация», and the agent's form fills the same number later.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from signaling_server.cases.deadlines import due_date, load_terms
from signaling_server.cases.states import MoveError, check_move
from signaling_server.clock import milliseconds
from signaling_server.contract.cases import AnswerWay, CaseForm, CaseKind, CaseState, Segment
from signaling_server.contract.closing import CaseResult, Closing
from signaling_server.local_time import local_date
from signaling_server.messaging.rules import checked_email, checked_phone
from signaling_server.storage import cases as rows
from signaling_server.storage.cases import Case
from signaling_server.storage.consents_read import keep_read
from signaling_server.storage.tables import CASE_COUNTERS

UNNAMED_TITLE = "Консультация"
OUTBOX_DAYS_MAX = 30  # longer than a terminal keeps what it could not send
WRITTEN_MS_MAX = 253_370_000_000_000  # the year 9998: what a calendar can hold


class Channel(enum.StrEnum):
    """Every way in which an обращение may come (clause 3, КК); the terminal and its consultant are ours."""

    OFFICE = "office"  # ЦОК
    VISIT = "visit"  # выезд
    PHONE = "phone"
    IVR = "ivr"
    AUTOMATIC_CALL = "automatic_call"  # автоинформирование
    POST = "post"
    EMAIL = "email"
    SITE = "site"
    ACCOUNT = "account"  # ЛКК
    VIRTUAL_RECEPTION = "virtual_reception"
    CHAT = "chat"
    MESSENGER = "messenger"
    SOCIAL_NETWORK = "social_network"
    SMS = "sms"
    TERMINAL = "terminal"
    AVSK = "avsk"  # видеоконсультант


@dataclass(frozen=True, slots=True)
class OpenedCase:
    number: str
    received_date: str  # DD.MM.YYYY


async def open_case(tx: AsyncConnection, *, call_id: str, terminal_id: str, agent_id: str, now_s: float) -> OpenedCase:
    """Registers the case of a call: from now on its number exists and is never given again."""
    day = local_date(now_s)
    number = case_number(day.year, await _next_number(tx, day.year))
    row = {
        "number": number,
        "received_date": day.isoformat(),
        "call_id": call_id,
        "terminal_id": terminal_id,
        "agent_id": agent_id,
        "channel": Channel.AVSK,
        "segment": Segment.B2C,
        "state": CaseState.ACCEPTED,
        "opened_at_ms": milliseconds(now_s),
    }
    await rows.insert_case(tx, row)
    await move(tx, number, CaseState.REGISTERED, actor=agent_id, now_s=now_s)
    await move(tx, number, CaseState.IN_WORK, actor=agent_id, now_s=now_s)
    return OpenedCase(number, shown_date(day))


async def hand_over(tx: AsyncConnection, number: str, *, agent_id: str, now_s: float) -> None:
    """Another agent goes on with an open case; it stays on its step."""
    case = await rows.case_by_number(tx, number)
    assert case is not None, "a call's case is opened with the call"
    await rows.change_case(tx, number, case.state, {"agent_id": agent_id})
    await note(tx, case, actor=agent_id, now_s=now_s, detail="Принял звонок")


async def note(tx: AsyncConnection, case: Case, *, actor: str, now_s: float, detail: str) -> None:
    """An event that moves nothing."""
    at_ms, state = milliseconds(now_s), case.state
    await rows.add_event(tx, case.number, at_ms=at_ms, actor=actor, before=state, after=state, detail=detail)


async def file_case(tx: AsyncConnection, form: CaseForm, *, terminal_id: str, vip: bool, now_s: float) -> Case:
    """Registers a written case that was checked: number and date at once (clause 9.5.1).

    The term runs from the day on which the customer handed it in at the terminal, however long the line was down.
    """
    day, written = local_date(now_s), _written_on(form, now_s)
    number = case_number(day.year, await _next_number(tx, day.year))
    row = {
        "number": number,
        "received_date": day.isoformat(),
        "terminal_id": terminal_id,
        "submission_id": form.submission_id,
        "channel": Channel.TERMINAL,
        "state": CaseState.ACCEPTED,
        "segment": form.segment,
        "kind": form.kind,
        "complaint_subject": form.complaint_subject or "",
        "topic_id": form.topic_id,
        "summary": form.text.strip(),
        "account": form.account,
        "customer_name": form.customer_name.strip(),
        "phone": checked_phone(form.phone) if form.phone else "",
        "email": checked_email(form.email) if form.email else "",
        "postal_address": form.postal_address.strip(),
        "answer_way": form.answer_way,
        "consent_version": form.consent_version,
        "due_date": _due(form.answer_way, written, vip=vip),
        "appeal_of": form.appeal_of,
        "opened_at_ms": milliseconds(now_s),
    }
    await rows.insert_case(tx, row)
    await rows.promise_attachments(tx, number, form.attachments)
    at_ms = milliseconds(now_s)
    await keep_read(tx, number, form.consent_version, form.consent_read, terminal_id=terminal_id, at_ms=at_ms)
    await move(tx, number, CaseState.REGISTERED, actor=terminal_id, now_s=now_s)
    case = await rows.case_by_number(tx, number)
    assert case is not None
    return case


def _written_on(form: CaseForm, now_s: float) -> date:
    """A terminal's clock may be wrong: a day of the future or of another month is not believed."""
    today = local_date(now_s)
    written = local_date(form.written_at_ms / 1_000) if 0 < form.written_at_ms < WRITTEN_MS_MAX else today
    return written if today - timedelta(days=OUTBOX_DAYS_MAX) <= written <= today else today


def _due(answer_way: AnswerWay, received: date, *, vip: bool) -> str:
    if answer_way is AnswerWay.NONE:
        return ""
    return due_date(load_terms(), received=received, channel=Channel.TERMINAL, vip=vip).isoformat()


async def move(
    tx: AsyncConnection, number: str, after: CaseState, *, actor: str, now_s: float, detail: str = "", **changes: Any
) -> Case:
    """Takes a case one step on and writes who did it when. Raises MoveError, also when somebody was first."""
    case = await rows.case_by_number(tx, number)
    if case is None:
        raise MoveError(f"there is no case {number}")
    check_move(case.state, after)
    if not await rows.change_case(tx, number, case.state, {"state": after, **changes}):
        raise MoveError(f"case {number} was moved by somebody else")
    at_ms = milliseconds(now_s)
    await rows.add_event(tx, number, at_ms=at_ms, actor=actor, before=case.state, after=after, detail=detail)
    return case


async def close_case(
    tx: AsyncConnection, number: str, *, kind: CaseKind, topic_id: str, summary: str, closing: Closing, now_s: float
) -> None:
    """Fills what the agent's form, which was checked, says. Answered by word of mouth it is closed; what is in work
    stays with the agent until it is answered, in the way that was promised (clauses 4.2.3c, 5.1.3). What the case desk
    has answered, closed or refused meanwhile stays on its step: the form adds what the talk was about.
    """
    case = await rows.case_by_number(tx, number)
    assert case is not None, "a call's case is opened with the call"
    form: dict[str, Any] = {"kind": kind, "topic_id": topic_id, "summary": summary, "result": closing.result}
    form["closed_at_ms"] = case.closed_at_ms or milliseconds(now_s)
    if case.state is not CaseState.IN_WORK:
        await rows.change_case(tx, number, case.state, form)
        return
    if closing.result is CaseResult.IN_WORK:
        await rows.change_case(tx, number, case.state, {**form, **_promised(closing)})
        return
    actor = case.agent_id
    await move(tx, number, CaseState.ANSWERED, actor=actor, now_s=now_s, **form, answer=summary, decided_by=actor)
    await move(tx, number, CaseState.CLOSED, actor=actor, now_s=now_s)


async def break_off(tx: AsyncConnection, number: str, *, now_s: float) -> None:
    """The customer left before another agent took his call: the case ends unfinished, unless the case desk has it."""
    case = await rows.case_by_number(tx, number)
    assert case is not None, "a call's case is opened with the call"
    if case.state is not CaseState.IN_WORK:
        return
    ended = {"result": CaseResult.UNFINISHED, "closed_at_ms": milliseconds(now_s)}
    for step in (CaseState.ANSWERED, CaseState.CLOSED):
        await move(tx, number, step, actor=case.terminal_id, now_s=now_s, detail="Клиент ушёл", **ended)


def _promised(closing: Closing) -> dict[str, Any]:
    way = closing.answer_way
    return {
        "answer_way": way,
        "due_date": date.fromisoformat(closing.due_date).isoformat(),  # also of 20261201: dates are compared as text
        "phone": checked_phone(closing.contact) if way is AnswerWay.SMS else "",
        "email": checked_email(closing.contact) if way is AnswerWay.EMAIL else "",
        "postal_address": closing.contact.strip() if way is AnswerWay.POST else "",
    }


def latest_due(received: date) -> date:
    """No answer to a case of a call may be promised for later."""
    return due_date(load_terms(), received=received, channel=Channel.AVSK, vip=False)


def case_number(year: int, count: int) -> str:
    """`26-000001`: the first case received in 2026."""
    return f"{year % 100:02d}-{count:06d}"


def shown_date(day: date) -> str:
    return day.strftime("%d.%m.%Y")


async def _next_number(tx: AsyncConnection, year: int) -> int:
    grown = (
        update(CASE_COUNTERS)
        .where(CASE_COUNTERS.c.year == year)
        .values(last_number=CASE_COUNTERS.c.last_number + 1)
        .returning(CASE_COUNTERS.c.last_number)
    )
    number = (await tx.execute(grown)).scalar()
    if number is None:
        try:
            async with tx.begin_nested():
                await tx.execute(insert(CASE_COUNTERS).values(year=year, last_number=0))
        except IntegrityError:
            pass  # another node has just begun the year
        number = (await tx.execute(grown)).scalar_one()
    return int(number)
