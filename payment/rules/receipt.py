"""What the slip of a visit says. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from payment.contract import CardOutcome, PaidLine, PayOutcome, Receipt
from payment.effects import Effect, PrintReceipt, Record
from payment.fiscal.contact import masked_contact
from payment.rules.pay import overall
from payment.transaction_values import Context, Pay, Phase, Step, Transaction


def print_slip(state: Transaction, effects: Sequence[Effect], context: Context) -> Step:
    """The last thing of a visit: on disk that it may be on paper, then the printer is told."""
    receipt = slip_of(state, context)
    intent = Record("receipt_intent", {"session_id": state.session_id, "txn_id": receipt.txn_id})
    after = replace(state, phase=Phase.PRINTING, receipt=receipt, outcome=receipt.outcome)
    return after, [*effects, intent, PrintReceipt(receipt)]


def slip_of(state: Transaction, context: Context) -> Receipt:
    """What the customer is given; a visit that paid nothing has a paper about what is in doubt."""
    assert state.order is not None
    pays, order = state.pays, state.order
    lines = tuple(_line(pay) for pay in pays)
    fiscal_due = any(pay.fiscal and pay.outcome is not PayOutcome.REFUSED for pay in pays)
    return Receipt(
        txn_id=_number(state, context),
        printed_at=readable_moment(context.now.local),
        terminal_id=context.settings.terminal_id,
        account=order.account,
        service_title=order.service_title,
        inserted_minor=sum(pay.request.amount_minor + pay.fee_minor for pay in pays),
        fee_minor=state.fee_minor,
        paid_minor=sum(pay.request.amount_minor for pay in pays),
        outcome=overall(pays) if pays else None,
        provider_txn=state.provider_txn,
        in_doubt_minor=state.in_doubt_minor,
        means=order.means,
        lines=lines if len(lines) > 1 else (),
        asked_minor=order.asked_total_minor,
        unallocated_minor=_unallocated(state),
        card_unknown_minor=_card_unknown(state),
        card=state.card,
        qr_id=state.qr_id,
        fiscal=state.fiscal,
        fiscal_total_minor=state.fiscal_total_minor,
        fiscal_awaited=fiscal_due and state.fiscal is None,
        contact=masked_contact(order.contact) if fiscal_due else "",
    )


def _number(state: Transaction, context: Context) -> str:
    if state.pays:
        return state.pays[0].request.txn_id
    return state.operation_id or context.txn_id


def _unallocated(state: Transaction) -> int:
    refused = (pay.request.amount_minor + pay.fee_minor for pay in state.pays if pay.outcome is PayOutcome.REFUSED)
    return sum(refused) if state.pays else state.aside_minor


def _card_unknown(state: Transaction) -> int:
    """Nobody knows yet whether the card was charged."""
    return state.operation_minor if state.card_outcome is CardOutcome.UNKNOWN and not state.pays else 0


def _line(pay: Pay) -> PaidLine:
    return PaidLine(
        pay.request.txn_id,
        pay.request.account,
        pay.line.service_title,
        pay.line.purpose,
        pay.request.amount_minor,
        pay.fee_minor,
        pay.outcome or PayOutcome.UNKNOWN,
        pay.provider_txn,
    )


def readable_moment(local: str) -> str:
    """20261123141200 -> 23.11.2026 14:12."""
    return f"{local[6:8]}.{local[4:6]}.{local[:4]} {local[8:10]}:{local[10:12]}"
