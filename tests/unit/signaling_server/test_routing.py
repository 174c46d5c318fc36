"""Whose turn it is and who may take it: bands that age, rings that widen, and any order of events judged by counting.

The traps of other desks, kept as tests: an offer stuck on one agent, a newer call served before an older one of its
band, a place lost, a priority that starves the others, an agent in two states, a late answer (any order of events);
a customer gone whose agent rings, a browser closed but "available", a queue with nobody on duty (`test_router.py`).
"""

from __future__ import annotations

import itertools

import pytest

from signaling_server.cases.classifier import load_topics
from signaling_server.contract.messages import CallContext, Segment, WayToTalk
from signaling_server.contract.turns import Turn
from signaling_server.desk.call import Call
from signaling_server.desk.limits import DeskLimits
from signaling_server.desk.router import Router
from signaling_server.desk.routing.asked import Asked
from signaling_server.desk.routing.decisions import OfferMade
from signaling_server.desk.routing.ranking import rank
from signaling_server.desk.routing.rings import ALL, Ring, Skills, Wishes, ring_after, ring_of
from signaling_server.desk.turns import Band
from tests.routing_world import World

LIMITS = DeskLimits()
MINUTE = 60.0
METERS = Skills(topic_groups=frozenset({"metering"}))
PLAIN = Skills(accessible=False)


def served(now_s: float, *calls: tuple[str, Band, float]) -> str:
    """Names by rank; each call has waited so many minutes."""
    places = {name: rank(band, now_s - waited_min * MINUTE, now_s, LIMITS) for name, band, waited_min in calls}
    return " ".join(sorted(places, key=places.__getitem__))


def router_with(**skills: Skills) -> Router:
    """Agents on duty, free in the order of their names here."""
    tokens = itertools.count(1)
    router = Router(LIMITS, lambda: f"t{next(tokens)}")
    for number, (name, known) in enumerate(skills.items()):
        router.page_opened(name, 0.0, known)
        router.set_ready(name, True, number / 1_000)
    router.take_decisions()
    return router


def offered(router: Router) -> list[tuple[str, str]]:
    return [(d.call_id, d.agent_id) for d in router.take_decisions() if isinstance(d, OfferMade)]


# --- the order --------------------------------------------------------------------------------------------------------


@pytest.mark.clause("6.3.3c")
def test_fresh_calls_go_out_of_turn_then_booked_then_vip_then_commercial_then_general():
    bands = [(band.name, band, 0.0) for band in reversed(Band)]
    assert served(90 * MINUTE, *bands) == "OUT_OF_TURN BOOKED VIP COMMERCIAL GENERAL"


def test_out_of_turn_is_before_everybody_however_long_they_waited():
    calls = (("late", Band.GENERAL, 300.0), ("vip", Band.VIP, 200.0), ("law", Band.OUT_OF_TURN, 0.0))
    assert served(999 * MINUTE, *calls) == "law vip late"


def test_past_its_limit_a_general_call_is_before_every_unbreached_one():
    calls = (("general", Band.GENERAL, 30.0), ("vip", Band.VIP, 9.9), ("paid", Band.COMMERCIAL, 29.9))
    assert served(999 * MINUTE, *calls) == "general vip paid"


@pytest.mark.clause("6.3.3c")
def test_a_commercial_call_that_comes_after_a_general_one_is_first_but_not_when_that_is_near_its_limit():
    assert served(99 * MINUTE, ("general", Band.GENERAL, 10.0), ("paid", Band.COMMERCIAL, 0.0)) == "paid general"
    assert served(99 * MINUTE, ("general", Band.GENERAL, 20.0), ("paid", Band.COMMERCIAL, 0.0)) == "general paid"


def test_a_stream_of_commercial_calls_makes_no_general_call_wait_past_its_limit():
    """One agent, a paid call ready at any moment: the general one that came with the first is still served in time."""
    router = router_with(only=Skills())
    router.add_call("general", 0.0, 0.0)
    now_s, number = 0.0, 0
    while True:
        for call_id, agent_id in offered(router):
            token = router.offer_to(agent_id)
            assert token is not None
            router.accept(agent_id, call_id, token.token, now_s)
            if call_id == "general" and number:
                assert now_s <= LIMITS.wait_s_max
                return
            router.add_call(f"paid{number}", now_s, now_s, band=Band.COMMERCIAL)
            number += 1
            now_s += 5 * MINUTE
            router.end_call(call_id, now_s)
            router.close_wrap_up(call_id, now_s)
            if call_id == "general":  # the first of all was free for it
                router.add_call("general", now_s, now_s)


def test_who_is_found_a_vip_while_he_waits_moves_up_and_keeps_his_time():
    router = router_with()
    for number, call_id in enumerate(("first", "second", "third")):
        router.add_call(call_id, float(number), float(number))
    router.rank_call("third", Band.VIP, 10.0)
    assert router.waiting() == ["third", "first", "second"]
    router.rank_call("second", Band.VIP, 11.0)
    assert router.waiting() == ["second", "third", "first"]


@pytest.mark.clause("6.3.3c")
def test_a_topic_of_the_paid_services_makes_a_call_commercial():
    asked = Asked(load_topics())

    def band(topic: str, screen: str = "", *, special_help: bool = False) -> Band:
        context = CallContext(screen, turn=Turn(special_help=special_help))
        return asked.band(Call("c", "t", "site", "r", WayToTalk.SPEAK, topic, context, 0))

    assert band("Электромонтажные работы") is Band.COMMERCIAL
    assert band("", "commercial") is Band.COMMERCIAL
    assert band("Задолженность") is Band.GENERAL
    assert band("Электромонтажные работы", special_help=True) is Band.OUT_OF_TURN


