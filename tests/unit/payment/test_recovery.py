"""A new cashier over an old journal: every prefix of the records has one answer."""

from __future__ import annotations

import pytest

from payment.contract import (
    AcceptorChanged,
    AcceptorPoweredUp,
    CashPhase,
    NoteEscrowed,
    NoteReturned,
    NotesRemembered,
    NoteStacked,
    PayOutcome,
    PowerUpNote,
)
from payment.journal.journal import JournalRecord
from payment.ledger import Place
from payment.recovery import recover
from payment.transaction_values import Phase, Transaction
from tests.unit.payment.till_world import ORDER, TillWorld, check_books

WHOLE = [
    "session_open",
    "escrow_seen",
    "decision",
    "stacked",
    "pay_intent",
    "pay_result",
    "receipt_intent",
    "receipt_done",
    "session_closed",
]


@pytest.fixture(scope="module")
def records() -> list[JournalRecord]:
    """The journal of one whole visit."""
    world = TillWorld()
    cashier = world.opened()
    world.put_in(cashier, 500_00)
    cashier.pay()
    world.answer(cashier, PayOutcome.CREDITED)
    world.print_out(cashier)
    cashier.close_visit()
    assert world.kinds() == WHOLE
    return world.records


def restarted(records: list[JournalRecord], last: str) -> TillWorld:
    """The world after a cut behind the record `last`."""
    return TillWorld(records=records[: WHOLE.index(last) + 1], now_s=5_020)


def settle(world: TillWorld, cashier) -> None:
    """Time passes, billing and the printer answer what they are asked."""
    answered = printed = 0
    for _ in range(90):
        world.wait(cashier, 1)
        if answered < len(world.requests):
            answered = len(world.requests)
            world.answer(cashier, PayOutcome.CREDITED)
        if printed < len(world.receipts):
            printed = len(world.receipts)
            world.print_out(cashier)


@pytest.mark.parametrize(
    ("last", "phase"),
    [
        ("session_open", Phase.FINISHING),
        ("escrow_seen", Phase.FINISHING),
        ("decision", Phase.FINISHING),
        ("stacked", Phase.FINISHING),
        ("pay_intent", Phase.PAYING),
        ("pay_result", Phase.PRINTING),
        ("receipt_intent", Phase.PRINTING),
        ("receipt_done", Phase.DONE),
        ("session_closed", Phase.IDLE),
    ],
)
def test_each_last_record_has_its_phase(records, last, phase):
    found = recover(records[: WHOLE.index(last) + 1])
    assert found.transaction.phase is phase
    assert found.transaction.recovered is (phase is not Phase.IDLE)
    assert found.books.faults() == []


def test_an_empty_journal_is_nothing_in_hand():
    found = recover([])
    assert found.transaction == Transaction()
    assert not found.outstanding.pays
    assert found.cassette.count().total_minor == 0


@pytest.mark.parametrize("last", WHOLE)
def test_after_every_record_the_visit_comes_to_its_end_and_the_next_customer_may_pay(records, last):
    world = restarted(records, last)
    cashier = world.cashier(records=world.records)
    settle(world, cashier)
    assert cashier.undelivered() == 0
    assert cashier.snapshot.phase is CashPhase.IDLE
    assert world.kinds().count("session_closed") == 1
    assert len({request.txn_id for request in world.requests}) <= 1
    cashier.open_visit(ORDER)
    assert cashier.snapshot.phase is CashPhase.ACCEPTING
    taken = 500_00 if WHOLE.index(last) >= WHOLE.index("stacked") else 0
    assert check_books(world).balance(Place.CREDITED) == taken


def test_the_unanswered_request_is_sent_again_with_exactly_its_values(records):
    world = restarted(records, "pay_intent")
    kept = world.data("pay_intent")
    settle(world, world.cashier(records=world.records))
    request = world.requests[0]
    assert (request.txn_id, request.txn_date) == (kept["txn_id"], kept["txn_date"])
    assert (request.account, request.amount_minor) == (kept["account"], kept["amount_minor"])
    assert world.kinds().count("pay_intent") == 1


@pytest.mark.parametrize(("last", "copy"), [("pay_result", False), ("receipt_intent", True)])
def test_a_slip_that_may_be_on_paper_already_is_printed_as_a_copy(records, last, copy):
    world = restarted(records, last)
    settle(world, world.cashier(records=world.records))
    assert [receipt.copy for receipt in world.receipts] == [copy]


def test_no_slip_comes_out_for_a_customer_who_is_long_gone(records):
    world = restarted(records, "receipt_intent")
    world.now_s += 3_600
    cashier = world.cashier(records=world.records)
    settle(world, cashier)
    assert world.receipts == []
    assert world.data("receipt_done")["printed"] is False
    assert cashier.snapshot.phase is CashPhase.IDLE


