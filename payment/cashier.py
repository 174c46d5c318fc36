"""Runs payments: feeds the transaction, writes its records, does its effects. Single-threaded, never waits.

Effects of one event are done in order, and nothing behind a record is done before the record is durable; events that
come meanwhile queue up. Killed at any point, a new cashier over the same journal goes on where the books stand.
"""

from __future__ import annotations

import uuid
import zlib
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from msgspec.structs import replace

from payment.cassette import CassetteCount
from payment.contract import (
    AcceptorPort,
    BillingPort,
    CashierEvent,
    CashInSnapshot,
    CashPhase,
    CashSettings,
    Clock,
    Disk,
    JournalRecord,
    Moment,
    PayAnswered,
    PaymentOrder,
    PayOutcome,
    PayRequest,
    PrinterPort,
    ReceiptNotPrinted,
)
from payment.ledger import Place
from payment.limits import may_pay
from payment.recovery import recover
from payment.transaction import step
from payment.transaction_values import (
    Context,
    Effect,
    Event,
    LatePayAnswered,
    LeavePressed,
    Paused,
    PayPressed,
    Phase,
    PrintReceipt,
    Record,
    SendPay,
    TimePassed,
    Transaction,
    Verb,
    VisitClosed,
    VisitOpened,
)
from payment.visit_rules import receipt_of

CUSTOMER_WAITS_MS_MAX = 120_000  # after a longer silence a recovered slip would fall into a stranger's hands
EVENTS_MAX = 1_000  # queued behind a record that is being written; more means that the disk is gone


class CashierOverrunError(Exception):
    """Events came faster than the journal could take them."""


@dataclass(slots=True)
class _Repeat:
    """A pay request that is repeated until billing answers for good."""

    request: PayRequest
    wait_s: int
    due_s: float
    fee_minor: int = 0
    sent: bool = False
    answered: bool = False


def _from_now(state: Transaction, now_s: float) -> Transaction:
    """A recovered payment: its waits begin now, whatever the clock of the last run said."""
    escrow = None if state.escrow is None else replace(state.escrow, since_s=now_s)
    return replace(state, since_s=now_s, escrow=escrow)


