"""The calls that may be offered now, so ordered that the next one for an agent is found without looking at all."""

from __future__ import annotations

import math
from bisect import bisect_left, insort
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from signaling_server.desk.limits import DeskLimits
from signaling_server.desk.routing.decisions import OfferMade
from signaling_server.desk.routing.forecast import Promise
from signaling_server.desk.routing.ranking import Rank, rank
from signaling_server.desk.routing.rings import NOTHING_ASKED, Wishes
from signaling_server.desk.turns import Band


@dataclass(slots=True)
class RoutedCall:
    call_id: str
    number: int  # of arrival: which of two at one moment
    queued_at_s: float
    entered_at_s: float  # from when its rings widen
    reachable: bool
    band: Band = Band.GENERAL
    wishes: Wishes = NOTHING_ASKED
    preferred_id: str = ""
    booked_at_s: float | None = None  # at that time it passes before those without a booking
    due_at_s: float | None = None  # the same, until it has come
    offer: OfferMade | None = None
    agent_id: str = ""  # who took it
    taken_at_s: float = 0.0
    rests_until_s: dict[str, float] = field(default_factory=dict)  # agents who declined it; infinity: never again
    expected: Promise | None = None  # the first that was told of its wait
    wakes_at_s: float = math.inf  # kept by `Matching`

    @property
    def offerable(self) -> bool:
        return self.reachable and self.offer is None and not self.agent_id

    def place(self, now_s: float, limits: DeskLimits) -> tuple[Rank, int]:
        return rank(self.band, self.queued_at_s, now_s, limits), self.number


_Entry = tuple[float, int, RoutedCall]


class Waiting:
    """Calls of one band and the same wishes stand in a row by time: of a row only the first that fits is looked at."""

    def __init__(self) -> None:
        self._rows: dict[tuple[Band, Wishes], list[_Entry]] = {}
        self._where: dict[str, tuple[tuple[Band, Wishes], _Entry]] = {}

    def note(self, call: RoutedCall) -> None:
        """After every change of a call."""
        self.remove(call.call_id)
        if call.offerable:
            key, entry = (call.band, call.wishes), (call.queued_at_s, call.number, call)
            insort(self._rows.setdefault(key, []), entry)
            self._where[call.call_id] = key, entry

    def remove(self, call_id: str) -> None:
        if (where := self._where.pop(call_id, None)) is not None:
            key, entry = where
            row = self._rows[key]
            del row[bisect_left(row, entry)]
            if not row:
                del self._rows[key]

    def __iter__(self) -> Iterator[RoutedCall]:
        return (entry[2] for row in self._rows.values() for entry in row)

    def best(self, fits: Callable[[RoutedCall], bool], now_s: float, limits: DeskLimits) -> RoutedCall | None:
        """The first to be served of those that fit."""
        found: RoutedCall | None = None
        found_place: tuple[Rank, int] | None = None
        for row in self._rows.values():
            if found_place is not None and row[0][2].place(now_s, limits) >= found_place:
                continue
            for _, _, call in row:
                if fits(call):
                    place = call.place(now_s, limits)
                    if found_place is None or place < found_place:
                        found, found_place = call, place
                    break
        return found
