"""What a screen may show of the payment in hand. Pure."""

from __future__ import annotations

from payment.contract import CashInSnapshot, CashPhase, CashSettings
from payment.rules.fiscal import may_take_money
from payment.rules.visit import payable
from payment.transaction_values import COPIES_MAX, Phase, Transaction, VisitOpened

_SHOWN: dict[Phase, CashPhase] = {phase: CashPhase(phase.value) for phase in Phase if phase is not Phase.FISCALISING}
_SHOWN[Phase.FISCALISING] = CashPhase.PRINTING


def hidden(state: Transaction, next_visit: VisitOpened | None, *, writable: bool, late: bool = True) -> CashInSnapshot:
    """The payment in hand is an earlier customer's: nothing of it is shown to this one.

    `late`: long after the fall of the run that took it; else who stands here is its customer, and may know the sum.
    """
    order = next_visit.order if next_visit is not None else None
    inside_minor = 0 if late or next_visit is not None else state.inserted_minor
    return CashInSnapshot(order=order, acceptor_fault=state.fault, journal_ok=writable, recovered_minor=inside_minor)


def snapshot_of(state: Transaction, settings: CashSettings, *, writable: bool, card_free: bool) -> CashInSnapshot:
    """`writable`: the journal takes records; `card_free`: the pinpad may be asked for a sale."""
    return CashInSnapshot(  # the first nine by position: two dozen keywords take five times as long
        _SHOWN[state.phase],
        state.order,
        state.inserted_minor,
        state.escrow.value_minor if state.escrow is not None else 0,
        state.in_doubt_minor,
        state.fee_minor,
        state.moving,
        state.answer,
        state.answers,
        may_pay=state.phase is Phase.ACCEPTING and payable(state, settings),
        acceptor_ready=state.ready and writable,
        acceptor_fault=state.fault,
        coins_ready=state.coins_ready and writable,
        card_ready=state.card_ready and writable and card_free,
        card_outcome=state.card_outcome,
        qr_payload=state.qr_payload,
        payment_failed=state.failed,
        fiscal_ready=may_take_money(state, settings),
        journal_ok=writable,
        txn_id=state.pays[0].request.txn_id if state.pays else "",
        outcome=state.outcome,
        receipt=state.receipt,
        receipt_printed=state.receipt_printed,
        copies=state.copies,
        copies_left=COPIES_MAX - state.copies,
        copy_printed=state.copy_printed,
        settings=settings,
    )
