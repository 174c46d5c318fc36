"""Who waits, and who is offered to whom. Pure: no I/O, no clock, tokens are made by the caller.

An offer is a lease with a token: accepting is compare-and-set on both. Of the calls an agent may have the first in rank
goes first (`routing/ranking.py`), to the one free longest of those within its ring (`routing/rings.py`); a call that
comes back from an agent keeps its place. A call is always in exactly one of waiting, offered, taken; an agent holds at
most one call.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from signaling_server.contract.messages import AgentState
from signaling_server.desk.limits import DeskLimits
from signaling_server.desk.routing.decisions import (
    CallDeserted,
    Decision,
    OfferClosed,
    OfferMade,
    OfferOutcome,
    RefusedError,
    StateChanged,
)
from signaling_server.desk.routing.forecast import Calibration, Promise, ServiceTime, outlook, range_s
from signaling_server.desk.routing.matching import Matching
from signaling_server.desk.routing.people import RoutedAgent
from signaling_server.desk.routing.rings import EVERYTHING, NOTHING_ASKED, Skills, Wishes
from signaling_server.desk.routing.waiting import RoutedCall
from signaling_server.desk.turns import Band


class Router:
    """The one who decides. Ask it something, then `take_decisions` and carry them out in order."""

    def __init__(self, limits: DeskLimits, make_token: Callable[[], str]) -> None:
        self._limits = limits
        self._make_token = make_token
        self._matching = Matching(limits)
        self._people = self._matching.people
        self._calls: dict[str, RoutedCall] = {}
        self._ringing: dict[str, RoutedCall] = {}
        self._decisions: list[Decision] = []
        self._deserted_since_s: float | None = None
        self._arrivals = 0
        self._service, self._calibration = ServiceTime(), Calibration()
        self._now_s = 0.0

    # --- what can be asked ---------------------------------------------------------------------------------------

    def take_decisions(self) -> list[Decision]:
        taken, self._decisions = self._decisions, []
        return taken

    def wakes_at_s(self) -> float:
        """When `tick` has something to do, in the seconds it is told."""
        moments = [call.offer.expires_at_s for call in self._ringing.values() if call.offer]
        moments.append(self._matching.wakes_at_s())
        if self._deserted_since_s is not None:
            moments.append(self._deserted_since_s + self._limits.deserted_s)
        return min(moments, default=math.inf)

    def state(self, agent_id: str) -> AgentState:
        agent = self._people.agents.get(agent_id)
        return agent.state if agent else AgentState.NOT_READY

    def call_of(self, agent_id: str) -> str:
        """The call this agent rings for, talks in or wraps up; empty without one."""
        agent = self._people.agents.get(agent_id)
        return agent.call_id if agent else ""

    def offer_to(self, agent_id: str) -> OfferMade | None:
        call = self._calls.get(self.call_of(agent_id))
        return call.offer if call and call.offer and call.offer.agent_id == agent_id else None

    def rings_at(self, call_id: str) -> str:
        """The agent this call is offered to; empty: nobody now."""
        call = self._calls.get(call_id)
        return call.offer.agent_id if call and call.offer else ""

    def is_reachable(self, call_id: str) -> bool:
        """Whether the terminal of this call is connected."""
        call = self._calls.get(call_id)
        return call is not None and call.reachable

    def agents_on_duty(self) -> int:
        return self._people.on_duty

    def waiting(self) -> list[str]:
        """Calls without an agent, first to be served first; ringing ones are among them."""
        untaken = [call for call in self._calls.values() if not call.agent_id]
        return [call.call_id for call in sorted(untaken, key=lambda call: call.place(self._now_s, self._limits))]

    def promise_s(self, call_id: str, position: int) -> tuple[int, int]:
        """From and to, seconds: the wait of this call, at this position of the queue, counted from 1.

        The first that is told of a call is held against the truth, and moves what the next ones are told.
        """
        free = len(self._people.free) + len(self._ringing)
        expected = outlook(position, free, self._people.on_duty, self._service)
        call = self._calls[call_id]
        if call.expected is None and not call.agent_id:
            call.expected = Promise(expected, self._now_s)
        return range_s(expected, self._calibration)

    # --- calls ---------------------------------------------------------------------------------------------------

    def add_call(
        self,
        call_id: str,
        queued_at_s: float,
        now_s: float,
        *,
        reachable: bool = True,
        band: Band = Band.GENERAL,
        due_at_s: float | None = None,
        wishes: Wishes = NOTHING_ASKED,
        preferred_id: str = "",
    ) -> None:
        """`preferred_id`: the agent the customer belongs to; empty: none."""
        assert call_id not in self._calls, "the shell checks for repeats"
        self._queue(
            RoutedCall(
                call_id,
                self._next_number(),
                queued_at_s,
                now_s,
                reachable,
                band,
                wishes,
                preferred_id,
                booked_at_s=due_at_s,
                due_at_s=due_at_s,
            )
        )
        self._expire(now_s)
        self._match(now_s)

    def rank_call(self, call_id: str, band: Band, now_s: float) -> None:
        """More is known of one who waits: he goes into this band, and keeps his time (clause 5.3.2b)."""
        self._expire(now_s)
        if (call := self._calls.get(call_id)) and not call.agent_id:
            call.band = band
            self._matching.note_call(call)
        self._match(now_s)

    def bar(self, call_id: str, agent_id: str) -> None:
        """This agent is never offered this call: they know each other (clause 9.7.6)."""
        self._calls[call_id].rests_until_s[agent_id] = math.inf

    def set_reachable(self, call_id: str, reachable: bool, now_s: float) -> None:
        """The call's terminal has come or gone. A call nobody could talk in is not offered, and keeps its place."""
        self._expire(now_s)
        call = self._calls[call_id]
        call.reachable = reachable
        if call.offer and not reachable:
            self._close_offer(call, OfferOutcome.CUSTOMER_LEFT, AgentState.READY)
        self._matching.note_call(call)
        self._match(now_s)

    def remove_call(self, call_id: str, now_s: float) -> None:
        """The customer left the queue."""
        self._expire(now_s)
        if (call := self._calls.get(call_id)) and not call.agent_id:
            if call.offer:
                self._close_offer(call, OfferOutcome.CUSTOMER_LEFT, AgentState.READY)
            self._forget(call_id)
        self._match(now_s)

    def end_call(self, call_id: str, now_s: float) -> None:
        """The talk is over: the agent wraps up."""
        self._expire(now_s)
        self._change(self._people.agents[self._calls[call_id].agent_id], AgentState.WRAP_UP)
        self._match(now_s)

    def resume_call(self, call_id: str, now_s: float) -> None:
        """The customer answered the agent who rang him back: the talk goes on."""
        self._expire(now_s)
        self._change(self._people.agents[self._calls[call_id].agent_id], AgentState.ON_CALL)
        self._match(now_s)

    def return_call(self, call_id: str, queued_at_s: float, band: Band, now_s: float, *, reachable: bool) -> None:
        """Taken before its turn: it waits again, in this band, by its original or booked time; its agent is free."""
        self._expire(now_s)
        taken = self._forget(call_id)
        self._free(self._people.agents[taken.agent_id], now_s)
        booked_at_s, rests = taken.booked_at_s, taken.rests_until_s
        call = RoutedCall(call_id, self._next_number(), queued_at_s, now_s, reachable, band, taken.wishes)
        call.booked_at_s = call.due_at_s = booked_at_s
        call.rests_until_s = {who: until_s for who, until_s in rests.items() if until_s == math.inf}
        self._queue(call)
        self._expire(now_s)
        self._match(now_s)

    def close_wrap_up(self, call_id: str, now_s: float) -> None:
        """The form is filled: the agent is free, unless his page is gone."""
        self._expire(now_s)
        call = self._forget(call_id)
        if call.taken_at_s:
            self._service = self._service.after(now_s - call.taken_at_s)
        self._free(self._people.agents[call.agent_id], now_s)
        self._match(now_s)

    def _free(self, agent: RoutedAgent, now_s: float) -> None:
        agent.call_id = ""
        agent.free_since_s = now_s
        self._change(agent, AgentState.NOT_READY if agent.lost else AgentState.READY)

    # --- agents --------------------------------------------------------------------------------------------------

    def set_ready(self, agent_id: str, ready: bool, now_s: float) -> None:
        """Raises RefusedError."""
        self.tick(now_s)
        agent = self._people.agents[agent_id]
        if agent.call_id or agent.state is AgentState.IN_ROOM:
            raise RefusedError("wrong_state")
        if ready and agent.state != AgentState.READY:
            agent.free_since_s = now_s
        self._change(agent, AgentState.READY if ready else AgentState.NOT_READY)
        self._match(now_s)

    def accept(self, agent_id: str, call_id: str, token: str, now_s: float) -> None:
        """Raises RefusedError: the lease is over, or was never this agent's."""
        self.tick(now_s)
        call = self._offered(agent_id, call_id, token)
        call.agent_id, call.taken_at_s = agent_id, now_s
        if (promised := call.expected) is not None and promised.outlook is not None:
            self._calibration = self._calibration.after(promised.outlook.z_of(now_s - promised.at_s))
        self._close_offer(call, OfferOutcome.ACCEPTED, AgentState.ON_CALL)
        self._people.agents[agent_id].call_id = call_id
        self._match(now_s)

    def decline(self, agent_id: str, call_id: str, token: str, now_s: float) -> None:
        """The call goes to the next agent; this one stays ready for others. Raises RefusedError."""
        self.tick(now_s)
        call = self._offered(agent_id, call_id, token)
        call.rests_until_s[agent_id] = max(call.rests_until_s.get(agent_id, 0.0), now_s + self._limits.decline_rest_s)
        self._people.agents[agent_id].free_since_s = now_s
        self._close_offer(call, OfferOutcome.DECLINED, AgentState.READY)
        self._match(now_s)

    def join_room(self, agent_id: str, now_s: float) -> None:
        """He takes part in another agent's call, and gets none of his own. Raises RefusedError: he is busy."""
        self.tick(now_s)
        agent = self._people.agents[agent_id]
        if agent.call_id or agent.state is AgentState.IN_ROOM:
            raise RefusedError("wrong_state")
        agent.returns_to = agent.state
        self._change(agent, AgentState.IN_ROOM)

    def leave_room(self, agent_id: str, now_s: float) -> None:
        """He does what he did before."""
        self._expire(now_s)
        agent = self._people.agents[agent_id]
        if agent.state is AgentState.IN_ROOM:
            agent.free_since_s = now_s
            self._change(agent, AgentState.NOT_READY if agent.lost else agent.returns_to)
        self._match(now_s)

    def transfer_call(self, call_id: str, agent_id: str, now_s: float) -> None:
        """Warm: who is in its room takes the call over; who had it is free at once, for there is nothing to wrap up."""
        self._expire(now_s)
        call, taker = self._calls[call_id], self._people.agents[agent_id]
        former, call.agent_id, taker.call_id = self._people.agents[call.agent_id], agent_id, call_id
        self._change(taker, AgentState.ON_CALL)
        self._free(former, now_s)
        self._match(now_s)

    def page_opened(self, agent_id: str, now_s: float, skills: Skills = EVERYTHING) -> None:
        self._expire(now_s)
        agent = self._people.agents.setdefault(agent_id, RoutedAgent(agent_id))
        agent.present, agent.lost, agent.skills = True, False, skills
        self._matching.note_agent(agent)
        self._match(now_s)

    def page_closed(self, agent_id: str, now_s: float) -> None:
        """Perhaps a reload: nothing new is offered, nothing is taken away."""
        self._expire(now_s)
        agent = self._people.agents[agent_id]
        agent.present = False
        self._matching.note_agent(agent)
        self._match(now_s)

    def page_lost(self, agent_id: str, now_s: float) -> None:
        """The page did not come back, or is silent: no longer on duty."""
        self._expire(now_s)
        agent = self._people.agents[agent_id]
        agent.present, agent.lost = False, True
        self._matching.note_agent(agent)
        call = self._calls.get(agent.call_id)
        if call and call.offer:
            self._close_offer(call, OfferOutcome.AGENT_LOST, AgentState.NOT_READY)
        elif not call:
            self._change(agent, AgentState.NOT_READY)
        self._match(now_s)

    # --- after a restart -----------------------------------------------------------------------------------------

    def restore_agent(
        self, agent_id: str, state: AgentState, now_s: float, call_id: str = "", skills: Skills = EVERYTHING
    ) -> None:
        """An agent as the storage knew him; his page is expected back."""
        agent = RoutedAgent(agent_id, state, now_s, call_id=call_id, skills=skills)
        self._people.agents[agent_id] = agent
        self._matching.note_agent(agent)
        if call_id:
            call = RoutedCall(call_id, self._next_number(), now_s, now_s, reachable=False, agent_id=agent_id)
            self._calls[call_id] = call

    # --- time ----------------------------------------------------------------------------------------------------

    def tick(self, now_s: float) -> None:
        self._expire(now_s)
        self._match(now_s)

    def _expire(self, now_s: float) -> None:
        self._now_s = now_s
        for call in [each for each in self._ringing.values() if each.offer and each.offer.expires_at_s <= now_s]:
            self._close_offer(call, OfferOutcome.TIMEOUT, AgentState.NOT_READY)
        for call in self._matching.woken(now_s):
            if call.due_at_s is not None and call.due_at_s <= now_s:
                booked = min((call.band, call.queued_at_s), (Band.BOOKED, call.due_at_s))
                (call.band, call.queued_at_s), call.due_at_s = booked, None
            self._matching.note_call(call)

    def _match(self, now_s: float) -> None:
        self._matching.match(lambda call, agent: self._offer(call, agent, now_s), now_s)
        self._watch_desertion(now_s)

    def _watch_desertion(self, now_s: float) -> None:
        if self._people.on_duty or not (waiting := self.waiting()):
            self._deserted_since_s = None
            return
        if self._deserted_since_s is None:
            self._deserted_since_s = now_s
        if now_s >= self._deserted_since_s + self._limits.deserted_s:
            for call_id in waiting:
                self._forget(call_id)
                self._decisions.append(CallDeserted(call_id))
            self._deserted_since_s = None

    def _offer(self, call: RoutedCall, agent: RoutedAgent, now_s: float) -> None:
        call.offer = OfferMade(call.call_id, agent.agent_id, self._make_token(), now_s + self._limits.ring_s)
        self._ringing[call.call_id] = call
        self._matching.note_call(call)
        agent.call_id = call.call_id
        self._change(agent, AgentState.RINGING)
        self._decisions.append(call.offer)

    def _offered(self, agent_id: str, call_id: str, token: str) -> RoutedCall:
        call = self._calls.get(call_id)
        if call is None:
            raise RefusedError("unknown_call")
        if not call.offer or (call.offer.agent_id, call.offer.token) != (agent_id, token):
            raise RefusedError("too_late")
        return call

    def _close_offer(self, call: RoutedCall, outcome: OfferOutcome, then: AgentState) -> None:
        offer = call.offer
        assert offer is not None, "only an offered call has an offer to close"
        call.offer = None
        del self._ringing[call.call_id]
        self._matching.note_call(call)
        agent = self._people.agents[offer.agent_id]
        agent.call_id = ""
        self._decisions.append(OfferClosed(call.call_id, agent.agent_id, offer.token, outcome))
        self._change(agent, then)

    def _change(self, agent: RoutedAgent, state: AgentState) -> None:
        if agent.state != state:
            agent.state = state
            self._decisions.append(StateChanged(agent.agent_id, state))
            self._matching.note_agent(agent)

    def _queue(self, call: RoutedCall) -> None:
        self._calls[call.call_id] = call
        self._matching.note_call(call)

    def _forget(self, call_id: str) -> RoutedCall:
        call = self._calls.pop(call_id)
        self._matching.forget(call)
        return call

    def _next_number(self) -> int:
        self._arrivals += 1
        return self._arrivals
