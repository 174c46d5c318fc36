"""Bill validator (XFS4IoT CashAcceptor). Verbs only queue; events come back through `take_events`.

The cash-in transaction: `enable` starts it, `NoteEscrowed` is its escrow, `stack` and `NoteStacked` end it,
`return_note` and `NoteReturned` roll it back. Its status over a restart is kept by the owner, who writes before a verb
(docs/adr/0022).
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Protocol

from device_drivers.contract.cash import CashItem, RejectReason
from device_drivers.contract.status import Identified, StatusChanged


@dataclass(frozen=True, slots=True)
class NoteEscrowed:
    """A note is held and waits for `stack` or `return_note`. Given once for a note."""

    cash_item: CashItem


@dataclass(frozen=True, slots=True)
class NoteStacked:
    """A note is in the cassette: the credit point. Given once for a note, however often the device repeats it.

    `UNKNOWN_CASH_ITEM` when it comes before the device's table is read: the device has been answered and will not
    say it again, so the owner is told at once and knows the note from its own journal.
    """

    cash_item: CashItem


@dataclass(frozen=True, slots=True)
class NoteReturned:
    """A note went back to the hand."""

    cash_item: CashItem


@dataclass(frozen=True, slots=True)
class NoteRejected:
    """The device did not take a note in; nothing is owed."""

    reason: RejectReason
    detail: str = ""


@dataclass(frozen=True, slots=True)
class NoteMoving:
    """A note was drawn in (True) or the path is empty again (False). Suspends the customer's time-out."""

    moving: bool


class PowerUpNote(enum.Enum):
    """Where a note lay when the device was switched on, as the device says."""

    NONE = "none"
    IN_VALIDATOR = "in_validator"  # the device gives it back by itself
    IN_STACKER = "in_stacker"  # the device takes it on into the cassette


@dataclass(frozen=True, slots=True)
class PoweredUp:
    """The device came from power-off. Recovery of money decides by `note`."""

    note: PowerUpNote


@dataclass(frozen=True, slots=True)
class CassetteRemoved:
    """The drop cassette left its place."""


@dataclass(frozen=True, slots=True)
class CassetteInserted:
    """The drop cassette is back in its place."""


@dataclass(frozen=True, slots=True)
class CashItemsKnown:
    """The denominations the device can recognise, as its own table says."""

    cash_items: tuple[CashItem, ...]


@dataclass(frozen=True, slots=True)
class NotesRemembered:
    """What a device's own memory says it stacked before this session began, newest first.

    Some or all of it was told before. Compared with the journal it clears a doubt; it is never credited blindly.
    """

    cash_items: tuple[CashItem, ...]


@dataclass(frozen=True, slots=True)
class NoteEventsLost:
    """The device counted this many events more than it could tell: an alert, never a guess. A note open is in doubt."""

    count: int


BillValidatorEvent = (
    NoteEscrowed
    | NoteStacked
    | NoteReturned
    | NoteRejected
    | NoteMoving
    | PoweredUp
    | CassetteRemoved
    | CassetteInserted
    | CashItemsKnown
    | NotesRemembered
    | NoteEventsLost
    | Identified
    | StatusChanged
)


class BillValidator(Protocol):
    """Verbs of a bill validator. Each only queues a command; wrong order is answered by an event, not an exception."""

    def enable(self, cash_items: frozenset[CashItem]) -> None:
        """Accept these denominations into escrow. Remembered over a reset of the device."""

    def disable(self) -> None:
        """Accept nothing more; a note already inside is finished as usual."""

    def stack(self) -> None:
        """Take the note in escrow into the cassette."""

    def return_note(self) -> None:
        """Give the note in escrow back."""

    def hold(self) -> None:
        """Keep the note in escrow about 10 s more. A note is held a bounded time, whoever asks."""

    def reset(self) -> None:
        """Restart the device."""
