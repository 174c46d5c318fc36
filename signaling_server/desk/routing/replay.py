"""A day of the desk once more, through the same router: what if there had been more agents, or other rules? Pure.

A call comes when it came, is answered as fast, lasts as long and is wrapped up as long as it was; who left before an
agent took him leaves after the same time, unless he is taken sooner. Everything between is the router's decision.
"""

from __future__ import annotations

import heapq
import itertools
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from signaling_server.desk.limits import DeskLimits
from signaling_server.desk.router import Router
from signaling_server.desk.routing.decisions import CallDeserted, OfferMade
from signaling_server.desk.routing.rings import NOTHING_ASKED, Wishes
from signaling_server.desk.turns import Band

HURRY_S = 0.1  # where the ring is made shorter than an answer took, the agent just makes it


@dataclass(frozen=True, slots=True)
class PastCall:
    call_id: str
    asked_at_s: float
    answer_s: float  # from ring to accept
    talk_s: float
    wrap_up_s: float
    band: Band = Band.GENERAL
    wishes: Wishes = NOTHING_ASKED
    leaves_after_s: float = math.inf


@dataclass(frozen=True, slots=True)
class Shift:
    """An agent is there and «Готов». Shifts of one agent lie apart."""

    agent_id: str
    from_s: float
    until_s: float  # a call that he has then is finished


@dataclass(frozen=True, slots=True)
class ReplayedCall:
    call_id: str
    asked_at_s: float
    waited_s: float  # until he was taken, or gave up, or was told that nobody is on duty
    agent_id: str  # empty: nobody took him


def replay(calls: Iterable[PastCall], shifts: Iterable[Shift], limits: DeskLimits) -> list[ReplayedCall]:
    """In the order in which their waits ended."""
    return _Day(limits).run(calls, shifts)


class _Day:
    def __init__(self, limits: DeskLimits) -> None:
        tokens = itertools.count(1)
        self._router = Router(limits, lambda: str(next(tokens)))
        self._limits = limits
        self._due: list[tuple[float, int, Callable[[float], None]]] = []
        self._numbers = itertools.count()
        self._waiting: dict[str, PastCall] = {}
        self._busy: set[str] = set()  # agents who ring, talk or wrap up
        self._leaving: set[str] = set()  # agents whose shift ended meanwhile
        self._replayed: list[ReplayedCall] = []

    def run(self, calls: Iterable[PastCall], shifts: Iterable[Shift]) -> list[ReplayedCall]:
        for shift in shifts:
            self._at(shift.from_s, partial(self._begin_shift, shift.agent_id))
            self._at(shift.until_s, partial(self._end_shift, shift.agent_id))
        for call in calls:
            self._at(call.asked_at_s, partial(self._ask, call))
        while (now_s := min(self._due[0][0] if self._due else math.inf, self._router.wakes_at_s())) < math.inf:
            if self._due and self._due[0][0] <= now_s:
                heapq.heappop(self._due)[2](now_s)
            else:
                self._router.tick(now_s)
            self._carry_out(now_s)
        return self._replayed

    def _at(self, at_s: float, act: Callable[[float], None]) -> None:
        heapq.heappush(self._due, (at_s, next(self._numbers), act))

    def _carry_out(self, now_s: float) -> None:
        for decision in self._router.take_decisions():
            if isinstance(decision, OfferMade):
                self._busy.add(decision.agent_id)
                answer_s = min(self._waiting[decision.call_id].answer_s, self._limits.ring_s - HURRY_S)
                self._at(now_s + answer_s, partial(self._accept, decision))
            elif isinstance(decision, CallDeserted):
                self._end_wait(decision.call_id, "", now_s)

    # --- customers ---------------------------------------------------------------------------------------------------

    def _ask(self, call: PastCall, now_s: float) -> None:
        self._waiting[call.call_id] = call
        self._router.add_call(call.call_id, now_s, now_s, band=call.band, wishes=call.wishes)
        if call.leaves_after_s < math.inf:
            self._at(now_s + call.leaves_after_s, partial(self._leave, call.call_id))

    def _leave(self, call_id: str, now_s: float) -> None:
        if call_id in self._waiting:
            agent_id = self._router.rings_at(call_id)
            self._busy.discard(agent_id)
            self._router.remove_call(call_id, now_s)
            self._end_wait(call_id, "", now_s)
            self._go_if_free(agent_id, now_s)

    def _end_wait(self, call_id: str, agent_id: str, now_s: float) -> None:
        asked_at_s = self._waiting.pop(call_id).asked_at_s
        self._replayed.append(ReplayedCall(call_id, asked_at_s, now_s - asked_at_s, agent_id))

    # --- agents ------------------------------------------------------------------------------------------------------

    def _begin_shift(self, agent_id: str, now_s: float) -> None:
        self._leaving.discard(agent_id)
        self._router.page_opened(agent_id, now_s)
        if agent_id not in self._busy:
            self._router.set_ready(agent_id, True, now_s)

    def _end_shift(self, agent_id: str, now_s: float) -> None:
        self._leaving.add(agent_id)
        self._router.page_closed(agent_id, now_s)  # nothing new is offered
        self._go_if_free(agent_id, now_s)

    def _go_if_free(self, agent_id: str, now_s: float) -> None:
        if agent_id in self._leaving and agent_id not in self._busy:
            self._leaving.discard(agent_id)
            self._router.set_ready(agent_id, False, now_s)

    def _accept(self, offer: OfferMade, now_s: float) -> None:
        if self._router.offer_to(offer.agent_id) == offer:  # else its customer has left
            call = self._waiting[offer.call_id]
            self._router.accept(offer.agent_id, offer.call_id, offer.token, now_s)
            self._end_wait(offer.call_id, offer.agent_id, now_s)
            self._at(now_s + call.talk_s, partial(self._end_talk, call, offer.agent_id))

    def _end_talk(self, call: PastCall, agent_id: str, now_s: float) -> None:
        self._router.end_call(call.call_id, now_s)
        self._at(now_s + call.wrap_up_s, partial(self._close_wrap_up, call.call_id, agent_id))

    def _close_wrap_up(self, call_id: str, agent_id: str, now_s: float) -> None:
        self._busy.discard(agent_id)
        self._router.close_wrap_up(call_id, now_s)
        self._go_if_free(agent_id, now_s)
