"""Values of meter readings: the meter as billing tells of it, and the possible answers. Readings are whole kWh."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

T1, T2, T3 = "T1", "T2", "T3"
ZONE_SETS = ((T1,), (T1, T2), (T1, T2, T3))
# First hour (local time) from which a zone counts, by the number of zones. Source: household zones of the day.
_ZONE_HOURS = {
    1: ((0, T1),),
    2: ((0, T2), (7, T1), (23, T2)),
    3: ((0, T2), (7, T1), (10, T3), (17, T1), (21, T3), (23, T2)),
}
ZONE_TITLES = {
    (1, T1): "Показание счётчика",
    (2, T1): "День (T1)",
    (2, T2): "Ночь (T2)",
    (3, T1): "Пик (T1)",
    (3, T2): "Ночь (T2)",
    (3, T3): "Полупик (T3)",
}


@dataclass(frozen=True, slots=True)
class Meter:
    """What billing knows of a meter."""

    meter_id: str
    zones: tuple[str, ...]
    digits: int  # whole kilowatt-hours it can show; red digits behind the comma do not count
    power_kw: int  # the greatest that may be drawn
    billed: Mapping[str, int] | None  # last billed reading of each zone; None: a new meter, this is its first reading
    billed_on: date  # of the last billed reading; of the installation of a new meter
    month_average_kwh: int | None = None  # over all zones; None: not known yet
    verified_until: date | None = None

    @property
    def capacity(self) -> int:
        """The reading at which the counter begins at zero again."""
        return int(10**self.digits)


class Question(enum.Enum):
    """What the customer is asked to confirm."""

    ROLLOVER = "rollover"
    UNUSUAL = "unusual"


class Why(enum.Enum):
    """Why readings are not taken as they are."""

    FORMAT = "format"
    TOO_MANY_DIGITS = "too_many_digits"
    ZONES = "zones"
    LESS_THAN_BILLED = "less_than_billed"
    ZONES_SWAPPED = "zones_swapped"
    MORE_THAN_POSSIBLE = "more_than_possible"


class Notice(enum.Enum):
    """What is said of readings that are taken."""

    NEXT_PERIOD = "next_period"
    NOT_CHARGED = "not_charged"  # the verification interval is over


class WayOn(enum.Enum):
    """What the customer can do next."""

    DONE = "done"
    CONFIRM = "confirm"
    CORRECT = "correct"
    CONSULTANT = "consultant"  # takes the readings with him


@dataclass(frozen=True, slots=True)
class Accepted:
    """Taken for `period` (YYYY-MM). `used` is empty for the first reading of a new meter."""

    readings: Mapping[str, int]
    used: Mapping[str, int]
    period: str
    notices: tuple[Notice, ...]
    ways: tuple[WayOn, ...]


@dataclass(frozen=True, slots=True)
class Unsure:
    """Possible, but seldom true: taken when the customer says yes."""

    question: Question
    readings: Mapping[str, int]
    used_kwh: int  # over all zones
    ways: tuple[WayOn, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """Not taken as they are; `zone` is where the mistake seems to be."""

    why: Why
    zone: str
    ways: tuple[WayOn, ...]


Outcome = Accepted | Unsure | Refused


def zone_at(zones: int, hour: int) -> str:
    """Which zone a meter of so many zones counts in at an hour (0..23) of local time."""
    return [zone for first, zone in _ZONE_HOURS[zones] if first <= hour][-1]
