"""Runs payments: feeds the transaction, writes its records, does its effects. Single-threaded, never waits.

Effects of one event are done in order, and nothing behind a record is done before the record is durable; events that
come meanwhile queue up. Killed at any point, a new cashier over the same journal goes on where the books stand.
"""

from __future__ import annotations

import uuid
import zlib
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from msgspec.structs import replace

from payment.cassette import CassetteCount
from payment.contract import (
    AcceptorPort,
    AcquirerPort,
    BillingPort,
    CashierEvent,
    CashInSnapshot,
    CashSettings,
    Clock,
    CoinPort,
    Disk,
    FiscalPort,
    JournalRecord,
    Means,
    Moment,
    PaymentOrder,
    PinpadPort,
    PrinterPort,
    ReceiptNotPrinted,
)
from payment.day_rules import DayRules
from payment.effects import Effect, PrintReceipt, Record, Verb
from payment.hands import Hands, Ports
from payment.ledger import Place
from payment.money_rules import DatedRules
from payment.recovery import recover
from payment.rules.pay import ask_billing, pays_of
from payment.rules.receipt import slip_of
from payment.snapshot import hidden, snapshot_of
from payment.transaction import step, waits
from payment.transaction_values import (
    CollectionClosed,
    CollectionOpened,
    Context,
    CopyAsked,
    Event,
    LeavePressed,
    Paused,
    PayPressed,
    Phase,
    SettlementOpened,
    Step,
    TimePassed,
    Transaction,
    VisitClosed,
    VisitOpened,
)
from payment.work import Reaction

CUSTOMER_WAITS_MS_MAX = 120_000  # after a longer silence a recovered slip would fall into a stranger's hands
EVENTS_MAX = 1_000  # queued behind a record that is being written; more means that the disk is gone


