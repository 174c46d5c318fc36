"""Billing: who is credited (client: payment/billing/osmp.py)."""

from __future__ import annotations

import enum
from typing import Protocol

import msgspec


class PayOutcome(enum.StrEnum):
    CREDITED = "credited"
    REFUSED = "refused"  # final: goes to `unallocated`
    UNKNOWN = "unknown"  # repeat the same request later; never a second txn_id


class PayRequest(msgspec.Struct, frozen=True):
    """One credit asked of billing: one line of a payment. Repeats carry exactly the same values."""

    txn_id: str  # digits, up to 20: the key of idempotency
    txn_date: str  # YYYYMMDDHHMMSS, decides the accounting day
    account: str
    amount_minor: int


class PayAnswered(msgspec.Struct, frozen=True):
    """Billing answered (or surely did not) to the pay request `txn_id`."""

    txn_id: str
    outcome: PayOutcome
    provider_txn: str = ""
    result_code: int | None = None
    comment: str = ""


class BillingChanged(msgspec.Struct, frozen=True):
    """Billing can (or cannot) be reached; without it money is taken by the offline policy only."""

    reachable: bool


class CancelOutcome(enum.Enum):
    CANCELLED = "cancelled"
    REFUSED = "refused"  # final: the credit stands
    UNKNOWN = "unknown"  # ask again, the same request


class CancelAnswered(msgspec.Struct, frozen=True):
    """What became of the wish to undo the payment `txn_id`."""

    txn_id: str
    outcome: CancelOutcome
    result_code: int | None = None
    comment: str = ""


class BillingPort(Protocol):
    """Verbs queue and return at once; each is answered by one event, UNKNOWN after the port's own deadline."""

    def pay(self, request: PayRequest) -> None:
        """Answered by `PayAnswered`."""

    def cancel(self, request: PayRequest, provider_txn: str) -> None:
        """Undo a credit; answered by `CancelAnswered`."""
