"""Values of one payment: its state, what it is told, what it wants done. No rules here."""

from __future__ import annotations

import enum
from collections.abc import Callable
from operator import attrgetter
from typing import Any

import msgspec
from msgspec.structs import replace

from payment.cassette import CassetteCount
from payment.contract import (
    CardOutcome,
    CardSlip,
    CashierEvent,
    CashSettings,
    FiscalChanged,
    FiscalDone,
    Means,
    Moment,
    NoteAnswer,
    OrderLine,
    PayAnswered,
    PaymentOrder,
    PayOutcome,
    PayRequest,
    Receipt,
)
from payment.effects import Effect

NOTE_S_MAX = 40.0  # a note whose end nobody reported within this is in doubt
RESOLVE_S = 3.0  # after a restart: a ready acceptor that says nothing of the open note within this knows nothing of it
COIN_S = 1.0  # a coin accepted just before the acceptor was disabled is told within this
COIN_RESOLVE_S = 10.0  # after a restart: the coins still buffered are told within this
PRINT_S_MAX = 60.0
COPIES_MAX = 3  # of one slip
PAY_S_MAX = 25.0  # then the customer gets a receipt that says «will be credited», and billing is asked on
CARD_S_MAX = 180.0  # then the customer is told that the bank has not answered; the bank is asked on
QR_S_MAX = 240.0  # then the QR is cancelled where the bank can; it is watched on
FISCAL_S_MAX = 20.0  # then the slip says that the document follows; it waits in the queue
NUMBERS = 10_000  # the last four digits of a payment's number


class Phase(enum.StrEnum):
    IDLE = "idle"
    ACCEPTING = "accepting"
    AUTHORIZING = "authorizing"  # the pinpad is asked
    QR_SHOWN = "qr_shown"  # registered or being registered; waits to be paid
    FINISHING = "finishing"  # no more notes; the one inside is waited for
    PAYING = "paying"
    FISCALISING = "fiscalising"
    PRINTING = "printing"
    DONE = "done"


class Decided(enum.Enum):
    """What was decided of the note in escrow."""

    NOT_YET = "not_yet"
    STACK = "stack"
    RETURN = "return"


class Escrow(msgspec.Struct, frozen=True):
    """The note inside, from `escrow_seen` to its end."""

    value_minor: int
    decided: Decided = Decided.NOT_YET
    answer: NoteAnswer = NoteAnswer.NONE  # what the customer is told when it is given back
    since_s: float = 0.0
    of_visit: bool = True  # False: its visit is over or there was none; it counts for no other one
    session_id: str = ""  # of the visit that it was left behind by
    jammed: bool = False  # told over it: whoever clears a jam puts the note where he likes, and nobody tells where


class Pay(msgspec.Struct, frozen=True):
    """One credit asked of billing, and all that another reader needs of it."""

    request: PayRequest
    session_id: str
    line: OrderLine
    means: Means
    fee_minor: int = 0
    contact: str = ""
    fiscal: bool = False  # a fiscal document is due for it
    outcome: PayOutcome | None = None
    provider_txn: str = ""


class Collection(msgspec.Struct, frozen=True):
    """An emptying of the cassette, from the collector's login (or the removal without one) to its end."""

    collection_id: str
    number: int
    authorised: bool
    cassette_out: bool = False


class Transaction(msgspec.Struct, frozen=True):
    """`Transaction()` is nothing in hand. What stands above the line outlives a visit."""

    escrow: Escrow | None = None
    last_doubted_minor: int = 0  # a late report of it settles the doubt
    last_stacked_minor: int = 0  # the note closed last: a report of it after a restart is a repeat
    stacked_before: tuple[int, ...] = ()  # at a start: what the journal says lies on top, newest first
    coin_counter: int | None = None  # of the coin event journaled last; None: the journal knows none
    coin_device: str = ""  # whose counter it is
    moving: bool = False
    paused: bool = False
    ready: bool = False
    greeted: bool = False  # ready once in this run: what it held from before has been told
    fault: str = "none"
    ready_since_s: float | None = None
    coins_ready: bool = False
    card_ready: bool = False
    register: FiscalChanged = FiscalChanged(ready=False)  # the fiscal one
    billing_reachable: bool = True
    collection: Collection | None = None
    alarm: bool = False  # the cassette was taken without a login: no cash until a collector signs in
    # --- of one visit -------------------------------------------------------------------------------------------
    phase: Phase = Phase.IDLE
    session_id: str = ""
    order: PaymentOrder | None = None
    inserted_minor: int = 0  # taken, by whatever means
    in_doubt_minor: int = 0
    recovered: bool = False  # rebuilt from the journal: the customer may be gone, it is brought to its end by itself
    since_s: float = 0.0  # when this phase began
    answer: NoteAnswer = NoteAnswer.NONE
    answers: int = 0
    operation_id: str = ""  # of the card or the QR
    operation_minor: int = 0  # what it was asked for
    aside_minor: int = 0  # taken, kept for a person since it is not what was asked
    card_outcome: CardOutcome | None = None
    card: CardSlip | None = None
    qr_payload: str = ""
    qr_id: str = ""
    failed: bool = False  # nothing was taken by card or QR
    pays: tuple[Pay, ...] = ()
    outcome: PayOutcome | None = None
    fiscal: FiscalDone | None = None
    fiscal_total_minor: int = 0
    receipt: Receipt | None = None
    receipt_printed: bool | None = None
    copies: int = 0
    copy_printed: bool | None = None  # the last one; None: not known yet

    @property
    def fiscal_ready(self) -> bool:
        """A document can be made now."""
        return self.register.ready

    @property
    def request(self) -> PayRequest | None:
        """The first line's request."""
        return self.pays[0].request if self.pays else None

    @property
    def fee_minor(self) -> int:
        return sum(pay.fee_minor for pay in self.pays) if self.pays else 0

    @property
    def provider_txn(self) -> str:
        return self.pays[0].provider_txn if self.pays else ""


