"""ccTalk host session of a bill validator: pure, single-threaded, told the time. Driven by `pump`.

Source: ccTalk paper, "Start-up", "Event buffer", "Route bill".

- Start: simple poll, identity, events (their counter is kept), ids and scalings; then escrow mode, mask, master
  inhibit. Events are read all the while.
- Events in the buffer at a start that knows no counter were perhaps told before: `NotesRemembered`. A note found in
  escrow then is given back, and so is one whose order had not left when the link broke.
- What events mean: `bill_path.py`. Whether they are to be believed: `counter.py`.
"""

from __future__ import annotations

from device_drivers.cctalk import messages
from device_drivers.cctalk.bill_path import BillPath
from device_drivers.cctalk.counter import Counter
from device_drivers.cctalk.exchange import Answered, Exchange, NoAnswer, Outcome, Request
from device_drivers.cctalk.frames import BILL_VALIDATOR, Form
from device_drivers.cctalk.messages import EVENTS_SIZE, ROUTE_HOLD, ROUTE_RETURN, ROUTE_STACK, Header
from device_drivers.cctalk.start import ACK_ONLY, SELF_CHECK, Settings, Start
from device_drivers.contract.bill_validator import BillValidatorEvent, NotesRemembered
from device_drivers.contract.cash import CashItem
from device_drivers.contract.status import DeviceState, Fault, Identified, StatusChanged
from device_drivers.note_teller import Order
from device_drivers.status_teller import StatusTeller

POLL_FAST_S = 0.1  # while the device is enabled or a note is inside
POLL_SLOW_S = 0.2  # a device that is not polled inhibits itself
POLL_LINK_DOWN_S = 1.0
SILENCE_ALLOWED_S = 5.0
ORDER_REPEAT_S = 1.0
POWER_UP_S = 4.0  # what a device does with a note at its start is done by then
START_S_MAX = 60.0
ESCROW_WAKE_S = 0.002
SELF_CHECK_S = 5.0  # while there is a trouble

READ_EVENTS = Request(Header.READ_BILL_EVENTS, sizes=frozenset({EVENTS_SIZE}))
RESET = Request(Header.RESET, sizes=ACK_ONLY)

_ROUTE_OF = {Order.STACK: ROUTE_STACK, Order.RETURN: ROUTE_RETURN}
_ORDER_OF = {route: order for order, route in _ROUTE_OF.items()}
_LIFE_SIGNS = (Header.SIMPLE_POLL, Header.READ_BILL_EVENTS)


