"""ccTalk host session of a coin acceptor: pure, single-threaded, told the time. Driven by `pump`.

Source: ccTalk paper, "Start-up", "Event buffer". A coin has no way back: its event is the credit point, told with the
device's counter. `resume` gives the counter of the last coin on record; without it what the buffer holds at the start
is only remembered. Whether events are to be believed: `counter.py`.
"""

from __future__ import annotations

from device_drivers.cctalk import messages, troubles
from device_drivers.cctalk.counter import Counter
from device_drivers.cctalk.events import Event
from device_drivers.cctalk.exchange import Answered, Exchange, NoAnswer, Outcome, Request
from device_drivers.cctalk.frames import COIN_ACCEPTOR, Form
from device_drivers.cctalk.messages import EVENTS_SIZE, Header
from device_drivers.cctalk.start import ACK_ONLY, SELF_CHECK, Settings, Start
from device_drivers.contract.cash import UNKNOWN_CASH_ITEM, CashItem
from device_drivers.contract.coin_acceptor import (
    CoinAccepted,
    CoinAcceptorEvent,
    CoinCounterReset,
    CoinEventsLost,
    CoinItemsKnown,
    CoinsRemembered,
)
from device_drivers.contract.status import DeviceState, Fault, Identified, StatusChanged
from device_drivers.status_teller import StatusTeller

POLL_FAST_S = 0.1  # while coins are accepted; the five events of the buffer need not even half a second
POLL_SLOW_S = 0.2  # a device that is not polled inhibits itself
POLL_LINK_DOWN_S = 1.0
SILENCE_ALLOWED_S = 5.0
SELF_CHECK_S = 5.0  # while there is a trouble
FRAUD_S = 2.0
START_S_MAX = 60.0

READ_EVENTS = Request(Header.READ_COIN_EVENTS, sizes=frozenset({EVENTS_SIZE}))
RESET = Request(Header.RESET, sizes=ACK_ONLY)
_LIFE_SIGNS = (Header.SIMPLE_POLL, Header.READ_COIN_EVENTS)


