"""The cases of one call: one or more, each with its number, topic, result and time (clause 5.1.3).

The first is opened with the call; `NextCase` closes the present one and opens the next. All of it lies in storage: what
is told here is read from there.
"""

from __future__ import annotations

from datetime import date

from msgspec import structs
from sqlalchemy.ext.asyncio import AsyncConnection

from signaling_server.cases.closing_rules import wrong_closing
from signaling_server.cases.register import close_case, latest_due, shown_date
from signaling_server.contract.cases import AnswerWay
from signaling_server.contract.closing import CallCase, CaseResult, NextCase, PortalAnswer
from signaling_server.contract.messages import CaseRegistered, CloseWrapUp
from signaling_server.contract.notes import CardAnswer
from signaling_server.desk.call import Call
from signaling_server.desk.routing.decisions import RefusedError
from signaling_server.local_time import local_date
from signaling_server.storage import cases as rows
from signaling_server.storage.call_cards import summary_shown
from signaling_server.storage.cases import Case

PORTAL_ANSWERS = {
    CardAnswer.USES: PortalAnswer.USES,
    CardAnswer.REGISTERS: PortalAnswer.REGISTERS,
    CardAnswer.REFUSED: PortalAnswer.REFUSED,
}


async def check(tx: AsyncConnection, form: CloseWrapUp | NextCase, number: str, now_s: float) -> None:
    """Raises RefusedError. The summary is due at the end of the whole call, so only there it is asked for."""
    case = await rows.case_by_number(tx, number)
    assert case is not None, "a call's case is opened with the call"
    goes_on = isinstance(form, NextCase)
    if isinstance(form, NextCase) and form.case_number != number:
        raise RefusedError("another_case")
    wrong = wrong_closing(
        form.kind,
        form.closing,
        today=local_date(now_s),
        latest=latest_due(date.fromisoformat(case.received_date)),
        summarised=goes_on or await summary_shown(tx, form.call_id, since_ms=case.opened_at_ms),
    )
    if wrong:
        raise RefusedError(wrong)


async def close(tx: AsyncConnection, form: CloseWrapUp | NextCase, number: str, now_s: float) -> None:
    """Fills the present case by a form that was checked."""
    await close_case(
        tx,
        number,
        kind=form.kind,
        topic_id=form.topic_id,
        summary=form.summary,
        closing=form.closing,
        now_s=now_s,
    )


async def of_call(tx: AsyncConnection, call_id: str, titles: dict[str, str]) -> list[CallCase]:
    """The present one last."""
    return [_told(case, titles) for case in await rows.cases_of_call(tx, call_id)]


async def registrations(tx: AsyncConnection, call: Call, titles: dict[str, str]) -> list[CaseRegistered]:
    """What the customer is told of all of them, when the number of the last may be told."""
    *before, last = (registered(call.call_id, case) for case in await of_call(tx, call.call_id, titles))
    return [*before, structs.replace(last, topic_title=last.topic_title or call.case_told_title)]


def registered(call_id: str, case: CallCase) -> CaseRegistered:
    """What the customer is told of a case that was closed while the call goes on."""
    return CaseRegistered(call_id, case.number, case.received_date, case.topic_title, case.due_date, case.answer_way)


def _told(case: Case, titles: dict[str, str]) -> CallCase:
    received = date.fromisoformat(case.received_date)
    return CallCase(
        number=case.number,
        received_date=shown_date(received),
        opened_at_ms=case.opened_at_ms,
        due_latest=latest_due(received).isoformat(),
        closed_at_ms=case.closed_at_ms,
        topic_title=titles.get(case.topic_id, ""),
        result=CaseResult(case.result or CaseResult.UNFINISHED),
        due_date=shown_date(date.fromisoformat(case.due_date)) if case.due_date else "",
        answer_way=case.answer_way or AnswerWay.NONE,
    )
