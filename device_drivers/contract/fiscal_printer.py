"""Fiscal printer (KKT, 54-ФЗ). A document is a value in whole kopecks; its bytes are the driver's business.

Source: FFD tags as in the notes on payments, "Fiscal receipt"; tag numbers stand beside the fields.
Verbs only queue; every `print_document`, `ask_document`, `open_shift` and `close_shift` is answered by one event.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Protocol

from device_drivers.contract.status import Identified, StatusChanged

QUANTITY_ONE = 1_000_000  # quantities are whole millionths
FISCAL_ID_SIZE_MAX = 16  # characters of tag 1192, by which a closed document is found again
ITEMS_MAX = 100


class DocumentKind(enum.IntEnum):
    """Tag 1054."""

    INCOME = 1
    INCOME_RETURN = 2
    OUTCOME = 3
    OUTCOME_RETURN = 4


@dataclass(frozen=True, slots=True)
class FiscalTag:
    """One more TLV of the document: 1008 customer, 1036 automat number, 1084 {1085, 1086} and the like."""

    number: int
    value: str | int | tuple[FiscalTag, ...]


@dataclass(frozen=True, slots=True)
class FiscalItem:
    """One line of the document."""

    name: str  # 1030
    price_minor: int  # 1079
    amount_minor: int  # 1043
    vat: int  # 1199: 5 0 %, 6 none, 11 22 %, 12 22/122, the older rates 1..4 and 7..10
    method: int  # 1214: 1 full prepayment, 3 advance, 4 full settlement
    subject: int  # 1212: 1 goods, 4 service, 10 payment
    quantity_millionths: int = QUANTITY_ONE  # 1023
    measure: int = 0  # 2108: 0 piece, 50 kWh
    vat_minor: int | None = None  # 1200; None: the device reckons it
    tags: tuple[FiscalTag, ...] = ()  # more of this item: 1222 and the rest of an agent


@dataclass(frozen=True, slots=True)
class FiscalPayments:
    """How it was paid; the sum equals the sum of the items."""

    cash_minor: int = 0  # 1031
    electronic_minor: int = 0  # 1081
    advance_minor: int = 0  # 1215
    credit_minor: int = 0  # 1216
    other_minor: int = 0  # 1217

    @property
    def total_minor(self) -> int:
        return self.cash_minor + self.electronic_minor + self.advance_minor + self.credit_minor + self.other_minor


@dataclass(frozen=True, slots=True)
class FiscalDocument:
    """A receipt to be made and printed once. `fiscal_id` is ours and travels in tag 1192."""

    fiscal_id: str
    items: tuple[FiscalItem, ...]
    payments: FiscalPayments
    kind: DocumentKind = DocumentKind.INCOME
    tax_system: int = 1  # 1055
    tags: tuple[FiscalTag, ...] = ()

    @property
    def total_minor(self) -> int:
        return sum(item.amount_minor for item in self.items)


class DocumentError(ValueError):
    """A document no fiscal printer would close; the text says why."""


def check_document(document: FiscalDocument) -> None:
    """Refuses what would only fail inside the device.

    Raises:
        DocumentError: what is wrong.
    """
    check_fiscal_id(document.fiscal_id)
    if not 1 <= len(document.items) <= ITEMS_MAX:
        raise DocumentError(f"a document has 1..{ITEMS_MAX} items, not {len(document.items)}")
    for item in document.items:
        if item.amount_minor <= 0 or item.price_minor < 0 or item.quantity_millionths <= 0 or not item.name.strip():
            raise DocumentError(f"an item needs a name and a positive amount and quantity: {item.name!r}")
    if document.payments.total_minor != document.total_minor:
        paid, total = document.payments.total_minor, document.total_minor
        raise DocumentError(f"{paid} kopecks are paid for items of {total} kopecks")


def check_fiscal_id(fiscal_id: str) -> None:
    """Refuses an id that does not fit into tag 1192.

    Raises:
        DocumentError: what is wrong.
    """
    if not (1 <= len(fiscal_id) <= FISCAL_ID_SIZE_MAX and fiscal_id.isascii() and fiscal_id.isprintable()):
        raise DocumentError(f"a fiscal id is 1..{FISCAL_ID_SIZE_MAX} ASCII characters, not {fiscal_id!r}")


@dataclass(frozen=True, slots=True)
class DocumentClosed:
    """The document is in the fiscal drive. Printing may still go on; then `DocumentPrinted` follows."""

    fiscal_id: str
    fn: str  # 1041, 16 digits
    fd: int  # 1040
    fpd: int  # 1077
    at: str  # 1012, device's local time, YYYYMMDDTHHMM
    shift: int  # 1038
    number_in_shift: int  # 1042
    total_minor: int  # 1020


@dataclass(frozen=True, slots=True)
class DocumentPrinted:
    """The paper of a closed document is out, as far as this run of the driver has seen."""

    fiscal_id: str


@dataclass(frozen=True, slots=True)
class DocumentRefused:
    """Nothing was closed: it is safe to send the document again, unless `final` says that it would be in vain."""

    fiscal_id: str
    reason: str  # the device's code and its words
    final: bool = False


@dataclass(frozen=True, slots=True)
class DocumentUnknown:
    """Nobody knows whether the document was closed: `ask_document`, never print it again before that."""

    fiscal_id: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class DocumentAbsent:
    """Answer to `ask_document`: the drive surely does not have it."""

    fiscal_id: str


@dataclass(frozen=True, slots=True)
class ShiftOpened:
    """Answer to `open_shift`; a shift that was open already is told the same way."""

    shift: int


@dataclass(frozen=True, slots=True)
class ShiftClosed:
    """Answer to `close_shift`; a shift that was closed already is told the same way."""

    shift: int


@dataclass(frozen=True, slots=True)
class ShiftRefused:
    """Answer to `open_shift` or `close_shift`."""

    reason: str


class ShiftState(enum.Enum):
    CLOSED = "closed"
    OPEN = "open"
    EXPIRED = "expired"  # open for more than 24 hours: only closing is possible


@dataclass(frozen=True, slots=True)
class FiscalStateChanged:
    """What the fiscal drive says of itself; sent on the edge only. Dates are YYYYMMDD of the device, "" unknown."""

    shift: ShiftState
    shift_number: int
    last_fd: int
    today: str
    shift_opened_at: str = ""  # YYYYMMDDTHHMM
    shift_hours: int = 0  # whole hours since then, by the device's clock
    drive_expires: str = ""
    unsent_documents: int = 0
    first_unsent: str = ""
    memory_nearly_full: bool = False


FiscalPrinterEvent = (
    DocumentClosed
    | DocumentPrinted
    | DocumentRefused
    | DocumentUnknown
    | DocumentAbsent
    | ShiftOpened
    | ShiftClosed
    | ShiftRefused
    | FiscalStateChanged
    | Identified
    | StatusChanged
)


class FiscalPrinter(Protocol):
    """Verbs of a fiscal printer. One document at a time; a second one waits."""

    def print_document(self, document: FiscalDocument) -> None:
        """Make the document, opening a shift where none is open.

        Answered by `DocumentClosed`, `DocumentRefused` or `DocumentUnknown`.
        """

    def ask_document(self, fiscal_id: str) -> None:
        """Is it in the drive? Answered by `DocumentClosed`, `DocumentAbsent` or `DocumentUnknown`.

        A document that is still open in the device is cancelled first: an answer is final.
        """

    def open_shift(self) -> None: ...

    def close_shift(self) -> None: ...

    def continue_print(self) -> None:
        """Go on with what the end of the paper broke off; the driver also does it by itself when paper is back."""

    def ask_status(self) -> None:
        """Ask the drive now, not at the next turn; answered by `FiscalStateChanged` if anything changed."""
