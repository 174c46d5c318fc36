"""The desk's router: places, leases, states. Time is told, nothing sleeps."""

import itertools

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

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

LIMITS = DeskLimits()


def make_router(*ready: str) -> Router:
    tokens = itertools.count(1)
    router = Router(LIMITS, lambda: f"t{next(tokens)}")
    for at_s, agent_id in enumerate(ready):
        router.page_opened(agent_id, 0.0)
        router.set_ready(agent_id, True, at_s / 1_000)
    router.take_decisions()
    return router


def offers(router: Router) -> list[OfferMade]:
    return [decision for decision in router.take_decisions() if isinstance(decision, OfferMade)]


def test_the_oldest_call_goes_to_the_agent_free_longest():
    router = make_router("first", "second")
    router.add_call("a", 10.0, 10.0)
    router.add_call("b", 11.0, 11.0)
    assert [(offer.call_id, offer.agent_id) for offer in offers(router)] == [("a", "first"), ("b", "second")]


def test_an_unanswered_offer_moves_on_at_twelve_seconds_and_keeps_its_place():
    router = make_router("first")
    router.add_call("a", 10.0, 10.0)
    router.add_call("b", 11.0, 11.0)
    router.take_decisions()
    router.tick(21.999)
    assert router.take_decisions() == []
    router.tick(22.0)
    assert router.take_decisions() == [
        OfferClosed("a", "first", "t1", OfferOutcome.TIMEOUT),
        StateChanged("first", AgentState.NOT_READY),
    ]
    router.page_opened("second", 23.0)
    router.set_ready("second", True, 23.0)
    assert [offer.call_id for offer in offers(router)] == ["a"], "the place is kept"


def test_the_shell_is_told_the_exact_end_of_the_lease():
    router = make_router("first")
    router.add_call("a", 10.0, 10.0)
    assert router.wakes_at_s() == 22.0


def test_a_late_acceptance_is_refused_even_before_the_tick():
    router = make_router("first", "second")
    router.add_call("a", 10.0, 10.0)
    offer = offers(router)[0]
    with pytest.raises(RefusedError, match="too_late"):
        router.accept("first", "a", offer.token, 22.0)
    moved = offers(router)
    assert [(o.call_id, o.agent_id) for o in moved] == [("a", "second")], "and the lease it found over went on"
    router.accept("second", "a", moved[0].token, 22.5)
    assert router.state("second") == AgentState.ON_CALL


def test_an_acceptance_needs_the_present_token_and_the_agent_it_was_given_to():
    router = make_router("first", "second")
    router.add_call("a", 10.0, 10.0)
    offer = offers(router)[0]
    for agent_id, token in (("second", offer.token), ("first", "foreign")):
        with pytest.raises(RefusedError, match="too_late"):
            router.accept(agent_id, "a", token, 11.0)
    with pytest.raises(RefusedError, match="unknown_call"):
        router.accept("first", "nothing", offer.token, 11.0)
    router.accept("first", "a", offer.token, 11.0)
    with pytest.raises(RefusedError, match="too_late"):
        router.accept("first", "a", offer.token, 11.1)


def test_the_ring_ends_at_once_when_the_customer_leaves_and_the_agent_keeps_his_turn():
    router = make_router("first", "second")
    router.add_call("a", 10.0, 10.0)
    router.take_decisions()
    router.remove_call("a", 11.0)
    assert OfferClosed("a", "first", "t1", OfferOutcome.CUSTOMER_LEFT) in router.take_decisions()
    router.add_call("b", 12.0, 12.0)
    assert [offer.agent_id for offer in offers(router)] == ["first"]


def test_a_declined_call_goes_to_the_next_agent_and_rests_from_this_one():
    router = make_router("only")
    router.add_call("a", 10.0, 10.0)
    offer = offers(router)[0]
    router.decline("only", "a", offer.token, 11.0)
    assert router.state("only") == AgentState.READY
    assert offers(router) == []
    router.page_opened("next", 12.0)
    router.set_ready("next", True, 12.0)
    assert [o.agent_id for o in offers(router)] == ["next"]


def test_a_call_everybody_declined_is_offered_again_after_a_rest():
    router = make_router("only")
    router.add_call("a", 10.0, 10.0)
    router.decline("only", "a", offers(router)[0].token, 11.0)
    assert router.wakes_at_s() == 11.0 + LIMITS.decline_rest_s
    router.tick(router.wakes_at_s())
    assert [offer.agent_id for offer in offers(router)] == ["only"]


