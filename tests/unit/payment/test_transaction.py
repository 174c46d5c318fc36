"""The table of a payment: what each phase answers, and that no order of events unbalances the books."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from payment.contract import (
    AcceptorChanged,
    AcceptorPoweredUp,
    CashSettings,
    CassetteChanged,
    Moment,
    NoteEscrowed,
    NoteMoving,
    NoteRejected,
    NoteReturned,
    NoteStacked,
    PayAnswered,
    PayOutcome,
    PayRequest,
    PowerUpNote,
    ReceiptNotPrinted,
    ReceiptPrinted,
)
from payment.effects import Effect, Record, SendPay, Verb
from payment.ledger import Books, Place
from payment.transaction import step
from payment.transaction_values import (
    Context,
    Event,
    LeavePressed,
    Paused,
    PayPressed,
    Phase,
    TimePassed,
    Transaction,
    VisitClosed,
    VisitOpened,
)
from tests.unit.payment.till_world import ORDER

SETTINGS = CashSettings(terminal_id="17")


def context(now_s: float = 0.0, *, disk_writable: bool = True) -> Context:
    return Context(Moment(0, now_s, "20261123120000"), SETTINGS, disk_writable, "1700", int(now_s))


def after(*events: Event) -> tuple[Transaction, list[Effect]]:
    state, effects = Transaction(), []
    for event in events:
        state, effects = step(state, event, context())
    return state, effects


READY = AcceptorChanged(ready=True)
OPENED = VisitOpened("s1", ORDER)
IN_PHASE = {
    Phase.IDLE: (READY,),
    Phase.ACCEPTING: (READY, OPENED, NoteEscrowed(500_00), NoteStacked(500_00)),
    Phase.FINISHING: (READY, OPENED, NoteEscrowed(500_00), NoteStacked(500_00), NoteMoving(True), PayPressed()),
    Phase.PAYING: (READY, OPENED, NoteEscrowed(500_00), NoteStacked(500_00), PayPressed()),
}
ONLY_IN = {
    VisitOpened: {Phase.IDLE},
    PayPressed: {Phase.ACCEPTING},
    LeavePressed: {Phase.ACCEPTING},
    PayAnswered: {Phase.PAYING},
    ReceiptPrinted: {Phase.PRINTING},
    ReceiptNotPrinted: {Phase.PRINTING},
    VisitClosed: {Phase.DONE},
}
PRESSES: tuple[Event, ...] = (
    OPENED,
    PayPressed(),
    LeavePressed(),
    PayAnswered("none", PayOutcome.CREDITED),
    ReceiptPrinted("none"),
    ReceiptNotPrinted("none", may_be_on_paper=False),
    VisitClosed(),
)


@pytest.mark.parametrize(("phase", "event"), list(itertools.product(IN_PHASE, PRESSES)), ids=str)
def test_what_has_no_place_in_a_phase_changes_nothing(phase, event):
    state, _ = after(*IN_PHASE[phase])
    assert state.phase is phase
    if phase not in ONLY_IN[type(event)]:
        assert step(state, event, context()) == (state, [])


def test_each_note_is_decided_on_paper_before_the_acceptor_is_told():
    _, effects = after(READY, OPENED, NoteEscrowed(500_00))
    assert [effect.kind for effect in effects[:2] if isinstance(effect, Record)] == ["escrow_seen", "decision"]
    assert effects[2:] == [Verb.STACK]


def test_the_request_stands_behind_its_intent():
    _, effects = after(*IN_PHASE[Phase.PAYING])
    (intent, send) = effects[-2:]
    assert isinstance(intent, Record)
    assert isinstance(send, SendPay)
    assert intent.data["txn_id"] == send.request.txn_id
    assert send.request == PayRequest(send.request.txn_id, "20261123120000", ORDER.account, 500_00)


def test_a_disk_that_cannot_be_written_takes_no_note():
    state, _ = after(READY, OPENED)
    _, effects = step(state, NoteEscrowed(500_00), context(disk_writable=False))
    assert effects[-1] is Verb.RETURN_NOTE


@pytest.mark.parametrize("value_minor", [0, 1, 25_00, 10_000_00])
def test_a_note_of_no_accepted_value_goes_back(value_minor):
    _, effects = after(READY, OPENED, NoteEscrowed(value_minor))
    assert effects[-1] is Verb.RETURN_NOTE


NOTES = st.sampled_from([50_00, 500_00, 5000_00])
ANY_EVENT: st.SearchStrategy[Event] = st.one_of(
    st.builds(VisitOpened, st.just("s1"), st.just(ORDER)),
    st.builds(NoteEscrowed, NOTES),
    st.builds(NoteStacked, NOTES),
    st.builds(NoteReturned, NOTES),
    st.builds(NoteRejected, st.sampled_from(["inhibited", "not_recognised"])),
    st.builds(NoteMoving, st.booleans()),
    st.builds(AcceptorPoweredUp, st.sampled_from(PowerUpNote)),
    st.builds(AcceptorChanged, st.booleans()),
    st.builds(CassetteChanged, st.booleans()),
    st.builds(Paused, st.booleans()),
    st.sampled_from([PayPressed(), LeavePressed(), VisitClosed(), TimePassed()]),
    st.builds(PayAnswered, st.just("current"), st.sampled_from(PayOutcome)),
    st.builds(ReceiptPrinted, st.just("current")),
)


def of_the_payment(event: Event, state: Transaction) -> Event:
    """Answers name the payment in hand."""
    if isinstance(event, PayAnswered) and state.request is not None:
        return PayAnswered(state.request.txn_id, event.outcome, "77")
    if isinstance(event, ReceiptPrinted) and state.receipt is not None:
        return ReceiptPrinted(state.receipt.txn_id)
    return event


@settings(max_examples=500, deadline=None)
@given(st.lists(st.tuples(ANY_EVENT, st.floats(0.0, 30.0)), max_size=50))
def test_no_order_of_events_unbalances_the_books(told):
    state, books, now_s = Transaction(), Books(), 0.0
    for event, passed_s in told:
        now_s += passed_s
        state, effects = step(state, of_the_payment(event, state), context(now_s))
        for effect in effects:
            if isinstance(effect, Record):
                books.add(effect.kind, effect.data)
        assert books.faults() == []
        held = state.escrow.value_minor if state.escrow is not None else 0
        assert books.balance(Place.ESCROW) == held, "a note in the path is in the books, and only it"
        if state.phase in (Phase.ACCEPTING, Phase.FINISHING):
            assert books.balance(Place.PAYABLE) >= state.inserted_minor
        commanded = [effect for effect in effects if isinstance(effect, Verb)]
        assert commanded.count(Verb.STACK) <= 1
