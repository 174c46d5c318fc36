"""One note at a time, told once: repeats, silent ends, orders over a broken link, tables that come late."""

from __future__ import annotations

import pytest

from device_drivers.contract.bill_validator import (
    CashItemsKnown,
    NoteEscrowed,
    NoteMoving,
    NoteRejected,
    NoteReturned,
    NoteStacked,
    PoweredUp,
    PowerUpNote,
)
from device_drivers.contract.cash import UNKNOWN_CASH_ITEM, CashItem, RejectReason
from device_drivers.note_teller import HOLDS_MAX, NoteTeller, Order

HUNDRED, FIVE_HUNDRED = CashItem(10000), CashItem(50000)
TABLE = {1: HUNDRED, 2: FIVE_HUNDRED}
REJECTION = NoteRejected(RejectReason.NOT_RECOGNISED)


@pytest.fixture
def teller():
    teller = NoteTeller()
    teller.table_read(TABLE)
    assert teller.take_events() == [CashItemsKnown((HUNDRED, FIVE_HUNDRED))]
    return teller


@pytest.fixture
def ordered(teller):
    """A note that was told to be stacked."""
    teller.escrowed(2)
    teller.give_order(Order.STACK)
    teller.order_sent(1.0)
    teller.take_events()
    return teller


def test_a_note_goes_in_once_however_often_the_device_says_so(teller):
    teller.escrowed(2)
    teller.escrowed(2)
    teller.stacked()
    teller.stacked()
    teller.went_on()
    assert teller.take_events() == [
        NoteMoving(True),
        NoteEscrowed(FIVE_HUNDRED),
        NoteStacked(FIVE_HUNDRED),
        NoteMoving(False),
    ]


def test_two_notes_of_one_kind_are_two_notes(teller):
    for _ in range(2):
        teller.escrowed(1)
        teller.stacked(1)
    assert teller.take_events().count(NoteStacked(HUNDRED)) == 2


def test_a_silent_end_of_a_note_nobody_told_to_keep_is_its_return(teller):
    teller.escrowed(1)
    teller.went_on()
    assert NoteReturned(HUNDRED) in teller.take_events()


def test_a_silent_end_of_a_note_told_to_be_stacked_is_no_end(ordered):
    ordered.went_on()
    ordered.moving(False)
    assert ordered.take_events() == [NoteMoving(False)]


def test_a_silent_end_after_a_fault_is_no_end_whoever_ordered_what(teller):
    teller.escrowed(1)
    teller.fault()
    teller.went_on()
    assert NoteReturned(HUNDRED) not in teller.take_events()


def test_paper_pushed_back_is_a_rejection_and_a_note_pushed_back_a_return(teller):
    teller.rejected(REJECTION)
    teller.rejected(REJECTION)
    teller.went_on()
    teller.escrowed(1)
    teller.rejected(REJECTION)
    assert teller.take_events() == [REJECTION, NoteMoving(True), NoteEscrowed(HUNDRED), NoteReturned(HUNDRED)]


def test_the_first_order_for_a_note_stands(teller):
    teller.escrowed(1)
    teller.give_order(Order.RETURN)
    teller.give_order(Order.STACK)
    assert teller.note.order is Order.RETURN


def test_an_order_that_never_left_dies_with_the_link_and_one_that_left_does_not(teller, ordered):
    ordered.link_lost()
    assert ordered.note.told_to_stack
    ordered.went_on()
    ordered.escrowed(1)
    ordered.give_order(Order.STACK)
    ordered.link_lost()
    assert ordered.note.order is None


def test_a_note_is_held_a_bounded_number_of_times_and_not_once_it_is_decided(teller):
    teller.escrowed(1)
    assert [teller.may_hold() for _ in range(HOLDS_MAX + 1)] == [True] * HOLDS_MAX + [False]
    teller.went_on()
    teller.escrowed(1)
    teller.give_order(Order.STACK)
    assert not teller.may_hold()


@pytest.mark.parametrize(
    ("where", "told"),
    [
        (PowerUpNote.NONE, [NoteStacked(UNKNOWN_CASH_ITEM)]),
        (PowerUpNote.IN_STACKER, []),
        (PowerUpNote.IN_VALIDATOR, [NoteStacked(UNKNOWN_CASH_ITEM)]),
    ],
)
def test_what_a_power_up_said_of_a_note_is_not_told_again_by_the_end_of_its_way(ordered, where, told):
    ordered.powered_up(where)
    ordered.stacked()
    events = ordered.take_events()
    assert events[0] == PoweredUp(where)
    assert [event for event in events if isinstance(event, NoteStacked)] == told


def test_without_a_table_a_credit_is_told_at_once_and_a_return_when_the_table_is_there():
    teller = NoteTeller()
    teller.escrowed(2)
    teller.stacked()
    teller.went_on()
    teller.escrowed(1)
    teller.returned()
    assert [event for event in teller.take_events() if not isinstance(event, NoteMoving)] == [
        NoteStacked(UNKNOWN_CASH_ITEM)
    ]
    teller.table_read(TABLE)
    assert NoteReturned(HUNDRED) in teller.take_events()


def test_a_table_of_before_the_break_names_a_credit(ordered):
    ordered.table_forgotten()
    ordered.stacked()
    assert NoteStacked(FIVE_HUNDRED) in ordered.take_events()


def test_money_of_a_kind_that_the_table_does_not_have_is_no_credit_and_remembered(teller):
    teller.stacked(9)
    assert teller.take_events() == []
    assert teller.unknown_kind == 9
