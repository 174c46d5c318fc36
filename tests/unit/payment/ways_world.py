"""A cashier with every device: far ends that remember what they did and answer when the test lets them.

What a far end does (a charge, a credit, a document) outlives the cashier; its answers do not. `lost` makes the next
answers of a port vanish into UNKNOWN after the deed is done.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from payment.cashier import Cashier
from payment.contract import (
    AcceptorChanged,
    CancelAnswered,
    CancelOutcome,
    CardAnswered,
    CardOutcome,
    CardReversed,
    CardSettled,
    CashierEvent,
    CashSettings,
    CoinAcceptorChanged,
    FiscalChanged,
    FiscalDone,
    FiscalRefused,
    FiscalSale,
    FiscalUnknown,
    JournalRecord,
    PayAnswered,
    PayOutcome,
    PayRequest,
    PinpadChanged,
    QrAnswered,
    QrNotRegistered,
    QrRefundAnswered,
    QrRegistered,
    QrState,
    Receipt,
    ReceiptPrinted,
    ReversalOutcome,
)
from tests.unit.payment.till_world import TillWorld

SETTINGS = CashSettings(terminal_id="17", fiscal_required=True)
READY_REGISTER = FiscalChanged(ready=True, shift_open=True)


@dataclass
class Coins:
    log: list[str]

    def enable(self) -> None:
        self.log.append("COINS ON")

    def disable(self) -> None:
        self.log.append("COINS OFF")


@dataclass
class Bank:
    """The pinpad and the host behind it."""

    world: WaysWorld
    says: CardOutcome = CardOutcome.APPROVED
    reversal: ReversalOutcome = ReversalOutcome.DONE
    charges: dict[str, int] = field(default_factory=dict)
    lost: int = 0
    amount_off: int = 0

    def authorize(self, operation_id: str, amount_minor: int) -> None:
        self.world.log.append("AUTHORIZE")
        if self.says is CardOutcome.APPROVED:
            self.charges[operation_id] = amount_minor + self.amount_off
        self._answer(operation_id)

    def last_result(self, operation_id: str) -> None:
        self.world.log.append("LAST RESULT")
        self._answer(operation_id)

    def reverse(self, operation_id: str, amount_minor: int) -> None:
        self.world.log.append("REVERSE")
        if self.reversal is ReversalOutcome.DONE:
            self.charges.pop(operation_id, None)
        self.world.answers.append(CardReversed(operation_id, self.reversal))

    def settle(self, settlement_id: str) -> None:
        self.world.log.append("SETTLE")
        told = CardSettled(settlement_id, True, len(self.charges), sum(self.charges.values()))
        self.world.answers.append(told)

    def _answer(self, operation_id: str) -> None:
        if self.lost:
            self.lost -= 1
            self.world.answers.append(CardAnswered(operation_id, CardOutcome.UNKNOWN, reason="no link"))
        elif operation_id in self.charges:
            charged = self.charges[operation_id]
            self.world.answers.append(
                CardAnswered(
                    operation_id, CardOutcome.APPROVED, charged, "123456789012", "A1B2C3", "220070******1234", "T1"
                )
            )
        else:
            self.world.answers.append(CardAnswered(operation_id, CardOutcome.DECLINED))


@dataclass
class Acquirer:
    world: WaysWorld
    refuses: bool = False
    refunds: bool | None = True  # None: nobody can tell
    states: dict[str, QrAnswered] = field(default_factory=dict)

    def register(self, operation_id: str, amount_minor: int, account: str) -> None:
        self.world.log.append("REGISTER")
        if self.refuses:
            self.world.answers.append(QrNotRegistered(operation_id, "no link"))
            return
        self.states[operation_id] = QrAnswered(operation_id, QrState.NEW)
        self.world.answers.append(QrRegistered(operation_id, f"AD{operation_id}", f"https://qr.nspk.ru/{operation_id}"))

    def ask(self, operation_id: str) -> None:
        self.world.log.append("ASK QR")
        self.world.answers.append(self.states.get(operation_id, QrAnswered(operation_id, QrState.UNKNOWN)))

    def cancel(self, operation_id: str) -> None:
        self.world.log.append("CANCEL QR")

    def refund(self, operation_id: str, amount_minor: int) -> None:
        self.world.log.append("REFUND QR")
        if self.refunds is not None:
            done = self.refunds and self.states[operation_id].amount_minor == amount_minor
            if done:
                self.states[operation_id] = QrAnswered(operation_id, QrState.REFUNDED, amount_minor, "B1")
            self.world.answers.append(QrRefundAnswered(operation_id, done, "" if done else "forbidden"))
        else:
            self.world.answers.append(QrRefundAnswered(operation_id, None))

    def pay(self, amount_minor: int) -> None:
        """The customer pays the newest QR in his bank's program."""
        operation_id = list(self.states)[-1]
        self.states[operation_id] = QrAnswered(operation_id, QrState.PAID, amount_minor, "B1")

    def ends(self, state: QrState) -> None:
        operation_id = list(self.states)[-1]
        self.states[operation_id] = QrAnswered(operation_id, state)


