"""One cash payment as a pure machine: state and event in, state and effects out, by one table.

Order of the records: session_open, then for each note escrow_seen, decision, stacked | returned | in_doubt, then
pay_intent, pay_result, receipt_intent, receipt_done, session_closed. A record stands in the list of effects before the
effect that cannot be undone; whoever runs the effects waits until it is durable.
"""

from __future__ import annotations

from msgspec.structs import replace

from payment import note_rules, visit_rules
from payment.contract import (
    AcceptorChanged,
    AcceptorPoweredUp,
    CassetteChanged,
    NoteEscrowed,
    NoteMoving,
    NoteRejected,
    NoteReturned,
    NoteStacked,
    PayAnswered,
    ReceiptNotPrinted,
    ReceiptPrinted,
)
from payment.transaction_values import (
    Context,
    Event,
    Handler,
    LatePayAnswered,
    LeavePressed,
    Paused,
    PayPressed,
    Phase,
    Step,
    TimePassed,
    Transaction,
    VisitClosed,
    VisitOpened,
)

_IN_ANY_PHASE: dict[type, Handler] = {
    NoteEscrowed: note_rules.note_escrowed_for_nobody,
    NoteStacked: note_rules.note_stacked,
    NoteReturned: note_rules.note_returned,
    NoteRejected: note_rules.note_rejected,
    NoteMoving: note_rules.note_moving,
    AcceptorPoweredUp: note_rules.acceptor_powered_up,
    AcceptorChanged: note_rules.acceptor_changed,
    CassetteChanged: note_rules.cassette_changed,
    Paused: visit_rules.set_paused,
    LatePayAnswered: visit_rules.take_late_answer,
    TimePassed: note_rules.time_passed,
}

_IN_PHASE: dict[tuple[Phase, type], Handler] = {
    (Phase.IDLE, VisitOpened): visit_rules.open_visit,
    (Phase.ACCEPTING, NoteEscrowed): note_rules.note_escrowed,
    (Phase.ACCEPTING, Paused): visit_rules.pause_accepting,
    (Phase.ACCEPTING, PayPressed): visit_rules.press_pay,
    (Phase.ACCEPTING, LeavePressed): visit_rules.leave,
    (Phase.FINISHING, NoteEscrowed): note_rules.note_escrowed,
    (Phase.PAYING, PayAnswered): visit_rules.take_pay_answer,
    (Phase.PAYING, TimePassed): visit_rules.paying_takes_time,
    (Phase.PRINTING, ReceiptPrinted): visit_rules.receipt_printed,
    (Phase.PRINTING, ReceiptNotPrinted): visit_rules.receipt_not_printed,
    (Phase.PRINTING, TimePassed): visit_rules.printing_took_time,
    (Phase.DONE, VisitClosed): visit_rules.close_visit,
}


def step(state: Transaction, event: Event, context: Context) -> Step:
    """One event. An event with no row for this phase changes nothing."""
    handler = _IN_PHASE.get((state.phase, type(event))) or _IN_ANY_PHASE.get(type(event))
    if handler is None:
        return state, []
    after, effects = handler(state, event, context)
    if after.phase is not state.phase:
        after = replace(after, since_s=context.now.monotonic_s)
    return after, effects