class CctalkCoinSession:
    """The host's side of one coin acceptor. Implements `Session` and the verbs of `CoinAcceptor`."""

    def __init__(self, form: Form, address: int = COIN_ACCEPTOR) -> None:
        self._exchange = Exchange(form, address)
        self._counter = Counter()
        self._status = StatusTeller()
        self._events: list[CoinAcceptorEvent] = []
        self._wanted: frozenset[CashItem] = frozenset()
        self._named: dict[int, CashItem] = {}  # the ids read last; they outlive a broken link
        self._untold: list[Event] = []  # what came before the ids are read, or the past is told
        self._past: tuple[Event, ...] | None = None  # what a buffer held that nobody had a counter for
        self._unknown_kind: int | None = None
        self._reset_wanted = False
        self._trouble: StatusChanged | None = None
        self._trouble_since_s = 0.0
        self._told_identity: Identified | None = None
        self._told_items: CoinItemsKnown | None = None
        self._now_s = 0.0
        self._heard_s: float | None = None
        self._next_poll_s = 0.0
        self._begin()

    def _begin(self) -> None:
        """Nothing is known of the device but its counter."""
        self._start = Start(Header.COIN_ID)
        self._settings = Settings(escrow=False)
        self._table: dict[int, CashItem] | None = None
        self._began_s: float | None = None
        self._self_check_s = 0.0

    # --- verbs -----------------------------------------------------------------------------------------------------

    def enable(self, cash_items: frozenset[CashItem]) -> None:
        """Accept these coins; remembered over resets."""
        self._wanted = cash_items

    def disable(self) -> None:
        """Accept nothing more."""
        self._wanted = frozenset()

    def resume(self, counter: int, serial: str = "") -> None:
        """The counter of the last coin on record, and the device that counted it."""
        assert self._counter.known is None, "the device is already being read"
        assert 0 <= counter <= 255
        self._counter = Counter(counter, serial)

    def reset(self) -> None:
        """Restart the device; its counter begins anew."""
        self._reset_wanted = True

    # --- session ---------------------------------------------------------------------------------------------------

    def bytes_to_send(self, now_s: float) -> bytes:
        """What goes on the wire now."""
        self._now_s = now_s
        if self._exchange.free and (request := self._next_request(now_s)) is not None:
            self._exchange.start(request)
        return self._exchange.bytes_to_send(now_s)

    def receive(self, chunk: bytes, now_s: float) -> None:
        """Bytes came, or time passed."""
        self._now_s = now_s
        for outcome in self._exchange.receive(chunk, now_s):
            self._conclude(outcome, now_s)
        if self._is_fraud() and now_s >= self._trouble_since_s + FRAUD_S:
            self._trouble = None
        self._finish_start()
        self._tell_status(now_s)

    def take_events(self) -> list[CoinAcceptorEvent]:
        """Events since the last call, oldest first."""
        taken, self._events = self._events, []
        return taken

    def wakes_at_s(self) -> float:
        """When to send, to repeat or to give up next."""
        if not self._exchange.free or self._command(self._now_s) is not None:
            return self._exchange.wakes_at_s()
        return self._next_poll_s

    def line_lost(self, now_s: float) -> None:
        """The port is gone; begin anew when there is one again."""
        self._exchange.abandon()
        self._lose_link(Fault.LINE_LOST, now_s, retry_s=0.0)

    # --- what to say next ------------------------------------------------------------------------------------------

    def _next_request(self, now_s: float) -> Request | None:
        self._began_s = now_s if self._began_s is None else self._began_s
        if self._start.present and now_s >= self._next_poll_s:
            self._next_poll_s = now_s + (POLL_FAST_S if self._wanted else POLL_SLOW_S)
            return self._counter.question() or READ_EVENTS
        request = self._command(now_s)
        if request is None:
            return None
        if request.header is Header.SELF_CHECK:
            self._self_check_s = now_s + SELF_CHECK_S
        elif self._settings.owns(request):
            self._settings.sent(request, now_s)
            if request.header is Header.INHIBIT_MASK:
                self._counter.mask_forgotten()
        return request

    def _command(self, now_s: float) -> Request | None:
        """What is to be said beside reading events."""
        if not self._start.present:
            return self._start.next_request() if now_s >= self._next_poll_s else None
        if self._counter.known is None:
            return None
        if self._reset_wanted:
            return RESET
        if (setting := self._settings.next_request(self._accepted(), now_s)) is not None:
            return setting
        if self._table is None:
            return self._start.next_request()
        return SELF_CHECK if self._trouble is not None and now_s >= self._self_check_s else None

    def _accepted(self) -> frozenset[int] | None:
        """None: nothing may be accepted, whatever is wanted."""
        if self._table is None or self._trouble is not None:
            return None
        return frozenset(kind for kind, item in self._table.items() if item in self._wanted)

    # --- what was heard --------------------------------------------------------------------------------------------

    def _conclude(self, outcome: Outcome, now_s: float) -> None:
        request = outcome.request
        if request.header is not Header.GET_INHIBIT_MASK and not (isinstance(outcome, Answered) and outcome.tries == 1):
            self._counter.missed()
        if isinstance(outcome, Answered):
            self._heard_s = now_s
            self._answered(request, outcome.data, now_s)
            return
        if request.header is Header.GET_INHIBIT_MASK:
            self._counter.not_answered()
        elif self._start.owns(request):
            self._start.failed(request)
        if isinstance(outcome, NoAnswer):
            silent_s = now_s - self._heard_s if self._heard_s is not None else SILENCE_ALLOWED_S
            if silent_s >= SILENCE_ALLOWED_S or (outcome.heard and request.header in _LIFE_SIGNS):
                self._lose_link(Fault.NO_ANSWER, now_s, retry_s=POLL_LINK_DOWN_S)

    def _answered(self, request: Request, data: bytes, now_s: float) -> None:
        if request.header is Header.READ_COIN_EVENTS:
            self._events_read(data, now_s)
        elif request.header is Header.GET_INHIBIT_MASK:
            if self._counter.answered(data):
                self._was_reset(now_s)
        elif request.header is Header.RESET:
            self._reset_wanted = False
            self._counter.mask_forgotten()
            self._restart(now_s)
        elif request.header is Header.SELF_CHECK:
            self._self_checked(data[0], now_s)
            if self._start.owns(request):
                self._start.answered(request, data)
        elif self._settings.owns(request):
            self._settings.taken(request)
            if request.header is Header.INHIBIT_MASK:
                self._counter.mask_taken(request.data)
        else:
            self._start.answered(request, data)
            if request.header is Header.SERIAL_NUMBER:
                self._counter.belongs_to(self._start.serial)

    def _events_read(self, data: bytes, now_s: float) -> None:
        if self._counter.question() is not None:
            return  # read again once it is known whether the device was reset
        first = self._counter.known is None
        news = self._counter.read(messages.decode_events(data))
        if first:
            self._past = self._counter.found
        elif news.reset:
            self._was_reset(now_s)
        if news.lost:
            self._events.append(CoinEventsLost(news.lost))
        for event in news.events:
            self._happened(event, now_s)

    def _was_reset(self, now_s: float) -> None:
        self._events.append(CoinCounterReset())
        self._restart(now_s)

    def _restart(self, now_s: float) -> None:
        self._begin()
        self._began_s, self._trouble = now_s, None
        self._start.answered(Request(Header.SIMPLE_POLL), b"")

    def _happened(self, event: Event, now_s: float) -> None:
        if event.first:
            item = (self._table or self._named).get(event.first)
            if item is None and self._table is None:
                self._untold.append(event)  # at most what one start brings; a device at its start accepts nothing
            else:
                self._tell_coin(event, item)
            return
        if (trouble := troubles.coin_trouble(event.second)) is not None:
            self._set_trouble(trouble, now_s)
        if event.second and self._past is not None:
            self._untold.append(event)  # the past is told first: counting goes on from it
        elif event.second:
            self._events.append(troubles.coin_rejection(event.second, event.counter))

    def _tell_coin(self, event: Event, item: CashItem | None) -> None:
        if item is None:
            self._unknown_kind = event.first
        self._events.append(CoinAccepted(item or UNKNOWN_CASH_ITEM, event.counter))

    def _self_checked(self, code: int, now_s: float) -> None:
        found = troubles.self_check_trouble(code)
        if found is not None and self._trouble is not None and self._trouble.fault is not Fault.FAILED:
            return  # the event has said it better
        if not (found is None and self._is_fraud()):
            self._set_trouble(found, now_s)

    def _set_trouble(self, trouble: StatusChanged | None, now_s: float) -> None:
        if trouble is not None and self._trouble is None:
            self._self_check_s = now_s + SELF_CHECK_S
        self._trouble, self._trouble_since_s = trouble, now_s

    def _is_fraud(self) -> bool:
        return self._trouble is not None and self._trouble.fault is Fault.CHEATED

    # --- what is told ----------------------------------------------------------------------------------------------

    def _finish_start(self) -> None:
        """All is asked."""
        if self._table is not None or self._counter.known is None:
            return
        if not self._start.present or self._start.next_request() is not None:
            return
        identity = self._start.identity()
        if identity != self._told_identity:
            self._told_identity = identity
            self._events.append(identity)
        self._table = self._named = self._start.table()
        known = CoinItemsKnown(tuple(sorted(set(self._table.values()))))
        if known != self._told_items:
            self._told_items = known
            self._events.append(known)
        self._tell_past(self._table)
        untold, self._untold = self._untold, []
        for event in untold:
            if event.first:
                self._tell_coin(event, self._table.get(event.first))
            else:
                self._events.append(troubles.coin_rejection(event.second, event.counter))

    def _tell_past(self, table: dict[int, CashItem]) -> None:
        if self._past is None:
            return
        past, self._past = self._past, None
        items = tuple(table[event.first] for event in reversed(past) if event.first in table)
        self._events.append(CoinsRemembered(items, past[-1].counter if past else 0))

    def _tell_status(self, now_s: float) -> None:
        if not self._start.present:
            return
        if self._unknown_kind is not None:
            detail = f"coin type {self._unknown_kind} was credited, which has no id"
            status = StatusChanged(DeviceState.HARDWARE_ERROR, Fault.FAILED, detail)
        elif self._trouble is not None:
            status = self._trouble
        elif self._table is not None:
            status = StatusChanged(DeviceState.ONLINE)
        elif self._began_s is not None and now_s >= self._began_s + START_S_MAX:
            status = StatusChanged(DeviceState.HARDWARE_ERROR, Fault.FAILED, "the start does not end")
        else:
            status = StatusChanged(DeviceState.DEVICE_BUSY, Fault.STARTING)
        self._events += self._status.tell(status)

    def _lose_link(self, fault: Fault, now_s: float, retry_s: float) -> None:
        self._begin()
        self._counter.missed()
        self._next_poll_s = now_s + retry_s
        self._events += self._status.tell(StatusChanged(DeviceState.OFFLINE, fault))
