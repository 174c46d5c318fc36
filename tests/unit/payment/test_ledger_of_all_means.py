"""What coins, cards, QR payments and re-addressing do to the books, record by record."""

from __future__ import annotations

import pytest

from payment.ledger import ASSETS, OWED, TAKEN, Books, LedgerError, Place, Posting, postings

SUM = {"amount_minor": 500_00}
HAND, UNKNOWN, APPROVED = Place.HAND, Place.CARD_UNKNOWN, Place.CARD_APPROVED


@pytest.mark.parametrize(
    ("kind", "data", "moves"),
    [
        ("coin_in", {"value_minor": 500_00}, [(Place.COIN_BOX, HAND), (HAND, Place.PAYABLE)]),
        (
            "coin_in",
            {"value_minor": 500_00, "to": "unallocated"},
            [(Place.COIN_BOX, HAND), (HAND, Place.UNALLOCATED)],
        ),
        ("card_intent", SUM, [(UNKNOWN, HAND)]),
        ("card_intent", {**SUM, "outcome": "approved"}, [(UNKNOWN, HAND)]),
        (
            "card_result",
            {**SUM, "outcome": "approved"},
            [(HAND, UNKNOWN), (APPROVED, HAND), (HAND, Place.PAYABLE)],
        ),
        ("card_result", {**SUM, "outcome": "declined"}, [(HAND, UNKNOWN)]),
        ("card_result", {**SUM, "outcome": "unknown"}, []),
        ("card_reversed", {**SUM, "outcome": "done", "of": "approved"}, [(Place.UNALLOCATED, Place.REFUNDED)]),
        ("card_reversed", {**SUM, "outcome": "done", "of": "unknown"}, [(HAND, UNKNOWN)]),
        ("card_reversed", {**SUM, "outcome": "refused", "of": "approved"}, []),
        ("card_reversed", {**SUM, "of": "approved"}, []),
        ("qr_result", {**SUM, "state": "paid"}, [(Place.QR_PAID, HAND), (HAND, Place.PAYABLE)]),
        (
            "qr_result",
            {**SUM, "state": "paid", "to": "unallocated"},
            [(Place.QR_PAID, HAND), (HAND, Place.UNALLOCATED)],
        ),
        ("qr_result", {**SUM, "state": "expired"}, []),
        ("moved", {**SUM, "to": "payable"}, [(Place.UNALLOCATED, Place.PAYABLE)]),
        ("moved", {**SUM, "from": "credited", "to": "unallocated"}, [(Place.CREDITED, Place.UNALLOCATED)]),
        ("moved", {**SUM, "to": "refunded"}, [(Place.UNALLOCATED, Place.REFUNDED)]),
        ("pay_intent", {**SUM, "from": "unallocated"}, [(Place.UNALLOCATED, Place.PAYABLE)]),
        ("pay_intent", SUM, []),
        (
            "move_ordered",
            {**SUM, "in_doubt": True},
            [(Place.CASSETTE, Place.IN_DOUBT), (HAND, Place.UNALLOCATED)],
        ),
        ("move_ordered", SUM, []),
        ("cancel_result", {**SUM, "outcome": "cancelled"}, [(Place.CREDITED, Place.UNALLOCATED)]),
        ("cancel_result", {**SUM, "outcome": "refused"}, []),
        ("fiscal_done", SUM, []),
        ("qr_intent", SUM, []),
    ],
)
def test_each_record_moves_its_sum_from_place_to_place(kind, data, moves):
    assert postings(kind, data) == tuple(Posting(debit, credit, 500_00) for debit, credit in moves)


def test_another_sum_than_asked_is_approved_whole_and_owed_to_nobody_yet():
    assert postings("card_review", {"amount_minor": 700_00, "asked_minor": 500_00}) == (
        Posting(HAND, UNKNOWN, 500_00),
        Posting(APPROVED, HAND, 700_00),
        Posting(HAND, Place.UNALLOCATED, 700_00),
    )


@pytest.mark.parametrize("outcome", [None, "maybe", "done"])
def test_an_outcome_of_a_card_that_nobody_knows_is_refused(outcome):
    with pytest.raises(LedgerError, match="card_result with outcome"):
        postings("card_result", {**SUM, "outcome": outcome})


