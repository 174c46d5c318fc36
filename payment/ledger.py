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
    COIN_BOX = "coin_box"
    IN_DOUBT = "in_doubt"  # the device could not tell; a person, the counter or the device decides
    CARD_UNKNOWN = "card_unknown"  # the bank was asked, and has not surely answered
    CARD_APPROVED = "card_approved"
    QR_PAID = "qr_paid"
    PAYABLE = "payable"  # owed to billing, not yet confirmed
    CREDITED = "credited"  # billing confirmed
    FEE = "fee"
    UNALLOCATED = "unallocated"  # taken, but billing refused or nobody to credit
    REFUNDED = "refunded"  # given back to the card, or by a person


TAKEN = (Place.CASSETTE, Place.COIN_BOX, Place.CARD_APPROVED, Place.QR_PAID)  # all that ever came in
OWED = (Place.PAYABLE, Place.CREDITED, Place.FEE, Place.UNALLOCATED, Place.REFUNDED)  # and what became of it
ASSETS = frozenset({Place.ESCROW, Place.IN_DOUBT, Place.CARD_UNKNOWN, *TAKEN})


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
            return (Posting(Place.CASSETTE, source, value), Posting(Place.HAND, _owed(data), value))
        case "in_doubt":
            return (Posting(Place.IN_DOUBT, Place.ESCROW, _amount(kind, data, "value_minor")),)
        case "doubt_cleared":  # the device gave the note back after all
            return (Posting(Place.HAND, Place.IN_DOUBT, _amount(kind, data, "value_minor")),)
        case "cash_unidentified":  # a note was stacked that no escrow record knows
            return _taken(Place.CASSETTE, _amount(kind, data, "value_minor"), Place.UNALLOCATED)
        case "coin_in":
            return _taken(Place.COIN_BOX, _amount(kind, data, "value_minor"), _owed(data))
        case "pay_result":
            return _paid(kind, data)
        case "qr_result" if data.get("state") == "paid":
            return _taken(Place.QR_PAID, _amount(kind, data, "amount_minor"), _owed(data))
        case "moved":  # a person's or the office's re-addressing
            source = Place.UNALLOCATED if "from" not in data else _owed_place(kind, data, "from")
            moved = Posting(source, _owed_place(kind, data, "to"), _amount(kind, data))
            return (moved,)
        case _:
            return _card(kind, data)


def _card(kind: str, data: Mapping[str, object]) -> tuple[Posting, ...]:
    """From its intent to a sure end an operation is unknown."""
    match kind, data.get("outcome"):
        case "card_intent", _:
            return (Posting(Place.CARD_UNKNOWN, Place.HAND, _amount(kind, data)),)
        case "card_result", "approved":
            return (_no_longer_unknown(_amount(kind, data)), *_taken(Place.CARD_APPROVED, _amount(kind, data)))
        case "card_result", "declined":
            return (_no_longer_unknown(_amount(kind, data)),)
        case "card_review", _:  # another amount than asked: kept for a person
            taken = _taken(Place.CARD_APPROVED, _amount(kind, data), Place.UNALLOCATED)
            return (_no_longer_unknown(_amount(kind, data, "asked_minor")), *taken)
        case "card_reversed", "done" if data.get("of") == "approved":
            return (Posting(Place.UNALLOCATED, Place.REFUNDED, _amount(kind, data)),)
        case "card_reversed", "done":
            return (_no_longer_unknown(_amount(kind, data)),)
        case _:
            return ()


def _no_longer_unknown(amount_minor: int) -> Posting:
    return Posting(Place.HAND, Place.CARD_UNKNOWN, amount_minor)


def _taken(place: Place, amount_minor: int, owed: Place = Place.PAYABLE) -> tuple[Posting, ...]:
    """Out of the customer's hand into a place of ours, and owed to somebody from now on."""
    return (Posting(place, Place.HAND, amount_minor), Posting(Place.HAND, owed, amount_minor))


def _owed(data: Mapping[str, object]) -> Place:
    return Place.UNALLOCATED if data.get("to") == Place.UNALLOCATED.value else Place.PAYABLE


def _owed_place(kind: str, data: Mapping[str, object], name: str) -> Place:
    found = next((place for place in OWED if place.value == data.get(name)), None)
    if found is None:
        raise LedgerError(f"{kind} {name} {data.get(name)!r}: money is moved only between what is owed and was given")
    return found


def _paid(kind: str, data: Mapping[str, object]) -> tuple[Posting, ...]:
    amount, fee = _amount(kind, data), _amount(kind, data, "fee_minor")
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


def _amount(kind: str, data: Mapping[str, object], name: str = "amount_minor") -> int:
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
        taken, owed = (sum(self.balance(place) for place in places) for places in (TAKEN, OWED))
        if taken != owed:
            found.append(f"what was taken, {taken}, is not what is owed and was given: {owed}")
        if sum(self._sums.values()) != 0:
            found.append("the postings do not sum to zero")
        return found
