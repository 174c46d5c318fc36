"""Values of one cash payment: its state, what it is told, what it wants done. No rules here."""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import Any

import msgspec

from payment.contract import (
    CashierEvent,
    CashSettings,
    Moment,
    NoteAnswer,
    PayAnswered,
    PaymentOrder,
    PayOutcome,
    PayRequest,
    Receipt,
)

NOTE_S_MAX = 40.0  # a note whose end nobody reported within this is in doubt
RESOLVE_S = 3.0  # after a restart: a ready acceptor that says nothing of the open note within this knows nothing of it
PRINT_S_MAX = 60.0
PAY_S_MAX = 25.0  # then the customer gets a receipt that says «will be credited», and billing is asked on


class Phase(enum.Enum):
    IDLE = "idle"
    ACCEPTING = "accepting"
    FINISHING = "finishing"  # no more notes; the one inside is waited for
    PAYING = "paying"
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


class Transaction(msgspec.Struct, frozen=True):
    """`Transaction()` is nothing in hand."""

    phase: Phase = Phase.IDLE
    session_id: str = ""
    order: PaymentOrder | None = None
    inserted_minor: int = 0
    in_doubt_minor: int = 0
    escrow: Escrow | None = None
    last_doubted_minor: int = 0  # outlives the visit: a late report of it settles the doubt
    last_stacked_minor: int = 0  # outlives the visit: the note closed last: a report of it after a restart is a repeat
    moving: bool = False
    paused: bool = False
    ready: bool = False
    fault: str = "none"
    recovered: bool = False  # rebuilt from the journal: the customer may be gone, it is brought to its end by itself
    ready_since_s: float | None = None
    since_s: float = 0.0  # when this phase began
    answer: NoteAnswer = NoteAnswer.NONE
    answers: int = 0
    request: PayRequest | None = None
    fee_minor: int = 0
    outcome: PayOutcome | None = None
    provider_txn: str = ""
    receipt: Receipt | None = None
    receipt_printed: bool | None = None


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


class Paused(msgspec.Struct, frozen=True):
    on: bool


class LatePayAnswered(msgspec.Struct, frozen=True):
    """Billing's final answer to a payment whose visit is over."""

    request: PayRequest
    fee_minor: int
    answer: PayAnswered


class TimePassed(msgspec.Struct, frozen=True):
    pass


Event = VisitOpened | PayPressed | LeavePressed | VisitClosed | Paused | LatePayAnswered | TimePassed | CashierEvent

# --- effects --------------------------------------------------------------------------------------------------------


class Record(msgspec.Struct, frozen=True):
    """Append to the journal; what follows waits until it is durable."""

    kind: str
    data: dict[str, object]


class Verb(enum.Enum):
    """A verb of the acceptor."""

    ENABLE = "enable"
    DISABLE = "disable"
    STACK = "stack"
    RETURN_NOTE = "return_note"


class SendPay(msgspec.Struct, frozen=True):
    request: PayRequest


class PrintReceipt(msgspec.Struct, frozen=True):
    receipt: Receipt


Effect = Record | Verb | SendPay | PrintReceipt


class Context(msgspec.Struct, frozen=True):
    """What a step may know of the world: told, never asked."""

    now: Moment
    settings: CashSettings
    disk_writable: bool
    txn_id: str  # the next free payment number


Step = tuple[Transaction, list[Effect]]
Handler = Callable[[Transaction, Any, Context], Step]
