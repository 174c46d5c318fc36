"""What a decision of the router costs: `python -m tests.bench.bench_router [--waiting N] [--agents N] [--json]`.

10 000 customers wait in all bands and with all wishes, 1 000 agents of many skills talk; one after another a talk ends,
a wrap-up is closed (the agent is offered the first customer who may have him), an offer is accepted or declined, a
customer comes or leaves. Each is one decision, measured as processor time of the thread, so that a busy machine does
not count. The peer, in the same run: sorting those who wait once by their rank, as one without rows does each time.
Limit: p99 of 5 ms.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
import statistics
import sys
import time
from collections.abc import Callable

from signaling_server.desk.limits import DeskLimits
from signaling_server.desk.router import Router
from signaling_server.desk.routing.decisions import OfferMade
from signaling_server.desk.routing.ranking import rank
from signaling_server.desk.routing.rings import Skills, Wishes
from signaling_server.desk.turns import Band

LIMIT_MS = 5.0
SEGMENTS, LANGUAGES = ("b2c", "b2b", "b2b2c"), ("ru", "en")
GROUPS = tuple(f"group{number}" for number in range(8))
BANDS = (Band.OUT_OF_TURN, Band.VIP, Band.COMMERCIAL, *(Band.GENERAL,) * 7)


class FullHouse:
    def __init__(self, waiting: int, agents: int) -> None:
        self.dice = random.Random(7)
        self.limits = DeskLimits()
        tokens = itertools.count()
        self.router = Router(self.limits, lambda: str(next(tokens)))
        self.now_s = 100_000.0
        self.numbers = itertools.count()
        self.ringing: list[OfferMade] = []
        self.talks: dict[str, str] = {}
        self.waiting: dict[str, tuple[Band, float]] = {}
        self.spent_ms: list[float] = []
        for number in range(agents):
            self.come_on_duty(f"agent{number}")
            self.call_comes()
            self.answer(accept=True)
            self.now_s += 60.0  # the rings have widened to anyone
            self.ringing = self.decide(lambda: self.router.tick(self.now_s))
            self.answer(accept=True)
        while len(self.waiting) < waiting:
            self.call_comes()
        self.spent_ms.clear()

    def decide(self, act: Callable[[], object]) -> list[OfferMade]:
        began_s = time.thread_time()
        act()
        decisions = self.router.take_decisions()
        self.spent_ms.append((time.thread_time() - began_s) * 1_000)
        return [decision for decision in decisions if isinstance(decision, OfferMade)]

    def come_on_duty(self, name: str) -> None:
        def some(words: tuple[str, ...]) -> frozenset[str]:
            return frozenset(self.dice.sample(words, self.dice.randint(1, len(words))))

        skills = Skills(some(SEGMENTS), some(GROUPS), some(LANGUAGES), self.dice.random() < 0.5)
        self.router.page_opened(name, self.now_s, skills)
        self.router.set_ready(name, True, self.now_s)

    def call_comes(self) -> str:
        self.now_s += self.dice.random()
        call_id, band = f"call{next(self.numbers)}", self.dice.choice(BANDS)
        wishes = Wishes(
            self.dice.choice(SEGMENTS),
            self.dice.choice(GROUPS),
            self.dice.choice(LANGUAGES),
            band is Band.OUT_OF_TURN,
        )
        self.waiting[call_id] = band, self.now_s
        self.ringing = self.decide(
            lambda: self.router.add_call(call_id, self.now_s, self.now_s, band=band, wishes=wishes)
        )
        return call_id

    def answer(self, *, accept: bool) -> None:
        for offer in self.ringing:
            answer = self.router.accept if accept else self.router.decline
            again = self.decide(lambda: answer(offer.agent_id, offer.call_id, offer.token, self.now_s))  # noqa: B023
            if accept:
                self.talks[offer.call_id] = offer.agent_id
                del self.waiting[offer.call_id]
            self.ringing = again
            if again:
                self.answer(accept=True)

    def talk_ends(self) -> None:
        self.now_s += self.dice.random()
        call_id = self.dice.choice(list(self.talks))
        del self.talks[call_id]
        self.decide(lambda: self.router.end_call(call_id, self.now_s))
        self.ringing = self.decide(lambda: self.router.close_wrap_up(call_id, self.now_s))
        self.answer(accept=self.dice.random() < 0.9)

    def customer_leaves(self) -> None:
        call_id = self.dice.choice(list(self.waiting))
        del self.waiting[call_id]
        self.decide(lambda: self.router.remove_call(call_id, self.now_s))

    def sorted_once_ms(self) -> float:
        began_s = time.thread_time()
        min(
            sorted(
                self.waiting, key=lambda call_id: rank(*self.waiting[call_id], self.now_s, self.limits)
            )
        )  # fmt: skip
        return (time.thread_time() - began_s) * 1_000


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--waiting", type=int, default=10_000)
    parser.add_argument("--agents", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=4_000)
    parser.add_argument("--json", action="store_true")
    told = parser.parse_args()
    house = FullHouse(told.waiting, told.agents)
    sorting_ms: list[float] = []
    for number in range(told.rounds):
        house.talk_ends()
        house.call_comes()
        if number % 10 == 0:
            house.customer_leaves()
            house.call_comes()
            sorting_ms.append(house.sorted_once_ms())
    spent = sorted(house.spent_ms)
    p50_ms, p99_ms = spent[len(spent) // 2], spent[len(spent) * 99 // 100]
    peer_ms = statistics.median(sorting_ms)
    figures = {
        "waiting": len(house.waiting),
        "agents": told.agents,
        "decisions": len(spent),
        "p50_ms": round(p50_ms, 3),
        "p99_ms": round(p99_ms, 3),
        "longest_ms": round(spent[-1], 3),
        "limit_ms": LIMIT_MS,
        "sorting_once_ms": round(peer_ms, 3),
        "p99_to_sorting": round(p99_ms / peer_ms, 3),
    }
    if told.json:
        print(json.dumps(figures))
    else:
        for name, value in figures.items():
            print(f"{name:>16}  {value}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
