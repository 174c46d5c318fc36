"""How long a customer is going to wait, as a range that holds four times of five. Pure.

The call at place k is served when k of n busy agents have become free. Where a service lasts `mean_s` on the average
and its end comes at any moment alike, that is a sum of k such moments: a gamma distribution of shape k and scale
mean_s / n. Its tenth and ninetieth hundredth are taken by the cube of Wilson and Hilferty (PNAS 17, 1931).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

Z_TENTH = 1.2816  # of the normal distribution
FLOOR_S = 30  # a free agent still needs time to answer
PRIOR_S, PRIOR_CALLS = 300.0, 20.0  # until a day has told its own: clause 5.3.2 asks for 15 minutes at most
MEMORY_CALLS = 200.0


@dataclass(frozen=True, slots=True)
class ServiceTime:
    """The average of talk and wrap-up, the newest calls weighing most."""

    mean_s: float = PRIOR_S
    calls: float = PRIOR_CALLS

    def after(self, lasted_s: float) -> ServiceTime:
        calls = min(self.calls + 1, MEMORY_CALLS)
        return ServiceTime(self.mean_s + (lasted_s - self.mean_s) / calls, calls)


def quantile_s(place: int, agents: int, mean_s: float, z: float) -> float:
    """Of the wait of the `place`-th when all of `agents` are busy; `z` is of the normal distribution."""
    cube = 1 - 1 / (9 * place) + z / (3 * math.sqrt(place))
    return place * (mean_s / max(1, agents)) * max(0.0, cube) ** 3


def forecast_s(place: int, free: int, agents: int, service: ServiceTime) -> tuple[int, int]:
    """From and to, seconds, of the wait at this place of the queue, counted from 1."""
    if place <= free:
        return 0, FLOOR_S
    behind = place - free
    low, high = (quantile_s(behind, agents, service.mean_s, z) for z in (-Z_TENTH, Z_TENTH))
    return math.floor(low), max(FLOOR_S, math.ceil(high))