@pytest.mark.parametrize(
    ("last", "report", "credited", "in_doubt"),
    [
        ("escrow_seen", AcceptorPoweredUp(PowerUpNote.IN_VALIDATOR), 0, 0),
        ("escrow_seen", AcceptorPoweredUp(PowerUpNote.IN_STACKER), 500_00, 0),
        ("escrow_seen", AcceptorPoweredUp(PowerUpNote.NONE), 0, 0),
        ("escrow_seen", NoteReturned(500_00), 0, 0),
        ("escrow_seen", NoteStacked(500_00), 500_00, 0),
        ("escrow_seen", AcceptorChanged(ready=True), 0, 0),
        ("decision", AcceptorPoweredUp(PowerUpNote.IN_VALIDATOR), 0, 0),
        ("decision", AcceptorPoweredUp(PowerUpNote.IN_STACKER), 500_00, 0),
        ("decision", AcceptorPoweredUp(PowerUpNote.NONE), 0, 500_00),
        ("decision", NoteReturned(500_00), 0, 0),
        ("decision", NoteStacked(500_00), 500_00, 0),
        ("decision", AcceptorChanged(ready=True), 0, 500_00),
    ],
)
def test_the_open_note_is_what_the_acceptor_says_it_is(records, last, report, credited, in_doubt):
    world = restarted(records, last)
    cashier = world.cashier(records=world.records, ready=False)
    assert world.requests == []
    cashier.on_event(report)
    cashier.on_event(AcceptorChanged(ready=True))
    settle(world, cashier)
    books = check_books(world)
    assert (books.balance(Place.CREDITED), books.balance(Place.IN_DOUBT)) == (credited, in_doubt)
    assert books.balance(Place.ESCROW) == 0


def test_a_decision_waits_for_the_acceptor_as_long_as_it_is_silent_for_a_good_reason(records):
    """The line is down: nothing is concluded from that at once."""
    world = restarted(records, "decision")
    cashier = world.cashier(records=world.records, ready=False)
    cashier.on_event(AcceptorChanged(ready=False, fault="starting"))
    world.wait(cashier, 20)
    assert "in_doubt" not in world.kinds()
    cashier.on_event(NoteStacked(500_00))
    settle(world, cashier)
    assert check_books(world).balance(Place.CREDITED) == 500_00


def test_a_note_found_in_escrow_after_a_restart_goes_back(records):
    world = restarted(records, "decision")
    cashier = world.cashier(records=world.records)
    cashier.on_event(NoteEscrowed(500_00))
    assert world.log[-1] == "RETURN"
    cashier.on_event(NoteReturned(500_00))
    settle(world, cashier)
    assert check_books(world).balance(Place.CASSETTE) == 0


@pytest.mark.parametrize(
    ("memory", "credited", "in_doubt"),
    [((500_00, 100_00), 500_00, 0), ((100_00,), 0, 500_00), ((200_00, 100_00), 0, 500_00)],
)
def test_an_acceptors_memory_tells_what_became_of_the_open_note(records, memory, credited, in_doubt):
    """A note of 100 of an earlier customer lies under it, if it is there."""
    earlier = {"session_id": "", "value_minor": 100_00}
    kinds = [("cash_unidentified", earlier), *((record.kind, record.data) for record in records[:3])]
    world = TillWorld(
        records=[JournalRecord(at, *each, 0, 0, "", "", b"") for at, each in enumerate(kinds, 1)], now_s=5_020
    )
    cashier = world.cashier(records=world.records, ready=False)
    cashier.on_event(NotesRemembered(memory))
    cashier.on_event(AcceptorChanged(ready=True))
    settle(world, cashier)
    books = check_books(world)
    assert (books.balance(Place.CREDITED), books.balance(Place.IN_DOUBT)) == (credited, in_doubt)


def test_the_report_of_a_note_that_is_on_disk_already_is_not_a_second_note(records):
    """Core was killed between the record and the device's acknowledgement."""
    world = restarted(records, "stacked")
    cashier = world.cashier(records=world.records)
    cashier.on_event(NoteStacked(500_00))
    settle(world, cashier)
    books = check_books(world)
    assert (books.balance(Place.CREDITED), books.balance(Place.CASSETTE)) == (500_00, 500_00)
    assert books.balance(Place.UNALLOCATED) == 0


def test_a_crash_within_the_recovery_changes_nothing_of_its_answer(records):
    world = restarted(records, "stacked")
    for _ in range(4):
        cashier = world.cashier(records=list(world.records))
        world.wait(cashier, 1)
    settle(world, cashier)
    assert len({request.txn_id for request in world.requests}) == 1
    assert check_books(world).balance(Place.CREDITED) == 500_00


def test_a_note_left_behind_by_a_visit_before_the_last_one_keeps_its_session():
    note = {"session_id": "first", "value_minor": 500_00}
    opened = {"account": "1", "service": "e", "service_title": "", "asked_minor": 0}
    kinds = [
        ("session_open", {"session_id": "first", **opened}),
        ("escrow_seen", note),
        ("session_closed", {"session_id": "first"}),
        ("session_open", {"session_id": "second", **opened}),
    ]
    records = [JournalRecord(at, kind, data, 0, 0, "", "", b"") for at, (kind, data) in enumerate(kinds, 1)]
    escrow = recover(records).transaction.escrow
    assert (escrow.session_id, escrow.of_visit) == ("first", False)
