"""Payment card reader: a certified bank terminal (PIN pad). No card number beyond its mask ever comes through here.

One outstanding operation. Before an operation is sent the driver names it to the device's liking (`OperationNamed`);
the owner stores that name durably and says `proceed`; only then a byte of it leaves. After a restart the owner asks
`last_result` with the stored name: an unknown outcome is asked, reversed or left to the settlement, never repeated.
"""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass
from typing import Protocol

from device_drivers.contract.modem import ModemEvent, ModemUser
from device_drivers.contract.status import Identified, StatusChanged

SLIP_SIZE_MAX = 8192  # characters
_PAN = re.compile(r"(?<![0-9])(?:[0-9]{13,19}|[0-9]{4}([ -])[0-9]{4}\1[0-9]{4}\1[0-9]{1,7})(?![0-9])")


class CardOutcome(enum.Enum):
    APPROVED = "approved"
    DECLINED = "declined"  # surely no money was taken
    UNKNOWN = "unknown"


class StepOutcome(enum.Enum):
    """Of a capture or a reversal."""

    DONE = "done"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class OperationNamed:
    """The operation will go under this name in the device: store it, then `proceed`."""

    operation_id: str
    host_id: str


@dataclass(frozen=True, slots=True)
class CardAnswered:
    """End of `authorize` or `last_result`."""

    operation_id: str
    outcome: CardOutcome
    amount_minor: int = 0  # as the terminal says; may differ from what was asked
    rrn: str = ""
    auth_code: str = ""
    masked_pan: str = ""  # first 6 and last 4 digits at most
    terminal_id: str = ""
    slip: str = ""
    reason: str = ""  # the device's code and words


@dataclass(frozen=True, slots=True)
class CardCaptured:
    """End of `capture`: DONE, the money is ours."""

    operation_id: str
    outcome: StepOutcome


@dataclass(frozen=True, slots=True)
class CardReversed:
    """End of `reverse`: DONE, the money is the card holder's again."""

    operation_id: str
    outcome: StepOutcome
    reason: str = ""


@dataclass(frozen=True, slots=True)
class CardSettled:
    """End of `settle`. `agreed` None: the terminal gave no answer; counts None: it does not tell them."""

    settlement_id: str
    agreed: bool | None
    count: int | None = None
    total_minor: int | None = None
    slip: str = ""


PaymentCardReaderEvent = (
    OperationNamed | CardAnswered | CardCaptured | CardReversed | CardSettled | ModemEvent | Identified | StatusChanged
)


class PaymentCardReader(ModemUser, Protocol):
    """Verbs of a payment card reader. While an operation is outstanding another one is declined at once."""

    def authorize(self, operation_id: str, amount_minor: int) -> None:
        """Prepare a sale. Answered by `OperationNamed`, or `CardAnswered(DECLINED)` where no sale can begin."""

    def proceed(self, operation_id: str) -> None:
        """The name is stored: send the sale. Answered by `CardAnswered`."""

    def cancel(self) -> None:
        """The customer gave up: stop the running sale if the device still can. `CardAnswered` follows all the same."""

    def capture(self, operation_id: str, host_id: str, amount_minor: int) -> None:
        """Make an approved sale final. Answered by `CardCaptured`, at once where a sale is final by itself."""

    def last_result(self, operation_id: str, host_id: str, amount_minor: int) -> None:
        """What became of it? Answered by `CardAnswered`; never begins a sale."""

    def reverse(self, operation_id: str, host_id: str, amount_minor: int) -> None:
        """Give the money back. Answered by `CardReversed`."""

    def settle(self, settlement_id: str) -> None:
        """Compare the totals of the day with the bank. Answered by `CardSettled`."""


def mask_pan(text: str) -> str:
    """A card number as it may be kept: at most the first 6 and the last 4 digits, the rest as `*`.

    Whatever a terminal sends, more than this never gets past the driver.
    """
    digits = "".join(letter if letter.isascii() and letter.isdecimal() else "*" for letter in text.strip())[:24]
    if len(digits) <= 10:
        return "*" * max(0, len(digits) - 4) + digits[-4:]
    return digits[:6] + "*" * (len(digits) - 10) + digits[-4:]


def without_pans(slip: str) -> str:
    """A slip in which card numbers (13..19 digits, or written in fours) are masked before it is stored."""
    return _PAN.sub(lambda found: mask_pan("".join(filter(str.isdecimal, found.group()))), slip[:SLIP_SIZE_MAX])
