"""Banks' ways to speak of a QR of СБП, as a table: addresses, names, units of money, words of state.

Banks differ in all of it (payments notes, section 6): one takes rubles where another takes kopecks, so each names its
unit. A state that stands in no table is UNKNOWN and is asked again. To be confirmed with the bank's own paper.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from payment.billing.http_values import Method
from payment.contract import QrState

AMOUNT_MAX_MINOR = 10**11
RUBLES_DIGITS_MAX = 12


class AmountError(ValueError):
    """Not an amount in the unit that was agreed."""


class Unit(enum.Enum):
    """What a number of the wire counts, and in which form of JSON it stands."""

    KOPECKS = "kopecks"  # 154321
    KOPECKS_TEXT = "kopecks_text"  # "154321"
    RUBLES = "rubles"  # 1543.21, an exact decimal


def to_wire(amount_minor: int, unit: Unit) -> int | str | Decimal:
    match unit:
        case Unit.KOPECKS:
            return amount_minor
        case Unit.KOPECKS_TEXT:
            return str(amount_minor)
        case Unit.RUBLES:
            return Decimal(amount_minor).scaleb(-2)


def from_wire(value: object, unit: Unit) -> int:
    """Whole kopecks. Raises AmountError: another type, a part of a kopeck, below zero, out of all bounds."""
    match unit, value:
        case _, bool():
            raise AmountError("a yes or no is no amount")
        case Unit.KOPECKS, int():
            amount_minor = value
        case Unit.KOPECKS_TEXT, str() if value.isascii() and value.isdigit() and len(value) <= RUBLES_DIGITS_MAX:
            amount_minor = int(value)
        case Unit.RUBLES, int():
            amount_minor = value * 100
        case Unit.RUBLES, Decimal():
            amount_minor = _kopecks(value)
        case _:
            raise AmountError(f"not {unit.value}")
    if not 0 <= amount_minor <= AMOUNT_MAX_MINOR:
        raise AmountError("an amount out of all bounds")
    return amount_minor


def _kopecks(rubles: Decimal) -> int:
    if not rubles.is_finite() or abs(rubles.adjusted()) > RUBLES_DIGITS_MAX or len(rubles.as_tuple().digits) > 20:
        raise AmountError("an amount out of all bounds")
    kopecks = rubles.scaleb(2)
    if kopecks != kopecks.to_integral_value():
        raise AmountError("a part of a kopeck")
    return int(kopecks)


@dataclass(frozen=True, slots=True)
class Route:
    """Where a question goes; `{order}` in the path is our number, otherwise it goes in the body."""

    method: Method
    path: str


@dataclass(frozen=True, slots=True)
class Fields:
    """Names in requests and answers."""

    order: str
    account: str
    amount: str
    qrc_id: str
    payload: str
    state: str
    provider_id: str


@dataclass(frozen=True, slots=True)
class AcquirerDialect:
    """One bank. `constants` go with every registration."""

    name: str
    register: Route
    ask: Route
    cancel: Route
    refund: Route
    fields: Fields
    unit: Unit
    refund_unit: Unit  # banks are known that count a refund otherwise than a payment
    states: Mapping[str, QrState]
    constants: Mapping[str, str] = field(default_factory=dict)


# Addresses name the order, money is rubles. Words as seen at banks that give C2B payments over REST.
RUBLES = AcquirerDialect(
    name="rubles",
    register=Route("POST", "/qrs"),
    ask=Route("GET", "/orders/{order}"),
    cancel=Route("DELETE", "/orders/{order}"),
    refund=Route("POST", "/orders/{order}/refund"),
    fields=Fields("order", "additionalInfo", "amount", "qrId", "payload", "status", "transactionId"),
    unit=Unit.RUBLES,
    refund_unit=Unit.RUBLES,
    constants={"currency": "RUB", "qrType": "QRDynamic"},
    states={
        "NEW": QrState.NEW,
        "NO_INFO": QrState.NEW,
        "IN_PROGRESS": QrState.IN_PROGRESS,
        "SUCCESS": QrState.PAID,
        "CONFIRMED": QrState.PAID,
        "DECLINED": QrState.DECLINED,
        "REJECTED": QrState.DECLINED,
        "CANCELLED": QrState.DECLINED,
        "EXPIRED": QrState.EXPIRED,
        "DEADLINE_EXPIRED": QrState.EXPIRED,
        "REFUNDED": QrState.REFUNDED,
    },
)
# Everything is POST, money is kopecks.
ORDERS = AcquirerDialect(
    name="orders",
    register=Route("POST", "/creation"),
    ask=Route("POST", "/status"),
    cancel=Route("POST", "/revocation"),
    refund=Route("POST", "/refund"),
    fields=Fields(
        "order_number", "description", "order_sum", "order_id", "order_form_url", "order_state", "operation_id"
    ),
    unit=Unit.KOPECKS,
    refund_unit=Unit.RUBLES,
    constants={"currency": "643"},
    states={
        "CREATED": QrState.NEW,
        "ON_PAYMENT": QrState.IN_PROGRESS,
        "AUTHORIZED": QrState.IN_PROGRESS,
        "PAID": QrState.PAID,
        "DECLINED": QrState.DECLINED,
        "FAIL": QrState.DECLINED,
        "CANCEL": QrState.DECLINED,
        "REVOKED": QrState.DECLINED,
        "EXPIRED": QrState.EXPIRED,
        "REFUNDED": QrState.REFUNDED,
        "REVERSED": QrState.REFUNDED,
    },
)
# Four letters of ISO 20022, kopecks as text. ACTC is accepted but not yet settled: only ACWP is money.
ISO = AcquirerDialect(
    name="iso",
    register=Route("POST", "/creation"),
    ask=Route("POST", "/status"),
    cancel=Route("POST", "/revocation"),
    refund=Route("POST", "/refund"),
    fields=Fields("agentOrderId", "paymentPurpose", "amount", "qrcId", "payload", "status", "trxId"),
    unit=Unit.KOPECKS_TEXT,
    refund_unit=Unit.KOPECKS_TEXT,
    states={
        "NTST": QrState.NEW,
        "RCVD": QrState.IN_PROGRESS,
        "ACTC": QrState.IN_PROGRESS,
        "ACWP": QrState.PAID,
        "RJCT": QrState.DECLINED,
        "CANC": QrState.DECLINED,
        "EXPD": QrState.EXPIRED,
        "RFND": QrState.REFUNDED,
    },
)

ACQUIRERS: dict[str, AcquirerDialect] = {dialect.name: dialect for dialect in (RUBLES, ORDERS, ISO)}
