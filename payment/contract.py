"""Ports of the payment core and the values that cross them.

The core is single-threaded and never waits: it calls a port's verb and is told the outcome by an event
(`Cashier.on_event`). The production shells (terminal_app/core), the tests and the simulator implement these ports.
Amounts are whole kopecks.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

# --- What the acceptor tells (bridge: terminal_app/core/cash_in.py) -----------------------------------------------


@dataclass(frozen=True, slots=True)
class NoteEscrowed:
    """A note of this value waits for our decision."""

    value_minor: int


@dataclass(frozen=True, slots=True)
class NoteStacked:
    """A note is in the cassette."""

    value_minor: int


@dataclass(frozen=True, slots=True)
class NoteReturned:
    """A note went back to the hand."""

    value_minor: int


@dataclass(frozen=True, slots=True)
class NoteRejected:
    """The acceptor refused a note by itself; `reason` is a device_drivers RejectReason value."""

    reason: str


@dataclass(frozen=True, slots=True)
class NoteMoving:
    """Something is in the note path (True) or the path is free (False)."""

    moving: bool


class PowerUpNote(enum.Enum):
    """Where the acceptor says a note lay at its power-up."""

    NONE = "none"
    IN_VALIDATOR = "in_validator"
    IN_STACKER = "in_stacker"


@dataclass(frozen=True, slots=True)
class AcceptorPoweredUp:
    """The acceptor was switched on; decides what an open `decision` record means."""

    note: PowerUpNote


@dataclass(frozen=True, slots=True)
class AcceptorChanged:
    """The acceptor can (or cannot) take money; `fault` is a device_drivers Fault value."""

    ready: bool
    fault: str = "none"


@dataclass(frozen=True, slots=True)
class CassetteChanged:
    """The cassette was taken out (False) or put in (True)."""

    present: bool


# --- What billing and the printer tell -----------------------------------------------------------------------------


class PayOutcome(enum.Enum):
    CREDITED = "credited"
    REFUSED = "refused"  # final: goes to `unallocated`
    UNKNOWN = "unknown"  # repeat the same request later; never a second txn_id


@dataclass(frozen=True, slots=True)
class PayAnswered:
    """Billing answered (or surely did not) to the pay request `txn_id`."""

    txn_id: str
    outcome: PayOutcome
    provider_txn: str = ""
    result_code: int | None = None
    comment: str = ""


@dataclass(frozen=True, slots=True)
class ReceiptPrinted:
    """The receipt of `txn_id` is on paper."""

    txn_id: str


@dataclass(frozen=True, slots=True)
class ReceiptNotPrinted:
    """The receipt is not, or not surely, on paper."""

    txn_id: str
    may_be_on_paper: bool
    reason: str = ""


CashierEvent = (
    NoteEscrowed
    | NoteStacked
    | NoteReturned
    | NoteRejected
    | NoteMoving
    | AcceptorPoweredUp
    | AcceptorChanged
    | CassetteChanged
    | PayAnswered
    | ReceiptPrinted
    | ReceiptNotPrinted
)


# --- Ports ---------------------------------------------------------------------------------------------------------


class AcceptorPort(Protocol):
    """Verbs queue and return at once."""

    def enable(self) -> None: ...
    def disable(self) -> None: ...
    def stack(self) -> None: ...
    def return_note(self) -> None: ...
    def hold(self) -> None: ...


@dataclass(frozen=True, slots=True)
class PayRequest:
    """One credit asked of billing. Repeats carry exactly the same values."""

    txn_id: str  # digits, up to 20: the key of idempotency
    txn_date: str  # YYYYMMDDHHMMSS, decides the accounting day
    account: str
    amount_minor: int


class BillingPort(Protocol):
    def pay(self, request: PayRequest) -> None:
        """Send it; answered by one `PayAnswered`, UNKNOWN after the port's own deadline."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the customer's receipt says; its layout is payment/receipt.py, its paper the printer's business."""

    txn_id: str
    printed_at: str  # local wall time, YYYY-MM-DD HH:MM
    terminal_id: str
    account: str
    service_title: str
    inserted_minor: int
    fee_minor: int
    paid_minor: int
    outcome: PayOutcome | None  # None: nothing was paid, the slip is about money in doubt
    provider_txn: str = ""
    copy: bool = False
    in_doubt_minor: int = 0  # the acceptor could not tell whether it is in the cassette


