"""Misbehaviour and danger: kept with the call and its case, told to every supervisor (clauses 9.4.10, 9.7.3)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from signaling_server.cases.register import note
from signaling_server.clock import Clock, milliseconds
from signaling_server.contract.incidents import (
    EndForMisconduct,
    Incident,
    IncidentKind,
    IncidentRaised,
    Incidents,
    RaiseAlarm,
)
from signaling_server.contract.notes import CardKind
from signaling_server.desk.agents import Agents
from signaling_server.desk.call import Agent, Call, CallStage
from signaling_server.desk.colleagues import full_name
from signaling_server.desk.links import Links
from signaling_server.desk.routing.decisions import RefusedError
from signaling_server.refusal import ServiceRefusedError
from signaling_server.storage import incidents as rows
from signaling_server.storage.call_cards import was_shown
from signaling_server.storage.cases import case_by_number

SUPERVISORS = frozenset({"supervisor", "administrator"})


class IncidentRoom:
    def __init__(
        self, database: AsyncEngine, clock: Clock, agents: Agents, pages: Links, guard_phones: Mapping[str, str]
    ) -> None:
        self._database = database
        self._clock = clock
        self._agents = agents
        self._pages = pages
        self._guard_phones = guard_phones

    async def misconduct(self, call: Call, agent_id: str, command: EndForMisconduct, now_s: float) -> None:
        """Raises RefusedError: the customer was not warned."""
        async with self._database.begin() as tx:
            if not await was_shown(tx, call.call_id, CardKind.WARNING):
                raise RefusedError("no_warning")
            incident = self._incident(IncidentKind.MISCONDUCT, call, agent_id, command.reason, now_s, command.comment)
            await self._keep(tx, incident, agent_id)
        self._tell(incident)

    async def alarm(self, call: Call, agent_id: str, command: RaiseAlarm, now_s: float) -> None:
        """The agent gets what his script needs; supervisors and operations get the same."""
        incident = self._incident(IncidentKind.ALARM, call, agent_id, command.danger, now_s, test=command.test)
        async with self._database.begin() as tx:
            await self._keep(tx, incident, agent_id)
        self._tell(incident, agent_id)

    async def open(self) -> Incidents:
        async with self._database.begin() as tx:
            return Incidents(await rows.open_incidents(tx))

    async def tell_open(self, agent: Agent, call: Call | None) -> None:
        """His page is open anew: a supervisor gets what is not taken, who raised an alarm in his talk the script."""
        supervises = is_supervisor(agent)
        call_id = call.call_id if call and call.stage == CallStage.ON_AIR else ""
        for incident in reversed((await self.open()).incidents):
            if supervises or (incident.kind is IncidentKind.ALARM and incident.call_id == call_id):
                self._pages.send(agent.agent_id, IncidentRaised(incident))

    async def take(self, agent: Agent, incident_id: str) -> None:
        """Raises ServiceRefusedError: taken."""
        at_ms = milliseconds(self._clock.now_s())
        async with self._database.begin() as tx:
            if not await rows.take_incident(tx, incident_id, who=full_name(agent), at_ms=at_ms):
                raise ServiceRefusedError("taken", "Этим происшествием уже занимаются")

    def _incident(
        self,
        kind: IncidentKind,
        call: Call,
        agent_id: str,
        reason: str,
        now_s: float,
        comment: str = "",
        *,
        test: bool = False,
    ) -> Incident:
        return Incident(
            incident_id=uuid.uuid4().hex,
            kind=kind,
            reason=reason,
            comment=comment.strip(),
            call_id=call.call_id,
            case_number=call.case_number,
            terminal_id=call.terminal_id,
            address=call.site,
            guard_phone=self._guard_phones.get(call.terminal_id) or self._guard_phones.get(call.site, ""),
            agent_name=full_name(self._agents[agent_id]),
            at_ms=milliseconds(now_s),
            test=test,
        )

    async def _keep(self, tx: AsyncConnection, incident: Incident, agent_id: str) -> None:
        await rows.keep_incident(tx, incident)
        case = await case_by_number(tx, incident.case_number)
        assert case is not None, "a call's case is opened with the call"
        detail = f"{incident.kind}: {incident.reason}" + (" (test)" if incident.test else "")
        await note(tx, case, actor=agent_id, now_s=incident.at_ms / 1_000, detail=detail)

    def _tell(self, incident: Incident, also: str = "") -> None:
        supervisors = {agent.agent_id for agent in self._agents.known() if is_supervisor(agent)}
        for agent_id in sorted(supervisors | {also} - {""}):
            self._pages.send(agent_id, IncidentRaised(incident))


def is_supervisor(agent: Agent) -> bool:
    """Who runs the terminals is one of them."""
    return bool(SUPERVISORS & set(agent.roles))