class CashierOverrunError(Exception):
    """Events came faster than the journal could take them."""


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
        coins: CoinPort | None = None,
        pinpad: PinpadPort | None = None,
        acquirer: AcquirerPort | None = None,
        fiscal: FiscalPort | None = None,
        rules: DatedRules | None = None,
    ) -> None:
        self._journal = journal
        self._hands = Hands(Ports(acceptor, billing, printer, coins, pinpad, acquirer, fiscal))
        self._clock = clock
        self._settings = settings
        self._day_rules = DayRules(settings, rules, ((record.kind, record.data) for record in records))
        self._tell = tell
        self._takes_coins, self._shows_qr = coins is not None, acquirer is not None
        self._terminal_number = f"{zlib.crc32(settings.terminal_id.encode()) % 10_000:04d}"
        found = recover(records)
        self._books = found.books
        self._cassette = found.cassette
        self._outstanding = found.outstanding
        now = clock.now()
        self._state = _from_now(found.transaction, now.monotonic_s)
        silent_ms = now.wall_ms - records[-1].wall_ms if records else 0
        self._came_back_late = silent_ms > CUSTOMER_WAITS_MS_MAX
        self._next_order: VisitOpened | None = None
        self._events: deque[Event] = deque()
        self._effects: deque[Effect] = deque()
        self._after = self._state
        self._busy = False
        self._running = False
        self._works_to_see = False
        self._unwritten = 0
        self._stopped = False
        self._records_count = len(records)
        self._known: Context | None = None  # the last context
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

    def print_copy(self) -> None:
        """The slip of the finished payment once more, marked КОПИЯ."""
        self._take(CopyAsked())

    def pause(self) -> None:
        """Takes no note while something lies over the payment; one inside is finished."""
        self._take(Paused(on=True))

    def resume(self) -> None:
        self._take(Paused(on=False))

    def open_collection(self, collector: str, seal: str = "") -> None:
        """A collector has signed in (payment/encashment/collector.py); between customers only."""
        self._take(CollectionOpened(collector, seal))

    def close_collection(self) -> None:
        self._take(CollectionClosed())

    def settle(self) -> None:
        """Asks the bank for the totals of the day; between customers only."""
        self._take(SettlementOpened())

    def on_event(self, event: CashierEvent) -> None:
        """What a port tells."""
        self._take(event)

    def on_time(self, now: Moment) -> None:
        """About once a second: repeats of what is unanswered, ends of waits."""
        if self._unwritten and not self._journal.writable():
            self._stop_cash()
            return
        self._works_to_see = True
        if waits(self._state) or self._busy:
            self._take(TimePassed())
        else:
            self._work()

    # --- what the owner may know ------------------------------------------------------------------------------------

    @property
    def snapshot(self) -> CashInSnapshot:
        writable = self._journal.writable()
        if self._state.recovered or self._next_order is not None:
            return hidden(self._state, self._next_order, writable=writable, late=self._came_back_late)
        card_free = self._outstanding.card_free()
        return snapshot_of(self._state, self._settings, writable=writable, card_free=card_free)

    def undelivered(self) -> int:
        """Payments taken that billing has not answered for good."""
        return len(self._outstanding.pays)

    def unfiscalised(self) -> int:
        """Documents that are due and not yet made."""
        return len(self._outstanding.fiscal)

    def settled_on(self) -> str:
        """The day of the last settlement that was begun, YYYYMMDD; "" before the first."""
        return self._outstanding.day.settled_on

    def coin_counter(self) -> tuple[int, str] | None:
        """Of the coin event journaled last, and whose counter it is, to go on from; None: the journal knows none."""
        counter = self._state.coin_counter
        return None if counter is None else (counter, self._state.coin_device)

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
        """Events one by one until a record must be waited for; works go on when nothing else does."""
        while not self._busy:
            if self._events or (self._next_order is not None and self._takes_next_order(self._next_order)):
                self._after, effects = self._step(self._events.popleft())
                self._go(effects)
            elif self._works_to_see:
                self._see_works()
            else:
                return

    def _step(self, event: Event) -> Step:
        """An answer belongs to a work first; the visit is told what it came to."""
        if isinstance(event, VisitOpened):
            event, self._settings = self._day_rules.opened(event, self._clock.now().local)
            self._known = None
        context = self._context()
        reaction = self._outstanding.react(event, self._state, context)
        if reaction is None:
            return step(self._state, event, context)
        return self._told(reaction, context)

    def _told(self, reaction: Reaction, context: Context) -> Step:
        state, effects = self._state, list(reaction.effects)
        for told in reaction.told:
            state, more = step(state, told, context)
            effects += more
        return state, effects

    def _see_works(self) -> None:
        if self._outstanding.rests(self._state, self._settings):
            self._works_to_see = False
            return
        context = self._context()
        reaction = self._outstanding.due(self._state, context)
        self._works_to_see = bool(reaction.effects)
        if reaction.effects:
            self._after, effects = self._told(reaction, context)
            self._go(effects)

    def _takes_next_order(self, order: VisitOpened) -> bool:
        if self._state.phase not in (Phase.IDLE, Phase.DONE):
            return False
        if self._state.phase is Phase.DONE:  # its customer went away without a word, and the next one is here
            self._events.append(VisitClosed())
            return True
        self._events.append(order)
        self._next_order = None
        return True

    def _go(self, effects: Sequence[Effect]) -> None:
        """Most steps have no effects, and end at once."""
        if effects:
            self._begin(effects)
        else:
            self._finish_step()

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
        changed = self._after is not self._state and self._after != self._state
        self._state = self._after
        self._busy = False
        if changed:
            self._tell(self.snapshot)

    def _do(self, effect: Effect) -> None:
        if isinstance(effect, PrintReceipt) and self._state.recovered and self._came_back_late:
            gone = ReceiptNotPrinted(effect.receipt.txn_id, may_be_on_paper=False, reason="the customer is gone")
            self._events.append(gone)
        else:
            self._hands.do(effect)

    def _enter(self, record: Record) -> None:
        """A durable record changes the books, the counters and the works; nothing else does."""
        kind, data = record.kind, record.data
        self._known = None
        self._records_count += 1
        self._books.add(kind, data)
        self._cassette.add(kind, data)
        self._day_rules.add(kind, data)
        if self._outstanding.enter(kind, data, self._clock.now().monotonic_s):
            self._works_to_see = True

    def _context(self) -> Context:
        """But for clock and disk it changes only with a durable record or a visit's settings."""
        now, writable, known = self._clock.now(), self._journal.writable(), self._known
        if known is None:
            self._known = known = Context(
                now,
                self._settings,
                writable,
                self._terminal_number,
                self._records_count,
                self._takes_coins,
                self._shows_qr,
                self._outstanding.card_free(),
                self._outstanding.undelivered_minor(),
                self._cassette.count(),
            )
        elif known.now is not now or known.disk_writable is not writable:
            self._known = known = replace(known, now=now, disk_writable=writable)
        return known

    def _stop_cash(self) -> None:
        """The disk is gone under a record that is waited for: what was not decided on disk is not done."""
        if not self._stopped:
            self._stopped = True
            self._hands.do_verb(Verb.DISABLE)
            self._hands.do_verb(Verb.DISABLE_COINS)
            if Verb.STACK in self._effects or Verb.RETURN_NOTE in self._effects:
                self._hands.do_verb(Verb.RETURN_NOTE)
            self._tell(self.snapshot)

    def _go_on_after_restart(self, printed_before: bool) -> None:
        """Brings the visit that the last run left open to its end, without its customer."""
        state = self._state
        match state.phase:
            case Phase.FINISHING:
                self._take(TimePassed())
            case Phase.PAYING if state.order is not None and state.order.means is Means.CASH:
                self._pay_what_is_left(state, state.order)
            case Phase.PRINTING:
                receipt = replace(slip_of(state, self._context()), copy=printed_before)
                self._after = replace(state, receipt=receipt)
                intent = Record("receipt_intent", {"session_id": state.session_id, "txn_id": receipt.txn_id})
                self._begin([*([] if printed_before else [intent]), PrintReceipt(receipt)])
            case Phase.DONE:
                self._take(VisitClosed())

    def _pay_what_is_left(self, state: Transaction, order: PaymentOrder) -> None:
        """The lights went out between the intents of two lines."""
        asked = len(state.pays)
        left = pays_of(order, state.session_id, state.inserted_minor, self._context(), asked_already=asked)
        if left:
            self._after = replace(state, pays=(*state.pays, *left))
            self._begin(ask_billing(left))
