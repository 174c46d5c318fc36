"""The books: whatever the records say in whatever order is legal, every kopeck is in exactly one place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payment.ledger import Books, LedgerError, Place, Posting, postings

Line = tuple[str, dict[str, object]]
VALUES = st.sampled_from([10_00, 50_00, 100_00, 200_00, 500_00, 1000_00, 2000_00, 5000_00])
ENDS = st.sampled_from(["stacked", "returned", "in_doubt", "doubt_stacked", "doubt_returned", "found", "nobody's"])
PAYS = st.sampled_from(["credited", "refused", "unknown", "none"])


def of_note(value: int, end: str) -> list[Line]:
    """The records of one note, from the slot to its end."""
    money: dict[str, object] = {"value_minor": value}
    seen: list[Line] = [("escrow_seen", money), ("decision", {**money, "decision": "stack"})]
    match end:
        case "found":
            return [("cash_unidentified", money)]
        case "nobody's":
            return [*seen, ("stacked", {**money, "to": "unallocated"})]
        case "doubt_stacked":
            return [*seen, ("in_doubt", money), ("stacked", {**money, "from": "in_doubt"})]
        case "doubt_returned":
            return [*seen, ("in_doubt", money), ("doubt_cleared", money)]
        case _:
            return [*seen, (end, money)]


def of_pay(amount: int, fee: int, outcome: str) -> list[Line]:
    if amount == 0 or outcome == "none":
        return []
    result: dict[str, object] = {"amount_minor": amount - fee, "fee_minor": fee, "outcome": outcome}
    return [("pay_intent", {"amount_minor": amount - fee}), ("pay_result", result)]


@given(notes=st.lists(st.tuples(VALUES, ENDS), max_size=12), outcome=PAYS, fee_share=st.integers(0, 100))
def test_the_books_are_sound_after_every_record_and_agree_with_a_count_of_notes(notes, outcome, fee_share):
    owed = sum(value for value, end in notes if end in ("stacked", "doubt_stacked"))
    fee = owed * fee_share // 100
    books = Books()
    for kind, data in [line for note in notes for line in of_note(*note)] + of_pay(owed, fee, outcome):
        books.add(kind, data)
        assert books.faults() == [], (kind, data)
    found = sum(value for value, end in notes if end in ("found", "nobody's"))
    assert books.balance(Place.CASSETTE) == owed + found
    assert books.balance(Place.IN_DOUBT) == sum(value for value, end in notes if end == "in_doubt")
    assert books.balance(Place.ESCROW) == 0
    assert books.balance(Place.PAYABLE) == (owed if outcome in ("unknown", "none") else 0)
    assert books.balance(Place.CREDITED) == (owed - fee if outcome == "credited" else 0)
    assert books.balance(Place.FEE) == (fee if outcome == "credited" else 0)
    assert books.balance(Place.UNALLOCATED) == found + (owed if outcome == "refused" else 0)


@pytest.mark.parametrize(
    ("kind", "more", "moves"),
    [
        ("escrow_seen", {}, [(Place.ESCROW, Place.HAND)]),
        ("returned", {}, [(Place.HAND, Place.ESCROW)]),
        ("stacked", {}, [(Place.CASSETTE, Place.ESCROW), (Place.HAND, Place.PAYABLE)]),
        ("stacked", {"to": "unallocated"}, [(Place.CASSETTE, Place.ESCROW), (Place.HAND, Place.UNALLOCATED)]),
        ("stacked", {"from": "in_doubt"}, [(Place.CASSETTE, Place.IN_DOUBT), (Place.HAND, Place.PAYABLE)]),
        ("in_doubt", {}, [(Place.IN_DOUBT, Place.ESCROW)]),
        ("doubt_cleared", {}, [(Place.HAND, Place.IN_DOUBT)]),
        ("cash_unidentified", {}, [(Place.CASSETTE, Place.HAND), (Place.HAND, Place.UNALLOCATED)]),
        ("decision", {}, []),
        ("pay_intent", {}, []),
    ],
)
def test_each_record_of_a_note_moves_its_value_from_place_to_place(kind, more, moves):
    expected = tuple(Posting(debit, credit, 500_00) for debit, credit in moves)
    assert postings(kind, {"value_minor": 500_00, **more}) == expected


def test_a_credit_divides_the_owed_sum_between_the_account_and_the_fee():
    paid = {"amount_minor": 495_00, "fee_minor": 5_00, "outcome": "credited"}
    moves = (Posting(Place.PAYABLE, Place.CREDITED, 495_00), Posting(Place.PAYABLE, Place.FEE, 5_00))
    assert postings("pay_result", paid) == moves


@pytest.mark.parametrize("amount", [-1, 1.5, "500", None, True, [500]])
def test_what_is_not_whole_kopecks_is_refused(amount):
    with pytest.raises(LedgerError):
        postings("stacked", {"value_minor": amount})


@pytest.mark.parametrize("kind", ["escrow_seen", "returned", "stacked", "in_doubt", "pay_result"])
def test_a_record_of_money_without_its_amount_is_refused(kind):
    with pytest.raises(LedgerError, match=kind):
        postings(kind, {})


def test_an_outcome_nobody_knows_is_refused():
    with pytest.raises(LedgerError, match="maybe"):
        postings("pay_result", {"amount_minor": 1, "fee_minor": 0, "outcome": "maybe"})


@pytest.mark.parametrize(
    "line",
    [
        ("stacked", {"value_minor": 100_00}),
        ("returned", {"value_minor": 100_00}),
        ("in_doubt", {"value_minor": 100_00}),
        ("doubt_cleared", {"value_minor": 100_00}),
        ("pay_result", {"amount_minor": 100_00, "fee_minor": 0, "outcome": "credited"}),
        ("pay_result", {"amount_minor": 100_00, "fee_minor": 0, "outcome": "refused"}),
    ],
    ids=lambda line: line[0],
)
def test_money_that_came_from_nowhere_is_found(line):
    assert Books([line]).faults() != []


def test_a_credit_larger_than_what_was_taken_is_found():
    lines = of_note(100_00, "stacked") + of_pay(100_01, 0, "credited")
    assert any("payable" in fault for fault in Books(lines).faults())
