"""Cash as a device knows it: a currency and a value, not money of a ledger."""

from __future__ import annotations

import enum
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class CashItem:
    """One kind of note or coin: ISO 4217 currency and value in minor units (kopecks)."""

    value_minor: int
    currency: str = "RUB"


UNKNOWN_CASH_ITEM = CashItem(0, "")  # no currency: the device has not yet told what it can hold


class RejectReason(enum.Enum):
    """Why an acceptor pushed a note back by itself."""

    NOT_RECOGNISED = "not_recognised"
    INHIBITED = "inhibited"  # this denomination is not accepted now
    BADLY_INSERTED = "badly_inserted"
    OTHER = "other"