_what_outlives = attrgetter(*Transaction.__struct_fields__[: Transaction.__struct_fields__.index("phase")])


def without_visit(state: Transaction) -> Transaction:
    """What outlives a visit. A note on its way then is neither forgotten nor counted for the wrong one."""
    left, escrow = Transaction(*_what_outlives(state)), state.escrow
    if escrow is not None and escrow.of_visit:
        return replace(left, escrow=replace(escrow, of_visit=False, session_id=state.session_id))
    return left


# --- events beside those of the ports -------------------------------------------------------------------------------


class VisitOpened(msgspec.Struct, frozen=True):
    session_id: str
    order: PaymentOrder


class PayPressed(msgspec.Struct, frozen=True):
    pass


class LeavePressed(msgspec.Struct, frozen=True):
    """The customer leaves or has left: money inside is paid to the account of the visit."""


class VisitClosed(msgspec.Struct, frozen=True):
    pass


class CopyAsked(msgspec.Struct, frozen=True):
    """The customer asks for his slip once more."""


class Paused(msgspec.Struct, frozen=True):
    on: bool


class TimePassed(msgspec.Struct, frozen=True):
    pass


class CollectionOpened(msgspec.Struct, frozen=True):
    """A collector has signed in."""

    collector: str
    seal: str = ""


class CollectionClosed(msgspec.Struct, frozen=True):
    """The collector is done."""


# What work that outlives the visit (payment/outstanding.py) tells the visit, where it is still the visit's:


class MoneyTaken(msgspec.Struct, frozen=True):
    """A card was approved or a QR paid, and the requests to billing are on their way."""

    operation_id: str
    amount_minor: int
    pays: tuple[Pay, ...]
    card: CardSlip | None = None
    qr_id: str = ""


class OperationEnded(msgspec.Struct, frozen=True):
    """Nothing was taken (DECLINED), or nobody knows yet (UNKNOWN)."""

    operation_id: str
    outcome: CardOutcome


class TakenAside(msgspec.Struct, frozen=True):
    """Another amount than asked was taken: it is kept for a person."""

    operation_id: str
    amount_minor: int


class QrShown(msgspec.Struct, frozen=True):
    operation_id: str
    payload: str


class FiscalEnded(msgspec.Struct, frozen=True):
    """The document of a visit is made, or refused for good (None)."""

    session_id: str
    done: FiscalDone | None
    total_minor: int = 0


class SettlementOpened(msgspec.Struct, frozen=True):
    """It is time for the bank's totals of the day."""


Told = MoneyTaken | OperationEnded | TakenAside | QrShown | FiscalEnded | PayAnswered

Event = (
    VisitOpened
    | PayPressed
    | LeavePressed
    | VisitClosed
    | CopyAsked
    | Paused
    | TimePassed
    | CollectionOpened
    | CollectionClosed
    | SettlementOpened
    | Told
    | CashierEvent
)

# --- what a step may know ---------------------------------------------------------------------------------------------


class Context(msgspec.Struct, frozen=True):
    """What a step may know of the world: told, never asked."""

    now: Moment
    settings: CashSettings
    disk_writable: bool
    terminal_number: str  # four digits
    records_count: int = 0  # durable ones in the journal
    coins: bool = False  # this terminal takes coins
    qr: bool = False  # and shows QRs
    card_free: bool = True  # no earlier operation of the pinpad waits to be asked for
    undelivered_minor: int = 0  # taken, not yet answered by billing
    cassette: CassetteCount = CassetteCount()

    @property
    def txn_id(self) -> str:
        """The next free payment number."""
        return self.number(0)

    def number(self, offset: int) -> str:
        """The next free payment number but `offset`; a record for each is written in the same step.

        20 digits, never given twice by this terminal: second, terminal, and the number of the journal's record.
        """
        return f"{self.now.local[2:14]}{self.terminal_number}{(self.records_count + offset) % NUMBERS:04d}"


Step = tuple[Transaction, list[Effect]]
Handler = Callable[[Transaction, Any, Context], Step]
