"""The cashier after Pay: billing's answers, paper, a silent acceptor, a failing disk, the next run."""

from __future__ import annotations

from itertools import pairwise

import pytest

from payment.contract import (
    AcceptorChanged,
    CashPhase,
    CassetteChanged,
    NoteEscrowed,
    NoteMoving,
    NoteReturned,
    NoteStacked,
    PayAnswered,
    PayOutcome,
    ReceiptNotPrinted,
)
from payment.ledger import Place
from payment.recovery import recover
from tests.unit.payment.till_world import ORDER, OTHER_ORDER, TillWorld, check_books

UNANSWERED_S = 7_200


@pytest.fixture
def world() -> TillWorld:
    return TillWorld()


# --- billing --------------------------------------------------------------------------------------------------------


def test_a_refused_payment_is_kept_for_a_person_and_the_slip_says_so(world):
    cashier = world.opened()
    world.put_in(cashier, 500_00)
    cashier.pay()
    world.answer(cashier, PayOutcome.REFUSED, "")
    assert world.receipts[0].outcome is PayOutcome.REFUSED
    books = check_books(world)
    assert (books.balance(Place.UNALLOCATED), books.balance(Place.PAYABLE)) == (500_00, 0)
    world.wait(cashier, UNANSWERED_S)
    assert len(world.requests) == 1


def test_an_unknown_payment_gets_its_slip_and_is_repeated_until_it_is_credited_once(world):
    cashier = world.opened()
    world.put_in(cashier, 500_00)
    cashier.pay()
    world.answer(cashier, PayOutcome.UNKNOWN, "")
    assert world.receipts[0].outcome is PayOutcome.UNKNOWN
    world.print_out(cashier)
    cashier.close_visit()
    assert cashier.undelivered() == 1
    for _ in range(5):
        asked = len(world.requests)
        world.wait(cashier, 200)
        assert len(world.requests) == asked + 1, "one request at a time"
        world.answer(cashier, PayOutcome.UNKNOWN, "")
    world.wait(cashier, 200)
    world.answer(cashier, PayOutcome.CREDITED)
    assert cashier.undelivered() == 0
    assert len(set(world.requests)) == 1, "every repeat carries the same values"
    books = check_books(world)
    assert (books.balance(Place.CREDITED), books.balance(Place.PAYABLE)) == (500_00, 0)
    asked = len(world.requests)
    world.wait(cashier, UNANSWERED_S)
    assert len(world.requests) == asked


def test_repeats_come_ever_slower_up_to_the_longest_wait(world):
    cashier = world.opened()
    world.put_in(cashier, 500_00)
    cashier.pay()
    world.answer(cashier, PayOutcome.UNKNOWN, "")
    moments = []
    for _ in range(12):
        asked = len(world.requests)
        while len(world.requests) == asked:
            world.wait(cashier, 1)
        moments.append(world.now_s)
        world.answer(cashier, PayOutcome.UNKNOWN, "")
    waits = [after - before for before, after in pairwise(moments)]
    assert waits == sorted(waits)
    assert max(waits) == world.settings.pay_retry_max_s


@pytest.mark.parametrize("again", [PayOutcome.CREDITED, PayOutcome.REFUSED, PayOutcome.UNKNOWN])
@pytest.mark.parametrize("first", [PayOutcome.CREDITED, PayOutcome.REFUSED])
def test_a_second_answer_to_an_answered_payment_changes_nothing(world, first, again):
    cashier = world.opened()
    world.put_in(cashier, 500_00)
    cashier.pay()
    world.answer(cashier, first)
    before = (world.kinds(), dict(cashier.books()))
    world.answer(cashier, again)
    assert (world.kinds(), dict(cashier.books())) == before
    assert cashier.undelivered() == 0


def test_a_second_answer_that_comes_while_the_first_is_written_changes_nothing(world):
    cashier = world.opened()
    world.put_in(cashier, 500_00)
    cashier.pay()
    world.held = True
    world.answer(cashier, PayOutcome.CREDITED)
    world.answer(cashier, PayOutcome.REFUSED)
    for _ in range(6):
        world.sync()
    assert world.kinds().count("pay_result") == 1
    assert check_books(world).balance(Place.CREDITED) == 500_00


def test_an_answer_to_a_payment_nobody_made_changes_nothing(world):
    cashier = world.opened()
    before = list(world.kinds())
    cashier.on_event(PayAnswered("999", PayOutcome.CREDITED, "77"))
    assert world.kinds() == before


def test_numbers_of_payments_are_digits_of_their_length_and_never_repeat(world):
    cashier = world.cashier()
    for _ in range(300):  # several within one second of the wall clock
        cashier.open_visit(ORDER)
        world.put_in(cashier, 10_00)
        cashier.pay()
        world.answer(cashier, PayOutcome.CREDITED)
        world.print_out(cashier)
        cashier.close_visit()
    numbers = [request.txn_id for request in world.requests]
    assert len(set(numbers)) == 300
    assert all(number.isascii() and number.isdigit() and len(number) <= 20 for number in numbers)


# --- paper ----------------------------------------------------------------------------------------------------------


def test_a_slip_that_did_not_come_out_is_said_so_and_written_down(world):
    cashier = world.opened()
    world.put_in(cashier, 500_00)
    cashier.pay()
    world.answer(cashier, PayOutcome.CREDITED)
    cashier.on_event(ReceiptNotPrinted(world.receipts[0].txn_id, may_be_on_paper=False, reason="paper out"))
    assert (cashier.snapshot.phase, cashier.snapshot.receipt_printed) == (CashPhase.DONE, False)
    assert world.data("receipt_done")["reason"] == "paper out"


