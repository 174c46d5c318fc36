"""What must happen by when. Pure: told the time."""

from __future__ import annotations

import math


class Deadlines:
    """Named moments; each fires once."""

    def __init__(self) -> None:
        self._at_s: dict[tuple[str, str], float] = {}

    def set(self, kind: str, subject: str, at_s: float) -> None:
        """Replaces an earlier deadline of the same kind and subject."""
        self._at_s[kind, subject] = at_s

    def cancel(self, kind: str, subject: str) -> None:
        self._at_s.pop((kind, subject), None)

    def take_due(self, now_s: float) -> list[tuple[str, str]]:
        """The deadlines that have come, earliest first; they are forgotten here."""
        due = sorted((at_s, key) for key, at_s in self._at_s.items() if at_s <= now_s)
        for _, key in due:
            del self._at_s[key]
        return [key for _, key in due]

    def wakes_at_s(self) -> float:
        return min(self._at_s.values(), default=math.inf)
