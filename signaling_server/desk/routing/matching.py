"""Which call goes to which agent, found after each event without looking at everybody again. Pure, told the time.

After each event every call that waits has been refused by every free agent within its ring. So what is looked at next
are only the agents who have become free (`fresh`) and the calls that have come, come back or widened (`moved`).
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Iterator

from signaling_server.desk.limits import DeskLimits
from signaling_server.desk.routing.people import People, RoutedAgent
from signaling_server.desk.routing.rings import Ring, ring_after, ring_of
from signaling_server.desk.routing.waiting import RoutedCall, Waiting


class Matching:
    def __init__(self, limits: DeskLimits) -> None:
        self.people = People()
        self._limits = limits
        self._waiting = Waiting()
        self._fresh: dict[str, RoutedAgent] = {}
        self._moved: dict[str, RoutedCall] = {}
        self._wakes: list[tuple[float, int, RoutedCall]] = []  # when a call may fit somebody it did not fit before

    # --- what is kept true -------------------------------------------------------------------------------------------

    def note_agent(self, agent: RoutedAgent) -> None:
        """After every change of an agent."""
        if self.people.note(agent):
            self._fresh |= self.people.free
        elif agent.agent_id in self.people.free:
            self._fresh[agent.agent_id] = agent
        if agent.agent_id not in self.people.free:
            self._fresh.pop(agent.agent_id, None)

    def note_call(self, call: RoutedCall) -> None:
        """After every change of a call."""
        self._waiting.note(call)
        if call.offerable:
            self._moved[call.call_id] = call
            if call.due_at_s is not None:
                self._wake(call, call.due_at_s)

    def forget(self, call: RoutedCall) -> None:
        self._waiting.remove(call.call_id)
        self._moved.pop(call.call_id, None)
        call.wakes_at_s = -math.inf

    # --- time --------------------------------------------------------------------------------------------------------

    def wakes_at_s(self) -> float:
        return self._wakes[0][0] if self._wakes else math.inf

    def woken(self, now_s: float) -> Iterator[RoutedCall]:
        """Calls of which something is different from now on; each is to be noted again."""
        while self._wakes and self._wakes[0][0] <= now_s:
            at_s, _, call = heapq.heappop(self._wakes)
            if call.wakes_at_s == at_s:
                call.wakes_at_s = math.inf
                yield call

    def _wake(self, call: RoutedCall, at_s: float) -> None:
        if at_s < call.wakes_at_s:
            call.wakes_at_s = at_s
            heapq.heappush(self._wakes, (at_s, call.number, call))

    # --- the decision ------------------------------------------------------------------------------------------------

    def match(self, offer: Callable[[RoutedCall, RoutedAgent], None], now_s: float) -> None:
        """Offers what can be offered, the first in rank first; `offer` notes both."""
        best = {agent_id: self._best_for(agent, now_s) for agent_id, agent in self._fresh.items()}
        while found := [call for call in best.values() if call is not None]:
            first = min(found, key=lambda call: call.place(now_s, self._limits))
            agent = self._idlest_for(first, now_s)
            assert agent is not None, "a fresh agent may have it"
            offer(first, agent)
            best.pop(agent.agent_id, None)
            for agent_id in [who for who, call in best.items() if call is first]:
                best[agent_id] = self._best_for(self.people.free[agent_id], now_s)
        self._fresh.clear()
        moved = [call for call in self._moved.values() if call.offerable] if self.people.free else []
        self._moved.clear()
        for call in sorted(moved, key=lambda call: call.place(now_s, self._limits)):
            if (idlest := self._idlest_for(call, now_s)) is not None:
                offer(call, idlest)

    def _best_for(self, agent: RoutedAgent, now_s: float) -> RoutedCall | None:
        return self._waiting.best(lambda call: self._may_have(agent, call, now_s), now_s, self._limits)

    def _idlest_for(self, call: RoutedCall, now_s: float) -> RoutedAgent | None:
        return next((agent for agent in self.people.idlest_first() if self._may_have(agent, call, now_s)), None)

    def _may_have(self, agent: RoutedAgent, call: RoutedCall, now_s: float) -> bool:
        """If not, the call is looked at again when that may be different."""
        rests_until_s = call.rests_until_s.get(agent.agent_id, 0.0)
        if rests_until_s > now_s:
            self._wake(call, rests_until_s)
            return False
        if agent.agent_id == call.preferred_id:
            return True
        awaited = self.people.is_on_duty(call.preferred_id)
        ring, widens_after_s = ring_after(now_s - call.entered_at_s, awaited, self._limits)
        if ring is not Ring.PREFERRED and ring_of(agent.skills, call.wishes) <= self.people.reached(call.wishes, ring):
            return True
        self._wake(call, call.entered_at_s + widens_after_s)
        return False
