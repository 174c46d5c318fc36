"""The acquirer of СБП: a payment by a QR on the screen (client: payment/billing/sbp.py)."""

from __future__ import annotations

import enum
from typing import Protocol

import msgspec


class QrState(enum.Enum):
    """What the acquirer says of a registered QR; a bank's own words are mapped by its client."""

    NEW = "new"
    IN_PROGRESS = "in_progress"
    PAID = "paid"
    DECLINED = "declined"
    EXPIRED = "expired"
    REFUNDED = "refunded"
    UNKNOWN = "unknown"  # no sure answer: asked again


class QrRegistered(msgspec.Struct, frozen=True):
    """`payload` is the text of the QR to be shown."""

    operation_id: str
    qrc_id: str
    payload: str


class QrNotRegistered(msgspec.Struct, frozen=True):
    """There is no QR to show, so nobody can pay one."""

    operation_id: str
    reason: str


class QrAnswered(msgspec.Struct, frozen=True):
    """Answers `ask` and `cancel`. PAID carries the amount paid, in kopecks."""

    operation_id: str
    state: QrState
    amount_minor: int = 0
    provider_id: str = ""


class QrRefundAnswered(msgspec.Struct, frozen=True):
    """Answers `refund`: done, refused for good (False), or nobody can tell (None)."""

    operation_id: str
    done: bool | None
    reason: str = ""


class AcquirerPort(Protocol):
    """Verbs queue and return at once. `operation_id` is ours and is the key of idempotency."""

    def register(self, operation_id: str, amount_minor: int, account: str) -> None: ...
    def ask(self, operation_id: str) -> None: ...
    def cancel(self, operation_id: str) -> None: ...
    def refund(self, operation_id: str, amount_minor: int) -> None: ...
