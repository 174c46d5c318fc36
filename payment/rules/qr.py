"""Rules of a payment by a QR of СБП, from its intent to a final state. Pure.

| stage | event | what is done |
|---|---|---|
| asked | registered | `qr_registered`, then it is shown; nobody there to see it: cancelled, watched |
| asked | not registered | `qr_result`: nobody can have paid it |
| asked, after a restart | - | nobody has seen it: `qr_result`, cancelled |
| shown | NEW, IN_PROGRESS, UNKNOWN | asked again, for as long as it takes |
| shown | PAID, the amount asked | `qr_result`, the lines are paid, however late |
| paid, after a restart | - | lines that have no intent yet are paid |
| shown | PAID, another amount | `qr_result`: kept for a person |
| shown | DECLINED, EXPIRED, REFUNDED | `qr_result`: nothing is taken |

Leaving the screen cancels nothing; after its time the visit asks to cancel, and the QR is watched on.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from payment.contract import CardOutcome, PaymentOrder, QrAnswered, QrNotRegistered, QrRegistered, QrState
from payment.effects import AskQr, CancelQr, Record, RegisterQr
from payment.rules.fiscal import may_take_money
from payment.rules.pay import amount_asked_minor, ask_billing, order_data, order_of, paid_lines, pays_of
from payment.transaction_values import (
    Context,
    MoneyTaken,
    OperationEnded,
    Phase,
    QrShown,
    Step,
    TakenAside,
    Transaction,
)
from payment.work import Reaction, Work

ASK_S = 3  # while it is on the screen; section 6 of the payment notes
WATCH_MAX_S = 300  # nobody waits for it any more

_NOTHING_TAKEN = frozenset({QrState.DECLINED, QrState.EXPIRED, QrState.REFUNDED})


class QrWork(Work):
    """One QR. `shown`: the customer may have seen it, so it may be paid."""

    operation_id: str = ""
    session_id: str = ""
    order: PaymentOrder = PaymentOrder("")
    amount_minor: int = 0
    shown: bool = False
    paid: bool = False  # until all its lines have their intents
    lines: int = 0  # that have

    def lines_due(self) -> int:
        return len(paid_lines(self.order, self.amount_minor))


# --- the visit's side -----------------------------------------------------------------------------------------------


def begin(state: Transaction, opened: Record, context: Context) -> Step:
    """The intent is durable before the acquirer is asked. A visit that cannot be paid so ends at once."""
    assert state.order is not None
    amount = amount_asked_minor(state.order)
    fits = 0 < amount <= context.settings.amount_max_minor
    if not (context.qr and context.disk_writable and may_take_money(state, context.settings) and fits):
        return replace(state, phase=Phase.DONE, failed=True), [opened]
    operation_id = context.txn_id
    named = _naming(operation_id, state.session_id, amount)
    intent = Record("qr_intent", {**named, **order_data(state.order)})
    asked = replace(state, phase=Phase.QR_SHOWN, operation_id=operation_id, operation_minor=amount)
    return asked, [opened, intent, RegisterQr(operation_id, amount, state.order.account)]


def qr_shown(state: Transaction, event: QrShown, context: Context) -> Step:
    if event.operation_id != state.operation_id:
        return state, []
    return replace(state, qr_payload=event.payload), []


def _naming(operation_id: str, session_id: str, amount_minor: int) -> dict[str, object]:
    return {"session_id": session_id, "operation_id": operation_id, "amount_minor": amount_minor}


# --- the work ---------------------------------------------------------------------------------------------------------


def work_of(data: Mapping[str, Any]) -> QrWork:
    """The work that a `qr_intent` begins."""
    return QrWork(
        operation_id=data["operation_id"],
        session_id=data["session_id"],
        order=order_of(data),
        amount_minor=data["amount_minor"],
    )


def react(
    work: QrWork, event: QrRegistered | QrNotRegistered | QrAnswered, state: Transaction, context: Context
) -> Reaction:
    """An answer of the acquirer; one that means nothing now changes nothing."""
    match event:
        case _ if work.paid:
            return Reaction()
        case QrRegistered() if not work.shown:
            return _registered(work, event, state)
        case QrNotRegistered() if not work.shown:
            return _nothing(work, "not_registered", event.reason)
        case QrAnswered(state=QrState.PAID):
            return _paid(work, event, context)
        case QrAnswered(state=answered) if answered in _NOTHING_TAKEN:
            return _nothing(work, answered.value, "")
        case QrAnswered():
            watched = state.operation_id == work.operation_id and state.phase is Phase.QR_SHOWN
            if watched:
                work.wait_s = 0
            work.ask_again(context.now.monotonic_s, ASK_S, WATCH_MAX_S)
            return Reaction()
        case _:
            return Reaction()


def due(work: QrWork, context: Context) -> Reaction:
    """Asked until it is final. One that nobody has seen when the lights went out cannot be paid."""
    if not work.is_due(context.now.monotonic_s):
        return Reaction()
    if work.paid:  # the lights went out between the records
        return _pay_lines(work, "", context)
    if not work.shown and not work.sent:
        abandoned = _nothing(work, "abandoned", "")
        return Reaction([*abandoned.effects, CancelQr(work.operation_id)], abandoned.told)
    work.asked(context.now.monotonic_s)
    return Reaction([AskQr(work.operation_id)])


def _registered(work: QrWork, event: QrRegistered, state: Transaction) -> Reaction:
    named = _naming(work.operation_id, work.session_id, work.amount_minor)
    written = Record("qr_registered", {**named, "qrc_id": event.qrc_id[:64]})
    if state.operation_id != work.operation_id or state.phase is not Phase.QR_SHOWN:
        return Reaction([written, CancelQr(work.operation_id)])
    return Reaction([written], [QrShown(work.operation_id, event.payload)])


def _paid(work: QrWork, event: QrAnswered, context: Context) -> Reaction:
    result = _result(work, event.state.value) | {
        "amount_minor": event.amount_minor,
        "provider_id": event.provider_id[:64],
    }
    if event.amount_minor != work.amount_minor:
        aside = result | {"asked_minor": work.amount_minor, "to": "unallocated"}
        return Reaction([Record("qr_result", aside)], [TakenAside(work.operation_id, event.amount_minor)])
    paid = _pay_lines(work, event.provider_id[:64], context)
    return Reaction([Record("qr_result", result), *paid.effects], paid.told)


def _pay_lines(work: QrWork, qr_id: str, context: Context) -> Reaction:
    """All lines, or those that an earlier run did not come to."""
    pays = pays_of(work.order, work.session_id, work.amount_minor, context, asked_already=work.lines)
    return Reaction(ask_billing(pays), [MoneyTaken(work.operation_id, work.amount_minor, pays, qr_id=qr_id)])


def _nothing(work: QrWork, how: str, reason: str) -> Reaction:
    result = _result(work, how) | ({"reason": reason[:200]} if reason else {})
    return Reaction([Record("qr_result", result)], [OperationEnded(work.operation_id, CardOutcome.DECLINED)])


def _result(work: QrWork, how: str) -> dict[str, object]:
    named = _naming(work.operation_id, work.session_id, work.amount_minor)
    return {**named, "account": work.order.account, "state": how}
