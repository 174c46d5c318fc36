"""Ports of the payment core and the values that cross them.

The core is single-threaded and never waits: it calls a port's verb and is told the outcome by an event
(`Cashier.on_event`). The production shells (terminal_app/core), the tests and the simulator implement these ports.
Amounts are whole kopecks.
"""

from __future__ import annotations

from payment.contract.billing import BillingChanged, BillingPort, PayAnswered, PayOutcome, PayRequest
from payment.contract.card import (
    CardAnswered,
    CardOutcome,
    CardReversed,
    CardSettled,
    PinpadChanged,
    PinpadPort,
    ReversalOutcome,
)
from payment.contract.cash import (
    AcceptorChanged,
    AcceptorPort,
    AcceptorPoweredUp,
    CassetteChanged,
    CoinAccepted,
    CoinAcceptorChanged,
    CoinCounterReset,
    CoinEventsLost,
    CoinPort,
    NoteEscrowed,
    NoteMoving,
    NoteRejected,
    NoteReturned,
    NoteStacked,
    PowerUpNote,
)
from payment.contract.fiscal import (
    CoinRejected,
    CoinsRemembered,
    FiscalChanged,
    NoteEventsLost,
    FiscalDone,
    FiscalKind,
    FiscalPort,
    NotesRemembered,
    FiscalRefused,
    FiscalSale,
    FiscalUnknown,
    SaleLine,
)
from payment.contract.journal import Clock, Disk, JournalRecord, Moment
from payment.contract.order import Means, OrderLine, PaymentOrder, Purpose
from payment.contract.printing import (
    CardSlip,
    PaidLine,
    PrinterPort,
    Receipt,
    ReceiptNotPrinted,
    ReceiptPrinted,
)
from payment.contract.qr import AcquirerPort, QrAnswered, QrNotRegistered, QrRegistered, QrState
from payment.contract.visit import COINS_MINOR, NOTES_MINOR, CashInSnapshot, CashPhase, CashSettings, NoteAnswer

CashierEvent = (
    NoteEscrowed
    | NoteStacked
    | NoteReturned
    | NoteRejected
    | NoteMoving
    | AcceptorPoweredUp
    | AcceptorChanged
    | CassetteChanged
    | CoinAccepted
    | CoinEventsLost
    | CoinCounterReset
    | CoinAcceptorChanged
    | PayAnswered
    | BillingChanged
    | CardAnswered
    | CardReversed
    | CardSettled
    | PinpadChanged
    | QrRegistered
    | QrNotRegistered
    | QrAnswered
    | NotesRemembered
    | NoteEventsLost
    | FiscalDone
    | FiscalRefused
    | FiscalUnknown
    | FiscalChanged
    | CoinRejected
    | CoinsRemembered
    | ReceiptPrinted
    | ReceiptNotPrinted
)

__all__ = [
    "COINS_MINOR",
    "NOTES_MINOR",
    "AcceptorChanged",
    "AcceptorPort",
    "AcceptorPoweredUp",
    "AcquirerPort",
    "BillingChanged",
    "BillingPort",
    "CardAnswered",
    "CardOutcome",
    "CardReversed",
    "CardSettled",
    "CardSlip",
    "CashInSnapshot",
    "CashPhase",
    "CashSettings",
    "CashierEvent",
    "CassetteChanged",
    "Clock",
    "CoinAccepted",
    "CoinAcceptorChanged",
    "CoinCounterReset",
    "CoinEventsLost",
    "CoinPort",
    "Disk",
    "FiscalChanged",
    "FiscalDone",
    "FiscalKind",
    "FiscalPort",
    "FiscalRefused",
    "FiscalSale",
    "FiscalUnknown",
    "JournalRecord",
    "Means",
    "Moment",
    "NoteAnswer",
    "NoteEscrowed",
    "NoteMoving",
    "NoteRejected",
    "NoteReturned",
    "NoteStacked",
    "OrderLine",
    "PaidLine",
    "PayAnswered",
    "PayOutcome",
    "CoinRejected",
    "CoinsRemembered",
    "PayRequest",
    "PaymentOrder",
    "PinpadChanged",
    "PinpadPort",
    "PowerUpNote",
    "PrinterPort",
    "Purpose",
    "QrAnswered",
    "QrNotRegistered",
    "QrRegistered",
    "QrState",
    "Receipt",
    "ReceiptNotPrinted",
    "ReceiptPrinted",
    "ReversalOutcome",
    "NoteEventsLost",
    "SaleLine",
]
    "NotesRemembered",
