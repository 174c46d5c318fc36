"""The cashier: what waits for the disk, what the customer may do in which order, what billing may answer when."""

from __future__ import annotations

import pytest

from payment.cashier import EVENTS_MAX, CashierOverrunError
from payment.contract import (
    CashPhase,
    CashSettings,
    NoteAnswer,
    NoteEscrowed,
    NoteMoving,
    NoteRejected,
    NoteReturned,
    NoteStacked,
    PayOutcome,
)
from payment.ledger import Place
from tests.unit.payment.till_world import ORDER, OTHER_ORDER, TillWorld, check_books

UNANSWERED_S = 7_200


@pytest.fixture
def world() -> TillWorld:
    return TillWorld()


# --- a record before its effect -------------------------------------------------------------------------------------


def test_the_acceptor_takes_nothing_before_the_visit_is_on_disk(world):
    cashier = world.cashier()
    world.held = True
    cashier.open_visit(ORDER)
    assert world.log == ["session_open"]
    assert cashier.snapshot.phase is CashPhase.IDLE
    world.sync()
    assert world.log == ["session_open", "ENABLE"]
    assert cashier.snapshot.phase is CashPhase.ACCEPTING


def test_a_note_is_stacked_only_when_the_decision_is_on_disk_and_one_sync_serves_both_records(world):
    cashier = world.opened()
    world.held = True
    cashier.on_event(NoteEscrowed(500_00))
    assert world.log[-2:] == ["escrow_seen", "decision"]
    assert "STACK" not in world.log
    world.sync()
    assert world.log[-1] == "STACK"


def test_the_sum_shown_grows_only_when_the_note_is_on_disk(world):
    cashier = world.opened()
    cashier.on_event(NoteEscrowed(500_00))
    assert cashier.snapshot.in_escrow_minor == 500_00
    world.held = True
    cashier.on_event(NoteStacked(500_00))
    assert cashier.snapshot.inserted_minor == 0
    world.sync()
    assert (cashier.snapshot.inserted_minor, cashier.snapshot.in_escrow_minor) == (500_00, 0)
    assert world.told[-1] == cashier.snapshot


def test_billing_is_asked_only_when_the_intent_is_on_disk(world):
    cashier = world.opened()
    world.put_in(cashier, 500_00)
    world.held = True
    cashier.pay()
    assert world.log[-1] == "pay_intent"
    assert world.requests == []
    world.sync()
    assert [request.amount_minor for request in world.requests] == [500_00]
    kept = world.data("pay_intent")
    request = world.requests[0]
    assert (kept["txn_id"], kept["txn_date"], kept["account"]) == (request.txn_id, request.txn_date, request.account)


def test_nothing_is_printed_before_the_answer_is_on_disk(world):
    cashier = world.opened()
    world.put_in(cashier, 500_00)
    cashier.pay()
    world.held = True
    world.answer(cashier, PayOutcome.CREDITED)
    assert world.receipts == []
    world.sync()
    assert [receipt.provider_txn for receipt in world.receipts] == ["77"]


def test_events_that_come_while_the_disk_writes_are_kept_in_order(world):
    cashier = world.opened()
    world.held = True
    for event in (NoteEscrowed(100_00), NoteStacked(100_00), NoteEscrowed(50_00), NoteStacked(50_00)):
        cashier.on_event(event)
    cashier.pay()
    for _ in range(12):
        world.sync()
    assert [record.kind for record in world.records] == [
        "session_open",
        *["escrow_seen", "decision", "stacked"] * 2,
        "pay_intent",
    ]
    assert world.requests[0].amount_minor == 150_00


def test_a_disk_that_takes_nothing_for_ever_is_an_error_not_a_growing_queue(world):
    cashier = world.opened()
    world.held = True
    cashier.on_event(NoteEscrowed(100_00))
    for _ in range(EVENTS_MAX):
        cashier.on_event(NoteMoving(True))
    with pytest.raises(CashierOverrunError):
        cashier.on_event(NoteMoving(True))


# --- which notes are taken ------------------------------------------------------------------------------------------


def test_a_note_over_the_limit_goes_back_and_the_customer_is_told_why(world):
    cashier = world.opened()
    world.put_in(cashier, 5000_00, 5000_00, 5000_00)
    answers = cashier.snapshot.note_answers
    world.put_in(cashier, 10_00)
    assert world.data("decision")["decision"] == "return"
    assert world.kinds()[-1] == "returned"
    shown = cashier.snapshot
    assert (shown.inserted_minor, shown.note_answer) == (15_000_00, NoteAnswer.OVER_LIMIT)
    assert shown.note_answers > answers


