"""Rules of a visit from its opening to its end; what devices and banks say of money stands elsewhere. Pure."""

from __future__ import annotations

from msgspec.structs import replace

from payment.contract import (
    COINS_MINOR,
    BillingChanged,
    CardOutcome,
    CashSettings,
    Means,
    PayAnswered,
    PayOutcome,
    ReceiptNotPrinted,
    ReceiptPrinted,
)
from payment.effects import CancelQr, Effect, PrintReceipt, Record, Verb
from payment.limits import may_pay
from payment.rules import card as card_rules
from payment.rules import qr as qr_rules
from payment.rules.pay import ask_billing, order_data, pays_of, result_record
from payment.rules.receipt import print_slip
from payment.transaction_values import (
    CARD_S_MAX,
    COIN_RESOLVE_S,
    COIN_S,
    COPIES_MAX,
    FISCAL_S_MAX,
    PAY_S_MAX,
    PRINT_S_MAX,
    QR_S_MAX,
    Context,
    CopyAsked,
    FiscalEnded,
    LeavePressed,
    MoneyTaken,
    OperationEnded,
    Paused,
    PayPressed,
    Phase,
    Step,
    TakenAside,
    TimePassed,
    Transaction,
    VisitClosed,
    VisitOpened,
    without_visit,
)

COIN_MAX_MINOR = max(COINS_MINOR)  # nothing stops it once it has fallen

# --- the visit ------------------------------------------------------------------------------------------------------


def open_visit(state: Transaction, event: VisitOpened, context: Context) -> Step:
    settings, order = context.settings, event.order
    opened = Record(
        "session_open",
        {
            "session_id": event.session_id,
            **order_data(order),
            "amount_min_minor": settings.amount_min_minor,
            "amount_max_minor": settings.amount_max_minor,
        },
    )
    kept = replace(without_visit(state), session_id=event.session_id, order=order)
    match order.means:
        case Means.CARD:
            return card_rules.begin(kept, opened, context)
        case Means.QR:
            return qr_rules.begin(kept, opened, context)
        case Means.CASH:
            room = settings.amount_max_minor >= settings.amount_min_minor  # else no note could be paid
            return replace(kept, phase=Phase.ACCEPTING), [opened, *_slots(kept, context, on=room and not state.paused)]


def _slots(state: Transaction, context: Context, *, on: bool) -> list[Effect]:
    """The slots of notes and coins."""
    if on and state.alarm:
        return []
    notes = Verb.ENABLE if on else Verb.DISABLE
    if not context.coins:
        return [notes]
    return [notes, Verb.ENABLE_COINS if on and coin_fits(state, context) else Verb.DISABLE_COINS]


def coin_fits(state: Transaction, context: Context) -> bool:
    """A coin cannot be given back, so the largest one must fit."""
    return state.inserted_minor + COIN_MAX_MINOR <= context.settings.amount_max_minor


def set_paused(state: Transaction, event: Paused, context: Context) -> Step:
    return replace(state, paused=event.on), []


def pause_accepting(state: Transaction, event: Paused, context: Context) -> Step:
    room = context.settings.amount_max_minor >= context.settings.amount_min_minor
    return replace(state, paused=event.on), _slots(state, context, on=room and not event.on)


def billing_changed(state: Transaction, event: BillingChanged, context: Context) -> Step:
    return replace(state, billing_reachable=event.reachable), []


def press_pay(state: Transaction, event: PayPressed, context: Context) -> Step:
    return leave(state, LeavePressed(), context) if payable(state, context.settings) else (state, [])


def payable(state: Transaction, settings: CashSettings) -> bool:
    """A coin that fell over the limit, since nothing stops it, does not hinder."""
    return may_pay(min(state.inserted_minor, settings.amount_max_minor), settings)


def leave(state: Transaction, event: LeavePressed, context: Context) -> Step:
    finishing = replace(state, phase=Phase.FINISHING, since_s=context.now.monotonic_s)
    return _finish(finishing, _slots(state, context, on=False), context)


def leave_qr(state: Transaction, event: LeavePressed, context: Context) -> Step:
    """Leaving cancels nothing: the QR is watched on, and a late payment is credited."""
    return end(state, [])


