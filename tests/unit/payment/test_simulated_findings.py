"""Faults of the core that the simulator found, each as a test of its own."""

from __future__ import annotations

from payment.contract import (
    AcceptorPoweredUp,
    CashSettings,
    FiscalChanged,
    FiscalKind,
    FiscalSale,
    JournalRecord,
    Means,
    Moment,
    NoteEscrowed,
    PaymentOrder,
    PowerUpNote,
)
from payment.effects import Effect, Record, Verb
from payment.recovery import recover
from payment.rules.fiscal import Document, FiscalQueue
from payment.transaction import step
from payment.transaction_values import NOTE_S_MAX, Context, TimePassed, Transaction, VisitOpened, without_visit

SALE = FiscalSale("20251123000100000001", FiscalKind.INCOME, Means.CASH, (), "20251123120000")

SETTINGS = CashSettings("17")


def context(now_s: float = 1_000.0) -> Context:
    return Context(Moment(0, now_s, "20251123120000"), SETTINGS, True, "1")


def recovered(*records: tuple[str, dict[str, object]]) -> Transaction:
    written = (JournalRecord(at, kind, data, 0, 0, "", "", b"") for at, (kind, data) in enumerate(records, 1))
    return recover(list(written)).transaction


def written_in(effects: list[Effect]) -> list[tuple[str, dict[str, object]]]:
    return [(effect.kind, effect.data) for effect in effects if isinstance(effect, Record)]


def test_a_document_that_waits_for_a_new_shift_does_not_keep_the_old_one_open():
    queue = FiscalQueue()
    queue.document = Document(sale=SALE, absent=True)
    state = Transaction(register=FiscalChanged(ready=False, shift_open=True, shift_hours=25))
    context = Context(Moment(0, 1_000.0, "20251123120000"), CashSettings("17", fiscal_required=True), True, "1")
    assert queue.due(state, context) == [Verb.CLOSE_SHIFT]
    assert queue.due(state, context) == [], "once for each word of the register"


def test_a_note_of_nobody_found_in_the_stacker_after_a_restart_is_unallocated():
    """Life k-4231: its decision was cut away, and the core fell over it at every start."""
    state = recovered(("escrow_seen", {"session_id": "", "value_minor": 100_00}))
    _, effects = step(state, AcceptorPoweredUp(PowerUpNote.IN_STACKER), context())
    assert written_in(effects)[0] == ("stacked", {"session_id": "", "value_minor": 100_00, "to": "unallocated"})


def test_the_doubt_about_a_note_left_behind_is_its_own_visits_and_not_the_next_customers():
    """Life k-299: the next customer was given a paper about a stranger's note."""
    state, _ = step(Transaction(ready=True, greeted=True), VisitOpened("first", PaymentOrder("1001")), context())
    state, _ = step(state, NoteEscrowed(50_00), context())
    state, _ = step(without_visit(state), VisitOpened("second", PaymentOrder("1002")), context())
    after, effects = step(state, TimePassed(), context(1_000.0 + NOTE_S_MAX))
    assert written_in(effects) == [("in_doubt", {"session_id": "first", "value_minor": 50_00, "how": "no_report"})]
    assert after.in_doubt_minor == 0


def test_a_restart_does_not_lay_that_doubt_upon_the_next_customer_either():
    opened = {"session_id": "second", "account": "1002", "service": "e", "service_title": "E", "asked_minor": 0}
    doubt = {"session_id": "first", "value_minor": 50_00, "how": "no_report"}
    seen = {"session_id": "first", "value_minor": 50_00}
    assert recovered(("escrow_seen", seen), ("session_open", opened), ("in_doubt", doubt)).in_doubt_minor == 0
