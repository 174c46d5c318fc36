"""Rules of a payment from its opening to its receipt, the notes apart. Pure."""

from __future__ import annotations

from msgspec.structs import replace

from payment.contract import PayAnswered, PayOutcome, PayRequest, Receipt, ReceiptNotPrinted, ReceiptPrinted
from payment.limits import may_pay
from payment.transaction_values import (
    PAY_S_MAX,
    PRINT_S_MAX,
    Context,
    Effect,
    Escrow,
    LatePayAnswered,
    LeavePressed,
    Paused,
    PayPressed,
    Phase,
    PrintReceipt,
    Record,
    SendPay,
    Step,
    TimePassed,
    Transaction,
    Verb,
    VisitClosed,
    VisitOpened,
)

# --- the visit ------------------------------------------------------------------------------------------------------


def open_visit(state: Transaction, event: VisitOpened, context: Context) -> Step:
    settings, order = context.settings, event.order
    opened = Record(
        "session_open",
        {
            "session_id": event.session_id,
            "account": order.account,
            "service": order.service,
            "service_title": order.service_title,
            "asked_minor": order.asked_minor,
            "amount_min_minor": settings.amount_min_minor,
            "amount_max_minor": settings.amount_max_minor,
        },
    )
    kept = Transaction(
        phase=Phase.ACCEPTING,
        session_id=event.session_id,
        order=order,
        last_stacked_minor=state.last_stacked_minor,
        last_doubted_minor=state.last_doubted_minor,
        escrow=left_behind(state.escrow),
        ready=state.ready,
        fault=state.fault,
        moving=state.moving,
        paused=state.paused,
    )
    return kept, [opened, *([] if state.paused else [Verb.ENABLE])]


def left_behind(escrow: Escrow | None) -> Escrow | None:
    """A note on its way while one visit ends or another begins is neither forgotten nor counted for the wrong one."""
    return None if escrow is None else replace(escrow, of_visit=False)


def set_paused(state: Transaction, event: Paused, context: Context) -> Step:
    return replace(state, paused=event.on), []


def pause_accepting(state: Transaction, event: Paused, context: Context) -> Step:
    return replace(state, paused=event.on), [Verb.DISABLE if event.on else Verb.ENABLE]


def press_pay(state: Transaction, event: PayPressed, context: Context) -> Step:
    if not may_pay(state.inserted_minor, context.settings):
        return state, []
    return _finish(replace(state, phase=Phase.FINISHING), [Verb.DISABLE], context)


def leave(state: Transaction, event: LeavePressed, context: Context) -> Step:
    return _finish(replace(state, phase=Phase.FINISHING), [Verb.DISABLE], context)


def close_visit(state: Transaction, event: VisitClosed, context: Context) -> Step:
    return _end(state, [])


def _end(state: Transaction, effects: list[Effect]) -> Step:
    closed = Record("session_closed", {"session_id": state.session_id})
    kept = Transaction(
        last_stacked_minor=state.last_stacked_minor,
        last_doubted_minor=state.last_doubted_minor,
        escrow=left_behind(state.escrow),
        ready=state.ready,
        fault=state.fault,
        moving=state.moving,
        paused=state.paused,
    )
    return kept, [*effects, closed]


# --- to the end -----------------------------------------------------------------------------------------------------


def go_on(state: Transaction, effects: list[Effect], context: Context) -> Step:
    """A visit that only waits for its note goes on as soon as the path is free."""
    if state.phase is Phase.FINISHING:
        return _finish(state, effects, context)
    return state, effects


def _finish(state: Transaction, effects: list[Effect], context: Context) -> Step:
    if state.escrow is not None or (state.moving and not state.recovered):
        return state, effects
    if state.inserted_minor == 0:
        return _tell_of_doubt(state, effects, context) if _doubt_is_told(state) else _end(state, effects)
    assert state.order is not None
    request = PayRequest(context.txn_id, context.now.local, state.order.account, state.inserted_minor)
    intent = Record("pay_intent", {"session_id": state.session_id, "fee_minor": 0, **request_data(request)})
    return replace(state, phase=Phase.PAYING, request=request), [*effects, intent, SendPay(request)]


