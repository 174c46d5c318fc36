"""What lies in the cassette by the journal's records: notes by value, and what is in doubt. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class CassetteCount:
    """Notes since the cassette was last taken out, by value in kopecks."""

    notes: Mapping[int, int]
    total_minor: int
    in_doubt_minor: int


class Cassette:
    """Counts durable records."""

    def __init__(self) -> None:
        self._notes: dict[int, int] = {}
        self._in_doubt_minor = 0

    def add(self, kind: str, data: Mapping[str, Any]) -> None:
        match kind:
            case "cassette_out":
                self._notes, self._in_doubt_minor = {}, 0
            case "stacked" | "cash_unidentified":
                value = data["value_minor"]
                self._notes[value] = self._notes.get(value, 0) + 1
                if data.get("from") == "in_doubt":
                    self._in_doubt_minor = max(0, self._in_doubt_minor - value)
            case "in_doubt":
                self._in_doubt_minor += data["value_minor"]

    def count(self) -> CassetteCount:
        total = sum(value * number for value, number in self._notes.items())
        return CassetteCount(dict(self._notes), total, self._in_doubt_minor)