class CctalkBillSession:
    """The host's side of one bill validator. Implements `Session` and the verbs of `BillValidator`."""

    def __init__(self, form: Form, address: int = BILL_VALIDATOR) -> None:
        self._exchange = Exchange(form, address)
        self._path = BillPath()
        self._teller = self._path.teller
        self._counter = Counter()
        self._status = StatusTeller()
        self._events: list[BillValidatorEvent] = []
        self._wanted: frozenset[CashItem] = frozenset()
        self._reset_wanted = False
        self._resetting = False
        self._hold_wanted = False
        self._past: tuple[int, ...] = ()  # types stacked before this session began
        self._told_identity: Identified | None = None
        self._now_s = 0.0
        self._heard_s: float | None = None
        self._next_poll_s = 0.0
        self._begin()

    def _begin(self) -> None:
        """Nothing is known of the device but its counter."""
        self._start = Start(Header.BILL_ID)
        self._settings = Settings(escrow=True)
        self._teller.table_forgotten()
        self._began_s: float | None = None
        self._ready_s = 0.0
        self._self_check_s = 0.0
        self._route_again_s = 0.0

    # --- verbs -----------------------------------------------------------------------------------------------------

    def enable(self, cash_items: frozenset[CashItem]) -> None:
        """Accept these denominations into escrow; remembered over resets."""
        self._wanted = cash_items

    def disable(self) -> None:
        """Accept nothing more; a note already inside is finished as usual."""
        self._wanted = frozenset()

    def stack(self) -> None:
        """Take the note in escrow into the cassette."""
        if self._teller.table is not None:
            self._teller.give_order(Order.STACK)

    def return_note(self) -> None:
        """Give the note in escrow back."""
        if self._teller.table is not None:
            self._teller.give_order(Order.RETURN)

    def hold(self) -> None:
        """Keep the note in escrow about ten seconds more."""
        self._hold_wanted = self._teller.table is not None and self._teller.may_hold()

    def reset(self) -> None:
        """Restart the device as soon as no note is on its way."""
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
        self._path.time_passed(now_s)
        self._finish_start(now_s)
        self._events += self._path.take_events()
        self._tell_status(now_s)

    def take_events(self) -> list[BillValidatorEvent]:
        """Events since the last call, oldest first."""
        taken, self._events = self._events, []
        return taken

    def wakes_at_s(self) -> float:
        """When to send, to repeat or to give up next."""
        if not self._exchange.free or self._command(self._now_s) is not None:
            return self._exchange.wakes_at_s()
        if self._teller.note is not None:
            return min(self._next_poll_s, self._now_s + ESCROW_WAKE_S)
        return self._next_poll_s

    def line_lost(self, now_s: float) -> None:
        """The port is gone; begin anew when there is one again."""
        self._exchange.abandon()
        self._lose_link(Fault.LINE_LOST, now_s, retry_s=0.0)

    # --- what to say next ------------------------------------------------------------------------------------------

    def _next_request(self, now_s: float) -> Request | None:
        self._began_s = now_s if self._began_s is None else self._began_s
        if self._start.present and now_s >= self._next_poll_s:
            self._next_poll_s = now_s + self._poll_period_s()
            return self._counter.question() or READ_EVENTS
        request = self._command(now_s)
        if request is None:
            return None
        if request.header is Header.ROUTE_BILL:
            self._route_again_s = now_s + ORDER_REPEAT_S
            if request.data[0] == ROUTE_HOLD:
                self._hold_wanted = False
            else:
                self._teller.give_order(_ORDER_OF[request.data[0]])  # ours, where nobody could decide
                self._teller.order_sent(now_s)
        elif request.header is Header.SELF_CHECK:
            self._self_check_s = now_s + SELF_CHECK_S
        elif self._settings.owns(request):
            self._settings.sent(request, now_s)
            if request.header is Header.INHIBIT_MASK:
                self._counter.mask_forgotten()
        return request

    def _poll_period_s(self) -> float:
        return POLL_FAST_S if self._wanted or self._teller.note is not None else POLL_SLOW_S

    def _command(self, now_s: float) -> Request | None:
        """What is to be said beside reading events."""
        if not self._start.present:
            return self._start.next_request() if now_s >= self._next_poll_s else None
        if self._counter.known is None:
            return None
        setting = self._settings.next_request(self._accepted(), now_s)
        if self._teller.note is not None:
            return self._route(now_s) or setting
        if self._reset_wanted:
            return RESET
        if setting is not None:
            return setting
        if self._teller.table is None:
            return self._start.next_request()
        return SELF_CHECK if self._path.trouble is not None and now_s >= self._self_check_s else None

    def _route(self, now_s: float) -> Request | None:
        """The order for the note inside, again and again until its end is told."""
        note, table = self._teller.note, self._teller.table
        assert note is not None
        order = note.order
        if not note.told_to_stack and (table is None or note.kind not in table):
            order = Order.RETURN
        if order is None:
            return _routed(ROUTE_HOLD) if self._hold_wanted else None
        due = note.order_sent_s is None or now_s >= self._route_again_s
        return _routed(_ROUTE_OF[order]) if due else None

    def _accepted(self) -> frozenset[int] | None:
        """None: nothing may be accepted, whatever is wanted."""
        return None if self._path.trouble is not None else self._teller.kinds_of(self._wanted)

    # --- what was heard --------------------------------------------------------------------------------------------

    def _conclude(self, outcome: Outcome, now_s: float) -> None:
        request = outcome.request
        if request.header is not Header.GET_INHIBIT_MASK and not (isinstance(outcome, Answered) and outcome.tries == 1):
            self._counter.missed()
            if self._counter.question() is None:  # no mask to tell a reset by: the escrow may be off again
                self._settings.doubted()
        if isinstance(outcome, Answered):
            self._heard_s = now_s
            self._answered(outcome, now_s)
            return
        if request.header is Header.GET_INHIBIT_MASK:
            self._counter.not_answered()
        elif self._start.owns(request):
            self._start.failed(request)
        if isinstance(outcome, NoAnswer):
            silent_s = now_s - self._heard_s if self._heard_s is not None else SILENCE_ALLOWED_S
            if silent_s >= SILENCE_ALLOWED_S or (outcome.heard and request.header in _LIFE_SIGNS):
                self._lose_link(Fault.NO_ANSWER, now_s, retry_s=POLL_LINK_DOWN_S)

    def _answered(self, outcome: Answered, now_s: float) -> None:
        request, data = outcome.request, outcome.data
        if request.header is Header.READ_BILL_EVENTS:
            self._events_read(outcome, now_s)
        elif request.header is Header.GET_INHIBIT_MASK:
            if self._counter.answered(data):
                self._powered_up(now_s)
        elif request.header is Header.RESET:
            self._reset_wanted, self._resetting = False, True
            self._counter.mask_forgotten()
            self._restart(now_s)
        elif request.header is Header.SELF_CHECK:
            self._path.self_checked(data[0], now_s)
            if self._start.owns(request):
                self._start.answered(request, data)
        elif self._settings.owns(request):
            self._settings.taken(request)
            if request.header is Header.INHIBIT_MASK:
                self._counter.mask_taken(request.data)
        else:
            self._start.answered(request, data)
            if request.header is Header.SERIAL_NUMBER and not self._counter.belongs_to(self._start.serial):
                self._path.powered_up(by_us=True)  # whatever lay in the other device, this one cannot tell

    def _events_read(self, outcome: Answered, now_s: float) -> None:
        if self._counter.question() is not None:
            return  # read again once it is known whether the device was reset
        first = self._counter.known is None
        news = self._counter.read(messages.decode_events(outcome.data))
        if first:
            self._past = self._path.found(self._counter.found)
        if news.reset:
            self._powered_up(now_s)
        self._path.heard(news, now_s)

    def _powered_up(self, now_s: float) -> None:
        self._path.powered_up(by_us=self._resetting)
        self._resetting = False
        self._restart(now_s)

    def _restart(self, now_s: float) -> None:
        self._begin()
        self._began_s = now_s
        self._start.answered(Request(Header.SIMPLE_POLL), b"")
        self._ready_s = now_s + POWER_UP_S

    # --- what is told ----------------------------------------------------------------------------------------------

    def _finish_start(self, now_s: float) -> None:
        """All is asked, and a device that was just switched on had its time."""
        if self._teller.table is not None or now_s < self._ready_s or self._counter.known is None:
            return
        if not self._start.present or self._start.next_request() is not None:
            return
        self._resetting = False
        identity = self._start.identity()
        if identity != self._told_identity:
            self._told_identity = identity
            self._events.append(identity)
        self._path.started()
        table = self._start.table()
        self._teller.table_read(table)
        self._events += self._path.take_events()
        if self._past:
            past, self._past = self._past, ()
            self._events.append(NotesRemembered(tuple(table[kind] for kind in past if kind in table)))

    def _tell_status(self, now_s: float) -> None:
        if not self._start.present:
            return
        if (kind := self._teller.unknown_kind) is not None:
            detail = f"bill type {kind} was credited, which has no id"
            status = StatusChanged(DeviceState.HARDWARE_ERROR, Fault.FAILED, detail)
        elif self._path.trouble is not None:
            status = self._path.trouble
        elif self._teller.table is not None:
            status = StatusChanged(DeviceState.ONLINE)
        elif self._began_s is not None and now_s >= self._began_s + START_S_MAX:
            status = StatusChanged(DeviceState.HARDWARE_ERROR, Fault.FAILED, "the start does not end")
        else:
            status = StatusChanged(DeviceState.DEVICE_BUSY, Fault.STARTING)
        self._events += self._status.tell(status)

    def _lose_link(self, fault: Fault, now_s: float, retry_s: float) -> None:
        self._begin()
        self._teller.link_lost()
        self._counter.missed()
        self._hold_wanted = False
        self._next_poll_s = now_s + retry_s
        self._events += self._status.tell(StatusChanged(DeviceState.OFFLINE, fault))


def _routed(where: int) -> Request:
    return Request(Header.ROUTE_BILL, bytes((where,)), frozenset({0, 1}))
