"""When a parcel of the outbox is tried again: full jitter under a growing ceiling, for days. Pure; told time, chance.

It never gives up by itself: after a day it is overdue, which a person sees, and it is tried on at the ceiling's pace.
Source: payments notes, section 12 (exponential, full jitter, ceiling, stopped only by a final answer or a person).
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace

DRAW_MAX = 2**32  # a draw of chance is below it
DOUBLINGS_MAX = 30
MS_A_SECOND = 1000


class DeliveryOutcome(enum.Enum):
    DELIVERED = "delivered"
    REFUSED = "refused"  # final: kept for a person
    UNKNOWN = "unknown"  # tried again, under the same key


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of one try; `reason` is for a person and a log, without personal data."""

    outcome: DeliveryOutcome
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RetryRules:
    """Waits in milliseconds of the wall clock."""

    first_ms: int = 5 * MS_A_SECOND
    ceiling_ms: int = 3_600 * MS_A_SECOND
    overdue_after_ms: int = 24 * 3_600 * MS_A_SECOND


@dataclass(frozen=True, slots=True)
class Parcel:
    """What waits to be delivered. `key` is the receiver's key of idempotency and never changes."""

    kind: str
    key: str
    body: bytes
    created_ms: int
    due_ms: int
    tries: int = 0
    refused: str = ""  # why it will not be taken; then it waits for a person only

    def is_due(self, now_ms: int, rules: RetryRules) -> bool:
        """A clock that was set back cannot hold a parcel longer than the ceiling."""
        return not self.refused and (self.due_ms <= now_ms or self.due_ms - now_ms > rules.ceiling_ms)

    def is_overdue(self, now_ms: int, rules: RetryRules) -> bool:
        return not self.refused and now_ms - self.created_ms > rules.overdue_after_ms


def wait_ms(tries: int, draw: int, rules: RetryRules) -> int:
    """How long to wait after the try number `tries`; `draw` is a number of chance below DRAW_MAX."""
    ceiling_ms = min(rules.ceiling_ms, rules.first_ms << min(tries - 1, DOUBLINGS_MAX))
    return 1 + ceiling_ms * draw // DRAW_MAX


def after_try(parcel: Parcel, delivery: Delivery, now_ms: int, draw: int, rules: RetryRules) -> Parcel | None:
    """The parcel as it waits on; None: it is delivered and may be forgotten."""
    tries = parcel.tries + 1
    match delivery.outcome:
        case DeliveryOutcome.DELIVERED:
            return None
        case DeliveryOutcome.REFUSED:
            return replace(parcel, tries=tries, refused=delivery.reason or "refused")
        case DeliveryOutcome.UNKNOWN:
            return replace(parcel, tries=tries, due_ms=now_ms + wait_ms(tries, draw, rules))