def close_visit(state: Transaction, event: VisitClosed, context: Context) -> Step:
    return end(state, [])


def end(state: Transaction, effects: list[Effect]) -> Step:
    return without_visit(state), [*effects, Record("session_closed", {"session_id": state.session_id})]


# --- notes and coins to a payment -----------------------------------------------------------------------------------


def go_on(state: Transaction, effects: list[Effect], context: Context) -> Step:
    """A visit that only waits for its money goes on as soon as the path is free."""
    if state.phase is Phase.FINISHING:
        return _finish(state, effects, context)
    return state, effects


def _finish(state: Transaction, effects: list[Effect], context: Context) -> Step:
    if state.escrow is not None or (state.moving and not state.recovered) or coins_fall(state, context):
        return state, effects
    if state.inserted_minor == 0:
        return _tell_of_doubt(state, effects, context) if _doubt_is_told(state) else end(state, effects)
    assert state.order is not None
    pays = pays_of(state.order, state.session_id, state.inserted_minor, context)
    return replace(state, phase=Phase.PAYING, pays=pays), [*effects, *ask_billing(pays)]


def coins_fall(state: Transaction, context: Context) -> bool:
    """A coin accepted just before may still be told; after a restart, all that the device has buffered."""
    if not context.coins or (state.recovered and state.coins_ready):
        return False
    return context.now.monotonic_s - state.since_s < (COIN_RESOLVE_S if state.recovered else COIN_S)


def _doubt_is_told(state: Transaction) -> bool:
    return state.in_doubt_minor > 0 and not state.recovered


def _tell_of_doubt(state: Transaction, effects: list[Effect], context: Context) -> Step:
    """Nothing to pay, but a note nobody can account for: the customer leaves with a paper about it."""
    return print_slip(state, effects, context)


# --- what card and QR come to ---------------------------------------------------------------------------------------


def money_taken(state: Transaction, event: MoneyTaken, context: Context) -> Step:
    """After a restart it may tell the lines that the earlier run did not come to."""
    if event.operation_id != state.operation_id:
        return state, []
    pays = (*state.pays, *event.pays)
    taken = replace(state, phase=Phase.PAYING, inserted_minor=event.amount_minor, pays=pays)
    if event.card is not None:
        return replace(taken, card=state.card or event.card, card_outcome=CardOutcome.APPROVED), []
    return replace(taken, qr_id=state.qr_id or event.qr_id), []


def operation_ended(state: Transaction, event: OperationEnded, context: Context) -> Step:
    """Nothing was taken, or nobody can tell for now: the customer leaves with a paper about it."""
    if event.operation_id != state.operation_id:
        return state, []
    if event.outcome is CardOutcome.UNKNOWN:
        return print_slip(replace(state, card_outcome=event.outcome), [], context)
    return _nothing_taken(replace(state, card_outcome=event.outcome), [])


def taken_aside(state: Transaction, event: TakenAside, context: Context) -> Step:
    if event.operation_id != state.operation_id:
        return state, []
    return print_slip(replace(state, aside_minor=event.amount_minor), [], context)


def _nothing_taken(state: Transaction, effects: list[Effect]) -> Step:
    if state.recovered:
        return end(state, effects)
    return replace(state, phase=Phase.DONE, failed=True), effects


def authorizing_takes_time(state: Transaction, event: TimePassed, context: Context) -> Step:
    if context.now.monotonic_s - state.since_s < CARD_S_MAX:
        return state, []
    return print_slip(replace(state, card_outcome=CardOutcome.UNKNOWN), [], context)


def qr_takes_time(state: Transaction, event: TimePassed, context: Context) -> Step:
    """The QR is cancelled when its time is over, and watched on. After a restart nobody sees it: it is only watched."""
    if state.recovered:
        return end(state, [])
    if context.now.monotonic_s - state.since_s < QR_S_MAX:
        return state, []
    return _nothing_taken(state, [CancelQr(state.operation_id)])


# --- billing, document, paper ---------------------------------------------------------------------------------------


