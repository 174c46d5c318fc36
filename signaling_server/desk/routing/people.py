"""The agents as the router knows them: who is free and for how long, and which kinds of them are on duty."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from signaling_server.contract.messages import AgentState
from signaling_server.desk.routing.rings import EVERYTHING, Ring, Skills, Wishes, ring_of


@dataclass(slots=True)
class RoutedAgent:
    agent_id: str
    state: AgentState = AgentState.NOT_READY
    free_since_s: float = 0.0
    present: bool = False  # a page is open: may be offered to
    lost: bool = False  # the page has been away too long: not on duty
    returns_to: AgentState = AgentState.NOT_READY  # from a room of another agent's call
    call_id: str = ""
    skills: Skills = EVERYTHING

    @property
    def on_duty(self) -> bool:
        return self.state is not AgentState.NOT_READY and not self.lost


@dataclass(slots=True)
class People:
    """`note` after every change of an agent keeps the sets true."""

    agents: dict[str, RoutedAgent] = field(default_factory=dict)
    free: dict[str, RoutedAgent] = field(default_factory=dict)
    on_duty: int = 0
    _kinds: Counter[Skills] = field(default_factory=Counter)
    _counted: dict[str, Skills] = field(default_factory=dict)
    _reached: dict[tuple[Wishes, Ring], Ring] = field(default_factory=dict)

    def note(self, agent: RoutedAgent) -> bool:
        """Whether somebody has left duty: a call may have waited for him, or for the last of his kind."""
        if agent.present and agent.state is AgentState.READY:
            self.free[agent.agent_id] = agent
        else:
            self.free.pop(agent.agent_id, None)
        before = self._counted.get(agent.agent_id)
        now = agent.skills if agent.on_duty else None
        if before == now:
            return False
        if before is not None:
            del self._counted[agent.agent_id]
            self._kinds[before] -= 1
            self._kinds += Counter()  # drops what is none
        if now is not None:
            self._counted[agent.agent_id] = now
            self._kinds[now] += 1
        self.on_duty = len(self._counted)
        self._reached.clear()
        return before is not None

    def is_on_duty(self, agent_id: str) -> bool:
        return agent_id in self._counted

    def reached(self, wishes: Wishes, ring: Ring) -> Ring:
        """This ring, or the next one outward in which anybody is on duty."""
        key = (wishes, ring)
        if (found := self._reached.get(key)) is None:
            kinds = [ring_of(skills, wishes) for skills in self._kinds]
            found = next((each for each in Ring if each >= ring and min(kinds, default=Ring.ANYONE) <= each), ring)
            self._reached[key] = found
        return found

    def idlest_first(self) -> list[RoutedAgent]:
        return sorted(self.free.values(), key=lambda agent: agent.free_since_s)
