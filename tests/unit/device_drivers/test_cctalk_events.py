"""The ccTalk event counter: what is new, what is lost, what is another count. Never a guess, never twice."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device_drivers.cctalk.counter import Counter
from device_drivers.cctalk.events import news
from device_drivers.cctalk.messages import EventBuffer


def buffer(counter, *pairs):
    return EventBuffer(counter, (*pairs, *[(0, 0)] * 5)[:5])


COINS = ((5, 1), (4, 1), (3, 1), (2, 1), (1, 1))


def told(found):
    return [(event.counter, event.first) for event in found.events]


@pytest.mark.parametrize(
    ("known", "now", "counters", "lost", "reset"),
    [
        (7, buffer(7, *COINS), [], 0, False),
        (7, buffer(8, *COINS), [8], 0, False),
        (7, buffer(12, *COINS), [8, 9, 10, 11, 12], 0, False),
        (7, buffer(15, *COINS), [11, 12, 13, 14, 15], 3, False),
        (254, buffer(2, *COINS), [255, 1, 2], 0, False),  # 255 is followed by 1, never by 0
        (255, buffer(1, *COINS), [1], 0, False),
        (0, buffer(2, *COINS[:2]), [1, 2], 0, False),
        (0, buffer(0), [], 0, False),
        (9, buffer(0), [], 0, True),
        (100, buffer(3, *COINS[:3]), [1, 2, 3], 0, True),  # empty pairs behind a small counter: it counts anew
        (100, buffer(3, *COINS), [254, 255, 1, 2, 3], 153, False),
    ],
)
def test_the_distance_of_the_counters_says_what_is_new(known, now, counters, lost, reset):
    found = news(known, now)
    assert [event.counter for event in found.events] == counters
    assert (found.lost, found.reset) == (lost, reset)


def test_the_newest_pair_comes_first_on_the_wire_and_last_out_of_it():
    assert told(news(7, buffer(9, (5, 1), (4, 1), (3, 1)))) == [(8, 4), (9, 5)]


def test_a_count_that_does_not_go_on_where_the_one_before_ended_is_another_count():
    before = buffer(1, (5, 1))
    assert news(1, buffer(2, (4, 1), (5, 1)), before).reset is False
    found = news(1, buffer(2, (4, 1), (3, 1)), before)
    assert found.reset is True
    assert told(found) == [(1, 3), (2, 4)]


def test_pairs_that_changed_under_the_same_counter_are_an_alert_and_no_credit():
    before = buffer(40, *COINS)
    found = news(40, buffer(40, (9, 1), *COINS[:4]), before)
    assert found.events == ()
    assert found.lost == 255


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 16), st.integers(0, 4)), min_size=1, max_size=600), st.randoms())
def test_whoever_reads_often_enough_hears_each_event_once(happened, dice):
    counter, pairs, watch = 0, [], Counter(0)
    heard, unread = [], 0
    for pair in happened:
        counter = counter % 255 + 1
        pairs = [pair, *pairs][:5]
        unread += 1
        if unread == 5 or dice.random() < 0.4:
            found = watch.read(buffer(counter, *pairs))
            assert not found.lost
            assert not found.reset
            heard += [(event.first, event.second) for event in found.events]
            unread = 0
    heard += [(event.first, event.second) for event in watch.read(buffer(counter, *pairs)).events]
    assert heard == happened


def test_a_device_that_lost_its_mask_was_reset_and_one_that_keeps_it_was_not():
    watch = Counter(3)
    watch.missed()
    assert watch.question() is None  # no mask was ever given: there is nothing to tell by
    watch.mask_taken(b"\x0f\x00")
    watch.missed()
    assert watch.question() is not None
    assert watch.answered(b"\x07\x00") is False  # some devices keep only the types they know
    watch.missed()
    assert watch.answered(b"\x00\x00") is True
    assert watch.question() is None


def test_a_device_that_does_not_know_the_question_is_not_asked_for_ever():
    watch = Counter(3)
    watch.mask_taken(b"\x0f\x00")
    watch.missed()
    for _ in range(3):
        assert watch.question() is not None
        watch.not_answered()
    assert watch.question() is None
