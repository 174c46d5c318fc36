"""Rules are looked up by the day, and rules that contradict themselves never get into use."""

from __future__ import annotations

import contextlib
import tomllib
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payment.fees import FeeRule
from payment.money_rules import DatedRules, MoneyRules, MoneyRulesError, read_rules

SETTINGS = """
[[money]]
starts_on = 2026-01-01

[[money]]
starts_on = 2027-01-01
payment_max_minor = 6_000_000
anonymous_cash_max_minor = 6_000_000
[money.fees.commercial]
rate_bp = 150
min_minor = 500
on_top = true
"""


def test_rules_are_those_of_the_day():
    rules = read_rules(tomllib.loads(SETTINGS)["money"])
    assert rules.on(date(2026, 12, 31)).anonymous_cash_max_minor == 15_000_00
    assert rules.on(date(2027, 1, 1)).anonymous_cash_max_minor == 60_000_00
    assert rules.on(date(2027, 1, 1)).fee_of("commercial") == FeeRule(150, 500, on_top=True)
    assert rules.on(date(2026, 12, 31)).fee_of("commercial") == FeeRule()


def test_a_day_before_the_first_rules_has_none():
    with pytest.raises(MoneyRulesError, match="2025-12-31"):
        read_rules(tomllib.loads(SETTINGS)["money"]).on(date(2025, 12, 31))


@given(
    starts=st.sets(st.dates(date(2020, 1, 1), date(2040, 1, 1)), min_size=1, max_size=6), after=st.integers(0, 5_000)
)
def test_the_latest_rules_that_have_started_hold_in_any_order_of_the_list(starts, after):
    rules = DatedRules([MoneyRules(day) for day in starts])
    day = min(starts) + timedelta(days=after)
    assert rules.on(day).starts_on == max(start for start in starts if start <= day)


@pytest.mark.parametrize(
    "tables",
    [
        [],
        [{"starts_on": "2026-01-01"}, {"starts_on": "2026-01-01"}],
        [{"starts_on": "yesterday"}],
        [{}],
        [{"starts_on": "2026-01-01", "payment_mx_minor": 1}],
        [{"starts_on": "2026-01-01", "payment_min_minor": 10.5}],
        [{"starts_on": "2026-01-01", "payment_min_minor": 0}],
        [{"starts_on": "2026-01-01", "payment_min_minor": 2_000_000}],
        [{"starts_on": "2026-01-01", "payment_max_minor": 10_000_000}],
        [{"starts_on": "2026-01-01", "cassette_warn_percent": 101}],
        [{"starts_on": "2026-01-01", "fees": {"electricity": {"rate_bp": -1}}}],
        [{"starts_on": "2026-01-01", "fees": {"electricity": {"min_minor": 1_000}}}],
        ["2026-01-01"],
    ],
)
def test_rules_that_are_not_as_agreed_are_refused(tables):
    with pytest.raises(MoneyRulesError):
        read_rules(tables)


NAMES = ["starts_on", "payment_min_minor", "payment_max_minor", "fees", "offline_total_max_minor", "strange"]
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12) | st.dates() | st.just("2026-01-01"),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*NAMES, "rate_bp", ""]), inner, max_size=4)
    ),
    max_leaves=8,
)


@given(tables=st.lists(st.dictionaries(st.sampled_from(NAMES), ANYTHING, max_size=5) | ANYTHING, max_size=3))
def test_any_tables_end_in_rules_or_in_the_declared_error(tables):
    with contextlib.suppress(MoneyRulesError):
        rules = read_rules(tables)
        assert rules.on(date(9999, 12, 31)).payment_min_minor > 0