class PrinterPort(Protocol):
    def print_receipt(self, receipt: Receipt) -> None:
        """Queue it; answered by one `ReceiptPrinted` or `ReceiptNotPrinted`."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A reading of both clocks."""

    wall_ms: int  # UTC, milliseconds since 1970
    monotonic_s: float
    local: str  # local wall time, YYYYMMDDHHMMSS


class Clock(Protocol):
    def now(self) -> Moment: ...


@dataclass(frozen=True, slots=True)
class JournalRecord:
    """One line of the journal. `hash` covers all the rest and the hash of the record before it."""

    sequence: int
    kind: str
    data: dict[str, object]
    wall_ms: int
    monotonic_ms: int
    boot_id: str
    software_version: str
    hash: bytes


class Disk(Protocol):
    """The journal as the cashier sees it."""

    def append(self, kind: str, data: dict[str, object], on_durable: Callable[[], None]) -> None:
        """Write one record; `on_durable` is called in the cashier's thread when it is synced, in order of appends.

        A failed write calls nothing: the journal tells its owner by `on_failed`, given when it was opened.
        """

    def writable(self) -> bool:
        """False once a write failed or the disk's reserve is gone: cash is stopped."""


# --- What the customer's screen is told ----------------------------------------------------------------------------


class CashPhase(enum.Enum):
    IDLE = "idle"
    ACCEPTING = "accepting"
    FINISHING = "finishing"  # Pay or Cancel pressed while a note is still moving
    PAYING = "paying"
    PRINTING = "printing"
    DONE = "done"


class NoteAnswer(enum.Enum):
    """What became of the note the customer inserted last."""

    NONE = "none"
    STACKED = "stacked"
    NOT_RECOGNISED = "not_recognised"
    OVER_LIMIT = "over_limit"
    NOT_ACCEPTED = "not_accepted"  # inhibited denomination, session not accepting
    IN_DOUBT = "in_doubt"


@dataclass(frozen=True, slots=True)
class PaymentOrder:
    """What the customer is about to pay for."""

    account: str
    service: str = "electricity"
    service_title: str = "Электроэнергия"
    asked_minor: int = 0  # 0: any amount


@dataclass(frozen=True, slots=True)
class CashInSnapshot:
    """Everything a screen may show of the payment in hand."""

    phase: CashPhase = CashPhase.IDLE
    order: PaymentOrder | None = None
    inserted_minor: int = 0
    in_escrow_minor: int = 0
    in_doubt_minor: int = 0
    fee_minor: int = 0
    note_moving: bool = False
    note_answer: NoteAnswer = NoteAnswer.NONE
    note_answers: int = 0  # grows with every answer, so that a repeat is seen too
    may_pay: bool = False
    acceptor_ready: bool = False
    acceptor_fault: str = "none"
    journal_ok: bool = True
    txn_id: str = ""
    outcome: PayOutcome | None = None
    receipt: Receipt | None = None
    receipt_printed: bool | None = None  # None: not known yet


@dataclass(frozen=True, slots=True)
class CashSettings:
    """Limits of cash; dated rules come from the office."""

    terminal_id: str
    amount_min_minor: int = 10_00
    amount_max_minor: int = 15_000_00  # 115-ФЗ: cash without identification
    denominations_minor: frozenset[int] = field(
        default_factory=lambda: frozenset({10_00, 50_00, 100_00, 200_00, 500_00, 1000_00, 2000_00, 5000_00})
    )
    pay_retry_first_s: int = 5
    pay_retry_max_s: int = 900
