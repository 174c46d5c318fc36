"""One payment as a pure machine: state and event in, state and effects out, by one table.

Order of the records: session_open, then what brings the money (notes: escrow_seen, decision, stacked | returned |
in_doubt; coins: coin_in, coin_rejected; card: card_intent, card_result; QR: qr_intent, qr_registered, qr_result), then
for each line pay_intent, pay_result, then fiscal_intent, fiscal_done, receipt_intent, receipt_done, session_closed. A
record stands in the list of effects before the effect that cannot be undone; whoever runs the effects waits until it is
durable.

An answer to a request belongs to its work first (payment/outstanding.py): that writes the record and tells the visit.
"""

from __future__ import annotations

from msgspec.structs import replace

from payment.contract import (
    AcceptorChanged,
    AcceptorPoweredUp,
    BillingChanged,
    CassetteChanged,
    CoinAccepted,
    CoinAcceptorChanged,
    CoinCounterReset,
    CoinEventsLost,
    CoinRejected,
    CoinsRemembered,
    FiscalChanged,
    NoteEscrowed,
    NoteEventsLost,
    NoteMoving,
    NoteRejected,
    NoteReturned,
    NotesRemembered,
    NoteStacked,
    PayAnswered,
    PinpadChanged,
    ReceiptNotPrinted,
    ReceiptPrinted,
)
from payment.rules import card as card_rules
from payment.rules import coin as coin_rules
from payment.rules import collection as collection_rules
from payment.rules import fiscal as fiscal_rules
from payment.rules import note as note_rules
from payment.rules import qr as qr_rules
from payment.rules import settlement as settlement_rules
from payment.rules import visit as visit_rules
from payment.transaction_values import (
    CollectionClosed,
    CollectionOpened,
    Context,
    CopyAsked,
    Event,
    FiscalEnded,
    Handler,
    LeavePressed,
    MoneyTaken,
    OperationEnded,
    Paused,
    PayPressed,
    Phase,
    QrShown,
    SettlementOpened,
    Step,
    TakenAside,
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
    NotesRemembered: note_rules.notes_remembered,
    NoteEventsLost: note_rules.note_events_lost,
    AcceptorPoweredUp: note_rules.acceptor_powered_up,
    AcceptorChanged: note_rules.acceptor_changed,
    CoinAccepted: coin_rules.coin_accepted,
    CoinRejected: coin_rules.coin_rejected,
    CoinsRemembered: coin_rules.coins_remembered,
    CoinEventsLost: coin_rules.coin_events_lost,
    CoinCounterReset: coin_rules.coin_counter_reset,
    CoinAcceptorChanged: coin_rules.coin_acceptor_changed,
    CassetteChanged: collection_rules.cassette_changed,
    CollectionClosed: collection_rules.close_collection,
    PinpadChanged: card_rules.pinpad_changed,
    FiscalChanged: fiscal_rules.fiscal_changed,
    BillingChanged: visit_rules.billing_changed,
    Paused: visit_rules.set_paused,
    TimePassed: note_rules.time_passed,
}

_IN_PHASE: dict[tuple[Phase, type], Handler] = {
    (Phase.IDLE, VisitOpened): visit_rules.open_visit,
    (Phase.IDLE, CollectionOpened): collection_rules.open_collection,
    (Phase.IDLE, SettlementOpened): settlement_rules.open_settlement,
    (Phase.ACCEPTING, NoteEscrowed): note_rules.note_escrowed,
    (Phase.ACCEPTING, Paused): visit_rules.pause_accepting,
    (Phase.ACCEPTING, PayPressed): visit_rules.press_pay,
    (Phase.ACCEPTING, LeavePressed): visit_rules.leave,
    (Phase.AUTHORIZING, MoneyTaken): visit_rules.money_taken,
    (Phase.AUTHORIZING, TakenAside): visit_rules.taken_aside,
    (Phase.AUTHORIZING, OperationEnded): visit_rules.operation_ended,
    (Phase.AUTHORIZING, TimePassed): visit_rules.authorizing_takes_time,
    (Phase.QR_SHOWN, QrShown): qr_rules.qr_shown,
    (Phase.QR_SHOWN, MoneyTaken): visit_rules.money_taken,
    (Phase.QR_SHOWN, TakenAside): visit_rules.taken_aside,
    (Phase.QR_SHOWN, OperationEnded): visit_rules.operation_ended,
    (Phase.QR_SHOWN, LeavePressed): visit_rules.leave_qr,
    (Phase.QR_SHOWN, TimePassed): visit_rules.qr_takes_time,
    (Phase.FINISHING, NoteEscrowed): note_rules.note_escrowed,
    (Phase.PAYING, MoneyTaken): visit_rules.money_taken,
    (Phase.PAYING, PayAnswered): visit_rules.take_pay_answer,
    (Phase.PAYING, TimePassed): visit_rules.paying_takes_time,
    (Phase.FISCALISING, FiscalEnded): visit_rules.fiscal_ended,
    (Phase.FISCALISING, TimePassed): visit_rules.fiscalising_takes_time,
    (Phase.PRINTING, ReceiptPrinted): visit_rules.receipt_printed,
    (Phase.PRINTING, ReceiptNotPrinted): visit_rules.receipt_not_printed,
    (Phase.PRINTING, TimePassed): visit_rules.printing_took_time,
    (Phase.DONE, CopyAsked): visit_rules.print_copy,
    (Phase.DONE, ReceiptPrinted): visit_rules.copy_printed,
    (Phase.DONE, ReceiptNotPrinted): visit_rules.copy_not_printed,
    (Phase.DONE, VisitClosed): visit_rules.close_visit,
}

_ROWS: dict[Phase, dict[type, Handler]] = {
    of: _IN_ANY_PHASE | {kind: handler for (phase, kind), handler in _IN_PHASE.items() if phase is of} for of in Phase
}

_WAITING: frozenset[Phase] = frozenset(phase for phase, kind in _IN_PHASE if kind is TimePassed) | {Phase.FINISHING}


def waits(state: Transaction) -> bool:
    """The time may change something: an answer, a note's end or a coin is awaited."""
    return state.escrow is not None or state.phase in _WAITING


def step(state: Transaction, event: Event, context: Context) -> Step:
    """One event. An event with no row for this phase changes nothing."""
    kind = type(event)
    handler = _ROWS[state.phase].get(kind)
    if handler is None:
        return state, []
    after, effects = handler(state, event, context)
    if after.phase is not state.phase:
        after = replace(after, since_s=context.now.monotonic_s)
    return after, effects
