"""The books: double entry in kopecks, made of the journal's records. Pure; balances are sums, never stored.

Each posting moves an amount from one place to another, so all balances together are always zero. Source of the places:
the journal's own records; nothing is ever edited, a mistake is undone by a new record.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Mapping

import msgspec


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

# Names of their own: to look a member up in its class takes longer than to make a posting of it.
HAND = Place.HAND
ESCROW = Place.ESCROW
CASSETTE = Place.CASSETTE
COIN_BOX = Place.COIN_BOX
IN_DOUBT = Place.IN_DOUBT
CARD_UNKNOWN = Place.CARD_UNKNOWN
CARD_APPROVED = Place.CARD_APPROVED
QR_PAID = Place.QR_PAID
PAYABLE = Place.PAYABLE
CREDITED = Place.CREDITED
FEE = Place.FEE
UNALLOCATED = Place.UNALLOCATED
REFUNDED = Place.REFUNDED
_SHOWN = tuple(place for place in Place if place is not HAND)


class LedgerError(Exception):
    """A record that no books can be made of: the journal is not one of ours."""


class Posting(msgspec.Struct, frozen=True, gc=False):
    """`amount_minor` goes into `debit` and out of `credit`."""

    debit: Place
    credit: Place
    amount_minor: int


Data = Mapping[str, object]
Postings = tuple[Posting, ...]


def postings(kind: str, data: Data) -> Postings:
    """What one journal record does to the books.

    Raises:
        LedgerError: the record lacks an amount or has a negative one.
    """
    moves = _MOVES.get(kind)
    return moves(kind, data) if moves is not None else ()


# --- notes and coins --------------------------------------------------------------------------------------------------


def _escrow_seen(kind: str, data: Data) -> Postings:
    return (Posting(ESCROW, HAND, _amount(kind, data, "value_minor")),)


def _returned(kind: str, data: Data) -> Postings:
    return (Posting(HAND, ESCROW, _amount(kind, data, "value_minor")),)


def _stacked(kind: str, data: Data) -> Postings:
    value = _amount(kind, data, "value_minor")
    source = IN_DOUBT if data.get("from") == IN_DOUBT else ESCROW
    return (Posting(CASSETTE, source, value), Posting(HAND, _owed(data), value))


def _in_doubt(kind: str, data: Data) -> Postings:
    return (Posting(IN_DOUBT, ESCROW, _amount(kind, data, "value_minor")),)


def _doubt_cleared(kind: str, data: Data) -> Postings:
    """The note was given back after all."""
    return (Posting(HAND, IN_DOUBT, _amount(kind, data, "value_minor")),)


def _cash_unidentified(kind: str, data: Data) -> Postings:
    """A note was stacked that no escrow record knows."""
    return _taken(CASSETTE, _amount(kind, data, "value_minor"), UNALLOCATED)


def _coin_in(kind: str, data: Data) -> Postings:
    return _taken(COIN_BOX, _amount(kind, data, "value_minor"), _owed(data))


# --- card and QR ------------------------------------------------------------------------------------------------------


def _card_intent(kind: str, data: Data) -> Postings:
    """From its intent to a sure end an operation is unknown."""
    return (Posting(CARD_UNKNOWN, HAND, _amount(kind, data)),)


def _card_result(kind: str, data: Data) -> Postings:
    match data.get("outcome"):
        case "approved":
            return (_no_longer_unknown(_amount(kind, data)), *_taken(CARD_APPROVED, _amount(kind, data)))
        case "declined":
            return (_no_longer_unknown(_amount(kind, data)),)
        case "unknown":
            return ()
        case other:
            raise LedgerError(f"card_result with outcome {other!r}")


def _card_review(kind: str, data: Data) -> Postings:
    """Another amount than asked: kept for a person."""
    taken = _taken(CARD_APPROVED, _amount(kind, data), UNALLOCATED)
    return (_no_longer_unknown(_amount(kind, data, "asked_minor")), *taken)


def _card_reversed(kind: str, data: Data) -> Postings:
    if data.get("outcome") != "done":
        return ()
    if data.get("of") == "approved":
        return (Posting(UNALLOCATED, REFUNDED, _amount(kind, data)),)
    return (_no_longer_unknown(_amount(kind, data)),)


def _qr_result(kind: str, data: Data) -> Postings:
    if data.get("state") != "paid":
        return ()
    return _taken(QR_PAID, _amount(kind, data), _owed(data))


# --- what it is owed for ----------------------------------------------------------------------------------------------


def _pay_result(kind: str, data: Data) -> Postings:
    amount, fee = _amount(kind, data), _amount(kind, data, "fee_minor")
    match data.get("outcome"):
        case "credited":
            credited = Posting(PAYABLE, CREDITED, amount)
            return (credited, Posting(PAYABLE, FEE, fee)) if fee else (credited,)
        case "refused":
            return (Posting(PAYABLE, UNALLOCATED, amount + fee),)
        case "unknown":
            return ()
        case other:
            raise LedgerError(f"pay_result with outcome {other!r}")


def _pay_intent(kind: str, data: Data) -> Postings:
    """Money of a visit is owed since it was taken; money that lay aside is owed from here on."""
    if data.get("from") != UNALLOCATED:
        return ()
    return (Posting(UNALLOCATED, PAYABLE, _amount(kind, data)),)


def _move_ordered(kind: str, data: Data) -> Postings:
    """A note in doubt that the recount found in the cassette."""
    if not data.get("in_doubt"):
        return ()
    amount = _amount(kind, data)
    return (Posting(CASSETTE, IN_DOUBT, amount), Posting(HAND, UNALLOCATED, amount))


def _cancel_result(kind: str, data: Data) -> Postings:
    if data.get("outcome") != "cancelled":
        return ()
    return (Posting(CREDITED, UNALLOCATED, _amount(kind, data)),)


def _moved(kind: str, data: Data) -> Postings:
    """A person's or the office's re-addressing, of unallocated money where nothing else is said."""
    source = UNALLOCATED if "from" not in data else _owed_place(kind, data, "from")
    return (Posting(source, _owed_place(kind, data, "to"), _amount(kind, data)),)


def _no_longer_unknown(amount_minor: int) -> Posting:
    return Posting(HAND, CARD_UNKNOWN, amount_minor)


def _taken(place: Place, amount_minor: int, owed: Place = PAYABLE) -> Postings:
    """Out of the customer's hand into a place of ours, and owed to somebody from now on."""
    return (Posting(place, HAND, amount_minor), Posting(HAND, owed, amount_minor))