def _doubt_is_told(state: Transaction) -> bool:
    return state.in_doubt_minor > 0 and not state.recovered


def _tell_of_doubt(state: Transaction, effects: list[Effect], context: Context) -> Step:
    """Nothing to pay, but a note nobody can account for: the customer leaves with a paper about it."""
    receipt = _slip(state, context, context.txn_id)
    intent = Record("receipt_intent", {"session_id": state.session_id, "txn_id": context.txn_id})
    return replace(state, phase=Phase.PRINTING, receipt=receipt), [*effects, intent, PrintReceipt(receipt)]


def request_data(request: PayRequest) -> dict[str, object]:
    """A pay request as the journal keeps it: a repeat carries exactly these values."""
    return {
        "txn_id": request.txn_id,
        "txn_date": request.txn_date,
        "account": request.account,
        "amount_minor": request.amount_minor,
    }


def take_pay_answer(state: Transaction, event: PayAnswered, context: Context) -> Step:
    request = state.request
    if request is None or event.txn_id != request.txn_id:
        return state, []
    answered = replace(state, phase=Phase.PRINTING, outcome=event.outcome, provider_txn=event.provider_txn)
    receipt = receipt_of(answered, context)
    intent = Record("receipt_intent", {"session_id": state.session_id, "txn_id": request.txn_id})
    return replace(answered, receipt=receipt), [
        result_record(event, request, state.fee_minor),
        intent,
        PrintReceipt(receipt),
    ]


def receipt_of(state: Transaction, context: Context) -> Receipt:
    """What the customer is given for an answered payment."""
    assert state.request is not None
    return _slip(state, context, state.request.txn_id)


def _slip(state: Transaction, context: Context, number: str) -> Receipt:
    assert state.order is not None
    paid_minor = state.request.amount_minor if state.request is not None else 0
    return Receipt(
        txn_id=number,
        printed_at=_readable(context.now.local),
        terminal_id=context.settings.terminal_id,
        account=state.order.account,
        service_title=state.order.service_title,
        inserted_minor=paid_minor + state.fee_minor,
        fee_minor=state.fee_minor,
        paid_minor=paid_minor,
        outcome=state.outcome,
        provider_txn=state.provider_txn,
        in_doubt_minor=state.in_doubt_minor,
    )


def take_late_answer(state: Transaction, event: LatePayAnswered, context: Context) -> Step:
    """The books learn it; the customer of that payment is long gone."""
    return state, [result_record(event.answer, event.request, event.fee_minor)]


def result_record(event: PayAnswered, request: PayRequest, fee_minor: int) -> Record:
    return Record(
        "pay_result",
        {
            "txn_id": request.txn_id,
            "amount_minor": request.amount_minor,
            "fee_minor": fee_minor,
            "outcome": event.outcome.value,
            "provider_txn": event.provider_txn,
            "result_code": event.result_code,
        },
    )


def _readable(local: str) -> str:
    """20261123141200 -> 23.11.2026 14:12."""
    return f"{local[6:8]}.{local[4:6]}.{local[:4]} {local[8:10]}:{local[10:12]}"


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
    return _end(after, [written]) if state.recovered else (after, [written])


def paying_takes_time(state: Transaction, event: TimePassed, context: Context) -> Step:
    """Billing is slow: the customer is not kept waiting. Its answer is still awaited, and written when it comes."""
    if context.now.monotonic_s - state.since_s < PAY_S_MAX or state.request is None:
        return state, []
    return take_pay_answer(state, PayAnswered(state.request.txn_id, PayOutcome.UNKNOWN), context)


def printing_took_time(state: Transaction, event: TimePassed, context: Context) -> Step:
    """A printer that never answers does not hold the terminal."""
    if context.now.monotonic_s - state.since_s < PRINT_S_MAX or state.receipt is None:
        return state, []
    return _receipt_done(state, state.receipt.txn_id, printed=False, reason="the printer did not answer")