def test_a_printer_that_never_answers_does_not_hold_the_terminal(world):
    cashier = world.opened()
    world.put_in(cashier, 500_00)
    cashier.pay()
    world.answer(cashier, PayOutcome.CREDITED)
    world.wait(cashier, 61)
    assert cashier.snapshot.phase is CashPhase.DONE


# --- the acceptor's silence -----------------------------------------------------------------------------------------


def test_a_note_whose_end_nobody_tells_is_in_doubt_and_holds_nobody(world):
    cashier = world.opened()
    world.put_in(cashier, 100_00)
    cashier.on_event(NoteEscrowed(500_00))
    cashier.on_event(AcceptorChanged(ready=False, fault="jammed"))
    cashier.pay()
    world.wait(cashier, 60)
    assert [request.amount_minor for request in world.requests] == [100_00]
    assert check_books(world).balance(Place.IN_DOUBT) == 500_00
    assert cashier.cassette().in_doubt_minor == 500_00


def test_a_note_in_doubt_that_is_told_to_be_stacked_at_last_is_owed_to_its_visit(world):
    cashier = world.opened()
    cashier.on_event(NoteEscrowed(500_00))
    world.wait(cashier, 60)
    cashier.on_event(NoteStacked(500_00))
    assert (cashier.snapshot.inserted_minor, cashier.snapshot.in_doubt_minor) == (500_00, 0)
    assert check_books(world).balance(Place.IN_DOUBT) == 0


def test_a_repeated_report_of_a_stacked_note_is_not_a_second_note(world):
    cashier = world.opened()
    world.put_in(cashier, 500_00)
    cashier.on_event(NoteStacked(500_00))
    assert cashier.snapshot.inserted_minor == 500_00
    assert check_books(world).balance(Place.CASSETTE) == 500_00


def test_a_note_nobody_announced_is_kept_for_a_person(world):
    cashier = world.cashier()
    cashier.on_event(NoteStacked(500_00))
    assert check_books(world).balance(Place.UNALLOCATED) == 500_00


def test_a_note_the_acceptor_swallowed_in_silence_is_in_doubt_though_another_comes_and_goes_back(world):
    """NoteMoving(False) over an open note means that its money is in doubt (device_drivers/note_teller.py)."""
    cashier = world.opened()
    cashier.on_event(NoteMoving(True))
    cashier.on_event(NoteEscrowed(500_00))
    cashier.on_event(NoteMoving(False))  # told to stack, path empty, not a word: it may well be in the cassette
    cashier.on_event(NoteMoving(True))
    cashier.on_event(NoteEscrowed(100_00))
    cashier.on_event(NoteReturned(100_00))
    cashier.on_event(NoteMoving(False))
    world.wait(cashier, 60)
    assert check_books(world).balance(Place.IN_DOUBT) == 500_00


def test_a_disk_that_fails_under_a_decision_gives_the_note_back_and_stops_the_acceptor(world):
    cashier = world.opened()
    world.held = True
    cashier.on_event(NoteEscrowed(500_00))
    world.good_disk = False  # the write failed: no record will ever be durable
    world.wait(cashier, 5)
    assert "STACK" not in world.log
    assert {"RETURN", "DISABLE"} <= set(world.log)
    assert not world.told[-1].journal_ok


def test_a_note_that_came_when_the_disk_was_gone_already_is_given_back_without_a_record(world):
    cashier = world.opened()
    world.held, world.good_disk = True, False
    cashier.on_event(NoteEscrowed(500_00))
    world.wait(cashier, 2)
    assert world.log[-2:] == ["DISABLE", "RETURN"]


# --- the cassette and a new run -------------------------------------------------------------------------------------


def test_the_cassette_is_counted_by_value_and_anew_after_it_was_taken_out(world):
    cashier = world.opened()
    world.put_in(cashier, 500_00, 100_00, 100_00)
    count = cashier.cassette()
    assert (dict(count.notes), count.total_minor) == ({500_00: 1, 100_00: 2}, 700_00)
    cashier.on_event(CassetteChanged(present=False))
    cashier.on_event(CassetteChanged(present=True))
    assert cashier.cassette().total_minor == 0
    world.put_in(cashier, 50_00)
    assert dict(cashier.cassette().notes) == {50_00: 1}
    assert dict(recover(world.records).cassette.count().notes) == {50_00: 1}


def test_the_books_of_a_new_run_are_those_of_the_last_one(world):
    cashier = world.opened()
    world.put_in(cashier, 500_00)
    cashier.pay()
    world.answer(cashier, PayOutcome.UNKNOWN, "")
    world.print_out(cashier)
    cashier.close_visit()
    again = TillWorld().cashier(records=world.records)
    assert dict(again.books()) == dict(cashier.books())
    assert again.undelivered() == 1
    assert again.cassette() == cashier.cassette()


def test_nothing_of_the_last_customer_is_shown_after_a_restart(world):
    cashier = world.opened()
    world.put_in(cashier, 500_00)
    del cashier
    after = TillWorld(records=list(world.records))
    cashier = after.cashier(records=world.records)
    world.wait(cashier, 1)
    cashier.open_visit(OTHER_ORDER)
    for shown in (*after.told, cashier.snapshot):
        assert shown.order in (None, OTHER_ORDER)
        assert shown.inserted_minor == 0
        assert shown.receipt is None
    assert [request.amount_minor for request in after.requests] == [500_00]
