"""Notes and coins: what their devices tell, and their verbs (bridge: terminal_app/core/cash_in.py)."""

from __future__ import annotations

import enum
from typing import Protocol

import msgspec

# --- notes ----------------------------------------------------------------------------------------------------------


class NoteEscrowed(msgspec.Struct, frozen=True):
    """A note of this value waits for our decision."""

    value_minor: int


class NoteStacked(msgspec.Struct, frozen=True):
    """A note is in the cassette."""

    value_minor: int


class NoteReturned(msgspec.Struct, frozen=True):
    """A note went back to the hand."""

    value_minor: int


class NoteRejected(msgspec.Struct, frozen=True):
    """The acceptor refused a note by itself; `reason` is a device_drivers RejectReason value."""

    reason: str


class NoteMoving(msgspec.Struct, frozen=True):
    """Something is in the note path (True) or the path is free (False)."""

    moving: bool


class PowerUpNote(enum.Enum):
    """Where the acceptor says a note lay at its power-up."""

    NONE = "none"
    IN_VALIDATOR = "in_validator"
    IN_STACKER = "in_stacker"


class AcceptorPoweredUp(msgspec.Struct, frozen=True):
    """The acceptor was switched on; decides what an open `decision` record means."""

    note: PowerUpNote


class NotesRemembered(msgspec.Struct, frozen=True):
    """What the acceptor's own memory says it stacked, newest first; some or all of it was told before.

    Compared with the journal it settles what became of an open note or a note in doubt; it is never credited blindly.
    """

    values_minor: tuple[int, ...]


class NoteEventsLost(msgspec.Struct, frozen=True):
    """The acceptor counted this many events more than it could tell: an alert, never a guess."""

    count: int


class AcceptorChanged(msgspec.Struct, frozen=True):
    """The acceptor can (or cannot) take money; `fault` is a device_drivers Fault value.

    At its start a driver tells what the acceptor holds from before, and only then that it is ready.
    """

    ready: bool
    fault: str = "none"


class CassetteChanged(msgspec.Struct, frozen=True):
    """The cassette was taken out (False) or put in (True)."""

    present: bool


class AcceptorPort(Protocol):
    """Verbs queue and return at once."""

    def enable(self) -> None: ...
    def disable(self) -> None: ...
    def stack(self) -> None: ...
    def return_note(self) -> None: ...
    def hold(self) -> None: ...


# --- coins ----------------------------------------------------------------------------------------------------------


class CoinAccepted(msgspec.Struct, frozen=True):
    """A coin is in the coin box: there is no escrow, so this is its credit point.

    `counter` is the device's event counter after this coin: 1..255, then 1 again. What the device still buffers is told
    again after a restart, oldest first; the journal knows which counters it has. `device`: the serial number of the
    device that counted, "" where it tells none.
    Source: ccTalk generic specification, "Read buffered credit or error codes".
    """

    value_minor: int
    counter: int
    device: str = ""


class CoinRejected(msgspec.Struct, frozen=True):
    """A coin was not taken. Nothing is owed; it is an event of the device's counter as a coin is."""

    counter: int
    device: str = ""


class CoinsRemembered(msgspec.Struct, frozen=True):
    """The device counts on from `counter`, and its past belongs to no record: it is new here, or nobody counted yet.

    What its memory holds (`values_minor`, newest first) is written down for a person and never credited.
    """

    values_minor: tuple[int, ...]
    counter: int
    device: str = ""


class CoinEventsLost(msgspec.Struct, frozen=True):
    """The device counted more events than it could tell: an alert, never a guess. `count` 0: nobody knows how many.

    `counter` is the last event that is lost, where the device says it.
    """

    count: int
    counter: int | None = None


class CoinCounterReset(msgspec.Struct, frozen=True):
    """The coin acceptor's counter stands at 0: it was reset, and counts from 1 anew."""


class CoinAcceptorChanged(msgspec.Struct, frozen=True):
    """The coin acceptor can (or cannot) take money. Ready is told after the coins it still buffered."""

    ready: bool
    fault: str = "none"


class CoinPort(Protocol):
    """Verbs queue and return at once."""

    def enable(self) -> None: ...
    def disable(self) -> None: ...
