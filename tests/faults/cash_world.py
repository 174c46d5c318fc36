"""A small world around the cashier: a validator with a cassette, a billing, a printer, a disk, and a knife.

The knife cuts (raises PowerCutError) before or after the n-th thing the cashier does to the world: a record, a verb, a
request, a slip. What the world holds survives the cut; the oracle counts notes and credits, never the cashier's books.
"""

from __future__ import annotations

import enum
import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from payment.cashier import Cashier
from payment.contract import (
    AcceptorChanged,
    AcceptorPoweredUp,
    CashierEvent,
    CashSettings,
    JournalRecord,
    Moment,
    NoteEscrowed,
    NoteMoving,
    NoteReturned,
    NoteStacked,
    PayAnswered,
    PayOutcome,
    PayRequest,
    PowerUpNote,
    Receipt,
    ReceiptPrinted,
)

SETTINGS = CashSettings(terminal_id="T1")


class PowerCutError(BaseException):
    """The lights went out. Not an Exception: nothing may catch it by accident."""


class Cut(enum.Enum):
    """What the cut takes with it."""

    CORE_KILLED = "core killed"  # the validator lives on and still has what it did not tell
    POWER_LOST = "power lost"  # the validator starts anew and says where a note lay


@dataclass
class World:
    """Everything outside the cashier."""

    cut_at: int = 0  # the step before which, or after which, the knife falls; 0: never
    cut_after: bool = False
    done: int = 0
    steps: list[str] = field(default_factory=list)
    records: list[JournalRecord] = field(default_factory=list)
    escrow_minor: int = 0
    cassette: list[int] = field(default_factory=list)
    returned: list[int] = field(default_factory=list)
    untold: deque[CashierEvent] = field(default_factory=deque)
    credits: dict[str, PayRequest] = field(default_factory=dict)
    asked: list[PayRequest] = field(default_factory=list)
    slips: list[Receipt] = field(default_factory=list)
    now_s: float = 1_000.0
    answer: PayOutcome = PayOutcome.CREDITED
    lose_answers: int = 0

    # --- the knife --------------------------------------------------------------------------------------------------

    def step(self, name: str, effect: Callable[[], None]) -> None:
        self.done += 1
        self.steps.append(name)
        due = self.done == self.cut_at
        if due and not self.cut_after:
            raise PowerCutError(name)
        effect()
        if due:
            raise PowerCutError(name)

    # --- ports ------------------------------------------------------------------------------------------------------

    def now(self) -> Moment:
        second = int(self.now_s)
        return Moment(second * 1000, self.now_s, f"202611231{second % 100_000:05d}")

    def append(self, kind: str, data: dict[str, object], on_durable: Callable[[], None]) -> None:
        def write() -> None:
            number = len(self.records) + 1
            self.records.append(
                JournalRecord(number, kind, json.loads(json.dumps(data)), self.now().wall_ms, 0, "", "", b"")
            )

        self.step(f"record {kind}", write)
        on_durable()

    def writable(self) -> bool:
        return True

    def enable(self) -> None:
        self.step("enable", lambda: None)

    def disable(self) -> None:
        self.step("disable", lambda: None)

    def hold(self) -> None:
        self.step("hold", lambda: None)

    def stack(self) -> None:
        self.step("stack", self._stack)

    def _stack(self) -> None:
        if self.escrow_minor:
            self.cassette.append(self.escrow_minor)
            self.untold.append(NoteStacked(self.escrow_minor))
            self.escrow_minor = 0

    def return_note(self) -> None:
        self.step("return", self._return)

    def _return(self) -> None:
        if self.escrow_minor:
            self.returned.append(self.escrow_minor)
            self.untold.append(NoteReturned(self.escrow_minor))
            self.escrow_minor = 0

    def pay(self, request: PayRequest) -> None:
        self.step("pay", lambda: self._pay(request))

    def _pay(self, request: PayRequest) -> None:
        self.asked.append(request)
        if self.answer is PayOutcome.CREDITED:
            known = self.credits.setdefault(request.txn_id, request)
            assert known == request, "a repeat carries the same values"
        if self.lose_answers:
            self.lose_answers -= 1
            self.untold.append(PayAnswered(request.txn_id, PayOutcome.UNKNOWN))
        else:
            self.untold.append(PayAnswered(request.txn_id, self.answer, "77"))

    def cancel(self, request: PayRequest, provider_txn: str) -> None:
        raise AssertionError("nobody ordered it")

    def print_receipt(self, receipt: Receipt) -> None:
        def paper() -> None:
            self.slips.append(receipt)
            self.untold.append(ReceiptPrinted(receipt.txn_id))

        self.step("print", paper)

    # --- life -------------------------------------------------------------------------------------------------------

    def cashier(self) -> Cashier:
        return Cashier(
            journal=self,
            acceptor=self,
            billing=self,
            printer=self,
            clock=self,
            settings=SETTINGS,
            tell=lambda snapshot: None,
            records=list(self.records),
        )

    def put_in(self, cashier: Cashier, value_minor: int) -> None:
        """The hand puts a note in and the validator draws it into escrow."""
        assert self.escrow_minor == 0
        self.escrow_minor = value_minor
        cashier.on_event(NoteMoving(True))
        self.tell(cashier, NoteEscrowed(value_minor))

    def tell(self, cashier: Cashier, event: CashierEvent) -> None:
        self.step(f"event {type(event).__name__}", lambda: cashier.on_event(event))

    def settle(self, cashier: Cashier) -> None:
        """Tells what is untold until the world is quiet."""
        while self.untold:
            self.tell(cashier, self.untold.popleft())

    def wait(self, cashier: Cashier, seconds: float) -> None:
        for _ in range(int(seconds)):
            self.now_s += 1
            cashier.on_time(self.now())
            self.settle(cashier)

    def start_again(self, cut: Cut) -> Cashier:
        """The cashier after a cut, told what the validator tells then."""
        self.now_s += 20
        kept = [event for event in self.untold if isinstance(event, NoteStacked | NoteReturned)]
        self.untold.clear()
        cashier = self.cashier()
        if cut is Cut.CORE_KILLED:
            for event in kept:
                self.tell(cashier, event)
            if self.escrow_minor:
                self.tell(cashier, NoteEscrowed(self.escrow_minor))
        else:
            self._power_up(cashier, kept)
        self.tell(cashier, AcceptorChanged(ready=True))
        self.settle(cashier)
        return cashier

    def _power_up(self, cashier: Cashier, kept: list[CashierEvent]) -> None:
        if self.escrow_minor:
            self.returned.append(self.escrow_minor)
            self.escrow_minor = 0
            self.tell(cashier, AcceptorPoweredUp(PowerUpNote.IN_VALIDATOR))
        elif any(isinstance(event, NoteStacked) for event in kept):
            self.tell(cashier, AcceptorPoweredUp(PowerUpNote.IN_STACKER))
        else:
            self.tell(cashier, AcceptorPoweredUp(PowerUpNote.NONE))