# --- the rings --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("skills", "wishes", "ring"),
    [
        (Skills(), Wishes("b2b", "metering", "en", accessible=True), Ring.SKILLED),
        (METERS, Wishes("b2c", "metering", "ru"), Ring.SKILLED),
        (METERS, Wishes("b2c", "payment", "ru"), Ring.ANYONE),
        (METERS, Wishes("b2c", "", "ru"), Ring.SKILLED),
        (PLAIN, Wishes("b2c", "payment", accessible=True), Ring.TOPIC),
        (Skills(languages=frozenset({"ru"})), Wishes(topic_group="payment", language="en"), Ring.TOPIC),
        (Skills(segments=frozenset({"b2c"}), topic_groups=ALL), Wishes("b2b", "payment"), Ring.TOPIC),
    ],
)
def test_an_agent_stands_in_the_innermost_ring_he_is_fit_for(skills, wishes, ring):
    assert ring_of(skills, wishes) is ring


def test_rings_widen_at_their_seconds():
    moments = (0.0, 19.9, 20.0, 31.9, 32.0, 43.9, 44.0)
    rings = [ring_after(at_s, True, LIMITS)[0] for at_s in moments]
    assert rings == [Ring.PREFERRED] * 2 + [Ring.SKILLED] * 2 + [Ring.TOPIC] * 2 + [Ring.ANYONE]
    assert ring_after(0.0, False, LIMITS) == (Ring.SKILLED, 12.0)


def test_an_agent_without_the_mark_gets_who_needs_it_only_when_no_marked_one_is_free_in_12_s():
    router = router_with(marked=Skills(), plain=PLAIN)
    router.add_call("talk", 0.0, 0.0)
    assert offered(router) == [("talk", "marked")]
    router.add_call("needs", 1.0, 1.0, band=Band.OUT_OF_TURN, wishes=Wishes(accessible=True))
    assert offered(router) == []
    assert router.wakes_at_s() == 12.0, "the ring of the first; the second widens at 13"
    offer = router.offer_to("marked")
    assert offer is not None
    router.accept("marked", "talk", offer.token, 5.0)
    assert router.wakes_at_s() == 13.0
    router.tick(13.0)
    assert offered(router) == [("needs", "plain")]


def test_where_nobody_with_the_skill_is_on_duty_the_next_ring_is_asked_at_once():
    router = router_with(plain=PLAIN)
    router.add_call("needs", 1.0, 1.0, band=Band.OUT_OF_TURN, wishes=Wishes(accessible=True))
    assert offered(router) == [("needs", "plain")]


def test_the_agent_a_customer_belongs_to_is_waited_for_and_then_anyone_fit_has_him():
    router = router_with(idle=Skills(), curator=Skills())
    router.set_ready("idle", False, 0.5)
    router.add_call("talk", 1.0, 1.0)
    router.set_ready("idle", True, 2.0)
    offer = router.offer_to("curator")
    assert offer is not None
    router.accept("curator", "talk", offer.token, 3.0)
    router.take_decisions()
    router.add_call("his", 5.0, 5.0, preferred_id="curator")
    assert offered(router) == [], "idle is free, and is not asked yet"
    router.tick(25.0)
    assert offered(router) == [("his", "idle")]
    router.add_call("strange", 26.0, 26.0, preferred_id="nobody_here")
    router.set_ready("idle", False, 26.0) if router.offer_to("idle") is None else None
    assert router.rings_at("strange") == "", "no agent is free"


def test_a_free_agent_of_the_customers_own_is_asked_before_one_idle_longer():
    router = router_with(idle=Skills(), curator=Skills())
    router.add_call("his", 5.0, 5.0, preferred_id="curator")
    assert offered(router) == [("his", "curator")]


def test_who_knows_the_customer_is_never_offered_him_again():
    router = router_with(aunt=Skills())
    router.add_call("nephew", 1.0, 1.0)
    offer = router.offer_to("aunt")
    assert offer is not None
    router.bar("nephew", "aunt")
    router.decline("aunt", "nephew", offer.token, 2.0)
    router.tick(9_999.0)
    assert router.rings_at("nephew") == ""
    router.page_opened("other", 10_000.0)
    router.set_ready("other", True, 10_000.0)
    assert router.rings_at("nephew") == "other"


def test_what_a_call_asks_is_read_from_what_its_terminal_told():
    context = CallContext(segment=Segment.B2B, language="en")
    call = Call("c", "t", "site", "r", WayToTalk.WRITE, "Проверка и опломбировка прибора учёта", context, 0)
    assert Asked(load_topics()).wishes(call) == Wishes("b2b", "metering", "en", accessible=True)


# --- any order of events ----------------------------------------------------------------------------------------------


@pytest.mark.clause("9.6.1")
@pytest.mark.parametrize("seed", range(10))
def test_any_order_of_events_overtakes_nobody_and_leaves_no_agent_idle_beside_a_call(seed):
    world = World(seed)
    for _ in range(2_000):
        world.happen()
    assert world.offers > 100


@pytest.mark.soak
@pytest.mark.timeout(1_800)
def test_a_million_events_overtake_nobody():
    offers = 0
    for seed in range(1_000, 1_100):
        world = World(seed, agents=4 + seed % 13, waiting_max=8 + seed % 40)
        for _ in range(10_000):
            world.happen()
        offers += world.offers
    print(f"\n1 000 000 events, {offers} offers")
