"""Chip card reader (XFS4IoT CardReader, not of the bank): passes, cards of technicians and of the meter. No payments.

What a card says may be somebody's secret: bytes of an exchange are in the events, never in a text or a log.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import Protocol

from device_drivers.contract.status import Identified, StatusChanged


@dataclass(frozen=True, slots=True)
class CardInserted:
    """A card lies in the reader or on it, and has answered. `uid` is empty when the reader or the card tells none."""

    atr: bytes
    uid: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class CardUnreadable:
    """A card is there and does not answer: turned over, dirty, or no card at all."""

    detail: str


@dataclass(frozen=True, slots=True)
class CardRemoved:
    """The place is empty again; follows every `CardInserted` and `CardUnreadable` once."""


@dataclass(frozen=True, slots=True)
class CardAnswered:
    """Answer to `transmit`: the card's bytes, and its two status bytes as one number (0x9000: done)."""

    request_id: str
    data: bytes = field(repr=False)
    status_word: int


class CardFailure(enum.Enum):
    NO_CARD = "no_card"
    REMOVED = "removed"
    UNRESPONSIVE = "unresponsive"
    BUSY = "busy"  # another program holds the card
    READER_LOST = "reader_lost"
    NOT_STARTED = "not_started"  # too many requests, or no command of a card


@dataclass(frozen=True, slots=True)
class CardFailed:
    """Answer to `transmit`: the card did not answer. Whether it heard the command is not known."""

    request_id: str
    failure: CardFailure
    detail: str = ""


CardReaderEvent = CardInserted | CardUnreadable | CardRemoved | CardAnswered | CardFailed | Identified | StatusChanged


class CardReader(Protocol):
    """Verbs of a card reader."""

    def transmit(self, request_id: str, apdu: bytes) -> None:
        """Queue a command for the card. Answered by exactly one `CardAnswered` or `CardFailed`."""