def test_a_call_whose_terminal_is_away_is_not_offered_and_keeps_its_place():
    router = make_router("first")
    router.add_call("a", 10.0, 10.0)
    router.take_decisions()
    router.set_reachable("a", False, 11.0)
    router.add_call("b", 12.0, 12.0)
    assert [offer.call_id for offer in offers(router)] == ["b"]
    router.set_reachable("a", True, 13.0)
    assert router.waiting() == ["a", "b"]


def test_a_reloading_page_is_offered_nothing_new_and_loses_nothing():
    router = make_router("first")
    router.page_closed("first", 5.0)
    router.add_call("a", 10.0, 10.0)
    assert offers(router) == []
    assert router.agents_on_duty() == 1
    router.page_opened("first", 11.0)
    assert [offer.call_id for offer in offers(router)] == ["a"]


def test_a_lost_page_takes_its_agent_off_duty_and_its_ring_goes_on():
    router = make_router("first", "second")
    router.add_call("a", 10.0, 10.0)
    router.take_decisions()
    router.page_closed("first", 11.0)
    router.page_lost("first", 12.0)
    decisions = router.take_decisions()
    assert OfferClosed("a", "first", "t1", OfferOutcome.AGENT_LOST) in decisions
    assert [d.agent_id for d in decisions if isinstance(d, OfferMade)] == ["second"]
    assert router.state("first") == AgentState.NOT_READY
    assert router.agents_on_duty() == 1


def test_waiting_calls_are_given_up_when_nobody_has_been_on_duty_for_too_long():
    router = make_router("first")
    router.add_call("a", 10.0, 10.0)
    router.tick(22.0)
    router.take_decisions()
    assert router.wakes_at_s() == 22.0 + LIMITS.deserted_s
    router.tick(22.0 + LIMITS.deserted_s)
    assert router.take_decisions() == [CallDeserted("a")]
    assert router.waiting() == []


def test_an_agent_back_on_duty_in_time_saves_the_queue():
    router = make_router("first")
    router.add_call("a", 10.0, 10.0)
    router.tick(22.0)
    router.set_ready("first", True, 80.0)
    router.tick(85.0)
    assert not [d for d in router.take_decisions() if isinstance(d, CallDeserted)]
    assert router.state("first") == AgentState.RINGING


def test_readiness_cannot_be_changed_in_a_ring_a_call_or_a_wrap_up():
    router = make_router("first")
    router.add_call("a", 10.0, 10.0)
    offer = offers(router)[0]
    with pytest.raises(RefusedError, match="wrong_state"):
        router.set_ready("first", False, 11.0)
    router.accept("first", "a", offer.token, 11.0)
    router.end_call("a", 12.0)
    with pytest.raises(RefusedError, match="wrong_state"):
        router.set_ready("first", True, 13.0)
    router.close_wrap_up("a", 14.0)
    assert router.state("first") == AgentState.READY


AGENTS = st.sampled_from(["anna", "boris", "clara"])
CALLS = st.sampled_from([f"call{number}" for number in range(5)])