def _owed(data: Data) -> Place:
    return UNALLOCATED if data.get("to") == "unallocated" else PAYABLE


def _owed_place(kind: str, data: Data, name: str) -> Place:
    found = next((place for place in OWED if place.value == data.get(name)), None)
    if found is None:
        raise LedgerError(f"{kind} {name} {data.get(name)!r}: money is moved only between what is owed and was given")
    return found


def _amount(kind: str, data: Data, name: str = "amount_minor") -> int:
    amount = data.get(name)
    if not isinstance(amount, int) or isinstance(amount, bool) or amount < 0:
        raise LedgerError(f"{kind} needs {name} as whole kopecks")
    return amount


_MOVES: dict[str, Callable[[str, Data], Postings]] = {
    "escrow_seen": _escrow_seen,
    "returned": _returned,
    "stacked": _stacked,
    "in_doubt": _in_doubt,
    "doubt_cleared": _doubt_cleared,
    "cash_unidentified": _cash_unidentified,
    "coin_in": _coin_in,
    "card_intent": _card_intent,
    "card_result": _card_result,
    "card_review": _card_review,
    "card_reversed": _card_reversed,
    "qr_result": _qr_result,
    "pay_intent": _pay_intent,
    "pay_result": _pay_result,
    "move_ordered": _move_ordered,
    "cancel_result": _cancel_result,
    "moved": _moved,
}


class Books:
    """Running balances. Assets are shown as what lies there, the others as what is owed or was given."""

    def __init__(self, records: Iterable[tuple[str, Mapping[str, object]]] = ()) -> None:
        self._sums = dict.fromkeys(Place, 0)
        for kind, data in records:
            self.add(kind, data)

    def add(self, kind: str, data: Data) -> None:
        moves = _MOVES.get(kind)
        if moves is None:
            return
        for posting in moves(kind, data):
            self._sums[posting.debit] += posting.amount_minor
            self._sums[posting.credit] -= posting.amount_minor

    def balance(self, place: Place) -> int:
        """Kopecks at a place, as a person counts them: never negative in sound books."""
        return self._sums[place] if place in ASSETS else -self._sums[place]

    def balances(self) -> dict[Place, int]:
        return {place: self.balance(place) for place in _SHOWN}

    def faults(self) -> list[str]:
        """What is unsound; empty when the invariant holds."""
        found = [f"{place} is {amount}" for place, amount in self.balances().items() if amount < 0]
        taken, owed = (sum(self.balance(place) for place in places) for places in (TAKEN, OWED))
        if taken != owed:
            found.append(f"what was taken, {taken}, is not what is owed and was given: {owed}")
        if sum(self._sums.values()) != 0:
            found.append("the postings do not sum to zero")
        return found
