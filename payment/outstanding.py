"""Everything that outlives its visit: unanswered pays, card operations, QRs, the fiscal queue, the settlement. Pure.

It follows the durable records, in a run and in a recovery alike (`enter`). An answer of a port leads to records and
verbs (`react`), and so does the time (`due`); neither changes a work, only the records do. Tables: rules/card.py,
rules/qr.py, rules/move.py, rules/fiscal.py, rules/settlement.py; of a pay:

| stage | event | what is done |
|---|---|---|
| asked | CREDITED, REFUSED | `pay_result`; it is over |
| asked | UNKNOWN, the first | `pay_result` unknown: the customer is not kept waiting |
| asked | UNKNOWN | the same request again, ever slower, until billing answers |
| asked, after a restart | - | the same request again |
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from payment.contract import (
    CancelAnswered,
    CardAnswered,
    CardReversed,
    CardSettled,
    CashSettings,
    FiscalDone,
    FiscalRefused,
    FiscalUnknown,
    MoveOrdered,
    MoveWithdrawn,
    PayAnswered,
    PayOutcome,
    QrAnswered,
    QrNotRegistered,
    QrRefundAnswered,
    QrRegistered,
)
from payment.effects import Effect, SendPay
from payment.ledger import Books
from payment.rules import card as card_rules
from payment.rules import qr as qr_rules
from payment.rules.fiscal import FiscalQueue
from payment.rules.move import MoveQueue
from payment.rules.pay import pay_of, result_record
from payment.rules.settlement import CardDay
from payment.transaction_values import Context, Event, Pay, Transaction
from payment.work import Reaction, Work

PAY_ANSWER_S_MAX = 3_600.0  # one request at a time: a second one beside it says nothing new
_NOTHING = Reaction()


class PayWork(Work):
    """One credit asked of billing, as its `pay_intent` says. `told`: it has a `pay_result` already, an unknown one."""

    data: Mapping[str, Any] = {}
    told: bool = False
    patience_s: float = PAY_ANSWER_S_MAX

    @property
    def pay(self) -> Pay:
        """Made when it is asked for: of a long journal most are answered."""
        return pay_of(self.data)

    @property
    def taken_minor(self) -> int:
        taken: int = self.data["amount_minor"] + self.data["fee_minor"]
        return taken


class Outstanding:
    """Works by their keys. `now_s` None: an old record is read. `books` are those of the same journal."""

    def __init__(self, books: Books | None = None) -> None:
        self.pays: dict[str, PayWork] = {}
        self.cards: dict[str, card_rules.CardWork] = {}
        self.qrs: dict[str, qr_rules.QrWork] = {}
        self.moves = MoveQueue(books or Books())
        self.fiscal = FiscalQueue()
        self.day = CardDay()
        self._undelivered_minor = 0
        self._card_free = True

    def undelivered_minor(self) -> int:
        """Taken, and not yet answered by billing for good."""
        return self._undelivered_minor

    def card_free(self) -> bool:
        """No earlier operation waits to be asked for: a sale would hide its last result."""
        return self._card_free

    # --- records ----------------------------------------------------------------------------------------------------

    def enter(self, kind: str, data: Mapping[str, Any], now_s: float | None = None) -> bool:
        """A record is durable. True: it may have made something due."""
        handler = _RECORDS.get(kind)
        if handler is None:
            return False
        handler(self, kind, data, now_s)
        if kind == "pay_result":
            return bool(self.cards) or len(self.fiscal) > 0
        return kind not in _BEGUN

    def _pay_intent(self, kind: str, data: Mapping[str, Any], now_s: float | None) -> None:
        work = PayWork(data=data)
        if now_s is not None:
            work.asked(now_s)
        self.pays[data["txn_id"]] = work
        self._undelivered_minor += work.taken_minor
        self.fiscal.enter(kind, data, live=now_s is not None)
        if "from" in data:
            self._move_record(kind, data, now_s)
        elif data.get("means", "cash") != "cash":
            self._line_has_intent(data["session_id"], data["txn_id"])

    def _line_has_intent(self, session_id: str, txn_id: str) -> None:
        for card in self.cards.values():
            if card.session_id == session_id:
                card.lines[txn_id] = None
        for operation_id, qr in list(self.qrs.items()):
            if qr.session_id == session_id:
                qr.lines += 1
                if qr.lines >= qr.lines_due():
                    del self.qrs[operation_id]

    def _pay_result(self, kind: str, data: Mapping[str, Any], now_s: float | None) -> None:
        txn_id = data["txn_id"]
        self.fiscal.enter(kind, data, live=now_s is not None)
        if data["outcome"] == PayOutcome.REFUSED:
            self._move_record(kind, data, now_s)
        work = self.pays.get(txn_id)
        if work is None:
            return
        if data["outcome"] == PayOutcome.UNKNOWN:
            work.told = True
            return
        del self.pays[txn_id]
        self._undelivered_minor -= work.taken_minor
        if self.cards:
            self._card_line_answered(txn_id, PayOutcome(data["outcome"]))

    def _card_line_answered(self, txn_id: str, outcome: PayOutcome) -> None:
        for operation_id, card in list(self.cards.items()):
            if txn_id in card.lines:
                card.lines[txn_id] = outcome
                self._card_goes_on(operation_id, card, card_rules.stage_after_line(card))

    def _card_intent(self, kind: str, data: Mapping[str, Any], now_s: float | None) -> None:
        work = card_rules.work_of(data)
        if now_s is not None:
            work.asked(now_s)
        self.cards[work.operation_id] = work
        self._look_at_pinpad()

    def _card_record(self, kind: str, data: Mapping[str, Any], now_s: float | None) -> None:
        self.day.enter(kind, data)
        self.fiscal.enter(kind, data, live=now_s is not None)
        if kind == "card_reversed":
            self._move_record(kind, data, now_s)
        work = self.cards.get(data["operation_id"])
        if work is None:
            return
        stage = card_rules.stage_after(work, kind, data)
        self._card_goes_on(work.operation_id, work, stage)
        if kind == "card_reversal" and now_s is not None:
            work.asked(now_s)

    def _card_goes_on(self, operation_id: str, work: card_rules.CardWork, stage: card_rules.Stage | None) -> None:
        if stage is None:
            del self.cards[operation_id]
            self.fiscal.forget_sale(work.session_id)
        elif stage is not work.stage:
            work.stage = stage
            work.ask_now()
        self._look_at_pinpad()

    def _look_at_pinpad(self) -> None:
        holding = any(work.holds_the_pinpad for work in self.cards.values())
        self._card_free = not holding and self.day.settlement is None

    def _qr_record(self, kind: str, data: Mapping[str, Any], now_s: float | None) -> None:
        match kind:
            case "qr_intent":
                work = qr_rules.work_of(data)
                if now_s is not None:
                    work.asked(now_s)
                self.qrs[work.operation_id] = work
            case "qr_registered" if data["operation_id"] in self.qrs:
                shown = self.qrs[data["operation_id"]]
                shown.shown = True
                shown.ask_now()
                if now_s is not None:
                    shown.due_s = now_s + qr_rules.ASK_S
            case "qr_result" if data["state"] == "paid" and "to" not in data and data["operation_id"] in self.qrs:
                paid = self.qrs[data["operation_id"]]
                paid.paid = True
                paid.ask_now()
            case "qr_result":
                self.qrs.pop(data["operation_id"], None)

    def _move_record(self, kind: str, data: Mapping[str, Any], now_s: float | None) -> None:
        self.moves.enter(kind, data, live=now_s is not None, now_s=now_s or 0.0)

    def _fiscal_record(self, kind: str, data: Mapping[str, Any], now_s: float | None) -> None:
        self.fiscal.enter(kind, data, live=now_s is not None)
        if now_s is not None and self.fiscal.document is not None:
            self.fiscal.document.asked(now_s)

    def _settlement_record(self, kind: str, data: Mapping[str, Any], now_s: float | None) -> None:
        self.day.enter(kind, data)
        if now_s is not None and self.day.settlement is not None:
            self.day.settlement.asked(now_s)
        if kind == "settlement_done":
            stage = card_rules.stage_after_settlement(data["found"])
            for operation_id in data["waited"]:
                if operation_id in self.cards:
                    self._card_goes_on(operation_id, self.cards[operation_id], stage)
        self._look_at_pinpad()

    # --- answers ----------------------------------------------------------------------------------------------------

    def react(self, event: Event, state: Transaction, context: Context) -> Reaction | None:
        """What an answer leads to; None: the event is no answer to any work."""
        if type(event) not in _ANSWERS:
            return None
        match event:
            case PayAnswered():
                return self._pay_answered(event, context)
            case CardAnswered() | CardReversed():
                card = self.cards.get(event.operation_id)
                return _NOTHING if card is None else card_rules.react(card, event, context)
            case QrRegistered() | QrNotRegistered() | QrAnswered():
                qr = self.qrs.get(event.operation_id)
                return _NOTHING if qr is None else qr_rules.react(qr, event, state, context)
            case MoveOrdered() | MoveWithdrawn() | CancelAnswered() | QrRefundAnswered():
                return self.moves.react(event, context)
            case FiscalDone() | FiscalRefused() | FiscalUnknown():
                return self.fiscal.react(event, context)
            case CardSettled():
                return self.day.react(event, list(self.cards.values()))
            case _:
                return None

    def _pay_answered(self, answer: PayAnswered, context: Context) -> Reaction:
        work = self.pays.get(answer.txn_id)
        if work is None:
            return _NOTHING  # answered for good already: a late twin
        if answer.outcome is PayOutcome.UNKNOWN:
            settings = context.settings
            work.ask_again(context.now.monotonic_s, settings.pay_retry_first_s, settings.pay_retry_max_s)
            if work.told:
                return _NOTHING
        return Reaction([result_record(answer, work.pay)], [answer])

    # --- time -------------------------------------------------------------------------------------------------------

    def rests(self, state: Transaction, settings: CashSettings) -> bool:
        """Nothing can be due, whatever the time is."""
        works = (self.pays, self.cards, self.qrs, self.moves, self.fiscal, self.day.settlement)
        if any(works):
            return False
        return not settings.fiscal_required or self.fiscal.shift_rests(state)

    def due(self, state: Transaction, context: Context) -> Reaction:
        """What is to be asked, repeated or begun now. Pays go out together; the rest is one thing at a time."""
        now_s = context.now.monotonic_s
        effects: list[Effect] = []
        for pay in self.pays.values():
            if pay.is_due(now_s):
                pay.asked(now_s)
                effects.append(SendPay(pay.pay.request))
        if effects:
            return Reaction(effects)
        for card in self.cards.values():
            if (reaction := card_rules.due(card, context)).effects:
                return reaction
        for qr in self.qrs.values():
            if (reaction := qr_rules.due(qr, context)).effects:
                return reaction
        if self.moves:
            held = {txn_id for card in self.cards.values() for txn_id in card.lines}
            if (reaction := self.moves.due(context, held)).effects:
                return reaction
        if self.fiscal or context.settings.fiscal_required:
            effects = self.fiscal.due(state, context)
        return Reaction(effects or self.day.due(context))


_ANSWERS = frozenset(
    {
        *(PayAnswered, CardAnswered, CardReversed, CardSettled, QrRegistered, QrNotRegistered, QrAnswered),
        *(MoveOrdered, MoveWithdrawn, CancelAnswered, QrRefundAnswered, FiscalDone, FiscalRefused, FiscalUnknown),
    }
)
_BEGUN = frozenset(  # by these a work has just been sent: nothing new is due
    {"pay_intent", "card_intent", "qr_intent", "qr_registered", "fiscal_intent", "settlement_intent", "card_reversal"}
    | {"cancel_intent", "refund_intent"}
)
_RECORDS = {
    "pay_intent": Outstanding._pay_intent,
    "pay_result": Outstanding._pay_result,
    "card_intent": Outstanding._card_intent,
    "card_result": Outstanding._card_record,
    "card_review": Outstanding._card_record,
    "card_reversal": Outstanding._card_record,
    "card_reversed": Outstanding._card_record,
    "qr_intent": Outstanding._qr_record,
    "qr_registered": Outstanding._qr_record,
    "qr_result": Outstanding._qr_record,
    "fiscal_intent": Outstanding._fiscal_record,
    "fiscal_done": Outstanding._fiscal_record,
    "fiscal_refused": Outstanding._fiscal_record,
    "move_ordered": Outstanding._move_record,
    "cancel_intent": Outstanding._move_record,
    "cancel_result": Outstanding._move_record,
    "refund_intent": Outstanding._move_record,
    "moved": Outstanding._move_record,
    "move_failed": Outstanding._move_record,
    "move_withdrawn": Outstanding._move_record,
    "settlement_intent": Outstanding._settlement_record,
    "settlement_done": Outstanding._settlement_record,
}
