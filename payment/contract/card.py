"""The pinpad: a payment by card. One outstanding operation at a time (bridge: terminal_app/core/card_payment.py)."""

from __future__ import annotations

import enum
from typing import Protocol

import msgspec


class CardOutcome(enum.Enum):
    APPROVED = "approved"
    DECLINED = "declined"  # surely no money moved: also «no such operation», and a pinpad that did not begin
    UNKNOWN = "unknown"  # never a second sale: ask, else reverse, else wait for the settlement


class ReversalOutcome(enum.Enum):
    DONE = "done"  # surely no money is held on the card
    REFUSED = "refused"  # surely not reversed
    UNKNOWN = "unknown"


class CardAnswered(msgspec.Struct, frozen=True):
    """Answers `authorize` and `last_result`. `masked_pan` shows at most the first 6 and the last 4 digits.

    `slip` is the bank's text for the customer, lines by a line feed, to be printed as it is.
    """

    operation_id: str
    outcome: CardOutcome
    amount_minor: int = 0
    rrn: str = ""
    auth_code: str = ""
    masked_pan: str = ""
    terminal_id: str = ""  # the bank's number of the pinpad
    slip: str = ""
    reason: str = ""


class CardReversed(msgspec.Struct, frozen=True):
    operation_id: str
    outcome: ReversalOutcome


class CardSettled(msgspec.Struct, frozen=True):
    """The day's totals of the bank. `agreed` is the bank's own verdict; None: no answer came."""

    settlement_id: str
    agreed: bool | None
    count: int = 0
    total_minor: int = 0


class PinpadChanged(msgspec.Struct, frozen=True):
    ready: bool
    fault: str = "none"


class PinpadPort(Protocol):
    """Verbs queue and return at once; each is answered by one event, UNKNOWN after the port's own deadline."""

    def authorize(self, operation_id: str, amount_minor: int) -> None: ...
    def last_result(self, operation_id: str) -> None: ...
    def reverse(self, operation_id: str, amount_minor: int) -> None: ...
    def settle(self, settlement_id: str) -> None: ...
