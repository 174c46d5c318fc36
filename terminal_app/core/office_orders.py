"""The bridge between the office's orders about money and payment's words."""

from __future__ import annotations

from payment.contract import CreditToCancel, Means, MoveAct, MoveOrdered, MoveWithdrawn, OrderLine, PayRequest
from signaling_server.contract.money import MoneyMoveOrdered, MoneyMoveWithdrawn

_UNNAMED = OrderLine("")  # the service of a payment that names none


def to_payment(order: MoneyMoveOrdered | MoneyMoveWithdrawn) -> MoveOrdered | MoveWithdrawn:
    """Raises ValueError: an order that this release does not understand."""
    if isinstance(order, MoneyMoveWithdrawn):
        return MoveWithdrawn(order.order_id)
    if order.amount_minor <= 0:
        raise ValueError(f"the order {order.order_id} moves nothing")
    credit = order.credit
    return MoveOrdered(
        order_id=order.order_id,
        act=MoveAct(order.act.value),
        amount_minor=order.amount_minor,
        account=order.account,
        service=order.service or _UNNAMED.service,
        service_title=_UNNAMED.service_title,
        means=Means(order.means),
        operation_id=order.operation_id,
        in_doubt=order.in_doubt,
        credit=None
        if credit is None
        else CreditToCancel(
            PayRequest(credit.txn_id, credit.txn_date, credit.account, credit.amount_minor),
            credit.provider_txn,
            credit.session_id,
        ),
        of_txn=order.of_txn,
    )
