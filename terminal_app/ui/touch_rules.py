"""Which target a finger meant, and which touches are echoes. Pure: told the time, knows no widget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

DEBOUNCE_S = 0.09  # a trembling finger and a bouncing panel touch twice within this
SETTLE_S = 0.25  # after a new screen came up: the second half of a double tap belongs to the old one
HOLD_S = 0.8  # a slow finger that only presses has let go by then
SECRET_S = 5.0  # on the logo: nobody rests a finger there so long by chance
REPEAT_S = 0.3
REPEATS_MAX = 40  # of one hold: something that lies on the glass is no finger


@dataclass(frozen=True, slots=True)
class Rect:
    """Any two corners' frame; y may grow either way."""

    x: float
    y: float
    width: float
    height: float

    def distance(self, x: float, y: float) -> float:
        """From a point to the nearest edge; 0 inside."""
        dx = max(self.x - x, 0.0, x - self.x - self.width)
        dy = max(self.y - y, 0.0, y - self.y - self.height)
        return float((dx * dx + dy * dy) ** 0.5)


def nearest(rects: Sequence[Rect], x: float, y: float, margin: float) -> int | None:
    """The target whose enlarged area holds the point; a gap belongs to the nearer one."""
    best, best_distance = None, margin
    for index, rect in enumerate(rects):
        distance = rect.distance(x, y)
        if distance < best_distance or (distance <= margin and best is None):
            best, best_distance = index, distance
    return best


class TouchFilter:
    """Lets a touch through unless it is an echo of the last one or came too soon on a new screen."""

    def __init__(self) -> None:
        self._released_at_s = float("-inf")
        self._settles_at_s = float("-inf")

    def screen_changed(self, now_s: float) -> None:
        self._settles_at_s = now_s + SETTLE_S

    def released(self, now_s: float) -> None:
        self._released_at_s = now_s

    def echoed(self, now_s: float) -> None:
        """A touch was not let through: while a finger trembles, each touch may be the echo of the one before."""
        self._released_at_s = max(self._released_at_s, now_s)

    def settled(self, now_s: float) -> bool:
        return now_s >= self._settles_at_s

    def allows(self, now_s: float, frame_s: float = 0.0) -> bool:
        """`frame_s`: how long the last picture took. Touches are seen between two pictures: on a slow machine the time
        between them is known only so well, and the echo of a touch may seem to come that much later."""
        return self.settled(now_s) and now_s - self._released_at_s >= DEBOUNCE_S + frame_s