class RouterMachine(RuleBasedStateMachine):
    """Anything may happen in any order; the model beside it is written on its own."""

    def __init__(self):
        super().__init__()
        self.now_s = 1_000.0
        tokens = itertools.count(1)
        self.router = Router(LIMITS, lambda: f"t{next(tokens)}")
        self.arrival: dict[str, float] = {}  # calls without an agent
        self.taken: dict[str, str] = {}
        self.ended: set[str] = set()
        self.ringing: dict[str, OfferMade] = {}  # by call
        self.tokens: list[OfferMade] = []
        self.declined: dict[tuple[str, str], float] = {}
        self.states: dict[str, AgentState] = {}
        self.present: set[str] = set()
        self.used: set[str] = set()

    def settle(self):
        for decision in self.router.take_decisions():
            match decision:
                case OfferMade():
                    assert decision.call_id in self.arrival
                    assert decision.call_id not in self.ringing, "never offered to two"
                    assert decision.agent_id not in {o.agent_id for o in self.ringing.values()}
                    assert decision.agent_id in self.present
                    self.ringing[decision.call_id] = decision
                    self.tokens.append(decision)
                case OfferClosed():
                    assert self.ringing.pop(decision.call_id).agent_id == decision.agent_id
                case StateChanged():
                    assert self.states.get(decision.agent_id, AgentState.NOT_READY) != decision.state
                    self.states[decision.agent_id] = decision.state
                case CallDeserted():
                    assert self.router.agents_on_duty() == 0
                    del self.arrival[decision.call_id]

    @rule(seconds=st.sampled_from([0.0, 0.5, 5.0, 11.9, 12.0, 31.0]))
    def time_passes(self, seconds):
        self.now_s += seconds
        self.router.tick(self.now_s)
        self.settle()

    @rule(agent_id=AGENTS)
    def page_opens(self, agent_id):
        self.present.add(agent_id)
        self.router.page_opened(agent_id, self.now_s)
        self.settle()

    @rule(agent_id=AGENTS, lost=st.booleans())
    def page_goes(self, agent_id, lost):
        if agent_id in self.present:
            self.present.discard(agent_id)
            self.router.page_closed(agent_id, self.now_s)
            if lost:
                self.router.page_lost(agent_id, self.now_s)
            self.settle()

    @rule(agent_id=AGENTS, ready=st.booleans())
    def agent_sets_ready(self, agent_id, ready):
        if agent_id in self.present:
            try:
                self.router.set_ready(agent_id, ready, self.now_s)
            except RefusedError:
                assert self.states[agent_id] in (AgentState.RINGING, AgentState.ON_CALL, AgentState.WRAP_UP)
            self.settle()

    @rule(call_id=CALLS)
    def customer_calls(self, call_id):
        if call_id not in self.used:
            self.used.add(call_id)
            self.arrival[call_id] = self.now_s
            self.router.add_call(call_id, self.now_s, self.now_s)
            self.settle()

    @rule(call_id=CALLS)
    def customer_leaves(self, call_id):
        self.router.remove_call(call_id, self.now_s)
        self.arrival.pop(call_id, None)
        self.settle()

    @rule(call_id=CALLS, back=st.booleans())
    def terminal_comes_or_goes(self, call_id, back):
        if call_id in self.arrival:
            self.router.set_reachable(call_id, back, self.now_s)
            self.settle()

    @precondition(lambda self: self.tokens)
    @rule(data=st.data())
    def agent_answers(self, data):
        """With any token ever given: only the one that rings now may win."""
        offer = data.draw(st.sampled_from(self.tokens))
        fits = self.ringing.get(offer.call_id) == offer and self.now_s < offer.expires_at_s
        accepts = data.draw(st.booleans())
        answer = self.router.accept if accepts else self.router.decline
        try:
            answer(offer.agent_id, offer.call_id, offer.token, self.now_s)
        except RefusedError:
            assert not fits
            self.settle()
            return
        assert fits
        if accepts:
            self.taken[offer.call_id] = offer.agent_id
            del self.arrival[offer.call_id]
        else:
            self.declined[offer.call_id, offer.agent_id] = self.now_s + LIMITS.decline_rest_s
        self.settle()

    @precondition(lambda self: self.taken)
    @rule(data=st.data())
    def call_goes_on(self, data):
        call_id = data.draw(st.sampled_from(sorted(self.taken)))
        if call_id in self.ended:
            self.router.close_wrap_up(call_id, self.now_s)
            del self.taken[call_id]
            self.ended.discard(call_id)
        else:
            self.router.end_call(call_id, self.now_s)
            self.ended.add(call_id)
        self.settle()

    @invariant()
    def nobody_is_in_two_places(self):
        assert set(self.router.waiting()) == set(self.arrival)
        assert set(self.ringing) <= set(self.arrival)
        assert not set(self.taken) & set(self.arrival)
        busy = [offer.agent_id for offer in self.ringing.values()] + list(self.taken.values())
        assert len(busy) == len(set(busy)), "an agent holds one call at most"
        for agent_id, state in self.states.items():
            assert self.router.state(agent_id) == state
            assert (state == AgentState.RINGING) == (agent_id in {o.agent_id for o in self.ringing.values()})
            assert (state in (AgentState.ON_CALL, AgentState.WRAP_UP)) == (agent_id in self.taken.values())

    @invariant()
    def places_follow_the_first_queueing_time(self):
        arrivals = [self.arrival[call_id] for call_id in self.router.waiting()]
        assert arrivals == sorted(arrivals)

    @invariant()
    def no_free_agent_sits_beside_a_call_he_could_take(self):
        free = {a for a in self.present if self.states.get(a) == AgentState.READY}
        for call_id in self.router.waiting():
            if call_id in self.ringing or not self.router.is_reachable(call_id):
                continue
            for agent_id in free:
                assert self.declined.get((call_id, agent_id), 0.0) > self.now_s

    @invariant()
    def no_lease_outlives_its_end(self):
        for offer in self.ringing.values():
            assert self.router.wakes_at_s() <= offer.expires_at_s
            assert offer.expires_at_s <= self.now_s + LIMITS.ring_s


TestRouterMachine = RouterMachine.TestCase
TestRouterMachine.settings = settings(max_examples=150, stateful_step_count=50, deadline=None)
