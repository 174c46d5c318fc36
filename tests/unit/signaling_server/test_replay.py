"""A day through the router again: against a queue of one line counted by hand, and with a change that must help."""

import heapq
import random

import pytest

from signaling_server.desk.limits import DeskLimits
from signaling_server.desk.routing.replay import PastCall, ReplayedCall, Shift, replay
from signaling_server.desk.turns import Band

LIMITS = DeskLimits()
DAY_S = 10 * 3_600.0


def busy_day(seed: int, agents: int, calls: int) -> tuple[list[PastCall], list[Shift]]:
    dice = random.Random(seed)
    moments = sorted(dice.uniform(0, DAY_S) for _ in range(calls))
    duty = [Shift(f"agent{number}", 0.0, 3 * DAY_S) for number in range(agents)]
    return [PastCall(f"call{n}", at_s, 4.0, dice.expovariate(1 / 300), 40.0) for n, at_s in enumerate(moments)], duty


def waits_in_one_line(calls: list[PastCall], agents: int) -> dict[str, float]:
    """Each takes the agent who is free first; nobody leaves (Kiefer and Wolfowitz)."""
    free_at_s, waits = [0.0] * agents, {}
    for call in calls:
        taken_at_s = max(call.asked_at_s, free_at_s[0]) + call.answer_s
        waits[call.call_id] = taken_at_s - call.asked_at_s
        heapq.heapreplace(free_at_s, taken_at_s + call.talk_s + call.wrap_up_s)
    return waits


def by_call(replayed: list[ReplayedCall]) -> dict[str, ReplayedCall]:
    return {call.call_id: call for call in replayed}


@pytest.mark.parametrize(("agents", "calls"), [(1, 80), (3, 250), (12, 1_000)])
def test_with_nothing_special_everybody_waits_as_in_one_line(agents, calls):
    asked, duty = busy_day(calls, agents, calls)
    waited = {call.call_id: call.waited_s for call in replay(asked, duty, LIMITS)}
    assert waited == pytest.approx(waits_in_one_line(asked, agents))


def test_two_more_agents_at_noon_shorten_the_waits_of_noon_and_lengthen_none():
    asked, duty = busy_day(3, 4, 450)
    noon_s = (4 * 3_600.0, 6 * 3_600.0)
    before = by_call(replay(asked, duty, LIMITS))
    more = by_call(replay(asked, [*duty, Shift("more1", *noon_s), Shift("more2", *noon_s)], LIMITS))
    at_noon = [call.call_id for call in asked if noon_s[0] <= call.asked_at_s < noon_s[1]]
    assert sum(more[call_id].waited_s for call_id in at_noon) < 0.5 * sum(
        before[call_id].waited_s for call_id in at_noon
    )
    assert all(more[call_id].waited_s <= before[call_id].waited_s + 0.001 for call_id in before)
    assert {call.agent_id for call in more.values()} == {"agent0", "agent1", "agent2", "agent3", "more1", "more2"}


def test_out_of_turn_passes_all_who_wait():
    asked = [
        PastCall("first", 0.0, 2.0, 100.0, 10.0),
        PastCall("second", 1.0, 2.0, 100.0, 10.0),
        PastCall("by law", 50.0, 2.0, 100.0, 10.0, band=Band.OUT_OF_TURN),
    ]
    replayed = replay(asked, [Shift("only", 0.0, 1_000.0)], LIMITS)
    assert [call.call_id for call in replayed] == ["first", "by law", "second"]


