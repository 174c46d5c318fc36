"""Those who work on written cases: take, answer, carry out, tell, close, refuse with two persons.

The rules are the standard's: an appeal goes to another person than who decided (5.1.4b), an answer has no empty point
(9.5.2), a complaint is closed with decision, execution and notice (4.2.3c), a refusal needs a second person (9.5.3).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from signaling_server.cases.deadlines import escalation
from signaling_server.cases.notices import answered_messages
from signaling_server.cases.register import move
from signaling_server.cases.site_visits import route_of
from signaling_server.cases.states import OPEN, MoveError, missing_to_close
from signaling_server.clock import Clock, milliseconds
from signaling_server.contract import case_desk as c
from signaling_server.contract.cases import CaseKind, CaseState
from signaling_server.desk.call import Agent
from signaling_server.local_time import local_date
from signaling_server.messaging.post import Post
from signaling_server.refusal import ServiceRefusedError
from signaling_server.schedules.zones import Zones
from signaling_server.storage import cases as rows
from signaling_server.storage.cases import Case

APPROVERS = {"supervisor", "administrator"}
ANSWER_BYTES_MAX = 48_000  # it still fits into one message to the terminal


class CaseDesk:
    """Every act is one transaction, with an event that says who did it."""

    def __init__(
        self,
        database: AsyncEngine,
        clock: Clock,
        post: Post,
        company: str,
        zones: Zones,
        *,
        vip_accounts: Collection[str] = (),
    ) -> None:
        self._database = database
        self._clock = clock
        self._post = post
        self._company = company
        self._zones = zones
        self._vip_accounts = frozenset(vip_accounts)

    async def cases(self, *, is_open: bool) -> c.CaseList:
        """The open ones, most urgent first, or the ended ones."""
        states = OPEN if is_open else {CaseState.CLOSED, CaseState.REFUSED}
        async with self._database.begin() as tx:
            found = await rows.cases_in(tx, states)
        return c.CaseList(self._today().isoformat(), [self._row(case) for case in found])

    async def card(self, number: str) -> c.CaseCard:
        """Raises ServiceRefusedError: unknown_case."""
        async with self._database.begin() as tx:
            case = await _case(tx, number)
            events = await rows.events_of(tx, number)
            papers = await rows.attachments_of(tx, number)
        return c.CaseCard(
            row=self._row(case),
            segment=case.segment,
            complaint_subject=case.complaint_subject,
            text=case.summary,
            account=case.account,
            customer_name=case.customer_name,
            phone=case.phone,
            email=case.email,
            postal_address=case.postal_address,
            answer_way=case.answer_way,
            answer=case.answer,
            decision=case.decision,
            decided_by=case.decided_by,
            execution=case.execution,
            notified_at_ms=case.notified_at_ms,
            refusal_reason=case.refusal_reason,
            refusal_by=case.refusal_by,
            missing_to_close=_missing(case),
            events=[c.CaseEvent(e.at_ms, e.actor, e.from_state, e.to_state, e.detail) for e in events],
            papers=[c.CasePaper(p.attachment_id, p.media_type, p.size_bytes, p.arrived_at_ms) for p in papers],
        )

    async def paper(self, number: str, attachment_id: str) -> tuple[str, bytes]:
        """Media type and bytes. Raises ServiceRefusedError: unknown_case."""
        async with self._database.begin() as tx:
            found = await rows.attachment_content(tx, number, attachment_id)
        if found is None:
            raise ServiceRefusedError("unknown_case", "Такого документа нет")
        return found

    async def take(self, agent: Agent, form: c.TakeCase) -> None:
        """Raises ServiceRefusedError: unknown_case, own_decision, wrong_state."""
        async with self._database.begin() as tx:
            case = await _case(tx, form.number)
            if case.appeal_of:
                appealed = await _case(tx, case.appeal_of)
                if agent.agent_id in (appealed.decided_by, appealed.agent_id):
                    raise ServiceRefusedError("own_decision", "Жалобу на решение рассматривает другой сотрудник")
            await self._move(tx, case, CaseState.IN_WORK, agent, agent_id=agent.agent_id)

    async def answer(self, agent: Agent, form: c.AnswerCase) -> None:
        """Answers every question, and sends the answer where the way is ours.

        Raises:
            ServiceRefusedError: unknown_case, not_yours, empty_point, too_long, no_decision, wrong_state.
        """
        empty = next((point.question for point in form.points if not point.answer.strip()), None)
        if empty is not None:
            raise ServiceRefusedError("empty_point", f"Нет ответа на вопрос «{empty[:100]}»")
        if len(_written(form).encode()) > ANSWER_BYTES_MAX:
            raise ServiceRefusedError("too_long", "Ответ слишком длинный. Сократите его или отправьте письмом")
        async with self._database.begin() as tx:
            case = await self._own(tx, agent, form.number)
            if case.kind is CaseKind.COMPLAINT and not form.decision.strip():
                raise ServiceRefusedError("no_decision", "По жалобе нужно решение: что сделаем и к какому сроку")
            answer = _written(form)
            messages = answered_messages(case, answer=answer, company=self._company)
            offset = await self._zones.of_terminal(tx, case.terminal_id)
            sent = [await self._post.put(tx, replace(message, utc_offset_minutes=offset)) for message in messages]
            changes: dict[str, Any] = {
                "answer": answer,
                "decision": form.decision.strip(),
                "decided_by": agent.agent_id,
            }
            if any(sent):
                changes["notified_at_ms"] = milliseconds(self._clock.now_s())
            await self._move(tx, case, CaseState.ANSWERED, agent, **changes)

    async def execute(self, agent: Agent, form: c.ExecuteDecision) -> None:
        """Raises ServiceRefusedError: unknown_case, not_yours, wrong_state."""
        async with self._database.begin() as tx:
            case = await self._own(tx, agent, form.number)
            await self._note(tx, case, agent, f"Решение исполнено: {form.proof}", execution=form.proof)

    async def notify(self, agent: Agent, form: c.NotifyCustomer) -> None:
        """Raises ServiceRefusedError: unknown_case, not_yours, wrong_state."""
        async with self._database.begin() as tx:
            case = await self._own(tx, agent, form.number)
            at_ms = milliseconds(self._clock.now_s())
            await self._note(tx, case, agent, f"Клиент уведомлён: {form.how}", notified_at_ms=at_ms)

    async def close(self, agent: Agent, form: c.CloseCase) -> None:
        """Raises ServiceRefusedError: unknown_case, not_yours, not_finished, wrong_state."""
        async with self._database.begin() as tx:
            case = await self._own(tx, agent, form.number)
            if _missing(case):
                raise ServiceRefusedError("not_finished", "Жалобу закрывают с решением, исполнением и уведомлением")
            closed_at_ms = milliseconds(self._clock.now_s())
            await self._move(tx, case, CaseState.CLOSED, agent, closed_at_ms=closed_at_ms)

    async def refuse(self, agent: Agent, form: c.RefuseCase) -> None:
        """The first person proposes, a second one of right rank approves by the same reason.

        Raises:
            ServiceRefusedError: unknown_case, no_earlier, not_yours, wrong_state.
        """
        async with self._database.begin() as tx:
            case = await _case(tx, form.number)
            detail = f"Отказ без рассмотрения: {form.reason}"
            if form.reason is c.RefusalReason.ALREADY_ANSWERED:
                earlier = await rows.case_by_number(tx, form.earlier_number)
                if earlier is None or earlier.number == case.number or not earlier.answer:
                    raise ServiceRefusedError("no_earlier", "Назовите обращение, на которое уже дан ответ")
                detail += f", ответ дан в {earlier.number}"
            if case.refusal_reason != form.reason or case.refusal_by == agent.agent_id:
                proposal = {"refusal_reason": form.reason, "refusal_by": agent.agent_id}
                await self._note(tx, case, agent, f"Предложен {detail.lower()}", **proposal)
                return
            if not APPROVERS & set(agent.roles):
                raise ServiceRefusedError("not_yours", "Отказ утверждает супервайзер")
            await self._move(tx, case, CaseState.REFUSED, agent, detail, closed_at_ms=milliseconds(self._clock.now_s()))

    async def _own(self, tx: AsyncConnection, agent: Agent, number: str) -> Case:
        case = await _case(tx, number)
        if case.agent_id != agent.agent_id:
            raise ServiceRefusedError("not_yours", "Этим обращением занимается другой сотрудник")
        return case

    async def _move(
        self, tx: AsyncConnection, case: Case, after: CaseState, agent: Agent, detail: str = "", **changes: Any
    ) -> None:
        try:
            now_s = self._clock.now_s()
            await move(tx, case.number, after, actor=agent.agent_id, now_s=now_s, detail=detail, **changes)
        except MoveError:
            raise ServiceRefusedError("wrong_state", "Обращение уже на другом шаге. Обновите страницу") from None

    async def _note(self, tx: AsyncConnection, case: Case, agent: Agent, detail: str, **changes: Any) -> None:
        """An event that moves nothing."""
        if case.state not in OPEN:
            raise ServiceRefusedError("wrong_state", "Обращение уже закрыто")
        await rows.change_case(tx, case.number, case.state, dict(changes))
        at_ms = milliseconds(self._clock.now_s())
        told = {"actor": agent.agent_id, "before": case.state, "after": case.state, "detail": detail}
        await rows.add_event(tx, case.number, at_ms=at_ms, **told)

    def _row(self, case: Case) -> c.CaseRow:
        gone = 0
        if case.due_date and case.state in OPEN:
            received, due = date.fromisoformat(case.received_date), date.fromisoformat(case.due_date)
            gone = escalation(received=received, due=due, today=self._today())
        return c.CaseRow(
            number=case.number,
            state=case.state,
            kind=case.kind,
            topic_id=case.topic_id,
            channel=case.channel,
            received_date=case.received_date,
            due_date=case.due_date,
            escalation=gone,
            agent_id=case.agent_id,
            appeal_of=case.appeal_of,
            route=route_of(case.topic_id, case.segment, vip=case.account in self._vip_accounts) or "",
        )

    def _today(self) -> date:
        return local_date(self._clock.now_s())


async def _case(tx: AsyncConnection, number: str) -> Case:
    case = await rows.case_by_number(tx, number)
    if case is None:
        raise ServiceRefusedError("unknown_case", "Такого обращения нет")
    return case


def _missing(case: Case) -> list[str]:
    if case.kind is None:
        return []
    notified = case.notified_at_ms > 0
    return missing_to_close(case.kind, decision=case.decision, execution=case.execution, notified=notified)


def _written(form: c.AnswerCase) -> str:
    """Several questions are answered apart (clause 9.5.7)."""
    if len(form.points) == 1:
        return form.points[0].answer.strip()
    numbered = enumerate(form.points, start=1)
    return "\n\n".join(f"{number}. {point.question.strip()}\n{point.answer.strip()}" for number, point in numbered)
