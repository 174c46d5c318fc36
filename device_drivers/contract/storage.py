"""Where a device puts cash (XFS4IoT storage units): counters and thresholds of a cassette or a coin box."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass

from device_drivers.contract.cash import CashItem


class StorageStatus(enum.Enum):
    """Whether a unit is there and takes more."""

    OK = "ok"
    HIGH = "high"  # a warning: it still takes cash
    FULL = "full"
    MISSING = "missing"
    INOPERATIVE = "inoperative"


@dataclass(frozen=True, slots=True)
class StorageUnit:
    """A unit as it was configured: how many items it holds, and from how many on it is nearly full.

    `count_high` 0 means: no warning.
    """

    unit_id: str
    count_max: int
    count_high: int = 0


@dataclass(frozen=True, slots=True)
class StorageChanged:
    """A unit's counters or status changed. `unknown_count`: items of no known value, counted all the same."""

    unit_id: str
    status: StorageStatus
    counts: Mapping[CashItem, int]
    unknown_count: int = 0

    @property
    def count(self) -> int:
        """Items in the unit."""
        return sum(self.counts.values()) + self.unknown_count
