"""CCNET host session of a bill validator: pure, single-threaded, told the time. Driven by `pump`.

Source: CCNET interface description, "State machine", "Start-up", "Poll answers".

- Start: POLL; after a power-up RESET and polls through INITIALIZE to UNIT DISABLED; IDENTIFICATION; GET BILL TABLE,
  always read; then what `enable` asked for. A device found idling is disabled first: it tells its table only then.
- `stack`, `return_note` and `hold` mean the note in escrow now; with no note there, or with an order already given
  for it, they are dropped and nothing is told.
- A note found in escrow at the start is given back: nobody decided about it.
- What becomes of notes: `note_teller.py`.
"""

from __future__ import annotations

from device_drivers.ccnet import messages
from device_drivers.ccnet.exchange import AnswerShape, Exchange, NoAnswer, Outcome, Request
from device_drivers.ccnet.messages import BillTable, Identification, Opcode, PollAnswer, Reply, State
from device_drivers.ccnet.status import (
    EMPTY,
    ESCROWS,
    MOVING,
    NOTE_FAULTS,
    POWER_UPS,
    cash_item,
    reject_reason,
    state_of,
)
from device_drivers.contract.bill_validator import (
    BillValidatorEvent,
    CassetteInserted,
    CassetteRemoved,
    PowerUpNote,
)
from device_drivers.contract.cash import CashItem
from device_drivers.contract.status import DeviceState, Fault, Identified, StatusChanged
from device_drivers.note_teller import NoteTeller, Order
from device_drivers.status_teller import StatusTeller

POLL_FAST_S = 0.1  # while the device is enabled or a note moves
POLL_SLOW_S = 0.2
POLL_LINK_DOWN_S = 1.0
BUSY_WAIT_S_MAX = 5.0
SILENCE_ALLOWED_S = 5.0  # a busy device may be silent this long
ORDER_REPEAT_S = 1.0  # an order, a reset or a mask that had no effect is given again
FAILED_RESET_S = 60.0  # a failed device is restarted this often
ESCROW_WAKE_S = 0.002  # while a note waits for our decision: the order leaves at once
TABLE_RETRY_S = 5.0

POLL = Request(bytes((Opcode.POLL,)), AnswerShape.POLL)
RESET = Request(bytes((Opcode.RESET,)))
HOLD = Request(bytes((Opcode.HOLD,)))
IDENTIFY = Request(bytes((Opcode.IDENTIFICATION,)), AnswerShape.IDENTIFICATION)
GET_BILL_TABLE = Request(bytes((Opcode.GET_BILL_TABLE,)), AnswerShape.BILL_TABLE)
DISABLE = Request(messages.enable_bill_types(frozenset(), frozenset()))

_COMMAND_OF = {
    Order.STACK: Request(bytes((Opcode.STACK,)), urgent=True),
    Order.RETURN: Request(bytes((Opcode.RETURN,)), urgent=True),
}
_ORDER_OF = {command.opcode: order for order, command in _COMMAND_OF.items()}
_MASK_STATES = (*EMPTY, *MOVING, State.REJECTING, State.PAUSE)
_POWER_UP_NOTES = {
    State.POWER_UP: PowerUpNote.NONE,
    State.POWER_UP_BILL_IN_VALIDATOR: PowerUpNote.IN_VALIDATOR,
    State.POWER_UP_BILL_IN_STACKER: PowerUpNote.IN_STACKER,
}