def test_a_note_exactly_up_to_the_limit_is_taken():
    world = TillWorld(settings=CashSettings(terminal_id="17", amount_max_minor=600_00))
    cashier = world.opened()
    world.put_in(cashier, 500_00, 100_00)
    assert cashier.snapshot.inserted_minor == 600_00


@pytest.mark.parametrize("value_minor", [0, 5_00, 123_00])
def test_a_note_of_no_allowed_value_goes_back(world, value_minor):
    cashier = world.opened()
    world.put_in(cashier, value_minor)
    assert "STACK" not in world.log
    assert "RETURN" in world.log
    assert cashier.snapshot.note_answer is NoteAnswer.NOT_ACCEPTED
    assert check_books(world).balance(Place.CASSETTE) == 0


def test_no_note_is_taken_when_the_disk_has_no_room(world):
    cashier = world.opened()
    world.good_disk = False
    world.put_in(cashier, 500_00)
    assert "STACK" not in world.log
    assert not cashier.snapshot.journal_ok
    assert not cashier.snapshot.acceptor_ready


def test_a_note_without_a_visit_goes_back(world):
    cashier = world.cashier()
    world.put_in(cashier, 500_00)
    assert "STACK" not in world.log
    assert check_books(world).balance(Place.CASSETTE) == 0


def test_while_a_call_lies_over_the_visit_notes_go_back_and_afterwards_they_are_taken_again(world):
    cashier = world.opened()
    cashier.pause()
    assert world.log[-1] == "DISABLE"
    world.put_in(cashier, 100_00)
    assert cashier.snapshot.inserted_minor == 0
    cashier.resume()
    assert world.log[-1] == "ENABLE"
    world.put_in(cashier, 100_00)
    assert cashier.snapshot.inserted_minor == 100_00


def test_a_visit_opened_under_a_call_takes_notes_only_after_it(world):
    cashier = world.cashier()
    cashier.pause()
    cashier.open_visit(ORDER)
    assert "ENABLE" not in world.log
    cashier.resume()
    assert world.log[-1] == "ENABLE"


@pytest.mark.parametrize(
    ("reason", "answer"), [("inhibited", NoteAnswer.NOT_ACCEPTED), ("not_recognised", NoteAnswer.NOT_RECOGNISED)]
)
def test_a_note_the_acceptor_itself_refuses_is_told(world, reason, answer):
    cashier = world.opened()
    cashier.on_event(NoteMoving(True))
    cashier.on_event(NoteRejected(reason))
    shown = cashier.snapshot
    assert (shown.note_answer, shown.note_answers, shown.note_moving) == (answer, 1, False)


def test_a_note_the_acceptor_gives_back_though_told_to_stack_is_not_owed(world):
    cashier = world.opened()
    cashier.on_event(NoteEscrowed(500_00))
    cashier.on_event(NoteReturned(500_00))
    assert cashier.snapshot.inserted_minor == 0
    assert check_books(world).balance(Place.ESCROW) == 0


# --- pay, leave, close ----------------------------------------------------------------------------------------------


@pytest.mark.clause("6.1.1", "8.1.1d")
def test_the_whole_visit_leaves_its_records_in_the_agreed_order(world):
    cashier = world.opened()
    world.put_in(cashier, 500_00)
    assert cashier.snapshot.may_pay
    cashier.pay()
    assert cashier.snapshot.phase is CashPhase.PAYING
    world.answer(cashier, PayOutcome.CREDITED)
    assert cashier.snapshot.phase is CashPhase.PRINTING
    world.print_out(cashier)
    shown = cashier.snapshot
    assert (shown.phase, shown.outcome, shown.receipt_printed) == (CashPhase.DONE, PayOutcome.CREDITED, True)
    cashier.close_visit()
    assert cashier.snapshot.phase is CashPhase.IDLE
    assert cashier.snapshot.order is None
    assert world.kinds() == [
        "session_open",
        *("escrow_seen", "decision", "stacked"),
        *("pay_intent", "pay_result", "receipt_intent", "receipt_done", "session_closed"),
    ]
    assert check_books(world).balance(Place.CREDITED) == 500_00


def test_pay_pressed_while_the_decision_is_written_takes_the_note_along(world):
    cashier = world.opened()
    world.put_in(cashier, 100_00)
    world.held = True
    cashier.on_event(NoteEscrowed(500_00))
    cashier.pay()
    for _ in range(4):
        world.sync()
    assert world.log[-2:] == ["STACK", "DISABLE"]
    assert cashier.snapshot.phase is CashPhase.FINISHING
    world.held = False
    cashier.on_event(NoteStacked(500_00))
    assert [request.amount_minor for request in world.requests] == [600_00]


