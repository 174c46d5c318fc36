"""Ringing a terminal whose talk broke off: at least 20 s, then the customer counts as not reached (clause 9.4.2)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from signaling_server.clock import milliseconds
from signaling_server.contract.messages import CallEndReason, CallStarted
from signaling_server.contract.ring_back import AnswerRing, CallRinging, RingAnswer, RingState, RingStopped, RingTold
from signaling_server.desk.call import Call, CallStage
from signaling_server.desk.floor import Floor
from signaling_server.desk.routing.decisions import RefusedError

DEADLINE = "ring"
ENDED_ON_PURPOSE = (CallEndReason.CUSTOMER_LEFT, CallEndReason.MISCONDUCT)  # such a talk did not break off


@dataclass(frozen=True, slots=True)
class _Ring:
    terminal_id: str
    agent_id: str
    began_s: float


class RingRoom:
    """Rings of now; after our restart there are none, and the terminals' own end by themselves."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        self._rings: dict[str, _Ring] = {}
        self._begun: Counter[str] = Counter()  # rings of each call in its wrap-up
        self._ended: dict[str, RingTold] = {}  # what came of each agent's last ring

    def begin(self, agent_id: str, call_id: str, now_s: float) -> None:
        """Raises RefusedError: unknown_call, wrong_state, not_broken_off, terminal_away, rung_enough."""
        call = self._floor.calls.check_mine(agent_id, call_id, CallStage.WRAP_UP)
        if call_id in self._rings:
            raise RefusedError("wrong_state")
        if call.end_reason in ENDED_ON_PURPOSE:
            raise RefusedError("not_broken_off")
        if call.terminal_id not in self._floor.terminals or self._floor.calls.of_terminal(call.terminal_id):
            raise RefusedError("terminal_away")
        limits = self._floor.limits
        if self._begun[call_id] >= limits.rings_out_max:
            raise RefusedError("rung_enough")
        self._begun = Counter({each: n for each, n in self._begun.items() if self._floor.calls.live(each)})
        self._begun[call_id] += 1
        self._rings[call_id] = _Ring(call.terminal_id, agent_id, now_s)
        self._floor.deadlines.set(DEADLINE, call_id, now_s + limits.ring_out_s_max)
        self._floor.terminals.send(call.terminal_id, CallRinging(call_id, milliseconds(limits.ring_out_s_max)))
        least_ms = milliseconds(limits.ring_out_s_min)
        self._floor.pages.send(agent_id, RingTold(call_id, RingState.RINGING, least_ms))

    def check_mine(self, agent_id: str, call_id: str) -> None:
        """Raises RefusedError: this agent rings nobody in this call."""
        ring = self._rings.get(call_id)
        if ring is None or ring.agent_id != agent_id:
            raise RefusedError("unknown_call")

    def check_over(self, call_id: str, now_s: float) -> None:
        """Raises RefusedError: it rings, and not long enough yet."""
        ring = self._rings.get(call_id)
        if ring is not None and now_s - ring.began_s < self._floor.limits.ring_out_s_min:
            raise RefusedError("too_early")

    def close(self, call_id: str, now_s: float) -> None:
        """Stops what rings. Raises RefusedError: not long enough yet."""
        self.check_over(call_id, now_s)
        self.stop(call_id)

    def stop(self, call_id: str, state: RingState = RingState.STOPPED) -> None:
        """Nothing rings any more."""
        if (ring := self._rings.pop(call_id, None)) is not None:
            self._floor.deadlines.cancel(DEADLINE, call_id)
            self._floor.terminals.send(ring.terminal_id, RingStopped(call_id))
            self._ended[ring.agent_id] = RingTold(call_id, state)
            self._floor.pages.send(ring.agent_id, self._ended[ring.agent_id])

    def tell_again(self, agent_id: str, now_s: float) -> None:
        """To a page that was loaded anew: how it stands with his ring, or what came of it meanwhile."""
        for call_id, ring in self._rings.items():
            if ring.agent_id == agent_id:
                left_s = max(0.0, ring.began_s + self._floor.limits.ring_out_s_min - now_s)
                self._floor.pages.send(agent_id, RingTold(call_id, RingState.RINGING, milliseconds(left_s)))
                return
        ended = self._ended.get(agent_id)
        call = self._floor.calls.live(ended.call_id) if ended is not None else None
        if ended is not None and call is not None and call.stage == CallStage.WRAP_UP:
            self._floor.pages.send(agent_id, ended)

    async def answered(self, terminal_id: str, told: AnswerRing, now_s: float) -> None:
        """A yes that comes too late, or to a page that is gone, rings no more at the terminal either."""
        ring = self._rings.get(told.call_id)
        if ring is None or ring.terminal_id != terminal_id:
            self._floor.terminals.send(terminal_id, RingStopped(told.call_id))
        elif told.answer is RingAnswer.ACCEPTED and ring.agent_id not in self._floor.pages:
            self.stop(told.call_id, RingState.MISSED)
        elif told.answer is RingAnswer.ACCEPTED:
            del self._rings[told.call_id]
            self._floor.deadlines.cancel(DEADLINE, told.call_id)
            await self._go_on(await self._floor.calls.rebuild(told.call_id), now_s)
        else:
            self.stop(told.call_id, RingState.GONE if told.answer is RingAnswer.GONE else RingState.DECLINED)

    async def _go_on(self, call: Call, now_s: float) -> None:
        """The same call, the same case, a new picture."""
        self._floor.deadlines.cancel("wrap_up", call.call_id)
        self._floor.router.resume_call(call.call_id, now_s)
        agent = self._floor.agents[call.agent_id]
        self._floor.terminals.send(call.terminal_id, self._floor.calls.accepted(call, agent))
        self._floor.pages.send(call.agent_id, CallStarted(self._floor.calls.active(call)))
