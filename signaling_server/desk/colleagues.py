"""Notes between employees: to a page that is open, told again until they are read. Kept in memory alone."""

from __future__ import annotations

import uuid

from signaling_server.clock import Clock, milliseconds
from signaling_server.contract.messages import AgentState
from signaling_server.contract.staff import Colleague, Colleagues, StaffNote, WriteToColleague
from signaling_server.desk.agents import Agents
from signaling_server.desk.call import Agent
from signaling_server.desk.links import Links
from signaling_server.desk.router import Router
from signaling_server.refusal import ServiceRefusedError

UNREAD_MAX = 20  # of one employee; then who writes is told to ring him instead
BUSY = (AgentState.RINGING, AgentState.ON_CALL, AgentState.WRAP_UP, AgentState.IN_ROOM)


class StaffRoom:
    """Who is here, and what is not read yet."""

    def __init__(self, clock: Clock, agents: Agents, router: Router, pages: Links) -> None:
        self._clock = clock
        self._agents = agents
        self._router = router
        self._pages = pages
        self._unread: dict[str, list[StaffNote]] = {}

    def colleagues(self, agent: Agent) -> Colleagues:
        """Everybody whose page is open, but for the one who asks."""
        here = [each for each in self._agents.known() if each.agent_id in self._pages and each != agent]
        return Colleagues(
            [
                Colleague(
                    each.agent_id, full_name(each), each.plate.position, self._router.state(each.agent_id) in BUSY
                )
                for each in here
            ]
        )

    async def write(self, agent: Agent, form: WriteToColleague) -> None:
        """Raises ServiceRefusedError: not_here, too_many."""
        if form.agent_id not in self._pages:
            raise ServiceRefusedError("not_here", "Этого сотрудника сейчас нет на рабочем месте")
        unread = self._unread.setdefault(form.agent_id, [])
        if len(unread) >= UNREAD_MAX:
            raise ServiceRefusedError("too_many", "Прежние сообщения ещё не прочитаны. Позвоните")
        note_id, at_ms = uuid.uuid4().hex, milliseconds(self._clock.now_s())
        note = StaffNote(note_id, agent.agent_id, full_name(agent), form.text.strip() or "…", form.urgent, at_ms)
        unread.append(note)
        self._pages.send(form.agent_id, note)

    def tell_unread(self, agent_id: str) -> None:
        """His page is open again."""
        for note in self._unread.get(agent_id, []):
            self._pages.send(agent_id, note)

    def read(self, agent_id: str, note_id: str) -> None:
        self._unread[agent_id] = [note for note in self._unread.get(agent_id, []) if note.note_id != note_id]


def full_name(agent: Agent) -> str:
    plate = agent.plate
    return " ".join(part for part in (plate.last_name, plate.first_name, plate.patronymic) if part)