def test_pay_pressed_while_a_note_is_stacked_waits_for_it(world):
    cashier = world.opened()
    world.put_in(cashier, 100_00)
    cashier.on_event(NoteMoving(True))
    cashier.on_event(NoteEscrowed(500_00))
    cashier.pay()
    assert world.log[-1] == "DISABLE"
    assert world.requests == []
    cashier.on_event(NoteStacked(500_00))
    assert [request.amount_minor for request in world.requests] == [600_00]


def test_pay_pressed_while_a_note_is_drawn_in_waits_until_the_path_is_free(world):
    cashier = world.opened()
    world.put_in(cashier, 100_00)
    cashier.on_event(NoteMoving(True))
    cashier.pay()
    assert world.requests == []
    cashier.on_event(NoteMoving(False))
    assert [request.amount_minor for request in world.requests] == [100_00]


def test_pay_pressed_twice_pays_once(world):
    cashier = world.opened()
    world.put_in(cashier, 500_00)
    cashier.pay()
    cashier.pay()
    world.answer(cashier, PayOutcome.CREDITED)
    cashier.pay()
    assert len(world.requests) == 1
    assert world.kinds().count("pay_intent") == 1


def test_less_than_the_least_sum_is_not_paid_by_the_button():
    world = TillWorld(settings=CashSettings(terminal_id="17", amount_min_minor=200_00))
    cashier = world.opened()
    world.put_in(cashier, 100_00)
    assert not cashier.snapshot.may_pay
    cashier.pay()
    assert world.requests == []
    assert cashier.snapshot.phase is CashPhase.ACCEPTING


def test_a_customer_who_walks_away_pays_to_his_own_account(world):
    cashier = world.opened()
    world.put_in(cashier, 500_00)
    cashier.leave()
    assert [(request.account, request.amount_minor) for request in world.requests] == [(ORDER.account, 500_00)]
    assert "DISABLE" in world.log


def test_a_customer_who_leaves_with_nothing_inside_closes_the_visit(world):
    cashier = world.opened()
    cashier.leave()
    assert world.kinds() == ["session_open", "session_closed"]
    assert world.log[-2:] == ["DISABLE", "session_closed"]
    assert cashier.snapshot.phase is CashPhase.IDLE


def test_a_customer_who_leaves_while_his_only_note_is_stacked_pays_it(world):
    cashier = world.opened()
    cashier.on_event(NoteEscrowed(500_00))
    cashier.leave()
    cashier.on_event(NoteStacked(500_00))
    assert [request.amount_minor for request in world.requests] == [500_00]


def test_the_next_visit_waits_until_the_last_one_is_over_and_begins_by_itself(world):
    cashier = world.opened()
    world.put_in(cashier, 500_00)
    cashier.leave()
    cashier.open_visit(OTHER_ORDER)
    assert world.kinds().count("session_open") == 1
    world.answer(cashier, PayOutcome.CREDITED)
    world.print_out(cashier)
    cashier.close_visit()
    assert cashier.snapshot.order == OTHER_ORDER
    assert cashier.snapshot.inserted_minor == 0
    assert world.log[-2:] == ["session_open", "ENABLE"]


def test_a_finished_visit_nobody_closed_does_not_hold_the_next_customer(world):
    """He went back while a note was drawn in, and it was stacked after all: his screen is gone, nobody closes it."""
    cashier = world.opened()
    cashier.on_event(NoteMoving(True))
    cashier.leave()
    cashier.on_event(NoteEscrowed(500_00))
    if world.log[-1] == "STACK":
        cashier.on_event(NoteStacked(500_00))
        world.answer(cashier, PayOutcome.CREDITED)
        world.print_out(cashier)
    else:
        cashier.on_event(NoteReturned(500_00))
    cashier.on_event(NoteMoving(False))
    cashier.open_visit(OTHER_ORDER)
    assert cashier.snapshot.order == OTHER_ORDER


def test_a_customer_whose_only_note_is_in_doubt_is_told_so_on_paper(world):
    cashier = world.opened()
    cashier.on_event(NoteEscrowed(500_00))
    world.wait(cashier, 60)
    assert cashier.snapshot.in_doubt_minor == 500_00
    cashier.leave()
    assert cashier.snapshot.phase in (CashPhase.PRINTING, CashPhase.DONE)
