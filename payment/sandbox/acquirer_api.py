"""Three banks' ways to say the same, on the sandbox's side: words in, JSON out. Its own wire code on purpose.

`rubles`: addresses name the order, money is rubles with a point. `orders`: everything is POST, money is kopecks.
`iso`: kopecks as text, states are four letters of ISO 20022. Fields are as seen in public papers of banks.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from payment.sandbox.acquirer import (
    CANCELLED,
    DECLINED,
    EXPIRED,
    IN_PROGRESS,
    NEW,
    PAID,
    REFUNDED,
    Qr,
)

ORDER = re.compile(r"[0-9A-Za-z-]{1,64}", re.ASCII)
AMOUNT_MAX_MINOR = 1_000_000_00
_RUBLES = re.compile(r"([0-9]{1,9})(?:\.([0-9]{1,2}))?", re.ASCII)
_KOPECKS = re.compile(r"[0-9]{1,11}", re.ASCII)


class BadOrderError(ValueError):
    """The request is not as the bank's paper has it."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked to be registered."""

    order_id: str
    account: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Bank:
    """One way: how an order and a refund are read (numbers come as their text) and how a QR is told."""

    read: Callable[[dict[str, Any]], Order]
    order_name: str
    refund_minor: Callable[[dict[str, Any]], int]
    tell: Callable[[Qr], str]


_RUBLES_STATES = {
    NEW: "NEW",
    IN_PROGRESS: "IN_PROGRESS",
    PAID: "SUCCESS",
    DECLINED: "DECLINED",
    EXPIRED: "EXPIRED",
    CANCELLED: "CANCELLED",
    REFUNDED: "REFUNDED",
}
_ORDERS_STATES = {
    NEW: "CREATED",
    IN_PROGRESS: "ON_PAYMENT",
    PAID: "PAID",
    DECLINED: "DECLINED",
    EXPIRED: "EXPIRED",
    CANCELLED: "REVOKED",
    REFUNDED: "REFUNDED",
}
_ISO_STATES = {
    NEW: "NTST",
    IN_PROGRESS: "ACTC",
    PAID: "ACWP",
    DECLINED: "RJCT",
    EXPIRED: "EXPD",
    CANCELLED: "CANC",
    REFUNDED: "RFND",
}


def _read_rubles(asked: dict[str, Any]) -> Order:
    if asked.get("currency") != "RUB" or asked.get("qrType") != "QRDynamic":
        raise BadOrderError("currency or qrType")
    return _order(asked.get("order"), asked.get("additionalInfo"), _rubles(asked.get("amount")))


def _tell_rubles(qr: Qr) -> str:
    whole, kopecks = divmod(qr.amount_minor, 100)
    return (
        f'{{"order":"{qr.order_id}","qrId":"{qr.qrc_id}","payload":"{qr.payload}","amount":{whole}.{kopecks:02d},'
        f'"currency":"RUB","status":"{_RUBLES_STATES[qr.state]}","transactionId":"{qr.provider_id}"}}'
    )


def _read_orders(asked: dict[str, Any]) -> Order:
    if str(asked.get("currency")) != "643":
        raise BadOrderError("currency")
    return _order(asked.get("order_number"), asked.get("description"), _kopecks(asked.get("order_sum")))


def _tell_orders(qr: Qr) -> str:
    return (
        f'{{"order_number":"{qr.order_id}","order_id":"{qr.qrc_id}","order_form_url":"{qr.payload}",'
        f'"order_sum":{qr.amount_minor},"order_state":"{_ORDERS_STATES[qr.state]}","operation_id":"{qr.provider_id}"}}'
    )


def _read_iso(asked: dict[str, Any]) -> Order:
    return _order(asked.get("agentOrderId"), asked.get("paymentPurpose"), _kopecks(asked.get("amount")))


def _tell_iso(qr: Qr) -> str:
    return (
        f'{{"agentOrderId":"{qr.order_id}","qrcId":"{qr.qrc_id}","payload":"{qr.payload}",'
        f'"amount":"{qr.amount_minor}","status":"{_ISO_STATES[qr.state]}","trxId":"{qr.provider_id}"}}'
    )


def _rubles(value: object) -> int:
    found = _RUBLES.fullmatch(str(value))
    if found is None:
        raise BadOrderError("the sum is not rubles")
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))


BANKS = {
    "rubles": Bank(_read_rubles, "order", lambda asked: _rubles(asked.get("amount")), _tell_rubles),
    # It counts payments in kopecks and refunds in rubles, as some do.
    "orders": Bank(_read_orders, "order_number", lambda asked: _rubles(asked.get("order_sum")), _tell_orders),
    "iso": Bank(_read_iso, "agentOrderId", lambda asked: _kopecks(asked.get("amount")), _tell_iso),
}


def _kopecks(value: object) -> int:
    text = str(value)
    if not _KOPECKS.fullmatch(text):
        raise BadOrderError("the sum is not whole kopecks")
    return int(text)


def _order(order_id: object, account: object, amount_minor: int) -> Order:
    if not (isinstance(order_id, str) and ORDER.fullmatch(order_id) and isinstance(account, str)):
        raise BadOrderError("the order's number or account")
    if not 0 < amount_minor <= AMOUNT_MAX_MINOR:
        raise BadOrderError("the sum is out of the bank's limits")
    return Order(order_id, account, amount_minor)
