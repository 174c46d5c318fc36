"""The books: double entry in kopecks, made of the journal's records. Pure; balances are sums, never stored.

Each posting moves an amount from one place to another, so all balances together are always zero. Source of the places:
the journal's own records; nothing is ever edited, a mistake is undone by a new record.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


class Place(enum.StrEnum):
    """Where a kopeck can be. Exactly one of them at any instant."""

    HAND = "hand"  # the customer's own: nothing owed
    ESCROW = "escrow"  # held by the acceptor, can be given back
    CASSETTE = "cassette"  # ours, confirmed by the device
    IN_DOUBT = "in_doubt"  # the device could not tell; a person, the counter or the device decides
    PAYABLE = "payable"  # owed to billing, not yet confirmed
    CREDITED = "credited"  # billing confirmed
    FEE = "fee"
    UNALLOCATED = "unallocated"  # taken, but billing refused or nobody to credit


ASSETS = frozenset({Place.ESCROW, Place.CASSETTE, Place.IN_DOUBT})


class LedgerError(Exception):
    """A record that no books can be made of: the journal is not one of ours."""


@dataclass(frozen=True, slots=True)
class Posting:
    """`amount_minor` goes into `debit` and out of `credit`."""

    debit: Place
    credit: Place
    amount_minor: int


def postings(kind: str, data: Mapping[str, object]) -> tuple[Posting, ...]:
    """What one journal record does to the books.

    Raises:
        LedgerError: the record lacks an amount or has a negative one.
    """
    match kind:
        case "escrow_seen":
            return (Posting(Place.ESCROW, Place.HAND, _amount(kind, data, "value_minor")),)
        case "returned":
            return (Posting(Place.HAND, Place.ESCROW, _amount(kind, data, "value_minor")),)
        case "stacked":
            value = _amount(kind, data, "value_minor")
            source = Place.IN_DOUBT if data.get("from") == Place.IN_DOUBT.value else Place.ESCROW
            owed = Place.UNALLOCATED if data.get("to") == Place.UNALLOCATED.value else Place.PAYABLE
            return (Posting(Place.CASSETTE, source, value), Posting(Place.HAND, owed, value))
        case "in_doubt":
            return (Posting(Place.IN_DOUBT, Place.ESCROW, _amount(kind, data, "value_minor")),)
        case "doubt_cleared":  # the device gave the note back after all
            return (Posting(Place.HAND, Place.IN_DOUBT, _amount(kind, data, "value_minor")),)
        case "cash_unidentified":  # a note was stacked that no escrow record knows
            value = _amount(kind, data, "value_minor")
            return (Posting(Place.CASSETTE, Place.HAND, value), Posting(Place.HAND, Place.UNALLOCATED, value))
        case "pay_result":
            return _paid(kind, data)
        case _:
            return ()


def _paid(kind: str, data: Mapping[str, object]) -> tuple[Posting, ...]:
    amount, fee = _amount(kind, data, "amount_minor"), _amount(kind, data, "fee_minor")
    match data.get("outcome"):
        case "credited":
            moves = [Posting(Place.PAYABLE, Place.CREDITED, amount)]
            return (*moves, Posting(Place.PAYABLE, Place.FEE, fee)) if fee else tuple(moves)
        case "refused":
            return (Posting(Place.PAYABLE, Place.UNALLOCATED, amount + fee),)
        case "unknown":
            return ()
        case other:
            raise LedgerError(f"pay_result with outcome {other!r}")


def _amount(kind: str, data: Mapping[str, object], name: str) -> int:
    amount = data.get(name)
    if not isinstance(amount, int) or isinstance(amount, bool) or amount < 0:
        raise LedgerError(f"{kind} needs {name} as whole kopecks")
    return amount


class Books:
    """Running balances. Assets are shown as what lies there, the others as what is owed or was given."""

    def __init__(self, records: Iterable[tuple[str, Mapping[str, object]]] = ()) -> None:
        self._sums = dict.fromkeys(Place, 0)
        for kind, data in records:
            self.add(kind, data)

    def add(self, kind: str, data: Mapping[str, object]) -> None:
        for posting in postings(kind, data):
            self._sums[posting.debit] += posting.amount_minor
            self._sums[posting.credit] -= posting.amount_minor

    def balance(self, place: Place) -> int:
        """Kopecks at a place, as a person counts them: never negative in sound books."""
        return self._sums[place] if place in ASSETS else -self._sums[place]

    def balances(self) -> dict[Place, int]:
        return {place: self.balance(place) for place in Place if place is not Place.HAND}

    def faults(self) -> list[str]:
        """What is unsound; empty when the invariant holds."""
        found = [f"{place} is {amount}" for place, amount in self.balances().items() if amount < 0]
        owed = sum(self.balance(p) for p in (Place.PAYABLE, Place.CREDITED, Place.FEE, Place.UNALLOCATED))
        if self.balance(Place.CASSETTE) != owed:
            found.append(f"cassette {self.balance(Place.CASSETTE)} is not what is owed and was given: {owed}")
        if sum(self._sums.values()) != 0:
            found.append("the postings do not sum to zero")
        return found
