"""Customers and agents by seeded chance through the real router: who waited how long, and what he was told before."""

from __future__ import annotations

import heapq
import itertools
import math
import random
from collections.abc import Callable
from dataclasses import dataclass, field

from signaling_server.desk.limits import DeskLimits
from signaling_server.desk.router import Router
from signaling_server.desk.routing.decisions import OfferMade
from signaling_server.desk.turns import Band

Draw = Callable[[random.Random], float]


@dataclass(slots=True)
class Told:
    """One who had to wait: the range he was told when he came, and the truth. Seconds."""

    low_s: int
    high_s: int
    waited_s: float = math.nan

    @property
    def held(self) -> bool:
        return self.low_s <= self.waited_s <= self.high_s


@dataclass(slots=True)
class Outcome:
    arrived: int = 0
    waited_s: list[float] = field(default_factory=list)  # of everybody served
    told: list[Told] = field(default_factory=list)

    @property
    def mean_wait_s(self) -> float:
        return sum(self.waited_s) / len(self.waited_s)

    @property
    def share_waiting(self) -> float:
        return sum(waited_s > 0 for waited_s in self.waited_s) / len(self.waited_s)

    @property
    def share_held(self) -> float:
        return sum(each.held for each in self.told) / len(self.told)


def simulate(
    *, seed: int, agents: int, arrivals: int, gap_s: float, service_s: Draw, band: Callable[[random.Random], Band]
) -> Outcome:
    """Customers come by chance with `gap_s` between them on the average, and stay; agents answer at once."""
    dice = random.Random(seed)
    tokens = itertools.count()
    router = Router(DeskLimits(), lambda: str(next(tokens)))
    for number in range(agents):
        router.page_opened(f"agent{number}", 0.0)
        router.set_ready(f"agent{number}", True, 0.0)
    router.take_decisions()
    done: list[tuple[float, str]] = []
    asked_at_s: dict[str, float] = {}
    told: dict[str, Told] = {}
    out = Outcome()

    def carry_out(now_s: float) -> None:
        for offer in [each for each in router.take_decisions() if isinstance(each, OfferMade)]:
            router.accept(offer.agent_id, offer.call_id, offer.token, now_s)
            waited_s = now_s - asked_at_s.pop(offer.call_id)
            out.waited_s.append(waited_s)
            if (each := told.pop(offer.call_id, None)) is not None:
                each.waited_s = waited_s
                out.told.append(each)
            heapq.heappush(done, (now_s + service_s(dice), offer.call_id))

    def talks_end(until_s: float) -> None:
        while done and done[0][0] <= until_s:
            now_s, call_id = heapq.heappop(done)
            router.end_call(call_id, now_s)
            router.close_wrap_up(call_id, now_s)
            carry_out(now_s)

    now_s = 0.0
    for number in range(arrivals):
        now_s += dice.expovariate(1 / gap_s)
        talks_end(now_s)
        call_id = f"call{number}"
        asked_at_s[call_id] = now_s
        router.add_call(call_id, now_s, now_s, band=band(dice))
        if call_id in (waiting := router.waiting()) and not router.rings_at(call_id):
            told[call_id] = Told(*router.promise_s(call_id, waiting.index(call_id) + 1))
        carry_out(now_s)
    talks_end(math.inf)
    out.arrived = arrivals
    return out


def erlang_c(agents: int, load: float) -> float:
    """The share of customers who have to wait; `load` is arrivals times service, in agents (Erlang, 1917)."""
    term = total = 1.0
    for number in range(1, agents):
        term *= load / number
        total += term
    last = term * load / agents * agents / (agents - load)
    return last / (total + last)