def test_a_credit_without_a_fee_is_one_move_and_a_refusal_keeps_the_fee_too():
    credited = {"amount_minor": 500_00, "fee_minor": 0, "outcome": "credited"}
    assert postings("pay_result", credited) == (Posting(Place.PAYABLE, Place.CREDITED, 500_00),)
    refused = {"amount_minor": 495_00, "fee_minor": 5_00, "outcome": "refused"}
    assert postings("pay_result", refused) == (Posting(Place.PAYABLE, Place.UNALLOCATED, 500_00),)


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("coin_in", {}),
        ("coin_in", {"amount_minor": 1}),
        ("card_intent", {}),
        ("card_intent", {"value_minor": 1}),
        ("card_result", {"outcome": "approved"}),
        ("card_result", {"outcome": "declined", "amount_minor": -1}),
        ("card_review", {"amount_minor": 5}),
        ("card_review", {"asked_minor": 5}),
        ("card_reversed", {"outcome": "done", "of": "approved"}),
        ("card_reversed", {"outcome": "done"}),
        ("qr_result", {"state": "paid"}),
        ("moved", {"to": "payable"}),
        ("pay_result", {"amount_minor": 5, "outcome": "credited"}),
        ("pay_result", {"fee_minor": 5, "outcome": "credited"}),
    ],
)
def test_a_record_without_its_sum_is_refused_and_named(kind, data):
    with pytest.raises(LedgerError, match=f"{kind} needs .*_minor"):
        postings(kind, data)


@pytest.mark.parametrize("sum_minor", [0, 1])
def test_a_sum_of_nothing_is_no_mistake(sum_minor):
    assert postings("card_intent", {"amount_minor": sum_minor}) == (Posting(UNKNOWN, HAND, sum_minor),)


@pytest.mark.parametrize(
    ("ends", "name"),
    [
        ({"to": "cassette"}, "to"),
        ({"to": "hand"}, "to"),
        ({"to": None}, "to"),
        ({}, "to"),
        ({"from": "card_approved", "to": "payable"}, "from"),
        ({"from": None, "to": "payable"}, "from"),
    ],
)
def test_money_is_moved_only_between_what_is_owed_and_was_given(ends, name):
    with pytest.raises(LedgerError, match=f"^moved {name} "):
        postings("moved", {**SUM, **ends})


def test_places_are_named_as_the_journal_names_them():
    names = "hand escrow cassette coin_box in_doubt card_unknown card_approved qr_paid payable credited fee "
    assert [place.value for place in Place] == (names + "unallocated refunded").split()
    assert {*TAKEN, Place.ESCROW, Place.IN_DOUBT, Place.CARD_UNKNOWN} == ASSETS
    assert not ASSETS & {*OWED, Place.HAND}


def test_every_way_to_pay_is_counted_as_taken_and_every_end_as_owed():
    books = Books(
        [
            ("escrow_seen", {"value_minor": 1}),
            ("stacked", {"value_minor": 1}),
            ("coin_in", {"value_minor": 10}),
            ("card_intent", {"amount_minor": 100}),
            ("card_result", {"amount_minor": 100, "outcome": "approved"}),
            ("qr_result", {"amount_minor": 1_000, "state": "paid"}),
            ("card_intent", {"amount_minor": 10_000}),
            ("pay_result", {"amount_minor": 100, "fee_minor": 11, "outcome": "credited"}),
            ("pay_result", {"amount_minor": 900, "fee_minor": 0, "outcome": "refused"}),
            ("moved", {"amount_minor": 400, "to": "refunded"}),
        ]
    )
    assert books.faults() == []
    assert books.balances() == {
        Place.ESCROW: 0,
        Place.CASSETTE: 1,
        Place.COIN_BOX: 10,
        Place.IN_DOUBT: 0,
        Place.CARD_UNKNOWN: 10_000,
        Place.CARD_APPROVED: 100,
        Place.QR_PAID: 1_000,
        Place.PAYABLE: 100,
        Place.CREDITED: 100,
        Place.FEE: 11,
        Place.UNALLOCATED: 500,
        Place.REFUNDED: 400,
    }


@pytest.mark.parametrize(
    "line",
    [
        ("card_result", {**SUM, "outcome": "approved"}),
        ("card_result", {**SUM, "outcome": "declined"}),
        ("card_reversed", {**SUM, "outcome": "done", "of": "approved"}),
        ("moved", {**SUM, "to": "payable"}),
    ],
)
def test_money_that_came_from_nowhere_is_found_and_its_place_named(line):
    (fault,) = Books([line]).faults()
    assert fault.startswith(("card_unknown is -", "unallocated is -"))


class LeakyBooks(Books):
    """Writes half of a posting, as a broken program would."""

    def leak(self, place: Place, amount_minor: int) -> None:
        self._sums[place] += amount_minor


@pytest.mark.parametrize("place", [Place.CASSETTE, Place.QR_PAID])
def test_half_a_posting_is_found_by_both_sums(place):
    books = LeakyBooks()
    assert books.faults() == []
    books.leak(place, 5)
    assert books.faults() == [
        "what was taken, 5, is not what is owed and was given: 0",
        "the postings do not sum to zero",
    ]
