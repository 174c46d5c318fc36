"""How long a customer is going to wait, as a range that holds four times of five. Pure.

The call at place k is served when k of n busy agents have become free. Where a service lasts `mean_s` on the average
and its end comes at any moment alike, that is a sum of k such moments: a gamma distribution of shape k and scale
mean_s / n, whose tenth and ninetieth hundredth are taken by the cube of Wilson and Hilferty (PNAS 17, 1931). What talks
are really like moves both ends from there.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

FLOOR_S = 30  # a free agent still needs time to answer
PRIOR_S, PRIOR_CALLS = 300.0, 20.0  # until a day has told its own: clause 5.3.2 asks for 15 minutes at most
MEMORY_CALLS = 200.0
LOW, HIGH = 0.1, 0.9  # the shares of waits below each end of the range
Z_TENTH = 1.2816  # of the normal distribution
STEP = 0.02  # of z for one wait: some hundred waits move an end of the range by what one deviation is worth


@dataclass(frozen=True, slots=True)
class ServiceTime:
    """The average of talk and wrap-up, the newest calls weighing most."""

    mean_s: float = PRIOR_S
    calls: float = PRIOR_CALLS

    def after(self, lasted_s: float) -> ServiceTime:
        calls = min(self.calls + 1, MEMORY_CALLS)
        return ServiceTime(self.mean_s + (lasted_s - self.mean_s) / calls, calls)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a wait was expected from: how many are before it and itself, and the seconds between two of them."""

    behind: int
    gap_s: float

    def at(self, z: float) -> float:
        """Seconds; `z` is of the normal distribution."""
        cube = 1 - 1 / (9 * self.behind) + z / (3 * math.sqrt(self.behind))
        return float(self.behind * self.gap_s * max(0.0, cube) ** 3)

    def z_of(self, waited_s: float) -> float:
        cube = math.cbrt(waited_s / (self.behind * self.gap_s))
        return 3 * math.sqrt(self.behind) * (cube - 1 + 1 / (9 * self.behind))


@dataclass(frozen=True, slots=True)
class Promise:
    """What was told, and when. None: an agent was free."""

    outlook: Outlook | None
    at_s: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """Both ends of the range, moved by every wait that came true: talks are not by chance, and some are overtaken."""

    z_low: float = -Z_TENTH
    z_high: float = Z_TENTH

    def after(self, z: float) -> Calibration:
        return Calibration(
            self.z_low + STEP * (LOW - (z < self.z_low)), self.z_high + STEP * (HIGH - (z < self.z_high))
        )


def outlook(place: int, free: int, agents: int, service: ServiceTime) -> Outlook | None:
    """Of the call at this place of the queue, counted from 1; None: an agent is free for it."""
    return Outlook(place - free, service.mean_s / max(1, agents)) if place > free else None


def range_s(expected: Outlook | None, calibration: Calibration) -> tuple[int, int]:
    """From and to, seconds."""
    if expected is None:
        return 0, FLOOR_S
    low, high = expected.at(calibration.z_low), expected.at(calibration.z_high)
    return math.floor(low), max(FLOOR_S, math.ceil(high), math.floor(low) + 1)
