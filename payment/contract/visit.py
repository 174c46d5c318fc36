"""What the customer's screen is told of the payment in hand, and the rules of the till."""

from __future__ import annotations

import enum

import msgspec

from payment.contract.billing import PayOutcome
from payment.contract.card import CardOutcome
from payment.contract.order import PaymentOrder
from payment.contract.printing import Receipt

NOTES_MINOR = frozenset({10_00, 50_00, 100_00, 200_00, 500_00, 1000_00, 2000_00, 5000_00})
COINS_MINOR = frozenset({1_00, 2_00, 5_00, 10_00})  # coins of kopecks are not taken


class CashPhase(enum.StrEnum):
    IDLE = "idle"
    ACCEPTING = "accepting"
    AUTHORIZING = "authorizing"  # the card is asked for
    QR_SHOWN = "qr_shown"  # the QR is being registered, or waits to be paid
    FINISHING = "finishing"  # Pay or Cancel pressed while a note is still moving
    PAYING = "paying"
    PRINTING = "printing"  # the fiscal document, then the slip
    DONE = "done"


class NoteAnswer(enum.Enum):
    """What became of the note the customer inserted last."""

    NONE = "none"
    STACKED = "stacked"
    NOT_RECOGNISED = "not_recognised"
    OVER_LIMIT = "over_limit"
    NOT_ACCEPTED = "not_accepted"  # inhibited denomination, session not accepting
    IN_DOUBT = "in_doubt"


class CashInSnapshot(msgspec.Struct, frozen=True):
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
    coins_ready: bool = False
    card_ready: bool = False
    card_outcome: CardOutcome | None = None  # of the payment in hand; UNKNOWN while the bank is asked
    qr_payload: str = ""  # the text of the QR to be shown
    payment_failed: bool = False  # nothing was taken by card or QR
    fiscal_ready: bool = True
    journal_ok: bool = True
    txn_id: str = ""
    outcome: PayOutcome | None = None
    receipt: Receipt | None = None
    receipt_printed: bool | None = None  # None: not known yet
    copies: int = 0  # of the slip, marked КОПИЯ, asked so far
    copies_left: int = 0
    copy_printed: bool | None = None  # the last one; None: not known yet
    settings: CashSettings | None = None  # the till's for this payment, by the rules of its day
    recovered_minor: int = 0  # inside when an earlier run fell a moment ago: its customer stands here, and sees no more


class CashSettings(msgspec.Struct, frozen=True):
    """Limits of a payment; dated rules come from the office."""

    terminal_id: str
    amount_min_minor: int = 10_00
    amount_max_minor: int = 15_000_00  # 115-ФЗ: cash without identification
    denominations_minor: frozenset[int] = NOTES_MINOR
    pay_retry_first_s: int = 5
    pay_retry_max_s: int = 900
    fiscal_required: bool = False  # a terminal with a fiscal register takes money only when it can make documents
    offline_allowed: bool = True  # money is taken while billing cannot be reached
    offline_total_max_minor: int = 100_000_00  # undelivered payments together, the one in hand included
    cassette_notes_max: int = 1_000  # a full cassette takes no note
    limit_words: str = ""  # what limits this payment, a sentence to be shown before the first note
    collection_login_required: bool = False  # a cassette taken without a login stops cash until a collector signs in
