"""Reconciliation: every difference from another register is found, classified and owned; none is invented."""

from __future__ import annotations

import random
from itertools import starmap

import pytest

from payment.reconciliation.compare import (
    Comparison,
    Difference,
    Entry,
    Outcome,
    Owner,
    Source,
    compare,
    compare_counts,
    owner_of,
)
from payment.reconciliation.register_layouts import BANK
from payment.reconciliation.registers import RegisterError, read_register, write_register
from tests.bench import bench_reconciliation as bench

DAY, NEXT_DAY = "20261123", "20261124"
OURS = Entry("7", "001234567", 50_000, DAY)


def only(comparison: Comparison) -> tuple[Difference, Owner, int, int]:
    (found,) = comparison.found
    return found.difference, found.owner, found.here_minor, found.there_minor


def test_two_equal_sides_agree():
    comparison = compare([OURS], [OURS], source=Source.BILLING)
    assert comparison.agrees
    assert (comparison.here_count, comparison.here_minor, comparison.matched) == (1, 50_000, 1)
    assert (comparison.there_count, comparison.there_minor) == (1, 50_000)


@pytest.mark.parametrize(
    ("ours", "theirs", "difference", "owner"),
    [
        ([], [OURS], Difference.MISSING_HERE, Owner.BILLING),
        ([OURS], [], Difference.MISSING_THERE, Owner.BILLING),
        ([OURS], [OURS._replace(amount_minor=50_001)], Difference.AMOUNT_DIFFERS, Owner.ACCOUNTING),
        ([OURS], [OURS._replace(account="1234567")], Difference.WRONG_ACCOUNT, Owner.ACCOUNTING),
        ([OURS], [OURS, OURS], Difference.DUPLICATED, Owner.BILLING),
        ([OURS, OURS], [OURS], Difference.DUPLICATED, Owner.BILLING),
        ([OURS], [OURS._replace(day=NEXT_DAY)], Difference.LATE, Owner.ACCOUNTING),
        ([OURS._replace(outcome=Outcome.UNKNOWN)], [OURS], Difference.UNKNOWN, Owner.BILLING),
        ([OURS._replace(outcome=Outcome.UNKNOWN)], [], Difference.UNKNOWN, Owner.BILLING),
        ([OURS._replace(outcome=Outcome.REFUSED)], [OURS], Difference.MISSING_HERE, Owner.BILLING),
    ],
)
def test_each_difference_has_its_class_and_owner(ours, theirs, difference, owner):
    assert only(compare(ours, theirs, source=Source.BILLING))[:2] == (difference, owner)


def test_a_refused_payment_that_they_do_not_have_is_no_difference():
    assert compare([OURS._replace(outcome=Outcome.REFUSED)], [], source=Source.BILLING).agrees


def test_their_silence_about_the_day_is_no_difference():
    comparison = compare([OURS], [OURS._replace(day="")], source=Source.BILLING)
    assert comparison.agrees
    assert comparison.matched == 1


def test_two_differences_of_one_payment_are_both_told():
    theirs = OURS._replace(amount_minor=1, account="2", day=NEXT_DAY)
    found = compare([OURS], [theirs], source=Source.BILLING).found
    expected = {Difference.AMOUNT_DIFFERS, Difference.WRONG_ACCOUNT, Difference.LATE}
    assert {each.difference for each in found} == expected
    assert {(each.here_minor, each.there_minor) for each in found} == {(50_000, 1)}


def test_a_separator_within_an_account_does_not_confuse():
    odd = OURS._replace(account="1|done|2")
    assert compare([odd], [odd], source=Source.BANK).agrees
    assert only(compare([odd], [OURS], source=Source.BANK))[0] is Difference.WRONG_ACCOUNT


def test_every_difference_of_every_source_has_an_owner():
    for source in Source:
        for difference in Difference:
            assert isinstance(owner_of(source, difference), Owner)


