"""A day of a video desk for its router: seeded customers, agents and moods; every offer judged by simple counting."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from signaling_server.contract.messages import AgentState
from signaling_server.desk.limits import DeskLimits
from signaling_server.desk.router import Router
from signaling_server.desk.routing.decisions import (
    CallDeserted,
    OfferClosed,
    OfferMade,
    OfferOutcome,
    RefusedError,
    StateChanged,
)
from signaling_server.desk.routing.ranking import rank
from signaling_server.desk.routing.rings import Skills, Wishes
from signaling_server.desk.turns import Band

LIMITS = DeskLimits()
SEGMENTS, GROUPS, LANGUAGES = ("b2c", "b2b"), ("payment", "metering", "contract"), ("ru", "en")
BANDS = (Band.OUT_OF_TURN, Band.VIP, Band.COMMERCIAL, *(Band.GENERAL,) * 5)


@dataclass(slots=True)
class Waits:
    """A call that waits, as the judge knows it."""

    call_id: str
    number: int
    band: Band
    queued_at_s: float
    entered_at_s: float
    wishes: Wishes
    preferred_id: str
    reachable: bool = True
    rests_until_s: dict[str, float] = field(default_factory=dict)

    def place(self, now_s: float) -> tuple[tuple[int, float], int]:
        return rank(self.band, self.queued_at_s, now_s, LIMITS), self.number


class World:
    """`happen` makes one event and judges what the router decided upon it."""

    def __init__(self, seed: int, agents: int = 8, waiting_max: int = 24) -> None:
        self.dice = random.Random(seed)
        tokens = itertools.count(1)
        self.router = Router(LIMITS, lambda: f"t{next(tokens)}")
        self.now_s = 1_000.0
        self.names = [f"agent{number}" for number in range(agents)]
        self.skills = {name: self._some_skills() for name in self.names}
        self.waiting_max = waiting_max
        self.waiting: dict[str, Waits] = {}
        self.ringing: dict[str, OfferMade] = {}
        self.taken: dict[str, tuple[str, bool]] = {}  # by call: the agent, and whether he wraps up
        self.present: set[str] = set()
        self.lost: set[str] = set()  # their pages stayed away
        self.states: dict[str, AgentState] = {}
        self.numbers = itertools.count(1)
        self.offers = self.deserted = self.late = 0
        self.longest_past_limit_s = 0.0

    def _some_skills(self) -> Skills:
        def some(all_of: tuple[str, ...]) -> frozenset[str]:
            return frozenset(self.dice.sample(all_of, self.dice.randint(1, len(all_of))))

        return Skills(some(SEGMENTS), some(GROUPS), some(LANGUAGES), self.dice.random() < 0.6)

    # --- what may happen ---------------------------------------------------------------------------------------------

    def happen(self) -> None:
        events: list[tuple[int, Callable[[], None]]] = [
            (10, self._time_passes),
            (12, self._customer_calls),
            (3, self._customer_leaves),
            (3, self._terminal_comes_or_goes),
            (2, self._page_comes_or_goes),
            (5, self._agent_sets_ready),
            (30, self._agent_answers),
            (24, self._talk_goes_on),
            (1, self._late_answer),
            (1, self._is_found_a_vip),
        ]
        weights, acts = zip(*events, strict=True)
        self.dice.choices(acts, weights)[0]()
        self._judge()

    def _time_passes(self) -> None:
        self.now_s += self.dice.choice((0.0, 0.5, 3.0, 11.9, 12.0, 31.0, 200.0))
        self.router.tick(self.now_s)

    def _customer_calls(self) -> None:
        if len(self.waiting) >= self.waiting_max:
            return
        number = next(self.numbers)
        call_id, band = f"call{number}", self.dice.choice(BANDS)
        asked_at_s = self.now_s - self.dice.choice((0.0, 0.0, 0.0, 120.0))
        wishes = Wishes(
            self.dice.choice(SEGMENTS), self.dice.choice(("", *GROUPS)), self.dice.choice(LANGUAGES),
            band is Band.OUT_OF_TURN,
        )  # fmt: skip
        preferred = self.dice.choice((*self.names, "", "", "", "", "", "", "", ""))
        self.waiting[call_id] = Waits(call_id, number, band, asked_at_s, self.now_s, wishes, preferred)
        self.router.add_call(call_id, asked_at_s, self.now_s, band=band, wishes=wishes, preferred_id=preferred)

    def _customer_leaves(self) -> None:
        if self.waiting:
            call_id = self.dice.choice(list(self.waiting))
            del self.waiting[call_id]
            self.router.remove_call(call_id, self.now_s)

    def _terminal_comes_or_goes(self) -> None:
        if self.waiting:
            call = self.waiting[self.dice.choice(list(self.waiting))]
            call.reachable = not call.reachable or self.dice.random() < 0.5
            self.router.set_reachable(call.call_id, call.reachable, self.now_s)

    def _page_comes_or_goes(self) -> None:
        name = self.dice.choice(self.names)
        if name not in self.present:
            self.present.add(name)
            self.lost.discard(name)
            self.router.page_opened(name, self.now_s, self.skills[name])
            return
        self.present.discard(name)
        self.router.page_closed(name, self.now_s)
        if self.dice.random() < 0.5:
            self.lost.add(name)
            self.router.page_lost(name, self.now_s)

    def _agent_sets_ready(self) -> None:
        if self.present:
            name = self.dice.choice(sorted(self.present))
            try:
                self.router.set_ready(name, self.dice.random() < 0.8, self.now_s)
            except RefusedError:
                self._judge()
                assert self.states[name] in (AgentState.RINGING, AgentState.ON_CALL, AgentState.WRAP_UP)

    def _agent_answers(self) -> None:
        if not self.ringing:
            return
        offer = self.ringing[self.dice.choice(list(self.ringing))]
        if self.dice.random() < 0.8:
            call = self.waiting.pop(offer.call_id)
            self.taken[offer.call_id] = offer.agent_id, False
            self.router.accept(offer.agent_id, offer.call_id, offer.token, self.now_s)
            self.longest_past_limit_s = max(self.longest_past_limit_s, self.now_s - call.queued_at_s)
            return
        rests_s = float("inf") if self.dice.random() < 0.1 else LIMITS.decline_rest_s
        if rests_s == float("inf"):
            self.router.bar(offer.call_id, offer.agent_id)
        self.waiting[offer.call_id].rests_until_s[offer.agent_id] = self.now_s + rests_s
        self.router.decline(offer.agent_id, offer.call_id, offer.token, self.now_s)

    def _late_answer(self) -> None:
        """A page that was slow: its lease is over, or never was."""
        if not self.ringing:
            return
        offer = self.ringing[self.dice.choice(list(self.ringing))]
        self.now_s = max(self.now_s, offer.expires_at_s)
        with pytest.raises(RefusedError, match="too_late"):
            self.router.accept(offer.agent_id, offer.call_id, offer.token, self.now_s)
        self.late += 1

    def _is_found_a_vip(self) -> None:
        if self.waiting:
            call = self.waiting[self.dice.choice(list(self.waiting))]
            if call.band is not Band.OUT_OF_TURN:
                call.band = Band.VIP
                self.router.rank_call(call.call_id, Band.VIP, self.now_s)

    def _talk_goes_on(self) -> None:
        if not self.taken:
            return
        call_id = self.dice.choice(list(self.taken))
        name, wraps_up = self.taken[call_id]
        if wraps_up:
            del self.taken[call_id]
            self.router.close_wrap_up(call_id, self.now_s)
        else:
            self.taken[call_id] = name, True
            self.router.end_call(call_id, self.now_s)

    # --- the judge ---------------------------------------------------------------------------------------------------

    def _judge(self) -> None:
        decisions = self.router.take_decisions()
        for decision in decisions:
            match decision:
                case OfferMade():
                    self._judge_offer(decision)
                case OfferClosed(outcome=outcome):
                    closed = self.ringing.pop(decision.call_id)
                    assert (closed.agent_id, closed.token) == (decision.agent_id, decision.token)
                    if outcome is OfferOutcome.TIMEOUT:
                        assert closed.expires_at_s <= self.now_s
                case StateChanged(agent_id=name, state=state):
                    assert self.states.get(name, AgentState.NOT_READY) is not state
                    self.states[name] = state
                case CallDeserted(call_id=call_id):
                    assert self.router.agents_on_duty() == 0
                    del self.waiting[call_id]
                    self.deserted += 1
        self._judge_places(decisions)

    def _judge_offer(self, offer: OfferMade) -> None:
        self.offers += 1
        assert offer.call_id in self.waiting, "of those that wait"
        assert offer.call_id not in self.ringing, "never to two agents"
        assert offer.agent_id in self.present
        self.ringing[offer.call_id] = offer

    def _judge_places(self, decisions: list[object]) -> None:
        """After the event: no call was overtaken, nobody is in two places, no free agent sits beside a call of his."""
        busy = [offer.agent_id for offer in self.ringing.values()] + [name for name, _ in self.taken.values()]
        assert len(busy) == len(set(busy)), "an agent holds one call at most"
        still = [call for call in self.waiting.values() if call.reachable and call.call_id not in self.ringing]
        if not still:
            return
        made = [self.ringing[d.call_id] for d in decisions if isinstance(d, OfferMade) and d.call_id in self.ringing]
        free = [name for name in self.present if self.states.get(name) is AgentState.READY]
        for call in still:
            for name in free:
                assert not self.may_have(name, call), f"{name} is free and {call} waits"
            for offer in made:
                assert self.may_have(offer.agent_id, self.waiting[offer.call_id]), f"{offer} is not his"
                if call.place(self.now_s) < self.waiting[offer.call_id].place(self.now_s):
                    assert not self.may_have(offer.agent_id, call), f"{call} was overtaken by {offer}"

    def may_have(self, name: str, call: Waits) -> bool:
        """The rings once more, in the simplest words there are."""
        if call.rests_until_s.get(name, 0.0) > self.now_s:
            return False
        if name == call.preferred_id:
            return True
        on_duty = [each for each in self.names if self.on_duty(each)]
        waited_s = self.now_s - call.entered_at_s
        if call.preferred_id in on_duty:
            if waited_s < LIMITS.preferred_s:
                return False
            waited_s -= LIMITS.preferred_s
        in_full = [each for each in on_duty if self._knows_topic(each, call) and self._knows_rest(each, call)]
        by_topic = [each for each in on_duty if self._knows_topic(each, call)]
        if waited_s < LIMITS.skilled_s and in_full:
            return name in in_full
        if waited_s < LIMITS.skilled_s + LIMITS.topic_s and by_topic:
            return name in by_topic
        return True

    def on_duty(self, name: str) -> bool:
        return self.states.get(name, AgentState.NOT_READY) is not AgentState.NOT_READY and name not in self.lost

    def _knows_topic(self, name: str, call: Waits) -> bool:
        return not call.wishes.topic_group or call.wishes.topic_group in self.skills[name].topic_groups

    def _knows_rest(self, name: str, call: Waits) -> bool:
        skills, wishes = self.skills[name], call.wishes
        return (
            wishes.segment in skills.segments
            and wishes.language in skills.languages
            and (skills.accessible or not wishes.accessible)
        )