class CcnetSession:
    """The host's side of one bill validator. Implements `Session` and the verbs of `BillValidator`."""

    def __init__(self) -> None:
        self._exchange = Exchange()
        self._teller = NoteTeller()
        self._status = StatusTeller()
        self._events: list[BillValidatorEvent] = []
        self._wanted: frozenset[CashItem] = frozenset()
        self._reset_wanted = False
        self._hold_wanted = False
        self._cassette_out = False
        self._told_power_up: State | None = None  # outlives a broken link: one power-up is told once
        self._told_identity: Identified | None = None
        self._now_s = 0.0
        self._heard_s: float | None = None  # the last good answer
        self._next_poll_s = 0.0
        self._begin()

    def _begin(self) -> None:
        """Nothing is known of the device: power-on, a broken link, a power-up."""
        self._state: PollAnswer | None = None
        self._since_s = 0.0
        self._teller.table_forgotten()
        self._identity_asked = False
        self._table_retry_s = 0.0
        self._resetting = False
        self._was_disabled = False
        self._told_types: frozenset[int] | None = None  # the mask the device has; None: unknown
        self._may_command = False  # one command after each poll
        self._sent_s: dict[Opcode, float] = {}

    # --- verbs -------------------------------------------------------------------------------------------------

    def enable(self, cash_items: frozenset[CashItem]) -> None:
        """Accept these denominations into escrow; remembered over resets."""
        self._wanted = cash_items

    def disable(self) -> None:
        """Accept nothing more; a note already inside is finished as usual."""
        self._wanted = frozenset()

    def stack(self) -> None:
        """Take the note in escrow into the cassette."""
        if self._in_escrow():
            self._teller.give_order(Order.STACK)

    def return_note(self) -> None:
        """Give the note in escrow back."""
        if self._in_escrow():
            self._teller.give_order(Order.RETURN)

    def hold(self) -> None:
        """Keep the note in escrow about ten seconds more."""
        self._hold_wanted = self._in_escrow() and self._teller.may_hold()

    def reset(self) -> None:
        """Restart the device as soon as no note is on its way."""
        self._reset_wanted = True

    def _in_escrow(self) -> bool:
        return self._state is not None and self._state.state in ESCROWS

    # --- session -----------------------------------------------------------------------------------------------

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
            self._events += self._teller.take_events()

    def take_events(self) -> list[BillValidatorEvent]:
        """Events since the last call, oldest first."""
        events, self._events = self._events, []
        return events

    def wakes_at_s(self) -> float:
        """When to send, to repeat or to give up next."""
        if not self._exchange.free:
            return self._exchange.wakes_at_s()
        if (command := self._command(self._now_s)) is not None:
            return self._exchange.may_leave_s(urgent=command.urgent)
        if self._in_escrow():
            ready_s = max(self._now_s + ESCROW_WAKE_S, self._exchange.may_leave_s(urgent=True))
            return min(self._next_poll_s, ready_s)
        return self._next_poll_s

    def line_lost(self, now_s: float) -> None:
        """The port is gone; begin anew when there is one again."""
        self._exchange.abandon()
        self._lose_link(Fault.LINE_LOST, now_s, retry_s=0.0)

    # --- what to say next --------------------------------------------------------------------------------------

    def _next_request(self, now_s: float) -> Request | None:
        request = self._command(now_s)
        if request is not None:
            self._may_command = False
            self._next_poll_s = now_s
            self._sent_s[request.opcode] = now_s
            self._note_sent(request.opcode, now_s)
            return request
        return POLL if now_s >= self._next_poll_s else None

    def _note_sent(self, opcode: Opcode, now_s: float) -> None:
        if opcode is Opcode.RESET:
            self._reset_wanted, self._resetting = False, True
        elif opcode is Opcode.HOLD:
            self._hold_wanted = False
        elif opcode is Opcode.ENABLE_BILL_TYPES:
            self._was_disabled = self._teller.table is None
        elif opcode in _ORDER_OF:
            self._teller.give_order(_ORDER_OF[opcode])  # ours, where nobody could decide
            self._teller.order_sent(now_s)

    def _command(self, now_s: float) -> Request | None:
        """The command this state calls for, if any; one after each poll."""
        if self._state is None or not self._may_command:
            return None
        state = self._state.state
        if state in POWER_UPS or (state is State.FAILED and self._due(Opcode.RESET, now_s, FAILED_RESET_S)):
            return RESET if self._due(Opcode.RESET, now_s) else None
        if self._reset_wanted and state not in (*MOVING, State.DEVICE_BUSY):
            return RESET
        if state in ESCROWS:
            return self._escrow_command(now_s) or self._mask_command(now_s)
        if self._teller.table is None:
            return self._start_command(state, now_s)
        return self._mask_command(now_s)

    def _escrow_command(self, now_s: float) -> Request | None:
        note, table = self._teller.note, self._teller.table
        nobody_decides = note is None or table is None or note.kind not in table
        order = Order.RETURN if note is None or nobody_decides else note.order
        if order is None:
            return HOLD if self._hold_wanted else None
        command = _COMMAND_OF[order]
        return command if self._due(command.opcode, now_s) else None

    def _start_command(self, state: State, now_s: float) -> Request | None:
        if state is State.IDLING:
            if self._was_disabled:
                return RESET if self._due(Opcode.RESET, now_s) else None
            return DISABLE
        if state is not State.UNIT_DISABLED or now_s < self._table_retry_s:
            return None
        return GET_BILL_TABLE if self._identity_asked else IDENTIFY

    def _mask_command(self, now_s: float) -> Request | None:
        table, types = self._teller.table, self._teller.kinds_of(self._wanted)
        if table is None or types is None or self._state is None or self._state.state not in _MASK_STATES:
            return None
        if self._mask_is_right(types, self._state.state, now_s):
            return None
        # Escrow for every type, always: a device must never stack a note that nobody decided about.
        return Request(messages.enable_bill_types(types, frozenset(table)))

    def _mask_is_right(self, types: frozenset[int], state: State, now_s: float) -> bool:
        if state is (State.IDLING if not types else State.UNIT_DISABLED):  # the device says otherwise
            return types == self._told_types and not self._due(Opcode.ENABLE_BILL_TYPES, now_s)
        return types == self._told_types or (not types and state is State.UNIT_DISABLED)

    def _due(self, opcode: Opcode, now_s: float, period_s: float = ORDER_REPEAT_S) -> bool:
        sent_s = self._sent_s.get(opcode)
        return sent_s is None or now_s >= sent_s + period_s

    # --- what was heard ----------------------------------------------------------------------------------------

    def _conclude(self, outcome: Outcome, now_s: float) -> None:
        request, answer = outcome.request, outcome.answer
        if isinstance(answer, NoAnswer):
            self._not_answered(request, answer, now_s)
            return
        self._heard_s = now_s
        if isinstance(answer, PollAnswer):
            self._polled(answer, now_s)
        elif isinstance(answer, Identification):
            self._identified(answer)
        elif isinstance(answer, BillTable):
            self._table_read(answer)
        elif request is not None:
            self._answered_barely(request, answer, now_s)

    def _not_answered(self, request: Request | None, answer: NoAnswer, now_s: float) -> None:
        if request is not None and request.opcode is Opcode.IDENTIFICATION:
            self._identity_asked = True  # a device may be too old to say who it is
            return
        silent_s = now_s - self._heard_s if self._heard_s is not None else SILENCE_ALLOWED_S
        if answer.heard or silent_s >= SILENCE_ALLOWED_S:
            self._lose_link(Fault.NO_ANSWER, now_s, retry_s=POLL_LINK_DOWN_S)

    def _answered_barely(self, request: Request, reply: Reply, now_s: float) -> None:
        if request.opcode is Opcode.IDENTIFICATION:
            self._identity_asked = True
        elif request.opcode is Opcode.GET_BILL_TABLE:
            self._table_retry_s = now_s + TABLE_RETRY_S
        elif request.opcode is Opcode.ENABLE_BILL_TYPES and reply is Reply.ACK:
            self._told_types = messages.types_of(request.data[1 : 1 + messages.MASK_SIZE])

    def _identified(self, answer: Identification) -> None:
        self._identity_asked = True
        identity = Identified(model=answer.part, serial=answer.serial)
        if identity != self._told_identity:
            self._told_identity = identity
            self._events.append(identity)

    def _table_read(self, answer: BillTable) -> None:
        items = {at: cash_item(kind) for at, kind in enumerate(answer.kinds) if kind is not None}
        self._teller.table_read({at: item for at, item in items.items() if item is not None})
        self._events += self._teller.take_events()
        self._tell_status()

    def _polled(self, answer: PollAnswer, now_s: float) -> None:
        before = self._state.state if self._state is not None else None
        if answer.state is not before:
            self._since_s = now_s
        self._follow_start(answer.state, before, now_s)
        self._state, self._may_command = answer, True
        self._follow_cassette(answer.state)
        self._follow_note(answer)
        self._events += self._teller.take_events()
        self._tell_status()
        self._next_poll_s = now_s + self._poll_wait_s(answer)

    def _poll_wait_s(self, answer: PollAnswer) -> float:
        if answer.state is State.DEVICE_BUSY:
            return min(BUSY_WAIT_S_MAX, max(POLL_FAST_S, (answer.argument or 0) * 0.1))
        return POLL_FAST_S if self._wanted or answer.state in MOVING else POLL_SLOW_S

    def _follow_start(self, state: State, before: State | None, now_s: float) -> None:
        if state in POWER_UPS:
            if state is not self._told_power_up and not self._resetting:
                self._begin()
                self._told_power_up = state
                self._teller.powered_up(_POWER_UP_NOTES[state])
            return
        self._told_power_up = None
        if state is State.FAILED and before is not State.FAILED:
            self._sent_s[Opcode.RESET] = now_s  # the first restart waits as long as the next ones
        if state is State.INITIALIZE:
            self._told_types, self._resetting = None, False
        elif state in EMPTY:
            self._resetting = False

    def _follow_cassette(self, state: State) -> None:
        if state is State.DEVICE_BUSY:
            return
        out = state is State.DROP_CASSETTE_OUT_OF_POSITION
        if out and not self._cassette_out:
            self._told_types = None
            self._events.append(CassetteRemoved())
        elif self._cassette_out and not out:
            self._events.append(CassetteInserted())
        self._cassette_out = out

    def _follow_note(self, answer: PollAnswer) -> None:
        """Ends are told by the device itself; one that went on without a word is judged by what it was told to do."""
        teller, state = self._teller, answer.state
        if state is State.ESCROW_POSITION:
            teller.escrowed(answer.argument or 0)
        elif state is State.BILL_STACKED:
            teller.stacked(answer.argument)
        elif state is State.BILL_RETURNED:
            teller.returned(answer.argument)
        elif state is State.REJECTING:
            teller.rejected(reject_reason(answer.argument or 0))
        elif state in NOTE_FAULTS:
            teller.fault()
        elif state in (*EMPTY, State.ACCEPTING):
            teller.went_on()
        if state in MOVING:
            teller.moving(True)
        elif state in EMPTY:
            teller.moving(False)

    # --- what is told ------------------------------------------------------------------------------------------

    def _tell_status(self) -> None:
        if self._state is None:
            return
        if (kind := self._teller.unknown_kind) is not None:
            detail = f"81 took bill type {kind}, which the bill table does not have"
            status: StatusChanged | None = StatusChanged(DeviceState.HARDWARE_ERROR, Fault.FAILED, detail)
        else:
            status = state_of(self._state, self._now_s - self._since_s, self._teller.table is not None)
        self._events += [] if status is None else self._status.tell(status)

    def _lose_link(self, fault: Fault, now_s: float, retry_s: float) -> None:
        self._begin()
        self._teller.link_lost()
        self._hold_wanted = False
        self._next_poll_s = now_s + retry_s
        self._events += self._status.tell(StatusChanged(DeviceState.OFFLINE, fault))