class Cashier:
    """The till of one terminal."""

    def __init__(
        self,
        *,
        journal: Disk,
        acceptor: AcceptorPort,
        billing: BillingPort,
        printer: PrinterPort,
        clock: Clock,
        settings: CashSettings,
        tell: Callable[[CashInSnapshot], None],
        records: Sequence[JournalRecord] = (),
    ) -> None:
        self._journal = journal
        self._billing = billing
        self._printer = printer
        self._clock = clock
        self._settings = settings
        self._tell = tell
        self._verbs: dict[Verb, Callable[[], None]] = {
            Verb.ENABLE: acceptor.enable,
            Verb.DISABLE: acceptor.disable,
            Verb.STACK: acceptor.stack,
            Verb.RETURN_NOTE: acceptor.return_note,
        }
        found = recover(records)
        self._books = found.books
        self._cassette = found.cassette
        self._state = _from_now(found.transaction, clock.now().monotonic_s)
        silent_ms = clock.now().wall_ms - records[-1].wall_ms if records else 0
        self._came_back_late = silent_ms > CUSTOMER_WAITS_MS_MAX
        self._next_order: VisitOpened | None = None
        self._events: deque[Event] = deque()
        self._effects: deque[Effect] = deque()
        self._after = self._state
        self._busy = False
        self._running = False
        self._unwritten = 0
        self._stopped = False
        self._records_count = len(records)
        first_s = clock.now().monotonic_s
        self._repeats = {
            txn_id: _Repeat(request, settings.pay_retry_first_s, first_s)
            for txn_id, request in found.unanswered.items()
        }
        self._go_on_after_restart(found.printed_before)

    # --- verbs of the owner -----------------------------------------------------------------------------------------

    def open_visit(self, order: PaymentOrder) -> None:
        """Starts a payment; one that an earlier run left open is brought to its end first."""
        opened = VisitOpened(str(uuid.uuid4()), order)
        if self._state.phase is Phase.IDLE and not self._busy:
            self._take(opened)
        else:
            self._next_order = opened
            if not self._busy:
                self._work()

    def pay(self) -> None:
        self._take(PayPressed())

    def leave(self) -> None:
        """Nothing inside: closed. Money inside: paid to the account of the visit, never left for the next customer."""
        self._next_order = None
        self._take(LeavePressed())

    def close_visit(self) -> None:
        """The customer has seen the end of the payment."""
        self._take(VisitClosed())

    def pause(self) -> None:
        """Takes no note while something lies over the payment; one inside is finished."""
        self._take(Paused(on=True))

    def resume(self) -> None:
        self._take(Paused(on=False))

    def on_event(self, event: CashierEvent) -> None:
        """What a port tells."""
        if isinstance(event, PayAnswered):
            self._pay_answered(event)
        else:
            self._take(event)

    def on_time(self, now: Moment) -> None:
        """About once a second: repeats of unanswered pays, ends of waits."""
        for repeat in self._repeats.values():
            if not repeat.sent and now.monotonic_s >= repeat.due_s:
                repeat.sent = True
                self._billing.pay(repeat.request)
        if self._unwritten and not self._journal.writable():
            self._stop_cash()
            return
        self._take(TimePassed())

    # --- what the owner may know ------------------------------------------------------------------------------------

    @property
    def snapshot(self) -> CashInSnapshot:
        state = self._state
        if state.recovered or self._next_order is not None:  # an earlier customer's: nothing of it is shown to this one
            order = self._next_order.order if self._next_order is not None else None
            return CashInSnapshot(order=order, acceptor_fault=state.fault, journal_ok=self._journal.writable())
        payable = state.phase is Phase.ACCEPTING and may_pay(state.inserted_minor, self._settings)
        return CashInSnapshot(
            phase=CashPhase(state.phase.value),
            order=state.order,
            inserted_minor=state.inserted_minor,
            in_escrow_minor=state.escrow.value_minor if state.escrow is not None else 0,
            in_doubt_minor=state.in_doubt_minor,
            fee_minor=state.fee_minor,
            note_moving=state.moving,
            note_answer=state.answer,
            note_answers=state.answers,
            may_pay=payable,
            acceptor_ready=state.ready and self._journal.writable(),
            acceptor_fault=state.fault,
            journal_ok=self._journal.writable(),
            txn_id=state.request.txn_id if state.request is not None else "",
            outcome=state.outcome,
            receipt=state.receipt,
            receipt_printed=state.receipt_printed,
        )

    def undelivered(self) -> int:
        """Payments taken that billing has not answered for good."""
        return len(self._repeats)

    def cassette(self) -> CassetteCount:
        return self._cassette.count()

    def books(self) -> Mapping[Place, int]:
        return self._books.balances()

    # --- the loop ---------------------------------------------------------------------------------------------------

    def _take(self, event: Event) -> None:
        if len(self._events) >= EVENTS_MAX:
            raise CashierOverrunError(f"{EVENTS_MAX} events wait for the journal")
        self._events.append(event)
        if not self._busy:
            self._work()

    def _work(self) -> None:
        """Events one by one until a record must be waited for or nothing is left."""
        while not self._busy and (self._events or self._takes_next_order()):
            self._after, effects = step(self._state, self._events.popleft(), self._context())
            self._begin(effects)

    def _takes_next_order(self) -> bool:
        if self._next_order is None or self._state.phase not in (Phase.IDLE, Phase.DONE):
            return False
        if self._state.phase is Phase.DONE:  # its customer went away without a word, and the next one is here
            self._events.append(VisitClosed())
            return True
        self._events.append(self._next_order)
        self._next_order = None
        return True

    def _begin(self, effects: Sequence[Effect]) -> None:
        self._busy = True
        self._effects.extend(effects)
        self._run_effects()

    def _run_effects(self) -> None:
        self._running = True
        while self._effects:
            effect = self._effects.popleft()
            if not isinstance(effect, Record):
                self._do(effect)
                continue
            self._unwritten += 1
            self._journal.append(effect.kind, effect.data, partial(self._durable, effect))
            in_a_row = bool(self._effects) and isinstance(self._effects[0], Record)  # these share one sync
            if self._unwritten and not in_a_row:
                self._running = False
                return
        self._running = False
        self._finish_step()

    def _durable(self, record: Record) -> None:
        """A record is synced. A journal in memory calls this from within `append`."""
        self._enter(record)
        self._unwritten -= 1
        if self._unwritten == 0 and not self._running:
            self._run_effects()
            self._work()

    def _finish_step(self) -> None:
        changed = self._after != self._state
        self._state = self._after
        self._busy = False
        if changed:
            self._tell(self.snapshot)

    def _do(self, effect: Effect) -> None:
        match effect:
            case Verb():
                self._verbs[effect]()
            case SendPay(request=request):
                due_s = self._clock.now().monotonic_s + self._settings.pay_retry_first_s
                self._repeats[request.txn_id] = _Repeat(request, self._settings.pay_retry_first_s, due_s, sent=True)
                self._billing.pay(request)
            case PrintReceipt(receipt=receipt) if self._state.recovered and self._came_back_late:
                gone = ReceiptNotPrinted(receipt.txn_id, may_be_on_paper=False, reason="the customer is gone")
                self._events.append(gone)
            case PrintReceipt(receipt=receipt):
                self._printer.print_receipt(receipt)
            case Record():
                raise AssertionError("a record is written, not done")

    def _enter(self, record: Record) -> None:
        """A durable record changes the books and the counters; nothing else does."""
        self._books.add(record.kind, record.data)
        self._records_count += 1
        self._cassette.add(record.kind, record.data)
        if record.kind == "pay_result" and record.data["outcome"] != PayOutcome.UNKNOWN.value:
            self._repeats.pop(str(record.data["txn_id"]), None)

    def _context(self) -> Context:
        now = self._clock.now()
        return Context(now, self._settings, self._journal.writable(), self._next_txn_id(now))

    def _next_txn_id(self, now: Moment) -> str:
        """20 digits, never given twice by this terminal: second, terminal, and the number of the journal's record."""
        terminal = zlib.crc32(self._settings.terminal_id.encode()) % 10_000
        return f"{now.local[2:14]}{terminal:04d}{self._records_count % 10_000:04d}"

    def _stop_cash(self) -> None:
        """The disk is gone under a record that is waited for: what was not decided on disk is not done."""
        if not self._stopped:
            self._stopped = True
            self._verbs[Verb.DISABLE]()
            if Verb.STACK in self._effects:
                self._verbs[Verb.RETURN_NOTE]()
            self._tell(self.snapshot)

    # --- payments without a final answer ----------------------------------------------------------------------------

    def _pay_answered(self, answer: PayAnswered) -> None:
        repeat = self._repeats.get(answer.txn_id)
        if repeat is None or repeat.answered:
            return  # answered for good already: a late twin
        if answer.outcome is PayOutcome.UNKNOWN:
            repeat.sent = False
            repeat.due_s = self._clock.now().monotonic_s + repeat.wait_s
            repeat.wait_s = min(self._settings.pay_retry_max_s, repeat.wait_s * 2)
        else:
            repeat.answered = True
        current = self._state.request
        if current is not None and current.txn_id == answer.txn_id and self._state.phase is Phase.PAYING:
            self._take(answer)
        elif repeat.answered:
            self._take(LatePayAnswered(repeat.request, repeat.fee_minor, answer))

    def _go_on_after_restart(self, printed_before: bool) -> None:
        """Brings the visit that the last run left open to its end, without its customer."""
        state = self._state
        match state.phase:
            case Phase.FINISHING:
                self._take(TimePassed())
            case Phase.PRINTING:
                receipt = replace(receipt_of(state, self._context()), copy=printed_before)
                self._after = replace(state, receipt=receipt)
                assert state.request is not None
                intent = Record("receipt_intent", {"session_id": state.session_id, "txn_id": state.request.txn_id})
                self._begin([*([] if printed_before else [intent]), PrintReceipt(receipt)])
            case Phase.DONE:
                self._take(VisitClosed())
