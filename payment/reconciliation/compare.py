"""Reconciliation: our journal against what somebody else says, each difference with a class and an owner. Pure.

The nightly comparison is four-way: journal = billing's register = fiscal documents = counters of the devices. The
journal is compared with each of the three others. A million lines fit in memory, since ours are kept as packed texts
and theirs only pass by. Source: payments notes, sections 4 and 11.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple


class Source(enum.StrEnum):
    """Whose figures the journal is compared with."""

    BILLING = "billing"
    FISCAL = "fiscal"
    DEVICE = "device"
    BANK = "bank"


class Difference(enum.StrEnum):
    """The classes of differences."""

    MISSING_HERE = "missing_here"  # they have it, our journal has not, or holds it as refused
    MISSING_THERE = "missing_there"
    AMOUNT_DIFFERS = "amount_differs"
    WRONG_ACCOUNT = "wrong_account"
    DUPLICATED = "duplicated"
    LATE = "late"  # the same payment, under another day than ours or in the register of another day
    UNKNOWN = "unknown"  # our journal does not know the outcome yet


class Owner(enum.StrEnum):
    """Who has to end a difference."""

    BILLING = "billing"  # support of the billing system
    ACCOUNTING = "accounting"
    OPERATIONS = "operations"  # those who mend terminals and empty cassettes
    BANK = "bank"


class Outcome(enum.StrEnum):
    """What our journal says of a payment."""

    DONE = "done"
    REFUSED = "refused"
    UNKNOWN = "unknown"


class Entry(NamedTuple):
    """One payment, one fiscal document. `day` is YYYYMMDD, its accounting day; "" where theirs does not say."""

    key: str  # txn_id, or the number of a fiscal document
    account: str
    amount_minor: int
    day: str
    outcome: Outcome = Outcome.DONE


@dataclass(frozen=True, slots=True)
class Found:
    """One difference."""

    source: Source
    difference: Difference
    owner: Owner
    key: str
    account: str = ""
    here_minor: int = 0
    there_minor: int = 0
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """The journal against one source: both totals, and every difference."""

    source: Source
    here_count: int
    here_minor: int
    there_count: int
    there_minor: int
    matched: int
    found: tuple[Found, ...] = field(default=())

    @property
    def agrees(self) -> bool:
        return not self.found


_OWNERS: Mapping[tuple[Source, Difference], Owner] = {
    (Source.BILLING, Difference.MISSING_HERE): Owner.BILLING,
    (Source.BILLING, Difference.MISSING_THERE): Owner.BILLING,
    (Source.BILLING, Difference.DUPLICATED): Owner.BILLING,
    (Source.BILLING, Difference.UNKNOWN): Owner.BILLING,
    (Source.BILLING, Difference.WRONG_ACCOUNT): Owner.ACCOUNTING,
    (Source.BANK, Difference.MISSING_HERE): Owner.BANK,
    (Source.BANK, Difference.MISSING_THERE): Owner.BANK,
    (Source.BANK, Difference.DUPLICATED): Owner.BANK,
    (Source.BANK, Difference.UNKNOWN): Owner.BANK,
    (Source.FISCAL, Difference.MISSING_THERE): Owner.OPERATIONS,  # the queue "to fiscalise" has to be emptied
    (Source.FISCAL, Difference.UNKNOWN): Owner.OPERATIONS,
    (Source.DEVICE, Difference.MISSING_HERE): Owner.OPERATIONS,
    (Source.DEVICE, Difference.MISSING_THERE): Owner.OPERATIONS,
}


def owner_of(source: Source, difference: Difference) -> Owner:
    """Whose a difference is; what no table names is accounting's."""
    return _OWNERS.get((source, difference), Owner.ACCOUNTING)


# --- entry by entry -------------------------------------------------------------------------------------------------

_MATCHED = ""  # stands instead of what was expected under a key once the other side has shown it


def _nothing(key: str) -> Entry | None:
    return None


def compare(
    ours: Iterable[Entry],
    theirs: Iterable[Entry],
    *,
    source: Source,
    of_other_days: Callable[[str], Entry | None] = _nothing,
) -> Comparison:
    """Matches by key. Reads `ours` whole, then `theirs` once; nothing of it is valid if `theirs` raises.

    `of_other_days` looks a key up among the journal's other days: such a line is late, not missing here.
    """
    expected, found, here_count, here_minor = _expected(ours, source)
    there_count = there_minor = matched = 0
    for entry in theirs:
        key, account, amount_minor, day, _ = entry
        there_count += 1
        there_minor += amount_minor
        wanted = expected.get(key)
        if wanted == f"{amount_minor}|{day}|done|{account}":
            matched += 1
            expected[key] = _MATCHED
        elif wanted is None and (other := of_other_days(key)) is not None:
            found += _of_another_day(source, other, entry)
            expected[key] = _MATCHED
        elif wanted is None:
            found.append(_found(source, Difference.MISSING_HERE, entry, there_minor=amount_minor))
        elif wanted == _MATCHED:
            found.append(_found(source, Difference.DUPLICATED, entry, there_minor=amount_minor, detail="there"))
        else:
            differences = list(_differences(source, _unpacked(key, wanted), entry))
            found += differences
            matched += not differences
            expected[key] = _MATCHED
    found += _missing_there(expected, source)
    return Comparison(source, here_count, here_minor, there_count, there_minor, matched, tuple(found))


