"""Coin acceptor (XFS4IoT CashAcceptor without escrow). Verbs only queue; events come back through `take_events`.

A coin has no way back: `CoinAccepted` is the credit point. The device numbers its events; the owner writes the number
into the same record as the credit, and at its next start gives the last one back by `resume`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from device_drivers.contract.cash import CashItem, RejectReason
from device_drivers.contract.status import Identified, StatusChanged


@dataclass(frozen=True, slots=True)
class CoinAccepted:
    """A coin is in the box: the credit point. `UNKNOWN_CASH_ITEM` when the device cannot say what it is worth.

    `counter` is the device's event counter after the coin: 1..255, then 1 again. The same counter twice is one coin.
    """

    cash_item: CashItem
    counter: int


@dataclass(frozen=True, slots=True)
class CoinRejected:
    """The device did not take a coin; nothing is owed.

    It is an event of the device as a coin is: an owner that records `counter` too is told of no loss at its next start
    which was none.
    """

    reason: RejectReason
    detail: str = ""
    counter: int = 0


@dataclass(frozen=True, slots=True)
class CoinEventsLost:
    """The device counted this many events more than it could tell: an alert, never a guess."""

    count: int


@dataclass(frozen=True, slots=True)
class CoinCounterReset:
    """The device counts from 0 anew, after a loss of power or a reset: what it had not told by then is not known."""


@dataclass(frozen=True, slots=True)
class CoinsRemembered:
    """What the device's own memory holds at a start for which no counter was given, newest first.

    Compared with the journal it clears a doubt; it is never credited blindly. Counting goes on from `counter`.
    """

    cash_items: tuple[CashItem, ...]
    counter: int


@dataclass(frozen=True, slots=True)
class CoinItemsKnown:
    """The coins the device can recognise, as its own ids say."""

    cash_items: tuple[CashItem, ...]


CoinAcceptorEvent = (
    CoinAccepted
    | CoinRejected
    | CoinEventsLost
    | CoinCounterReset
    | CoinsRemembered
    | CoinItemsKnown
    | Identified
    | StatusChanged
)


class CoinAcceptor(Protocol):
    """Verbs of a coin acceptor."""

    def enable(self, cash_items: frozenset[CashItem]) -> None:
        """Accept these coins. Remembered over a reset of the device."""

    def disable(self) -> None:
        """Accept nothing more."""

    def resume(self, counter: int, serial: str = "") -> None:
        """The counter of the last coin on record (0: the device had just been reset). Before the first bytes only.

        `serial`: the `Identified.serial` of the device that counted it. Of another one the past is only remembered.
        """

    def reset(self) -> None:
        """Restart the device; its counter begins anew."""
