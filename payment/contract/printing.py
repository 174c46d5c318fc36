"""The customer's slip."""

from __future__ import annotations

from typing import Protocol

import msgspec

from payment.contract.billing import PayOutcome
from payment.contract.fiscal import FiscalDone
from payment.contract.order import Means, Purpose


class CardSlip(msgspec.Struct, frozen=True):
    """What the slip must say of the card operation."""

    rrn: str = ""
    auth_code: str = ""
    masked_pan: str = ""
    terminal_id: str = ""
    slip: str = ""  # the bank's own text


class PaidLine(msgspec.Struct, frozen=True):
    """One line of a payment and what billing said of it."""

    txn_id: str
    account: str
    service_title: str
    purpose: Purpose
    amount_minor: int
    fee_minor: int
    outcome: PayOutcome
    provider_txn: str = ""


class Receipt(msgspec.Struct, frozen=True):
    """What the customer's receipt says; its layout is payment/receipt.py, its paper the printer's business."""

    txn_id: str
    printed_at: str  # local wall time, DD.MM.YYYY HH:MM
    terminal_id: str
    account: str
    service_title: str
    inserted_minor: int
    fee_minor: int
    paid_minor: int
    outcome: PayOutcome | None  # None: nothing was paid, the slip is about money in doubt
    provider_txn: str = ""
    copy: bool = False
    in_doubt_minor: int = 0  # the acceptor could not tell whether it is in the cassette
    means: Means = Means.CASH
    lines: tuple[PaidLine, ...] = ()  # every line, when there are several
    asked_minor: int = 0  # what was asked, 0: any amount; what is left of it is said
    unallocated_minor: int = 0  # taken, and refused by billing: the slip tells the way to it
    card_unknown_minor: int = 0  # the bank has not said whether the card was charged
    card: CardSlip | None = None
    qr_id: str = ""  # the provider's number of a payment by СБП
    fiscal: FiscalDone | None = None  # None: not made (yet)
    fiscal_total_minor: int = 0  # the sum of the fiscal document: with a part refused, less than what was taken
    fiscal_awaited: bool = False  # a fiscal document is due and will be sent or printed later
    contact: str = ""  # where the copy of the fiscal document is sent, masked: a slip lies about


class ReceiptPrinted(msgspec.Struct, frozen=True):
    """The receipt of `txn_id` is on paper."""

    txn_id: str


class ReceiptNotPrinted(msgspec.Struct, frozen=True):
    """The receipt is not, or not surely, on paper."""

    txn_id: str
    may_be_on_paper: bool
    reason: str = ""


class PrinterPort(Protocol):
    def print_receipt(self, receipt: Receipt) -> None:
        """Queue it; answered by one `ReceiptPrinted` or `ReceiptNotPrinted`."""
