"""What a step of the cashier wants done, in order: a record first, then what cannot be undone. Values only."""

from __future__ import annotations

import enum

import msgspec

from payment.contract import FiscalSale, PayRequest, Receipt


class Record(msgspec.Struct, frozen=True):
    """Append to the journal; what follows waits until it is durable."""

    kind: str
    data: dict[str, object]


class Verb(enum.StrEnum):
    """A verb without a value."""

    ENABLE = "enable"
    DISABLE = "disable"
    STACK = "stack"
    RETURN_NOTE = "return_note"
    ENABLE_COINS = "enable_coins"
    DISABLE_COINS = "disable_coins"
    OPEN_SHIFT = "open_shift"
    CLOSE_SHIFT = "close_shift"


class SendPay(msgspec.Struct, frozen=True):
    request: PayRequest


class Authorize(msgspec.Struct, frozen=True):
    operation_id: str
    amount_minor: int


class AskCard(msgspec.Struct, frozen=True):
    operation_id: str


class ReverseCard(msgspec.Struct, frozen=True):
    operation_id: str
    amount_minor: int


class Settle(msgspec.Struct, frozen=True):
    settlement_id: str


class RegisterQr(msgspec.Struct, frozen=True):
    operation_id: str
    amount_minor: int
    account: str


class AskQr(msgspec.Struct, frozen=True):
    operation_id: str


class CancelQr(msgspec.Struct, frozen=True):
    operation_id: str


class RefundQr(msgspec.Struct, frozen=True):
    operation_id: str
    amount_minor: int


class CancelPay(msgspec.Struct, frozen=True):
    """A credit is undone."""

    request: PayRequest
    provider_txn: str


class Fiscalise(msgspec.Struct, frozen=True):
    sale: FiscalSale


class AskFiscal(msgspec.Struct, frozen=True):
    fiscal_id: str


class PrintReceipt(msgspec.Struct, frozen=True):
    receipt: Receipt


Effect = (
    Record
    | Verb
    | SendPay
    | Authorize
    | AskCard
    | ReverseCard
    | Settle
    | RegisterQr
    | AskQr
    | CancelQr
    | RefundQr
    | CancelPay
    | Fiscalise
    | AskFiscal
    | PrintReceipt
)
