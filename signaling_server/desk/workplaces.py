"""Nobody goes «Готов» at a workplace that is not, unless a supervisor lets him (clause 5.3.1)."""

from __future__ import annotations

import logging
import uuid
from dataclasses import dataclass

import msgspec
from sqlalchemy.ext.asyncio import AsyncEngine

from signaling_server.clock import Clock, milliseconds
from signaling_server.contract.workplace import (
    CheckName,
    WorkplaceAct,
    WorkplaceActKind,
    WorkplaceActs,
    WorkplaceCheck,
    WorkplaceJudged,
    WorkplaceSeen,
)
from signaling_server.desk.agents import Agents
from signaling_server.desk.call import Agent
from signaling_server.desk.colleagues import full_name
from signaling_server.desk.incidents import is_supervisor
from signaling_server.desk.links import Links
from signaling_server.desk.routing.decisions import RefusedError
from signaling_server.desk.workplace import RULES, judge, shows_something
from signaling_server.refusal import ServiceRefusedError
from signaling_server.storage import workplaces as rows

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Measured:
    seen: WorkplaceSeen
    at_s: float


class Workplaces:
    """What each page measured last is kept in memory: it is old in two minutes. Decisions are rows."""

    def __init__(self, database: AsyncEngine, clock: Clock, agents: Agents, pages: Links) -> None:
        self._database = database
        self._clock = clock
        self._agents = agents
        self._pages = pages
        self._measured: dict[str, _Measured] = {}

    async def seen(self, agent_id: str, seen: WorkplaceSeen) -> None:
        """A measurement of his page; it is told what the office makes of it."""
        self._measured[agent_id] = _Measured(seen, self._clock.now_s())
        self._pages.send(agent_id, await self._judged(agent_id, seen))

    async def check(self, agent_id: str) -> None:
        """Before «Готов». Raises RefusedError: no_plate, workplace_unknown, workplace_failed."""
        if not self._agents[agent_id].has_plate:
            raise RefusedError("no_plate")
        measured = self._fresh(agent_id)
        if measured is None:
            raise RefusedError("workplace_unknown")
        if not (await self._judged(agent_id, measured.seen)).may_serve:
            raise RefusedError("workplace_failed")

    async def allow(self, agent: Agent, supervisor: Agent, reason: str) -> None:
        """What fails now, and nothing else, till the end of the shift. Raises ServiceRefusedError."""
        seen = self._checked_pair(agent, supervisor)
        failed = [check.name for check in (await self._judged(agent.agent_id, seen)).checks if check.failed]
        if not reason.strip():
            raise ServiceRefusedError("no_reason", "Напишите причину")
        if not failed:
            raise ServiceRefusedError("nothing_failed", "Рабочее место в порядке, разрешение не нужно")
        if CheckName.PLATE in failed:
            raise ServiceRefusedError("no_plate", "Без фамилии, имени и должности на табличке работать нельзя")
        act = self._act(WorkplaceActKind.ALLOWED, agent, supervisor, ",".join(failed), reason.strip())
        async with self._database.begin() as tx:
            await rows.keep_act(tx, act)
        _LOG.warning("%s works with %s: %s allowed it", agent.login, act.failed, supervisor.login)
        self._pages.send(agent.agent_id, await self._judged(agent.agent_id, seen))

    async def set_background(self, agent: Agent, supervisor: Agent) -> None:
        """As the agent's page sees it now. Raises ServiceRefusedError."""
        seen = self._checked_pair(agent, supervisor)
        if not shows_something(seen.grid):
            raise ServiceRefusedError("plain_background", "По сторонам от консультанта ничего не видно: нужен логотип")
        act = self._act(WorkplaceActKind.BACKGROUND, agent, supervisor, "", "")
        async with self._database.begin() as tx:
            await rows.keep_act(tx, act, seen.grid)
        self._pages.send(agent.agent_id, await self._judged(agent.agent_id, seen))

    async def acts(self) -> WorkplaceActs:
        async with self._database.begin() as tx:
            return WorkplaceActs(await rows.newest_acts(tx))

    def _fresh(self, agent_id: str) -> _Measured | None:
        measured = self._measured.get(agent_id)
        fresh = measured is not None and self._clock.now_s() <= measured.at_s + RULES.fresh_s
        return measured if fresh else None

    def _checked_pair(self, agent: Agent, supervisor: Agent) -> WorkplaceSeen:
        if not is_supervisor(supervisor):
            raise ServiceRefusedError("no_supervisor", "Это может только супервайзер")
        if supervisor.agent_id == agent.agent_id:
            raise ServiceRefusedError("same_person", "Нужен другой сотрудник: себе разрешить нельзя")
        measured = self._fresh(agent.agent_id)
        if measured is None:
            raise ServiceRefusedError("workplace_unknown", "Рабочее место ещё не проверено, подождите секунду")
        return measured.seen

    async def _judged(self, agent_id: str, seen: WorkplaceSeen) -> WorkplaceJudged:
        since_ms = milliseconds(self._clock.now_s() - RULES.allowed_s)
        async with self._database.begin() as tx:
            background = await rows.background_of(tx, agent_id)
            acts = await rows.allowed_since(tx, agent_id, since_ms)
        checks = judge(seen, background, has_plate=self._agents[agent_id].has_plate)
        allowed = {name for act in acts for name in act.failed.split(",")}
        checks = [_with_permission(check, allowed) for check in checks]
        used = [act for act in acts if any(check.allowed and check.name in act.failed for check in checks)]
        return WorkplaceJudged(
            checks,
            may_serve=all(check.allowed or not check.failed for check in checks),
            allowed_by=used[0].supervisor_name if used else "",
            reason=used[0].reason if used else "",
        )

    def _act(self, kind: WorkplaceActKind, agent: Agent, supervisor: Agent, failed: str, reason: str) -> WorkplaceAct:
        return WorkplaceAct(
            act_id=uuid.uuid4().hex,
            kind=kind,
            agent_id=agent.agent_id,
            agent_name=full_name(agent),
            supervisor_id=supervisor.agent_id,
            supervisor_name=full_name(supervisor),
            failed=failed,
            reason=reason,
            at_ms=milliseconds(self._clock.now_s()),
        )


def _with_permission(check: WorkplaceCheck, allowed: set[str]) -> WorkplaceCheck:
    return msgspec.structs.replace(check, allowed=check.failed and check.name.value in allowed)
