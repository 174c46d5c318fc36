"""How much may be taken: every limit alone, the least of them together, and a way on in every sentence."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payment.limits import (
    Limit,
    Room,
    Taken,
    limit_words,
    room,
    stopped_by,
    words_before,
)
from payment.money_rules import MoneyRules

RULES = MoneyRules(date(2026, 1, 1))


@pytest.mark.parametrize(
    ("taken", "cash", "expected"),
    [
        (Taken(), True, Room(15_000_00, Limit.PAYMENT_MAX)),
        (Taken(visit_minor=50_000_00), True, Room(10_000_00, Limit.VISIT_MAX)),
        (Taken(account_today_minor=95_000_00), True, Room(5_000_00, Limit.ACCOUNT_DAY)),
        (Taken(account_today_cash_minor=14_000_00), True, Room(1_000_00, Limit.ANONYMOUS_CASH)),
        (Taken(account_today_cash_minor=14_000_00), False, Room(15_000_00, Limit.PAYMENT_MAX)),
        (Taken(account_today_cash_minor=20_000_00), True, Room(0, Limit.ANONYMOUS_CASH)),
    ],
)
def test_the_least_limit_leaves_the_room(taken, cash, expected):
    assert room(RULES, taken, cash=cash) == expected


@given(
    taken=st.builds(Taken, *[st.integers(0, 200_000_00)] * 3),
    more=st.integers(0, 10_000_00),
    cash=st.booleans(),
)
def test_what_was_taken_never_widens_the_room(taken, more, cash):
    before = room(RULES, taken, cash=cash).amount_minor
    grown = Taken(
        taken.visit_minor + more,
        taken.account_today_minor + more,
        taken.account_today_cash_minor + more,
    )
    assert 0 <= room(RULES, grown, cash=cash).amount_minor <= before <= RULES.payment_max_minor


@pytest.mark.parametrize(
    ("amount", "limit"),
    [
        (9_99, Limit.PAYMENT_MIN),
        (10_00, None),
        (1_000_00, None),
        (1_000_01, Limit.ANONYMOUS_CASH),
    ],
)
def test_an_amount_is_stopped_below_the_least_and_above_the_room(amount, limit):
    assert stopped_by(amount, Room(1_000_00, Limit.ANONYMOUS_CASH), RULES) is limit


@pytest.mark.parametrize("left", [0, 5_00, 1_000_00])
@pytest.mark.parametrize("limit", Limit)
def test_every_limit_is_said_with_a_way_on(limit, left):
    said = limit_words(limit, Room(left, limit), RULES)
    ways_on = ("Добавьте", "можно", "разрешает внести сегодня", "Завершите", "Подойдите")
    assert said.endswith(".")
    assert any(way.lower() in said.lower() for way in ways_on)
    if left >= RULES.payment_min_minor and limit is not Limit.PAYMENT_MIN:
        assert "1\u00a0000,00" in said  # what still may be inserted


@pytest.mark.parametrize(
    ("asked_minor", "most", "said"),
    [
        (0, Room(15_000_00, Limit.PAYMENT_MAX), ""),
        (500_00, Room(15_000_00, Limit.PAYMENT_MAX), ""),
        (20_000_00, Room(15_000_00, Limit.PAYMENT_MAX), "За один раз"),
        (500_00, Room(15_000_00, Limit.ANONYMOUS_CASH), ""),
        (0, Room(1_000_00, Limit.ANONYMOUS_CASH), "Без паспорта"),
        (0, Room(0, Limit.ANONYMOUS_CASH), "только с паспортом"),
        (5_00, Room(15_000_00, Limit.PAYMENT_MAX), "Наименьшая сумма"),
    ],
)
def test_what_limits_a_payment_is_said_before_the_first_note(asked_minor, most, said):
    words = words_before(asked_minor, most, RULES)
    assert said in words
    assert bool(words) is bool(said)
