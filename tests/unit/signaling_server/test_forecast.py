"""What a customer is told of his wait, against what becomes of it; and the desk against Erlang's formula of 1917."""

from __future__ import annotations

import itertools
import math
import random

import pytest

from signaling_server.desk.limits import DeskLimits
from signaling_server.desk.router import Router
from signaling_server.desk.routing.forecast import Calibration, Outlook, ServiceTime, outlook, range_s
from signaling_server.desk.turns import Band
from tests.desk_simulation import erlang_c, simulate

MEAN_S = 240.0


def by_chance(dice: random.Random) -> float:
    return dice.expovariate(1 / MEAN_S)


def as_talks_are(dice: random.Random) -> float:
    """Few are very short: lognormal, deviation 0.8 of the mean."""
    sigma = math.sqrt(math.log(1 + 0.8**2))
    return dice.lognormvariate(math.log(MEAN_S) - sigma**2 / 2, sigma)


def general(_: random.Random) -> Band:
    return Band.GENERAL


def mixed(dice: random.Random) -> Band:
    return dice.choices((Band.OUT_OF_TURN, Band.VIP, Band.COMMERCIAL, Band.GENERAL), (5, 5, 10, 80))[0]


def test_a_free_agent_is_told_as_no_wait():
    assert outlook(1, 2, 2, ServiceTime()) is None
    assert range_s(None, Calibration()) == (0, 30)


def test_the_forecast_grows_with_the_place_and_shrinks_with_agents():
    def told(place: int, agents: int) -> tuple[int, int]:
        return range_s(outlook(place, 0, agents, ServiceTime()), Calibration())

    assert told(1, 5) < told(2, 5) < told(9, 5)
    assert told(5, 10) < told(5, 5) < told(5, 0)
    for place in range(1, 400):
        low, high = told(place, 3)
        assert 0 <= low < high


def test_the_range_is_that_of_the_gamma_distribution():
    """Tables give 2.43 and 7.99 for the tenth and ninetieth hundredth of shape 5, scale 1."""
    expected = Outlook(5, 100.0)
    low, high = expected.at(-1.2816), expected.at(1.2816)
    assert (low, high) == (pytest.approx(243, rel=0.01), pytest.approx(799, rel=0.01))
    assert expected.z_of(high) == pytest.approx(1.2816)


def test_what_comes_true_moves_both_ends():
    late, early = Calibration(), Calibration()
    for _ in range(100):
        late, early = late.after(2.0), early.after(-2.0)
    assert late.z_high > 1.8
    assert early.z_low < -1.8


def test_the_length_of_talks_is_learned_and_old_days_are_forgotten():
    service = ServiceTime()
    for lasted_s in [600.0] * 60 + [120.0] * 1_500:
        service = service.after(lasted_s)
    assert service.mean_s == pytest.approx(120, rel=0.1)


def test_the_first_thing_told_is_what_is_held_against_the_truth():
    tokens = itertools.count()
    router = Router(DeskLimits(), lambda: str(next(tokens)))
    router.page_opened("only", 0.0)
    router.set_ready("only", True, 0.0)
    router.add_call("talk", 0.0, 0.0)
    assert router.promise_s("talk", 1) == (0, 30)
    router.add_call("waits", 1.0, 1.0)
    first = router.promise_s("waits", 2)
    assert router.promise_s("waits", 2) == first


@pytest.mark.parametrize("service_s", [by_chance, as_talks_are])
@pytest.mark.parametrize("band", [general, mixed])
def test_four_waits_of_five_end_within_what_was_told(service_s, band):
    """On a desk of ten at eight tenths of its load; talks as they are, some customers overtaken by the law."""
    gap_s = MEAN_S / (10 * 0.8)
    day = simulate(seed=11, agents=10, arrivals=8_000, gap_s=gap_s, service_s=service_s, band=band)
    assert len(day.told) > 2_000
    assert 0.75 <= day.share_held <= 0.85


def against_erlang(arrivals: int, agents: int, load_share: float) -> tuple[float, float]:
    """Share of those who wait, and the mean wait, each as a ratio to the formula."""
    load = agents * load_share
    day = simulate(
        seed=5, agents=agents, arrivals=arrivals, gap_s=MEAN_S / load, service_s=by_chance, band=general
    )  # fmt: skip
    waiting = erlang_c(agents, load)
    return day.share_waiting / waiting, day.mean_wait_s / (waiting * MEAN_S / (agents - load))


def test_where_all_is_by_chance_as_many_wait_as_erlang_says():
    share, mean = against_erlang(12_000, 6, 0.6)
    assert 0.9 < share < 1.1
    assert 0.8 < mean < 1.2


@pytest.mark.soak
@pytest.mark.timeout(1_800)
def test_a_million_customers_agree_with_erlang_within_two_hundredths():
    share, mean = against_erlang(1_000_000, 6, 0.6)
    print(f"\n1 000 000 customers, 6 agents at 0.6: share waiting {share:.4f}, mean wait {mean:.4f} of Erlang C")
    assert 0.98 < share < 1.02
    assert 0.98 < mean < 1.02