def test_counts_tell_shortage_and_surplus_by_value():
    comparison = compare_counts({10_000: 3, 50_000: 2, 5_000: 1}, {10_000: 2, 50_000: 2, 100_000: 1})
    found = [(each.key, each.difference, each.here_minor, each.there_minor) for each in comparison.found]
    assert found == [
        ("5000", Difference.MISSING_THERE, 5_000, 0),
        ("10000", Difference.MISSING_THERE, 30_000, 20_000),
        ("100000", Difference.MISSING_HERE, 0, 100_000),
    ]
    assert (comparison.here_count, comparison.here_minor) == (6, 135_000)
    assert (comparison.there_count, comparison.there_minor) == (5, 220_000)
    assert all(each.owner is Owner.OPERATIONS for each in comparison.found)


def test_a_spoilt_register_gives_exactly_what_was_spoilt(tmp_path):
    """The bench's work in small: every class of difference, a register in random order, its own layout between."""
    lines = 20_000
    path = tmp_path / "bank.txt"
    write_register(path, BANK, bench.register_rows(lines, seed=5), {"order_number": "1", "order_date": DAY})
    figures = bench.reconcile(path, lines)
    assert (figures["missed"], figures["invented"], figures["injected"]) == (0, 0, lines // bench.SPOIL_EVERY)


@pytest.mark.parametrize("seed", range(8))
def test_random_spoiling_is_found_exactly(seed):
    chance = random.Random(seed)
    ours = [Entry(str(number), f"{number:09d}", chance.randrange(1, 10**7), DAY) for number in range(300)]
    theirs, expected = [], set()
    for entry in ours:
        match chance.randrange(12):
            case 0:
                expected.add((Difference.MISSING_THERE, entry.key))
                continue
            case 1:
                expected.add((Difference.AMOUNT_DIFFERS, entry.key))
                theirs.append(entry._replace(amount_minor=entry.amount_minor + chance.choice((-1, 1, 100))))
                continue
            case 2:
                expected.add((Difference.DUPLICATED, entry.key))
                theirs.append(entry)
            case 3:
                expected.add((Difference.MISSING_HERE, f"x{entry.key}"))
                theirs.append(entry._replace(key=f"x{entry.key}"))
        theirs.append(entry)
    chance.shuffle(theirs)
    comparison = compare(ours, theirs, source=Source.BILLING)
    assert {(each.difference, each.key) for each in comparison.found} == expected
    assert len(comparison.found) == len(expected)


def test_a_register_that_breaks_at_its_end_gives_no_comparison(tmp_path):
    path = tmp_path / "bank.txt"
    write_register(path, BANK, bench.register_rows(50, seed=1), {"order_number": "1", "order_date": DAY})
    path.write_bytes(path.read_bytes().replace(b"=", b"=9", 1))
    theirs = starmap(Entry, read_register(path, BANK, ("txn_id", "account", "amount_minor", "date")))
    with pytest.raises(RegisterError):
        compare(bench.ours(50), theirs, source=Source.BANK)


def test_the_register_of_another_day_never_agrees():
    """Its lines are ours, sum and day and all; they are not of the day that is compared."""
    of_yesterday = OURS._replace(key="5", day="20261122")
    comparison = compare([], [of_yesterday], source=Source.BILLING, of_other_days={"5": of_yesterday}.get)
    assert not comparison.agrees
    assert [(each.difference, each.key) for each in comparison.found] == [(Difference.LATE, "5")]


def test_a_payment_of_another_day_is_late_and_not_missing():
    of_yesterday = OURS._replace(key="5", day="20261122")
    theirs = [OURS, of_yesterday._replace(day=DAY), of_yesterday._replace(day=DAY), OURS._replace(key="9")]
    known = {"5": of_yesterday}.get
    found = compare([OURS], theirs, source=Source.BILLING, of_other_days=known).found
    assert [(each.difference, each.key) for each in found] == [
        (Difference.LATE, "5"),
        (Difference.DUPLICATED, "5"),
        (Difference.MISSING_HERE, "9"),
    ]
