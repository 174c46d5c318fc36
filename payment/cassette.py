"""What lies in the cassette and the coin box by the journal's records: by value, and what is in doubt. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

COUNTED = frozenset(
    {"stacked", "cash_unidentified", "coin_in", "in_doubt", "doubt_cleared", "cassette_out", "counters_reset"}
)


class CassetteCount(msgspec.Struct, frozen=True):
    """Notes and coins since the counters were last reset: how many of each value in kopecks."""

    notes: Mapping[int, int] = {}
    coins: Mapping[int, int] = {}
    in_doubt_minor: int = 0
    collections: int = 0  # times the counters were reset

    @property
    def total_minor(self) -> int:
        return sum(value * number for value, number in self.notes.items())

    @property
    def coins_total_minor(self) -> int:
        return sum(value * number for value, number in self.coins.items())

    @property
    def notes_number(self) -> int:
        return sum(self.notes.values())


class Cassette:
    """Counts durable records."""

    def __init__(self) -> None:
        self._notes: dict[int, int] = {}
        self._coins: dict[int, int] = {}
        self._in_doubt_minor = 0
        self._collections = 0
        self._count: CassetteCount | None = None

    def add(self, kind: str, data: Mapping[str, Any]) -> None:
        if kind not in COUNTED:
            return
        match kind:
            case "stacked" | "cash_unidentified":
                value = data["value_minor"]
                self._notes[value] = self._notes.get(value, 0) + 1
                if data.get("from") == "in_doubt":
                    self._in_doubt_minor = max(0, self._in_doubt_minor - value)
            case "coin_in":
                value = data["value_minor"]
                self._coins[value] = self._coins.get(value, 0) + 1
            case "in_doubt":
                self._in_doubt_minor += data["value_minor"]
            case "doubt_cleared":
                self._in_doubt_minor = max(0, self._in_doubt_minor - data["value_minor"])
            case "cassette_out" if "collection_id" not in data:  # of a journal older than collections
                self._notes, self._in_doubt_minor = {}, 0
            case "counters_reset":
                self._notes, self._coins, self._in_doubt_minor = {}, {}, 0
                self._collections += 1
            case _:
                return
        self._count = None

    def count(self) -> CassetteCount:
        if self._count is None:
            counted = CassetteCount(dict(self._notes), dict(self._coins), self._in_doubt_minor, self._collections)
            self._count = counted
        return self._count
