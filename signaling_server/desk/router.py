"""Who waits, and who is offered to whom. Pure: no I/O, no clock, tokens are made by the caller.

An offer is a lease with a token: accepting is compare-and-set on both. The lowest band goes first, in it the oldest
call, to the agent who has been free longest; a call that comes back from an agent keeps its place. A call is always in
exactly one of waiting, offered, taken; an agent holds at most one call.
"""

from __future__ import annotations

import enum
import math
from collections.abc import Callable
from dataclasses import dataclass, field

from signaling_server.contract.messages import AgentState
from signaling_server.desk.limits import DeskLimits
from signaling_server.desk.turns import Band

SERVICE_MIN_S, SERVICE_MAX_S = 180, 600  # usual length of a call, for the forecast only
FORECAST_FLOOR_S = 30  # a free agent still needs time to answer


class OfferOutcome(enum.StrEnum):
    ACCEPTED = "accepted"
    TIMEOUT = "timeout"
    DECLINED = "declined"
    CUSTOMER_LEFT = "customer_left"
    AGENT_LOST = "agent_lost"


class RefusedError(Exception):
    """The command does not fit; `reason` is a word of `CommandRefused`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class OfferMade:
    call_id: str
    agent_id: str
    token: str
    expires_at_s: float


@dataclass(frozen=True, slots=True)
class OfferClosed:
    call_id: str
    agent_id: str
    token: str
    outcome: OfferOutcome


@dataclass(frozen=True, slots=True)
class StateChanged:
    agent_id: str
    state: AgentState


@dataclass(frozen=True, slots=True)
class CallDeserted:
    """Nobody has been on duty for too long: the call left the queue."""

    call_id: str


Decision = OfferMade | OfferClosed | StateChanged | CallDeserted


@dataclass(slots=True)
class _Agent:
    agent_id: str
    state: AgentState = AgentState.NOT_READY
    free_since_s: float = 0.0
    present: bool = False  # a page is open: may be offered to
    lost: bool = False  # the page has been away too long: not on duty
    returns_to: AgentState = AgentState.NOT_READY  # from a room of another agent's call
    call_id: str = ""


@dataclass(slots=True)
class _Call:
    call_id: str
    queued_at_s: float
    reachable: bool
    band: Band = Band.GENERAL
    booked_at_s: float | None = None  # at that time it passes before those without a booking
    due_at_s: float | None = None  # the same, until it has come
    offer: OfferMade | None = None
    agent_id: str = ""  # who took it
    rests_until_s: dict[str, float] = field(default_factory=dict)  # agents who declined it


class Router:
    """The one who decides. Ask it something, then `take_decisions` and carry them out in order."""

    def __init__(self, limits: DeskLimits, make_token: Callable[[], str]) -> None:
        self._limits = limits
        self._make_token = make_token
        self._agents: dict[str, _Agent] = {}
        self._calls: dict[str, _Call] = {}
        self._decisions: list[Decision] = []
        self._deserted_since_s: float | None = None

    # --- what can be asked ---------------------------------------------------------------------------------------

    def take_decisions(self) -> list[Decision]:
        taken, self._decisions = self._decisions, []
        return taken

    def wakes_at_s(self) -> float:
        """When `tick` has something to do, in the seconds it is told."""
        moments = [call.offer.expires_at_s for call in self._calls.values() if call.offer]
        for call in self._waiting():
            moments += call.rests_until_s.values()
        moments += [call.due_at_s for call in self._waiting() if call.due_at_s is not None]
        if self._deserted_since_s is not None:
            moments.append(self._deserted_since_s + self._limits.deserted_s)
        return min(moments, default=math.inf)

    def state(self, agent_id: str) -> AgentState:
        agent = self._agents.get(agent_id)
        return agent.state if agent else AgentState.NOT_READY

    def call_of(self, agent_id: str) -> str:
        """The call this agent rings for, talks in or wraps up; empty without one."""
        agent = self._agents.get(agent_id)
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
        return sum(agent.state != AgentState.NOT_READY and not agent.lost for agent in self._agents.values())

    def waiting(self) -> list[str]:
        """Calls without an agent, first to be served first; ringing ones are among them."""
        untaken = [call for call in self._calls.values() if not call.agent_id]
        return [call.call_id for call in sorted(untaken, key=_place)]

    def forecast_s(self, position: int) -> tuple[int, int]:
        """A simple range of the wait for the call at this position of the queue, counted from 1."""
        free = sum(agent.state in (AgentState.READY, AgentState.RINGING) for agent in self._agents.values())
        if position <= free:
            return 0, FORECAST_FLOOR_S
        rounds = math.ceil((position - free) / max(1, self.agents_on_duty()))
        return (rounds - 1) * SERVICE_MIN_S + FORECAST_FLOOR_S, rounds * SERVICE_MAX_S

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
    ) -> None:
        assert call_id not in self._calls, "the shell checks for repeats"
        self._calls[call_id] = _Call(call_id, queued_at_s, reachable, band, due_at_s, due_at_s)
        self._expire(now_s)
        self._match(now_s)

    def set_reachable(self, call_id: str, reachable: bool, now_s: float) -> None:
        """The call's terminal has come or gone. A call nobody could talk in is not offered, and keeps its place."""
        self._expire(now_s)
        call = self._calls[call_id]
        call.reachable = reachable
        if call.offer and not reachable:
            self._close_offer(call, OfferOutcome.CUSTOMER_LEFT, AgentState.READY)
        self._match(now_s)

    def remove_call(self, call_id: str, now_s: float) -> None:
        """The customer left the queue."""
        self._expire(now_s)
        if (call := self._calls.get(call_id)) and not call.agent_id:
            if call.offer:
                self._close_offer(call, OfferOutcome.CUSTOMER_LEFT, AgentState.READY)
            del self._calls[call_id]
        self._match(now_s)

    def end_call(self, call_id: str, now_s: float) -> None:
        """The talk is over: the agent wraps up."""
        self._expire(now_s)
        self._change(self._agents[self._calls[call_id].agent_id], AgentState.WRAP_UP)
        self._match(now_s)

    def resume_call(self, call_id: str, now_s: float) -> None:
        """The customer answered the agent who rang him back: the talk goes on."""
        self._expire(now_s)
        self._change(self._agents[self._calls[call_id].agent_id], AgentState.ON_CALL)
        self._match(now_s)

    def return_call(self, call_id: str, queued_at_s: float, band: Band, now_s: float, *, reachable: bool) -> None:
        """Taken before its turn: it waits again, in this band, by its original or booked time; its agent is free."""
        self._expire(now_s)
        taken = self._calls.pop(call_id)
        self._free(self._agents[taken.agent_id], now_s)
        self._calls[call_id] = _Call(call_id, queued_at_s, reachable, band, taken.booked_at_s, taken.booked_at_s)
        self._expire(now_s)
        self._match(now_s)

    def close_wrap_up(self, call_id: str, now_s: float) -> None:
        """The form is filled: the agent is free, unless his page is gone."""
        self._expire(now_s)
        self._free(self._agents[self._calls.pop(call_id).agent_id], now_s)
        self._match(now_s)

    def _free(self, agent: _Agent, now_s: float) -> None:
        agent.call_id = ""
        agent.free_since_s = now_s
        self._change(agent, AgentState.NOT_READY if agent.lost else AgentState.READY)

    # --- agents --------------------------------------------------------------------------------------------------

    def set_ready(self, agent_id: str, ready: bool, now_s: float) -> None:
        """Raises RefusedError."""
        self.tick(now_s)
        agent = self._agents[agent_id]
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
        call.agent_id = agent_id
        self._close_offer(call, OfferOutcome.ACCEPTED, AgentState.ON_CALL)
        self._agents[agent_id].call_id = call_id
        self._match(now_s)

    def decline(self, agent_id: str, call_id: str, token: str, now_s: float) -> None:
        """The call goes to the next agent; this one stays ready for others. Raises RefusedError."""
        self.tick(now_s)
        call = self._offered(agent_id, call_id, token)
        call.rests_until_s[agent_id] = now_s + self._limits.decline_rest_s
        self._agents[agent_id].free_since_s = now_s
        self._close_offer(call, OfferOutcome.DECLINED, AgentState.READY)
        self._match(now_s)

    def join_room(self, agent_id: str, now_s: float) -> None:
        """He takes part in another agent's call, and gets none of his own. Raises RefusedError: he is busy."""
        self.tick(now_s)
        agent = self._agents[agent_id]
        if agent.call_id or agent.state is AgentState.IN_ROOM:
            raise RefusedError("wrong_state")
        agent.returns_to = agent.state
        self._change(agent, AgentState.IN_ROOM)

    def leave_room(self, agent_id: str, now_s: float) -> None:
        """He does what he did before."""
        self._expire(now_s)
        agent = self._agents[agent_id]
        if agent.state is AgentState.IN_ROOM:
            agent.free_since_s = now_s
            self._change(agent, AgentState.NOT_READY if agent.lost else agent.returns_to)
        self._match(now_s)

    def transfer_call(self, call_id: str, agent_id: str, now_s: float) -> None:
        """Warm: who is in its room takes the call over; who had it is free at once, for there is nothing to wrap up."""
        self._expire(now_s)
        call, taker = self._calls[call_id], self._agents[agent_id]
        former, call.agent_id, taker.call_id = self._agents[call.agent_id], agent_id, call_id
        self._change(taker, AgentState.ON_CALL)
        self._free(former, now_s)
        self._match(now_s)

    def page_opened(self, agent_id: str, now_s: float) -> None:
        self._expire(now_s)
        agent = self._agents.setdefault(agent_id, _Agent(agent_id))
        agent.present, agent.lost = True, False
        self._match(now_s)

    def page_closed(self, agent_id: str, now_s: float) -> None:
        """Perhaps a reload: nothing new is offered, nothing is taken away."""
        self._expire(now_s)
        self._agents[agent_id].present = False
        self._match(now_s)

    def page_lost(self, agent_id: str, now_s: float) -> None:
        """The page did not come back, or is silent: no longer on duty."""
        self._expire(now_s)
        agent = self._agents[agent_id]
        agent.present, agent.lost = False, True
        call = self._calls.get(agent.call_id)
        if call and call.offer:
            self._close_offer(call, OfferOutcome.AGENT_LOST, AgentState.NOT_READY)
        elif not call:
            self._change(agent, AgentState.NOT_READY)
        self._match(now_s)

    # --- after a restart -----------------------------------------------------------------------------------------

    def restore_agent(self, agent_id: str, state: AgentState, now_s: float, call_id: str = "") -> None:
        """An agent as the storage knew him; his page is expected back."""
        self._agents[agent_id] = _Agent(agent_id, state, now_s, call_id=call_id)
        if call_id:
            self._calls[call_id] = _Call(call_id, now_s, reachable=False, agent_id=agent_id)

    # --- time ----------------------------------------------------------------------------------------------------

    def tick(self, now_s: float) -> None:
        self._expire(now_s)
        self._match(now_s)

    def _expire(self, now_s: float) -> None:
        for call in self._calls.values():
            if call.offer and call.offer.expires_at_s <= now_s:
                self._close_offer(call, OfferOutcome.TIMEOUT, AgentState.NOT_READY)
            if call.due_at_s is not None and call.due_at_s <= now_s:
                booked = min((call.band, call.queued_at_s), (Band.BOOKED, call.due_at_s))
                (call.band, call.queued_at_s), call.due_at_s = booked, None
            call.rests_until_s = {who: until_s for who, until_s in call.rests_until_s.items() if until_s > now_s}

    def _match(self, now_s: float) -> None:
        for call in self._waiting():
            willing = [agent for agent in self._free_agents() if agent.agent_id not in call.rests_until_s]
            if willing:
                self._offer(call, willing[0], now_s)
        self._watch_desertion(now_s)

    def _watch_desertion(self, now_s: float) -> None:
        waiting = self.waiting()
        if self.agents_on_duty() or not waiting:
            self._deserted_since_s = None
            return
        if self._deserted_since_s is None:
            self._deserted_since_s = now_s
        if now_s >= self._deserted_since_s + self._limits.deserted_s:
            for call_id in waiting:
                del self._calls[call_id]
                self._decisions.append(CallDeserted(call_id))
            self._deserted_since_s = None

    def _waiting(self) -> list[_Call]:
        calls = [call for call in self._calls.values() if call.reachable and not call.offer and not call.agent_id]
        return sorted(calls, key=_place)

    def _free_agents(self) -> list[_Agent]:
        free = [agent for agent in self._agents.values() if agent.present and agent.state == AgentState.READY]
        return sorted(free, key=lambda agent: agent.free_since_s)

    def _offer(self, call: _Call, agent: _Agent, now_s: float) -> None:
        call.offer = OfferMade(call.call_id, agent.agent_id, self._make_token(), now_s + self._limits.ring_s)
        agent.call_id = call.call_id
        self._change(agent, AgentState.RINGING)
        self._decisions.append(call.offer)

    def _offered(self, agent_id: str, call_id: str, token: str) -> _Call:
        call = self._calls.get(call_id)
        if call is None:
            raise RefusedError("unknown_call")
        if not call.offer or (call.offer.agent_id, call.offer.token) != (agent_id, token):
            raise RefusedError("too_late")
        return call

    def _close_offer(self, call: _Call, outcome: OfferOutcome, then: AgentState) -> None:
        offer = call.offer
        assert offer is not None, "only an offered call has an offer to close"
        call.offer = None
        agent = self._agents[offer.agent_id]
        agent.call_id = ""
        self._decisions.append(OfferClosed(call.call_id, agent.agent_id, offer.token, outcome))
        self._change(agent, then)

    def _change(self, agent: _Agent, state: AgentState) -> None:
        if agent.state != state:
            agent.state = state
            self._decisions.append(StateChanged(agent.agent_id, state))


def _place(call: _Call) -> tuple[Band, float]:
    return call.band, call.queued_at_s  # of two at one moment the sort keeps the order of arrival
