"""Emptying the cassette: who may, what lay there, what was found, as values over the journal's records. Pure.

The order of a collection: the collector signs in by card and PIN -> slip "before" (counts by value, in doubt apart)
-> the cassette goes out and comes in -> the counters are reset in one record -> slip "after". Everything needed lies on
the terminal, so it works without a network. A cassette that goes out without a sign-in makes a collection all the same,
one that nobody answers for. The cash office's recount is compared later; what differs is a new record, never an edit.
Source: payments notes, section 11.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from payment.cassette import Cassette, CassetteCount
from payment.contract import JournalRecord
from payment.reconciliation.compare import Comparison, Difference, compare_counts


class CollectionState(enum.StrEnum):
    """How far a collection is."""

    OPEN = "open"  # signed in, the cassette is still there
    CASSETTE_OUT = "cassette_out"
    CASSETTE_IN = "cassette_in"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Collection:
    """One emptying. `lay` is what the journal counted since the emptying before, up to the removal of the cassette."""

    number: int  # in sequence on this terminal, from 1
    collection_id: str
    authorised: bool
    collector: str  # "" where nobody signed in
    seal: str  # of the bag
    opened_ms: int  # UTC
    state: CollectionState
    lay: CassetteCount
    out_ms: int = 0
    in_ms: int = 0
    reset_ms: int = 0
    closed_ms: int = 0


def collections(records: Iterable[JournalRecord]) -> list[Collection]:
    """Every collection of a journal, oldest first."""
    fold = CollectionFold()
    for record in records:
        fold.add(record)
    return fold.found


class CollectionFold:
    """Reads a journal from the top."""

    def __init__(self) -> None:
        self.found: list[Collection] = []
        self._cassette = Cassette()

    @property
    def inside(self) -> CassetteCount:
        """What lies in the cassette and the coin box now."""
        return self._cassette.count()

    def add(self, record: JournalRecord) -> None:
        match record.kind:
            case "collection_open":
                self._open(record, authorised=bool(record.data.get("authorised", True)))
            case "cassette_out":
                if not self._is_going_on():
                    self._open(record, authorised=False)
                self._change(state=CollectionState.CASSETTE_OUT, out_ms=record.wall_ms, lay=self.inside)
            case "cassette_in" if self._is_going_on():
                self._change(state=CollectionState.CASSETTE_IN, in_ms=record.wall_ms)
            case "counters_reset" if self._is_going_on():
                self._change(reset_ms=record.wall_ms, lay=self.inside)
            case "collection_closed" if self._is_going_on():
                self._change(state=CollectionState.CLOSED, closed_ms=record.wall_ms)
        self._cassette.add(record.kind, record.data)

    def _is_going_on(self) -> bool:
        return bool(self.found) and self.found[-1].state is not CollectionState.CLOSED

    def _open(self, record: JournalRecord, *, authorised: bool) -> None:
        data: Mapping[str, Any] = record.data
        number = data.get("number") or len(self.found) + 1
        opened = Collection(
            number=number,
            collection_id=str(data.get("collection_id", number)),
            authorised=authorised,
            collector=str(data.get("collector", "")),
            seal=str(data.get("seal", "")),
            opened_ms=record.wall_ms,
            state=CollectionState.OPEN,
            lay=self.inside,
        )
        self.found.append(opened)

    def _change(self, **values: Any) -> None:
        self.found[-1] = replace(self.found[-1], **values)


# --- the recount in the cash office -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Recount:
    """What people counted against the journal of one collection. What is in doubt explains a surplus up to its sum."""

    collection: Collection
    comparison: Comparison

    @property
    def surplus_minor(self) -> int:
        """Summed by value: a surplus in one value does not hide a shortage in another."""
        return sum(max(0, each.there_minor - each.here_minor) for each in self.comparison.found)

    @property
    def shortage_minor(self) -> int:
        return sum(max(0, each.here_minor - each.there_minor) for each in self.comparison.found)

    @property
    def explained_minor(self) -> int:
        """The part of the surplus that is a note in doubt: it was in the cassette after all."""
        return min(self.surplus_minor, self.collection.lay.in_doubt_minor)

    @property
    def agrees(self) -> bool:
        return self.comparison.agrees and self.collection.lay.in_doubt_minor == 0


def recount(collection: Collection, counted: Mapping[int, int]) -> Recount:
    """Compares by value. `counted` is notes and coins together, number by value in kopecks."""
    comparison = compare_counts(everything(collection.lay), counted)
    return Recount(collection, comparison)


def recount_data(counted: Recount, counted_by: str) -> dict[str, object]:
    """The recount as a record: shortage and surplus are records, never edits."""
    return {
        "collection_id": counted.collection.collection_id,
        "number": counted.collection.number,
        "counted_by": counted_by,
        "expected_minor": counted.comparison.here_minor,
        "counted_minor": counted.comparison.there_minor,
        "shortage_minor": counted.shortage_minor,
        "surplus_minor": counted.surplus_minor,
        "explained_minor": counted.explained_minor,
        "differences": [
            {"value_minor": int(each.key), "surplus": each.difference is Difference.MISSING_HERE, "detail": each.detail}
            for each in counted.comparison.found
        ],
    }


def everything(lay: CassetteCount) -> dict[int, int]:
    """Notes and coins together; a value that is both (10 rubles) is counted together, as people count it."""
    counts = dict(lay.notes)
    for value_minor, number in lay.coins.items():
        counts[value_minor] = counts.get(value_minor, 0) + number
    return counts


NOTHING_COUNTED = "0"  # said aloud: an empty text is a forgotten argument more often than an empty cassette


class CountError(ValueError):
    """A text of a recount that cannot be read."""


def parse_counted(text: str) -> dict[int, int]:
    """ "1000x3, 500x12": rubles by number of notes or coins, as a person writes a count down; "0" for nothing at all.

    Raises:
        CountError: anything else, a value named twice, and no text at all: nobody counted.
    """
    counted: dict[int, int] = {}
    if text.strip() == NOTHING_COUNTED:
        return counted
    parts = [part for part in (part.strip() for part in text.split(",")) if part]
    if not parts:
        raise CountError(f"nothing is counted: write 1000x3, 500x12, or {NOTHING_COUNTED} if nothing lay there")
    for part in parts:
        value, mark, number = part.lower().replace("х", "x").replace("×", "x").partition("x")
        good = all(each.strip().isdigit() and each.isascii() for each in (value, number))
        if not (mark and good) or len(value) > 6 or len(number) > 6:
            raise CountError(f"a recount is written as 1000x3, 500x12; not as {part[:40]!r}")
        if (value_minor := int(value) * 100) in counted or not value_minor:
            raise CountError(f"{part[:40]!r}: a value of notes stands once and is not zero")
        counted[value_minor] = int(number)
    return counted


def unauthorised(found: Sequence[Collection]) -> list[Collection]:
    """Removals that nobody answers for: an alert each."""
    return [each for each in found if not each.authorised]
