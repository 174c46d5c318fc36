"""Does a program grow? Rows of figures, the robust slope of each, and a verdict. Pure.

The first quarter is left out of the fit: caches and pools fill once. The slope is Theil and Sen's, the median of the
slopes between every two rows, which a few rows that caught the allocator in mid-breath do not move.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

WARMING_PART = 0.25
ROWS_MIN = 4
SAMPLED_MAX = 400  # rows of the fit: every two are compared
MEMORY = ("rss_mb", "anon_mb")
# Told, not judged: what changes with who else has the same libraries loaded, and with what else the machine does.
TOLD = ("pss_mb", "uss_mb", "terminal_fps", "agent_fps")
MEMORY_GROWTH_MB = 5.0  # over the whole fit; what is freed goes back to the system when it likes
COUNT_GROWTH = 1.0  # of a thing that is counted: not one more


@dataclass(frozen=True, slots=True)
class Trend:
    """Of one figure. `growth` is what the slope makes of the rows that were fitted."""

    name: str
    first: float
    least: float
    median: float
    most: float
    last: float
    slope: float  # a row
    growth: float

    @property
    def flat(self) -> bool:
        return self.name in TOLD or self.growth < (MEMORY_GROWTH_MB if self.name in MEMORY else COUNT_GROWTH)


def trend(name: str, values: Sequence[float]) -> Trend:
    """Of all rows; the slope of those after the warming."""
    fitted = values[int(len(values) * WARMING_PART) :]
    slope = theil_sen(fitted)
    growth = slope * (len(fitted) - 1)
    return Trend(name, values[0], min(values), median(values), max(values), values[-1], slope, growth)


def theil_sen(values: Sequence[float]) -> float:
    """A row; 0 where there are too few to tell."""
    if len(values) < ROWS_MIN:
        return 0.0
    step = -(-len(values) // SAMPLED_MAX)
    rows = list(enumerate(values))[::step]
    return median((b - a) / (at - since) for i, (since, a) in enumerate(rows) for at, b in rows[i + 1 :])


def table(program: str, trends: Sequence[Trend]) -> str:
    """For a person."""
    lines = [f"{program:8} {'':12} {'first':>8} {'least':>8} {'median':>8} {'most':>8} {'last':>8} {'growth':>8}"]
    for each in trends:
        figures = (each.first, each.least, each.median, each.most, each.last, each.growth)
        verdict = "" if each.name in TOLD else "flat" if each.flat else "GROWS"
        lines.append(f"{'':8} {each.name:12} {' '.join(f'{figure:8.1f}' for figure in figures)} {verdict}")
    return "\n".join(lines)


def grown(looks: Sequence[dict[str, int]], times: int) -> dict[str, int]:
    """Classes of which between any two looks at least one object in four `times` was kept; what is made once is not."""
    least = {
        name: min(after.get(name, 0) - before.get(name, 0) for before, after in pairwise(looks)) for name in looks[-1]
    }
    return {name: count for name, count in sorted(least.items(), key=lambda it: -it[1]) if 4 * count >= times > 0}
