"""A fee is counted to the kopeck and no kopeck falls between credit and fee."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payment.fees import (
    FeeError,
    FeeRule,
    FeeShare,
    LineShare,
    amount_to_insert,
    fee_inside,
    fee_on_top,
    half_up,
    share,
    share_over_lines,
    split_by_largest_remainder,
)

AMOUNTS = st.integers(0, 20_000_00)


@st.composite
def rules(draw: st.DrawFn) -> FeeRule:
    least = draw(st.integers(0, 100_00))
    most = draw(st.none() | st.integers(least, 500_00))
    return FeeRule(draw(st.integers(0, 2_000)), least, most, draw(st.booleans()))


def test_an_own_terminal_takes_no_fee():
    assert share(1_543_21, FeeRule()) == FeeShare(1_543_21, 0)


@pytest.mark.parametrize(
    ("numerator", "denominator", "quotient"),
    [(0, 7, 0), (1, 2, 1), (1, 3, 0), (2, 3, 1), (22, 122, 0), (61, 122, 1), (60, 122, 0), (5, 2, 3)],
)
def test_halves_are_rounded_up(numerator, denominator, quotient):
    assert half_up(numerator, denominator) == quotient


@pytest.mark.parametrize(
    ("amount", "rule", "credited", "fee"),
    [
        (1_000_00, FeeRule(150), 985_00, 15_00),
        (100, FeeRule(50), 99, 1),  # half a kopeck is a kopeck
        (99, FeeRule(50), 99, 0),
        (1_000_00, FeeRule(150, min_minor=30_00), 970_00, 30_00),
        (1_000_00, FeeRule(150, max_minor=10_00), 990_00, 10_00),
        (20_00, FeeRule(150, min_minor=30_00), 0, 20_00),  # never above what was inserted
        (0, FeeRule(150, min_minor=30_00), 0, 0),
    ],
)
def test_a_fee_inside_is_taken_out_of_what_was_inserted(amount, rule, credited, fee):
    assert fee_inside(amount, rule) == FeeShare(credited, fee)


@pytest.mark.parametrize(
    ("amount", "rule", "credited", "fee"),
    [
        (1_015_00, FeeRule(150, on_top=True), 1_000_00, 15_00),
        (1_014_99, FeeRule(150, on_top=True), 999_99, 15_00),
        (201, FeeRule(5_000, on_top=True), 134, 67),
        (101, FeeRule(5_000, on_top=True), 67, 34),
        (2, FeeRule(5_000, on_top=True), 1, 1),
        (5, FeeRule(5_000, on_top=True), 3, 2),  # 3 + 2; 4 + 2 is too much
        (30_00, FeeRule(150, min_minor=30_00, on_top=True), 0, 30_00),  # no room for a credit with its fee
        (30_01, FeeRule(150, min_minor=30_00, on_top=True), 1, 30_00),
    ],
)
def test_a_fee_on_top_leaves_the_largest_credit_that_fits(amount, rule, credited, fee):
    assert fee_on_top(amount, rule) == FeeShare(credited, fee)


def test_the_kopeck_that_fits_neither_joins_the_credit():
    """Of 7 kopecks: a credit of 4 costs 2 and leaves one; 5 would cost 3."""
    assert fee_on_top(7, FeeRule(5_000, on_top=True)) == FeeShare(5, 2)


@given(amount=AMOUNTS, rule=rules())
def test_credit_and_fee_make_up_what_was_inserted(amount, rule):
    shared = share(amount, rule)
    assert shared.credited_minor + shared.fee_minor == amount
    assert shared.credited_minor >= 0
    assert shared.fee_minor >= 0


@given(amount=AMOUNTS, rule=rules())
def test_a_kopeck_more_inserted_never_credits_less(amount, rule):
    assert share(amount + 1, rule).credited_minor >= share(amount, rule).credited_minor


@given(credit=AMOUNTS, rule=rules())
def test_the_sum_to_insert_is_the_least_that_credits_the_bill(credit, rule):
    insert = amount_to_insert(credit, rule)
    assert share(insert, rule).credited_minor >= credit
    assert insert == 0 or share(insert - 1, rule).credited_minor < credit


@pytest.mark.parametrize(
    ("amount", "weights", "parts"),
    [
        (100, (1, 1, 1), (34, 33, 33)),  # ties to the earlier line
        (100, (1, 2, 3), (17, 33, 50)),
        (1, (1, 1), (1, 0)),
        (0, (5, 5), (0, 0)),
        (10, (0, 7, 0), (0, 10, 0)),
    ],
)
def test_an_amount_is_split_by_the_largest_remainder(amount, weights, parts):
    assert split_by_largest_remainder(amount, weights) == parts


@given(amount=AMOUNTS, weights=st.lists(st.integers(0, 10**7), min_size=1, max_size=8).filter(any))
def test_a_split_gives_each_line_its_share_within_a_kopeck_and_loses_none(amount, weights):
    parts = split_by_largest_remainder(amount, weights)
    assert sum(parts) == amount
    for part, weight in zip(parts, weights, strict=True):
        assert part in (amount * weight // sum(weights), amount * weight // sum(weights) + 1)


@pytest.mark.parametrize(
    ("amount", "dues", "shares"),
    [
        (300, (100, 200), (LineShare(100), LineShare(200))),
        (350, (100, 200), (LineShare(100, 50), LineShare(200))),
        (100, (100, 200), (LineShare(33), LineShare(67))),
        (50, (0,), (LineShare(0, 50),)),
        (50, (0, 0), (LineShare(0, 50), LineShare(0))),
    ],
)
def test_lines_get_their_dues_and_the_first_one_the_advance(amount, dues, shares):
    assert share_over_lines(amount, dues) == shares


@given(amount=AMOUNTS, dues=st.lists(st.integers(0, 9_000_00), min_size=1, max_size=6))
def test_lines_share_all_that_was_paid_and_none_gets_more_than_it_owes(amount, dues):
    shares = share_over_lines(amount, dues)
    assert sum(line.paid_minor + line.advance_minor for line in shares) == amount
    assert all(0 <= line.paid_minor <= due for line, due in zip(shares, dues, strict=True))


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: FeeRule(-1),
        lambda: FeeRule(10_000),
        lambda: FeeRule(min_minor=-1),
        lambda: FeeRule(min_minor=5, max_minor=4),
        lambda: fee_inside(-1, FeeRule()),
        lambda: fee_on_top(10**13, FeeRule()),
        lambda: half_up(1, 0),
        lambda: half_up(-1, 2),
        lambda: split_by_largest_remainder(5, (0, 0)),
        lambda: split_by_largest_remainder(5, (3, -1)),
        lambda: split_by_largest_remainder(5, ()),
        lambda: share_over_lines(5, ()),
        lambda: share_over_lines(5, (1, -1)),
    ],
)
def test_what_no_fee_can_be_counted_from_is_refused(wrong):
    with pytest.raises(FeeError):
        wrong()