def test_who_left_leaves_after_the_same_time_unless_he_is_taken_sooner():
    asked = [
        PastCall("long", 0.0, 2.0, 500.0, 10.0),
        PastCall("leaves", 10.0, 2.0, 100.0, 10.0, leaves_after_s=60.0),
        PastCall("rung", 511.0, 9.0, 100.0, 10.0, leaves_after_s=5.0),
        PastCall("next", 512.0, 2.0, 100.0, 10.0),
    ]
    one, two = Shift("one", 0.0, 5_000.0), Shift("two", 0.0, 5_000.0)
    alone = by_call(replay(asked, [one], LIMITS))
    assert (alone["leaves"].agent_id, alone["leaves"].waited_s) == ("", 60.0)
    assert (alone["rung"].agent_id, alone["rung"].waited_s) == ("", 5.0)
    assert alone["next"].agent_id == "one"
    helped = by_call(replay(asked, [one, two], LIMITS))
    assert (helped["leaves"].agent_id, helped["leaves"].waited_s) == ("two", 2.0)


@pytest.mark.parametrize("end_s", [1.0, 50.0, 105.0], ids=["he rings", "he talks", "he wraps up"])
def test_a_shift_ends_after_the_call_that_he_has(end_s):
    asked = [PastCall("a", 0.0, 2.0, 100.0, 10.0), PastCall("b", 1.0, 2.0, 100.0, 10.0)]
    replayed = by_call(
        replay(asked, [Shift("early", 0.0, end_s), Shift("late", 300.0, 1_000.0)], DeskLimits(deserted_s=400))
    )
    assert replayed["a"].agent_id == "early"
    assert (replayed["b"].agent_id, replayed["b"].waited_s) == ("late", 301.0)


def test_an_agent_who_is_back_before_his_call_is_over_goes_on():
    asked = [PastCall("a", 0.0, 2.0, 100.0, 10.0), PastCall("b", 1.0, 2.0, 100.0, 10.0)]
    replayed = by_call(replay(asked, [Shift("one", 0.0, 20.0), Shift("one", 60.0, 500.0)], LIMITS))
    assert (replayed["b"].agent_id, replayed["b"].waited_s) == ("one", pytest.approx(113.0))


def test_with_nobody_on_duty_the_limit_of_the_desk_ends_the_wait():
    asked = [PastCall("a", 5.0, 2.0, 100.0, 10.0)]
    for deserted_s in (60.0, 200.0):
        (only,) = replay(asked, [], DeskLimits(deserted_s=deserted_s))
        assert (only.agent_id, only.waited_s) == ("", deserted_s)


def test_a_limit_that_is_changed_changes_who_is_served_first():
    """A VIP who came late is before one who waits for long, unless that one is near his limit."""
    asked = [
        PastCall("talks", 0.0, 1.0, 600.0, 0.0),
        PastCall("general", 10.0, 1.0, 100.0, 0.0),
        PastCall("vip", 500.0, 1.0, 100.0, 0.0, band=Band.VIP),
    ]
    orders = [
        [call.call_id for call in replay(asked, [Shift("one", 0.0, 5_000.0)], DeskLimits(wait_s_max=wait_s_max))]
        for wait_s_max in (1_800.0, 300.0)
    ]
    assert orders == [["talks", "vip", "general"], ["talks", "general", "vip"]]


def test_every_call_of_a_wild_day_ends_in_exactly_one_way():
    dice = random.Random(11)
    asked, _ = busy_day(11, 1, 600)
    asked = [
        PastCall(c.call_id, c.asked_at_s, dice.uniform(0, 12), c.talk_s, c.wrap_up_s, dice.choice(list(Band)),
                 leaves_after_s=dice.expovariate(1 / 400))
        for c in asked
    ]  # fmt: skip
    duty = []
    for number in range(6):
        cuts = sorted(dice.uniform(0, DAY_S) for _ in range(8))
        duty += [Shift(f"agent{number}", start, end) for start, end in zip(cuts[::2], cuts[1::2], strict=True)]
    replayed = replay(asked, duty, LIMITS)
    assert sorted(call.call_id for call in replayed) == sorted(call.call_id for call in asked)
    patience = {call.call_id: call.leaves_after_s for call in asked}
    assert all(0 <= call.waited_s <= patience[call.call_id] + 0.001 for call in replayed)
    assert {bool(call.agent_id) for call in replayed} == {True, False}
