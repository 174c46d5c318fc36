"""What the office learns from records of journals, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from signaling_server.contract.money import MoneyItemKind

ACCOUNTING, OPERATIONS = "accounting", "operations"
ORDER_PREFIX = "order-"  # of the number of an order to a terminal, which stands in place of a visit's


@dataclass(frozen=True, slots=True)
class SessionSeen:
    session_id: str
    account: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class PaymentTaken:
    txn_id: str
    session_id: str
    account: str
    service: str
    means: str
    amount_minor: int
    fee_minor: int
    txn_date: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class PaymentAnswered:
    """The last word of billing so far."""

    txn_id: str
    outcome: str
    provider_txn: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class ReceiptEnded:
    txn_id: str
    printed: bool


@dataclass(frozen=True, slots=True)
class DocumentMade:
    session_id: str
    number: str


@dataclass(frozen=True, slots=True)
class ItemOpened:
    """Something that a person has to look at. An empty account is that of the session, where there is one."""

    kind: MoneyItemKind
    reference: str
    amount_minor: int
    owner: str
    at_ms: int
    detail: str = ""
    account: str = ""
    session_id: str = ""


@dataclass(frozen=True, slots=True)
class ItemClosed:
    """The terminal itself settled an item: of this reference, or the oldest doubt of this amount."""

    kind: MoneyItemKind
    resolution: str
    at_ms: int
    reference: str = ""
    amount_minor: int = 0


@dataclass(frozen=True, slots=True)
class CardRefunded:
    """What billing refused of a visit went back to the card by itself."""

    session_id: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class CardDoubted:
    """What billing refused of a visit may be back on the card: nobody can tell, so the bank is asked first."""

    session_id: str


@dataclass(frozen=True, slots=True)
class CollectionSeen:
    collection_id: str
    number: int
    authorised: bool
    collector: str
    seal: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class CollectionCounted:
    """What lay there when the counters were reset: number by value in kopecks."""

    collection_id: str
    counts: Mapping[int, int] = field(default_factory=dict)
    in_doubt_minor: int = 0


@dataclass(frozen=True, slots=True)
class CollectionEnded:
    collection_id: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class QrPaid:
    """A visit was paid by this QR."""

    session_id: str
    operation_id: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class PaymentCancelled:
    """Billing has undone a credit, by an order of ours."""

    txn_id: str
    order_id: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class OrderAccepted:
    order_id: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class OrderBegun:
    """Billing or bank may have heard of it."""

    order_id: str


@dataclass(frozen=True, slots=True)
class OrderWithdrawn:
    """The terminal will never carry it out."""

    order_id: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class OrderEnded:
    """What became of an order; `words` is for the page."""

    order_id: str
    done: bool
    words: str
    at_ms: int


Change = (
    SessionSeen
    | PaymentTaken
    | PaymentAnswered
    | ReceiptEnded
    | DocumentMade
    | ItemOpened
    | ItemClosed
    | CardRefunded
    | CardDoubted
    | CollectionSeen
    | CollectionCounted
    | CollectionEnded
    | QrPaid
    | PaymentCancelled
    | OrderAccepted
    | OrderBegun
    | OrderWithdrawn
    | OrderEnded
)
