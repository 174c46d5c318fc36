"""The knife: cuts the power before or after anything that crosses the border between the cashier and the world.

A point is one side of a journal write, a verb, an event, a step of a request on its way, or a move of a far end.
Points are counted from the start of a life, so a number names one place in it; a recovery has points of its own, which
is how a crash falls into a crash.
"""

from __future__ import annotations

import enum
from collections.abc import Callable


class PowerCutError(BaseException):
    """The lights went out. Not an Exception: nothing may catch it by accident."""


class Cut(enum.Enum):
    """What a cut takes with it."""

    CORE_KILLED = "core killed"  # devices live on and still hold what they did not tell
    POWER_LOST = "power lost"  # devices start anew and say what they know


class Knife:
    """Falls at the point `falls_at`; 0: never."""

    __slots__ = ("_say", "falls_at", "points")

    def __init__(self, falls_at: int = 0, say: Callable[[str], None] | None = None) -> None:
        self.points = 0
        self.falls_at = falls_at
        self._say = say

    def passes(self, what: str) -> None:
        self.points += 1
        if self.points == self.falls_at:
            if self._say is not None:
                self._say(f"the knife falls at point {self.points}: {what}")
            raise PowerCutError(what)
