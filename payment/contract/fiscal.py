"""The fiscal register: a document for every payment (bridge: terminal_app/core/fiscal.py).

The core says what was sold and how it was paid; payment/fiscal/sale.py makes the document of FFD 1.2 of it.
"""

from __future__ import annotations

import enum
from typing import Protocol

import msgspec

from payment.contract.order import Means, Purpose


class FiscalKind(enum.Enum):
    INCOME = "income"
    INCOME_RETURN = "income_return"


class SaleLine(msgspec.Struct, frozen=True):
    """One line of a sale. What exceeds `owed_minor` (where it is known, above 0) is an advance."""

    txn_id: str
    account: str
    service: str
    service_title: str
    purpose: Purpose
    amount_minor: int  # to the account
    fee_minor: int = 0  # our commission on top of it, an item of its own
    owed_minor: int = 0
    period: str = ""  # accounting period of the charge, YYYY-MM; it decides the VAT rate
    vat_code: int = 0  # tag 1199 where the charge names it; 0: by the period


class FiscalSale(msgspec.Struct, frozen=True):
    """What one fiscal document says. Repeats carry exactly the same values."""

    fiscal_id: str  # ours, chosen before the first attempt
    kind: FiscalKind
    means: Means
    lines: tuple[SaleLine, ...]
    sold_at: str  # local time of the payment, YYYYMMDDHHMMSS
    contact: str = ""  # phone or e-mail the customer gave before the payment

    @property
    def total_minor(self) -> int:
        return sum(line.amount_minor + line.fee_minor for line in self.lines)


class FiscalDone(msgspec.Struct, frozen=True):
    """The document is closed in the fiscal drive."""

    fiscal_id: str
    fn: str  # number of the drive, 16 digits
    fd: int  # number of the document in the drive
    fpd: int  # fiscal sign, unsigned 32 bits
    at: str  # the drive's own local time, YYYYMMDDHHMM[SS]
    shift: int
    number_in_shift: int


class FiscalRefused(msgspec.Struct, frozen=True):
    """The document is surely not in the drive. `final`: a repeat would be refused as well, a person must look."""

    fiscal_id: str
    reason: str
    final: bool


class FiscalUnknown(msgspec.Struct, frozen=True):
    """Nobody can tell yet whether the document is closed: the device is asked, nothing is repeated blindly."""

    fiscal_id: str


class FiscalChanged(msgspec.Struct, frozen=True):
    """`ready`: a document can be made now. A shift that can be opened does not hinder it."""

    ready: bool
    fault: str = "none"
    shift_open: bool = False
    shift_hours: int = 0  # age of the open shift
    drive_days_left: int | None = None
    unsent_days: int = 0  # age of the oldest document the OFD has not got
    memory_percent: int = 0  # of the drive that is used up, where the register says so


class FiscalPort(Protocol):
    """Verbs queue and return at once.

    `fiscalise` and `ask` are answered by one of FiscalDone, FiscalRefused, FiscalUnknown. `ask` of a document that is
    surely not in the drive (and is cancelled, where it stood open) is answered by FiscalRefused(final=False). The verbs
    of the shift are answered by FiscalChanged.
    """

    def fiscalise(self, document: FiscalSale) -> None: ...
    def ask(self, fiscal_id: str) -> None: ...
    def open_shift(self) -> None: ...
    def close_shift(self) -> None: ...