def _expected(ours: Iterable[Entry], source: Source) -> tuple[dict[str, str], list[Found], int, int]:
    """Ours by key, packed: `amount|day|outcome|account`."""
    expected: dict[str, str] = {}
    found: list[Found] = []
    count = total_minor = 0
    for entry in ours:
        key, account, amount_minor, day, outcome = entry
        if key in expected:
            found.append(_found(source, Difference.DUPLICATED, entry, here_minor=amount_minor, detail="here"))
            continue
        if outcome is Outcome.DONE:
            expected[key] = f"{amount_minor}|{day}|done|{account}"
            count += 1
            total_minor += amount_minor
        else:
            expected[key] = f"{amount_minor}|{day}|{outcome.value}|{account}"
    return expected, found, count, total_minor


def _unpacked(key: str, packed: str) -> Entry:
    amount_minor, day, outcome, account = packed.split("|", 3)
    return Entry(key, account, int(amount_minor), day, Outcome(outcome))


def _differences(source: Source, here: Entry, there: Entry) -> Iterator[Found]:
    """What differs between two that have one key; nothing at all is possible when theirs tells no day."""

    def found(difference: Difference, detail: str = "") -> Found:
        return _found(
            source, difference, here, here_minor=here.amount_minor, there_minor=there.amount_minor, detail=detail
        )

    if here.outcome is Outcome.REFUSED:
        yield found(Difference.MISSING_HERE, "refused here, done there")
        return
    if here.outcome is Outcome.UNKNOWN:
        yield found(Difference.UNKNOWN, "unknown here, done there")
    if here.amount_minor != there.amount_minor:
        yield found(Difference.AMOUNT_DIFFERS)
    if here.account != there.account:
        yield found(Difference.WRONG_ACCOUNT, f"there it is {there.account}")
    if there.day and here.day != there.day:
        yield found(Difference.LATE, f"here {here.day}, there {there.day}")


def _of_another_day(source: Source, here: Entry, there: Entry) -> Iterator[Found]:
    """A line that does not belong to this day is a difference even where both name its own day: a register mistaken."""
    yield from (differences := list(_differences(source, here, there)))
    if there.day and all(each.difference is not Difference.LATE for each in differences):
        detail = f"of {here.day}, in the register of another day"
        yield _found(
            source,
            Difference.LATE,
            here,
            here_minor=here.amount_minor,
            there_minor=there.amount_minor,
            detail=detail,
        )


def _missing_there(expected: Mapping[str, str], source: Source) -> Iterator[Found]:
    for key, packed in expected.items():
        if packed == _MATCHED:
            continue
        entry = _unpacked(key, packed)
        if entry.outcome is Outcome.DONE:
            yield _found(source, Difference.MISSING_THERE, entry, here_minor=entry.amount_minor)
        elif entry.outcome is Outcome.UNKNOWN:
            yield _found(
                source, Difference.UNKNOWN, entry, here_minor=entry.amount_minor, detail="unknown here, not there"
            )


def _found(
    source: Source,
    difference: Difference,
    entry: Entry,
    *,
    here_minor: int = 0,
    there_minor: int = 0,
    detail: str = "",
) -> Found:
    owner = owner_of(source, difference)
    return Found(source, difference, owner, entry.key, entry.account, here_minor, there_minor, detail)


# --- counters -------------------------------------------------------------------------------------------------------


def compare_counts(ours: Mapping[int, int], theirs: Mapping[int, int]) -> Comparison:
    """Notes and coins by value in kopecks: the journal's counts against those of a device or of a recount.

    More there than here is money the journal has not (a surplus); fewer is a shortage. The key is the value.
    """
    source = Source.DEVICE
    found = []
    for value_minor in sorted({*ours, *theirs}):
        here, there = ours.get(value_minor, 0), theirs.get(value_minor, 0)
        if here == there:
            continue
        difference = Difference.MISSING_HERE if there > here else Difference.MISSING_THERE
        entry = Entry(str(value_minor), "", 0, "")
        found.append(
            _found(
                source,
                difference,
                entry,
                here_minor=here * value_minor,
                there_minor=there * value_minor,
                detail=f"here {here}, there {there}",
            )
        )
    return Comparison(
        source=source,
        here_count=sum(ours.values()),
        here_minor=_total_minor(ours),
        there_count=sum(theirs.values()),
        there_minor=_total_minor(theirs),
        matched=sum(min(number, theirs.get(value, 0)) for value, number in ours.items()),
        found=tuple(found),
    )


def _total_minor(counts: Mapping[int, int]) -> int:
    return sum(value_minor * number for value_minor, number in counts.items())
