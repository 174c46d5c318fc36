"""Ports of the payment core and the values that cross them.

The core is single-threaded and never waits: it calls a port's verb and is told the outcome by an event
(`Cashier.on_event`). The production shells (terminal_app/core), the tests and the simulator implement these ports.
Amounts are whole kopecks.
"""

from __future__ import annotations

from payment.contract.billing import (
    BillingChanged,
    BillingPort,
    CancelAnswered,
    CancelOutcome,
    PayAnswered,
    PayOutcome,
    PayRequest,
)
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
    CoinRejected,
    CoinsRemembered,
    NoteEscrowed,
    NoteEventsLost,
    NoteMoving,
    NoteRejected,
    NoteReturned,
    NotesRemembered,
    NoteStacked,
    PowerUpNote,
)
from payment.contract.fiscal import (
    FiscalChanged,
    FiscalDone,
    FiscalKind,
    FiscalPort,
    FiscalRefused,
    FiscalSale,
    FiscalUnknown,
    SaleLine,
)
from payment.contract.journal import Clock, Disk, JournalRecord, Moment
from payment.contract.move import CreditToCancel, MoveAct, MoveOrdered, MoveWithdrawn
from payment.contract.order import Means, OrderLine, PaymentOrder, Purpose
from payment.contract.printing import (
    CardSlip,
    PaidLine,
    PrinterPort,
    Receipt,
    ReceiptNotPrinted,
    ReceiptPrinted,
)
from payment.contract.qr import (
    AcquirerPort,
    QrAnswered,
    QrNotRegistered,
    QrRefundAnswered,
    QrRegistered,
    QrState,
)
from payment.contract.visit import COINS_MINOR, NOTES_MINOR, CashInSnapshot, CashPhase, CashSettings, NoteAnswer

CashierEvent = (
    NoteEscrowed
    | NoteStacked
    | NoteReturned
    | NoteRejected
    | NoteMoving
    | NotesRemembered
    | NoteEventsLost
    | AcceptorPoweredUp
    | AcceptorChanged
    | CassetteChanged
    | CoinAccepted
    | CoinRejected
    | CoinsRemembered
    | CoinEventsLost
    | CoinCounterReset
    | CoinAcceptorChanged
    | PayAnswered
    | CancelAnswered
    | MoveOrdered
    | MoveWithdrawn
    | BillingChanged
    | CardAnswered
    | CardReversed
    | CardSettled
    | PinpadChanged
    | QrRegistered
    | QrNotRegistered
    | QrAnswered
    | QrRefundAnswered
    | FiscalDone
    | FiscalRefused
    | FiscalUnknown
    | FiscalChanged
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
    "CancelAnswered",
    "CancelOutcome",
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
    "CoinRejected",
    "CoinsRemembered",
    "CreditToCancel",
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
    "MoveAct",
    "MoveOrdered",
    "MoveWithdrawn",
    "NoteAnswer",
    "NoteEscrowed",
    "NoteEventsLost",
    "NoteMoving",
    "NoteRejected",
    "NoteReturned",
    "NoteStacked",
    "NotesRemembered",
    "OrderLine",
    "PaidLine",
    "PayAnswered",
    "PayOutcome",
    "PayRequest",
    "PaymentOrder",
    "PinpadChanged",
    "PinpadPort",
    "PowerUpNote",
    "PrinterPort",
    "Purpose",
    "QrAnswered",
    "QrNotRegistered",
    "QrRefundAnswered",
    "QrRegistered",
    "QrState",
    "Receipt",
    "ReceiptNotPrinted",
    "ReceiptPrinted",
    "ReversalOutcome",
    "SaleLine",
]