@dataclass
class Register:
    """The fiscal register: `documents` is its drive."""

    world: WaysWorld
    documents: dict[str, FiscalSale] = field(default_factory=dict)
    lost: int = 0
    absent: int = 0  # so many documents do not come into being, and nobody can tell
    refuses: bool = False

    def fiscalise(self, document: FiscalSale) -> None:
        self.world.log.append("FISCALISE")
        assert document.fiscal_id not in self.documents, "a second document"
        if self.refuses:
            self.world.answers.append(FiscalRefused(document.fiscal_id, "bad tag", final=True))
            return
        if self.absent:
            self.absent -= 1
            self.world.answers.append(FiscalUnknown(document.fiscal_id))
            return
        self.documents[document.fiscal_id] = document
        if self.lost:
            self.lost -= 1
            self.world.answers.append(FiscalUnknown(document.fiscal_id))
        else:
            self.world.answers.append(self._done(document.fiscal_id))

    def ask(self, fiscal_id: str) -> None:
        self.world.log.append("ASK FISCAL")
        if fiscal_id in self.documents:
            self.world.answers.append(self._done(fiscal_id))
        else:
            self.world.answers.append(FiscalRefused(fiscal_id, "absent", final=False))

    def open_shift(self) -> None:
        self.world.log.append("OPEN SHIFT")

    def close_shift(self) -> None:
        self.world.log.append("CLOSE SHIFT")

    def _done(self, fiscal_id: str) -> FiscalDone:
        number = list(self.documents).index(fiscal_id) + 1
        return FiscalDone(fiscal_id, "9999078900000001", number, 3829112233, "202611231412", 7, number)


@dataclass
class WaysWorld(TillWorld):
    """`answers` wait until `settle`; billing answers `billing`, a list of outcomes for the next requests first."""

    settings: CashSettings = field(default_factory=lambda: SETTINGS)
    answers: deque[CashierEvent] = field(default_factory=deque)
    credits: dict[str, PayRequest] = field(default_factory=dict)
    billing: PayOutcome = PayOutcome.CREDITED
    next_outcomes: list[PayOutcome] = field(default_factory=list)
    cancelled: dict[str, PayRequest] = field(default_factory=dict)
    cancel_says: list[CancelOutcome] = field(default_factory=list)  # to the next cancels; then it is true

    def __post_init__(self) -> None:
        self.coins = Coins(self.log)
        self.bank = Bank(self)
        self.acquirer = Acquirer(self)
        self.register = Register(self)

    def cashier(self, *, ready: bool = True, records: Sequence[JournalRecord] = ()) -> Cashier:
        cashier = Cashier(
            journal=self,
            acceptor=self,
            billing=self,
            printer=self,
            clock=self,
            settings=self.settings,
            tell=self.told.append,
            records=list(records),
            coins=self.coins,
            pinpad=self.bank,
            acquirer=self.acquirer,
            fiscal=self.register,
        )
        if ready:
            for event in (
                AcceptorChanged(ready=True),
                CoinAcceptorChanged(ready=True),
                PinpadChanged(ready=True),
                READY_REGISTER,
            ):
                cashier.on_event(event)
        return cashier

    def pay(self, request: PayRequest) -> None:
        super().pay(request)
        outcome = self.next_outcomes.pop(0) if self.next_outcomes else self.billing
        if outcome is PayOutcome.CREDITED:
            assert self.credits.setdefault(request.txn_id, request) == request, "a repeat carries the same values"
        self.answers.append(PayAnswered(request.txn_id, outcome, "77"))

    def cancel(self, request: PayRequest, provider_txn: str) -> None:
        super().cancel(request, provider_txn)
        outcome = self.cancel_says.pop(0) if self.cancel_says else CancelOutcome.CANCELLED
        if outcome is not CancelOutcome.REFUSED and request.txn_id in self.credits:
            self.cancelled[request.txn_id] = self.credits.pop(request.txn_id)
        self.answers.append(CancelAnswered(request.txn_id, outcome, comment="как просили"))

    def print_receipt(self, receipt: Receipt) -> None:
        super().print_receipt(receipt)
        self.answers.append(ReceiptPrinted(receipt.txn_id))

    def settle(self, cashier: Cashier, seconds: int = 0) -> None:
        """Tells every answer; then lets time pass, telling those it brings."""
        for second in range(seconds + 1):
            if second:
                self.now_s += 1
                cashier.on_time(self.now())
            while self.answers:
                cashier.on_event(self.answers.popleft())

    def restarted(self, *, seconds: int = 20) -> Cashier:
        """The lights go out and come back: what the far ends did stays, their answers are gone."""
        self.answers.clear()
        self.unsynced.clear()
        self.now_s += seconds
        return self.cashier(records=self.records)

    def credited(self) -> dict[str, int]:
        """By account."""
        sums: dict[str, int] = {}
        for request in self.credits.values():
            sums[request.account] = sums.get(request.account, 0) + request.amount_minor
        return sums