def take_pay_answer(state: Transaction, event: PayAnswered, context: Context) -> Step:
    """One line is answered for; its record stands already. The customer waits until all are."""
    pays = tuple(
        replace(pay, outcome=event.outcome, provider_txn=event.provider_txn)
        if pay.request.txn_id == event.txn_id and pay.outcome in (None, PayOutcome.UNKNOWN)
        else pay
        for pay in state.pays
    )
    answered = replace(state, pays=pays)
    if any(pay.outcome is None for pay in pays):
        return answered, []
    return _paid(answered, [], context)


def _paid(state: Transaction, effects: list[Effect], context: Context) -> Step:
    due = any(pay.fiscal and pay.outcome is not PayOutcome.REFUSED for pay in state.pays)
    if due and (state.fiscal_ready or state.recovered):
        return replace(state, phase=Phase.FISCALISING), effects
    return print_slip(state, effects, context)


def paying_takes_time(state: Transaction, event: TimePassed, context: Context) -> Step:
    """Billing is slow: the customer is not kept waiting. Its answer is still awaited, and written when it comes."""
    if context.now.monotonic_s - state.since_s < PAY_S_MAX:
        return state, []
    unknown: list[Effect] = [
        result_record(PayAnswered(pay.request.txn_id, PayOutcome.UNKNOWN), pay)
        for pay in state.pays
        if pay.outcome is None
    ]
    pays = tuple(replace(pay, outcome=pay.outcome or PayOutcome.UNKNOWN) for pay in state.pays)
    return _paid(replace(state, pays=pays), unknown, context)


def fiscal_ended(state: Transaction, event: FiscalEnded, context: Context) -> Step:
    if event.session_id != state.session_id:
        return state, []
    return print_slip(replace(state, fiscal=event.done, fiscal_total_minor=event.total_minor), [], context)


def fiscalising_takes_time(state: Transaction, event: TimePassed, context: Context) -> Step:
    """The document waits in the queue; the slip says that it follows."""
    if context.now.monotonic_s - state.since_s < FISCAL_S_MAX:
        return state, []
    return print_slip(state, [], context)


def receipt_printed(state: Transaction, event: ReceiptPrinted, context: Context) -> Step:
    return _receipt_done(state, event.txn_id, printed=True, reason="")


def receipt_not_printed(state: Transaction, event: ReceiptNotPrinted, context: Context) -> Step:
    return _receipt_done(state, event.txn_id, printed=False, reason=event.reason)


def _receipt_done(state: Transaction, txn_id: str, *, printed: bool, reason: str) -> Step:
    if state.receipt is None or txn_id != state.receipt.txn_id:
        return state, []
    written = Record(
        "receipt_done",
        {"session_id": state.session_id, "txn_id": txn_id, "printed": printed, "reason": reason[:200]},
    )
    after = replace(state, phase=Phase.DONE, receipt_printed=printed)
    return end(after, [written]) if state.recovered else (after, [written])


def print_copy(state: Transaction, event: CopyAsked, context: Context) -> Step:
    """A second slip is a copy and says so; whether it came out is shown and not written down."""
    if state.receipt is None or state.copies >= COPIES_MAX:
        return state, []
    named: dict[str, object] = {"session_id": state.session_id, "txn_id": state.receipt.txn_id}
    after = replace(state, copies=state.copies + 1, copy_printed=None)
    return after, [Record("receipt_copy", named), PrintReceipt(replace(state.receipt, copy=True))]


def copy_printed(state: Transaction, event: ReceiptPrinted, context: Context) -> Step:
    return _copy_done(state, event.txn_id, printed=True)


def copy_not_printed(state: Transaction, event: ReceiptNotPrinted, context: Context) -> Step:
    return _copy_done(state, event.txn_id, printed=False)


def _copy_done(state: Transaction, txn_id: str, *, printed: bool) -> Step:
    if state.receipt is None or txn_id != state.receipt.txn_id or not state.copies:
        return state, []
    return replace(state, copy_printed=printed), []


def printing_took_time(state: Transaction, event: TimePassed, context: Context) -> Step:
    """A printer that never answers does not hold the terminal."""
    if context.now.monotonic_s - state.since_s < PRINT_S_MAX or state.receipt is None:
        return state, []
    return _receipt_done(state, state.receipt.txn_id, printed=False, reason="the printer did not answer")
