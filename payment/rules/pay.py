"""Rules of credits asked of billing: how a sum is shared over lines, and how the journal keeps a request. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from payment.contract import Means, OrderLine, PayAnswered, PaymentOrder, PayOutcome, PayRequest, Purpose, SaleLine
from payment.contract.order import NO_FEE
from payment.effects import Effect, Record, SendPay
from payment.fees import FeeRule, amount_to_insert, share, share_over_lines
from payment.transaction_values import Context, Pay

# By what the journal calls them: of a long journal thousands are read, and an enumeration asked for a value is slow.
_MEANS = {means.value: means for means in Means}
_PURPOSES = {purpose.value: purpose for purpose in Purpose}


def pays_of(
    order: PaymentOrder, session_id: str, taken_minor: int, context: Context, *, asked_already: int = 0
) -> tuple[Pay, ...]:
    """A sum over the lines of its order. `asked_already`: so many of them have their intents from an earlier run."""
    paid = paid_lines(order, taken_minor)[asked_already:]
    return tuple(_pay(order, session_id, line, amount, number, context) for number, (line, amount) in enumerate(paid))


def paid_lines(order: PaymentOrder, taken_minor: int) -> list[tuple[OrderLine, int]]:
    """Each line gets what it is asked for; too little is shared in proportion, what is above is the first one's."""
    if not order.more:
        return [(order.lines[0], taken_minor)]
    shares = share_over_lines(taken_minor, [due_minor(line) for line in order.lines])
    amounts = (part.paid_minor + part.advance_minor for part in shares)
    return [(line, amount) for line, amount in zip(order.lines, amounts, strict=True) if amount > 0]


def _pay(
    order: PaymentOrder, session_id: str, line: OrderLine, amount_minor: int, number: int, context: Context
) -> Pay:
    part = share(amount_minor, line.fee)
    request = PayRequest(context.number(number), context.now.local, line.account, part.credited_minor)
    fiscal = context.settings.fiscal_required
    return Pay(request, session_id, line, order.means, part.fee_minor, order.contact, fiscal)


def due_minor(line: OrderLine) -> int:
    """What is to be taken so that the line gets what it asks for; 0: any amount."""
    return line.asked_minor if line.fee == NO_FEE else amount_to_insert(line.asked_minor, line.fee)


def amount_asked_minor(order: PaymentOrder) -> int:
    """What a card or a QR is asked for: all lines with their fees."""
    return sum(due_minor(line) for line in order.lines)


def ask_billing(pays: Sequence[Pay]) -> list[Effect]:
    """All intents share one sync, then the requests go out."""
    return [*(Record("pay_intent", intent_data(pay)) for pay in pays), *(SendPay(pay.request) for pay in pays)]


def overall(pays: Sequence[Pay]) -> PayOutcome:
    """What the customer is told of all lines together."""
    outcomes = {pay.outcome for pay in pays}
    if len(outcomes) == 1 and None not in outcomes:
        return next(iter(outcomes)) or PayOutcome.UNKNOWN
    if outcomes == {PayOutcome.CREDITED, PayOutcome.REFUSED}:
        return PayOutcome.CREDITED  # the lines say which
    return PayOutcome.UNKNOWN


# --- as the journal keeps it ------------------------------------------------------------------------------------------


def order_data(order: PaymentOrder) -> dict[str, object]:
    """What is needed to pay an order that a later run finds."""
    first, *more = order.lines
    data = {**line_data(first), "means": order.means.value}
    if more:
        data["more"] = [line_data(line) for line in more]
    if order.contact:
        data["contact"] = order.contact
    return data


def order_of(data: Mapping[str, Any]) -> PaymentOrder:
    """The order of a `session_open`, `card_intent` or `qr_intent` record."""
    lines = (_line_of(data), *(_line_of(line) for line in data.get("more", ())))
    return PaymentOrder.of_lines(lines, _MEANS[data.get("means", "cash")], data.get("contact", ""))


def line_data(line: OrderLine) -> dict[str, object]:
    data: dict[str, object] = {
        "account": line.account,
        "service": line.service,
        "service_title": line.service_title,
        "asked_minor": line.asked_minor,
        "purpose": line.purpose.value,
    }
    if line.period or line.vat_code:
        data |= {"period": line.period, "vat_code": line.vat_code}
    if line.fee != NO_FEE:
        data["fee"] = [line.fee.rate_bp, line.fee.min_minor, line.fee.max_minor, line.fee.on_top]
    return data


def _line_of(data: Mapping[str, Any]) -> OrderLine:
    return OrderLine(
        data["account"],
        data.get("service", "electricity"),
        data.get("service_title", ""),
        data.get("asked_minor", 0),
        _PURPOSES[data.get("purpose", "supply")],
        data.get("period", ""),
        data.get("vat_code", 0),
        FeeRule(*data["fee"]) if "fee" in data else NO_FEE,
    )


def intent_data(pay: Pay) -> dict[str, object]:
    """A pay request as the journal keeps it: a repeat carries exactly these values."""
    request = pay.request
    data: dict[str, object] = {
        **line_data(pay.line),
        "session_id": pay.session_id,
        "txn_id": request.txn_id,
        "txn_date": request.txn_date,
        "amount_minor": request.amount_minor,
        "fee_minor": pay.fee_minor,
        "means": pay.means.value,
    }
    if pay.contact:
        data["contact"] = pay.contact
    if pay.fiscal:
        data["fiscal"] = True
    return data


def pay_of(data: Mapping[str, Any]) -> Pay:
    """The request of a `pay_intent` record."""
    return Pay(
        PayRequest(data["txn_id"], data["txn_date"], data["account"], data["amount_minor"]),
        data["session_id"],
        _line_of(data),
        _MEANS[data.get("means", "cash")],
        data["fee_minor"],
        data.get("contact", ""),
        data.get("fiscal", False),
    )


def result_record(answer: PayAnswered, pay: Pay) -> Record:
    return Record(
        "pay_result",
        {
            "session_id": pay.session_id,
            "txn_id": pay.request.txn_id,
            "account": pay.request.account,
            "service": pay.line.service,
            "amount_minor": pay.request.amount_minor,
            "fee_minor": pay.fee_minor,
            "outcome": answer.outcome.value,
            "provider_txn": answer.provider_txn,
            "result_code": answer.result_code,
        },
    )


def sale_line(pay: Pay) -> SaleLine:
    """The line of a fiscal document for one credit."""
    line = pay.line
    return SaleLine(
        pay.request.txn_id,
        pay.request.account,
        line.service,
        line.service_title,
        line.purpose,
        pay.request.amount_minor,
        pay.fee_minor,
        line.asked_minor,
        line.period,
        line.vat_code,
    )
