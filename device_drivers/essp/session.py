"""SSP/eSSP host session of a bill validator: pure, single-threaded, told the time. Driven by `pump`.

Source: SSP paper, "Escrow", "Poll with ACK", "Power-up", "Encryption".

- A poll after READ n accepts the note. So a note that waits is kept by HOLD, a bounded time, until `stack` (a poll) or
  `return_note` (REJECT); nothing else is sent meanwhile.
- Polls are POLL WITH ACK where the slave knows it: a credit repeats until EVENT ACK, which leaves only after the owner
  has taken the event.
- A slave that was reset, or has lost its key, is started from SYNC again.
"""

from __future__ import annotations

from device_drivers.contract.bill_validator import BillValidatorEvent
from device_drivers.contract.cash import CashItem
from device_drivers.contract.status import DeviceState, Fault, Identified, StatusChanged
from device_drivers.essp import messages
from device_drivers.essp.bill_path import BillPath
from device_drivers.essp.encryption import RandomBytes
from device_drivers.essp.exchange import Answered, Exchange
from device_drivers.essp.messages import Command, Event, Reply
from device_drivers.essp.start import Start
from device_drivers.note_teller import Order
from device_drivers.status_teller import StatusTeller

VALIDATOR = 0x00
POLL_S = 0.2
POLL_FAST_S = 0.1  # while the device is enabled
POLL_LINK_DOWN_S = 1.0
HOLD_EVERY_S = 2.0
HOLD_S = 10.0  # a note nobody decides about goes back; each `hold` gives as much more
REPEAT_S = 1.0  # a command that was refused or had no effect is sent again
ESCROW_WAKE_S = 0.002
START_S_MAX = 60.0
REFUSALS_MAX = 20  # of polls, one after the other

_POLLS = (Command.POLL, Command.POLL_WITH_ACK)


class EsspSession:
    """The host's side of one bill validator. Implements `Session` and the verbs of `BillValidator`."""

    def __init__(self, random_bytes: RandomBytes, *, fixed_key: int | None = None, address: int = VALIDATOR) -> None:
        self._random_bytes = random_bytes
        self._fixed_key = fixed_key
        self._exchange = Exchange(address, random_bytes)
        self._path = BillPath()
        self._teller = self._path.teller
        self._status = StatusTeller()
        self._events: list[BillValidatorEvent] = []
        self._wanted: frozenset[CashItem] = frozenset()
        self._reset_wanted = False
        self._hold_wanted = False
        self._told_identity: Identified | None = None
        self._with_ack: bool | None = None  # None: not yet known
        self._now_s = 0.0
        self._next_poll_s = 0.0
        self._begin()

    def _begin(self) -> None:
        """Nothing is known of the device: power-on, a broken link, a reset."""
        self._start = Start(self._fixed_key, self._random_bytes)
        self._teller.table_forgotten()
        self._exchange.begin()
        self._began_s: float | None = None
        self._heard = False
        self._polled = False
        self._told_inhibits: bytes | None = None
        self._told_enabled = False
        self._not_before_s: dict[Command, float] = {}
        self._refusals = 0
        self._ack_owed = False
        self._ack_ready = False
        self._hold_until_s = 0.0
        self._next_hold_s = 0.0
        self._check_reject = False

    # --- verbs -----------------------------------------------------------------------------------------------------

    def enable(self, cash_items: frozenset[CashItem]) -> None:
        """Accept these denominations into escrow; remembered over resets."""
        self._wanted = cash_items

    def disable(self) -> None:
        """Accept nothing more; a note already inside is finished as usual."""
        self._wanted = frozenset()

    def stack(self) -> None:
        """Take the note in escrow into the cassette."""
        if self._path.escrow:
            self._teller.give_order(Order.STACK)

    def return_note(self) -> None:
        """Give the note in escrow back."""
        if self._path.escrow:
            self._teller.give_order(Order.RETURN)

    def hold(self) -> None:
        """Keep the note in escrow about ten seconds more."""
        self._hold_wanted = self._path.escrow and self._teller.may_hold()

    def reset(self) -> None:
        """Restart the device as soon as no note is on its way."""
        self._reset_wanted = True

    # --- session ---------------------------------------------------------------------------------------------------

    def bytes_to_send(self, now_s: float) -> bytes:
        """What goes on the wire now."""
        self._now_s = now_s
        self._began_s = now_s if self._began_s is None else self._began_s
        if self._exchange.free and (command := self._command(now_s)) is not None:
            self._note_sent(command, now_s)
            self._exchange.start(command)
        return self._exchange.bytes_to_send(now_s)

    def receive(self, chunk: bytes, now_s: float) -> None:
        """Bytes came, or time passed."""
        self._now_s = now_s
        for outcome in self._exchange.receive(chunk, now_s):
            if isinstance(outcome, Answered):
                self._answered(outcome, now_s)
            else:
                self._lose_link(Fault.NO_ANSWER, now_s, retry_s=POLL_LINK_DOWN_S)
        self._events += self._path.take_events()
        self._tell_status(now_s)

    def take_events(self) -> list[BillValidatorEvent]:
        """Events since the last call, oldest first."""
        self._ack_ready = self._ack_owed
        taken, self._events = self._events, []
        return taken

    def wakes_at_s(self) -> float:
        """When to send, to repeat or to give up next."""
        if not self._exchange.free or self._command(self._now_s) is not None:
            return self._exchange.wakes_at_s()
        if self._path.escrow or self._ack_owed:
            return self._now_s + ESCROW_WAKE_S
        return self._next_poll_s

    def line_lost(self, now_s: float) -> None:
        """The port is gone; begin anew when there is one again."""
        self._exchange.abandon()
        self._lose_link(Fault.LINE_LOST, now_s, retry_s=0.0)

    # --- what to say next ------------------------------------------------------------------------------------------

    def _command(self, now_s: float) -> bytes | None:
        if not self._start.done:
            return self._start.next_command() if now_s >= self._next_poll_s else None
        if self._ack_owed:
            return bytes((Command.EVENT_ACK,)) if self._ack_ready else None
        if self._path.escrow:
            return self._escrow_command(now_s)
        if now_s < self._next_poll_s or not self._polled:
            return self._poll() if now_s >= self._next_poll_s else None
        if self._path.reject_to_ask:
            return bytes((Command.LAST_REJECT_CODE,))
        if self._reset_wanted and self._teller.note is None and self._is_due(Command.RESET, now_s):
            return bytes((Command.RESET,))
        return self._setting(now_s) or self._poll()

    def _poll(self) -> bytes:
        return bytes((Command.POLL if self._with_ack is False else Command.POLL_WITH_ACK,))

    def _escrow_command(self, now_s: float) -> bytes | None:
        note, table = self._teller.note, self._teller.table
        order = note.order if note is not None else Order.RETURN
        if order is None and (table is None or note is None or note.kind not in table or now_s >= self._hold_until_s):
            order = Order.RETURN
        if order is Order.STACK:
            return self._poll() if self._is_due(Command.POLL, now_s) else None
        if order is Order.RETURN:
            command = Command.HOLD if self._check_reject else Command.REJECT
            return bytes((command,)) if self._is_due(Command.REJECT, now_s) else None
        return bytes((Command.HOLD,)) if self._hold_wanted or now_s >= self._next_hold_s else None

    def _setting(self, now_s: float) -> bytes | None:
        accepted = self._accepted()
        if not accepted:
            off = not self._told_enabled and (self._path.disabled or not self._polled)
            return bytes((Command.DISABLE,)) if not off and self._is_due(Command.DISABLE, now_s) else None
        mask = messages.inhibits(accepted)
        if mask != self._told_inhibits:
            return bytes((Command.SET_INHIBITS,)) + mask if self._is_due(Command.SET_INHIBITS, now_s) else None
        if not self._told_enabled or self._path.disabled:
            return bytes((Command.ENABLE,)) if self._is_due(Command.ENABLE, now_s) else None
        return None

    def _accepted(self) -> frozenset[int]:
        if self._path.starting or self._path.trouble is not None:
            return frozenset()
        return self._teller.kinds_of(self._wanted) or frozenset()

    def _is_due(self, command: Command, now_s: float) -> bool:
        return now_s >= self._not_before_s.get(command, 0.0)

    def _note_sent(self, command: bytes, now_s: float) -> None:
        if not self._start.done:
            return
        code = Command(command[0])
        if code in _POLLS:
            if self._path.escrow:
                self._teller.order_sent(now_s)
            self._next_poll_s = now_s + (POLL_FAST_S if self._wanted else POLL_S)
        elif code is Command.HOLD:
            self._hold_until_s += HOLD_S if self._hold_wanted else 0.0
            self._hold_wanted, self._next_hold_s = False, now_s + HOLD_EVERY_S
        elif code is Command.REJECT:
            self._teller.give_order(Order.RETURN)
            self._teller.order_sent(now_s)
        elif code in (Command.DISABLE, Command.ENABLE, Command.SET_INHIBITS):
            self._not_before_s[code] = now_s + REPEAT_S
        elif code is Command.RESET:
            self._not_before_s[code] = now_s + REPEAT_S
            self._path.reset_ordered()

    # --- what was heard --------------------------------------------------------------------------------------------

    def _answered(self, outcome: Answered, now_s: float) -> None:
        code, ok = Command(outcome.command[0]), outcome.reply is Reply.OK
        self._heard = True
        if outcome.reply is Reply.KEY_NOT_SET:
            self._restart(now_s)
        elif not self._start.done:
            self._start_answered(outcome, now_s)
        elif code in _POLLS:
            self._poll_answered(code, outcome, now_s)
        elif code is Command.REJECT:
            self._path.escrow = not ok
            self._check_reject = not ok
        elif code is Command.HOLD:
            self._hold_answered(ok, now_s)
        elif code is Command.EVENT_ACK:
            self._ack_owed = self._ack_ready = False
        elif code is Command.LAST_REJECT_CODE:
            self._path.reject_explained(outcome.data[0] if ok and outcome.data else None)
        elif code is Command.RESET:
            self._reset_wanted = not ok
            if ok:
                self._restart(now_s)
        elif ok:
            self._set(code, outcome.command[1:])

    def _start_answered(self, outcome: Answered, now_s: float) -> None:
        self._start.answered(outcome.reply, outcome.data)
        if outcome.reply is not Reply.OK:
            self._next_poll_s = now_s + POLL_S
        if self._start.key is not None:
            key, self._start.key = self._start.key, None
            self._exchange.use_key(key)
        if not self._start.done:
            return
        identity = self._start.identity()
        if identity != self._told_identity:
            if self._told_identity is not None:  # another device: what lay in the one before, this one cannot tell
                self._teller.fault()
                self._teller.went_on()
            self._told_identity = identity
            self._events.append(identity)
        self._teller.table_read(self._start.table())

    def _poll_answered(self, code: Command, outcome: Answered, now_s: float) -> None:
        if outcome.reply is not Reply.OK:
            if code is Command.POLL_WITH_ACK and outcome.reply is Reply.UNKNOWN_COMMAND and self._with_ack is None:
                self._with_ack = False
                return
            self._not_before_s[Command.POLL] = now_s + POLL_FAST_S
            self._refusals += 1
            if self._refusals >= REFUSALS_MAX:
                self._lose_link(Fault.NO_ANSWER, now_s, retry_s=POLL_LINK_DOWN_S)
            return
        self._refusals = 0
        self._with_ack = code is Command.POLL_WITH_ACK
        answer = messages.decode_poll(outcome.data)
        self._path.escrow = False
        was_reset = self._path.heard(answer, now_s) and self._polled
        self._polled = True
        if self._with_ack and any(event.code is Event.CREDIT for event in answer.events):
            self._ack_owed, self._ack_ready = True, False
        if self._path.escrow:
            self._hold_until_s, self._next_hold_s = now_s + HOLD_S, now_s + HOLD_EVERY_S
            self._hold_wanted = self._check_reject = False
        if was_reset:
            self._restart(now_s)

    def _hold_answered(self, ok: bool, now_s: float) -> None:
        if self._check_reject:
            self._check_reject, self._path.escrow = False, ok
            self._not_before_s[Command.REJECT] = now_s + REPEAT_S
        elif not ok:  # the slave does not hold the note: it has gone back, or goes
            self._teller.give_order(Order.RETURN)

    def _set(self, code: Command, data: bytes) -> None:
        if code is Command.SET_INHIBITS:
            self._told_inhibits = data
        elif code is Command.ENABLE:
            self._told_enabled = True
        elif code is Command.DISABLE:
            self._told_enabled = False

    # --- what is told ----------------------------------------------------------------------------------------------

    def _tell_status(self, now_s: float) -> None:
        if not self._heard:
            return
        if (kind := self._teller.unknown_kind) is not None:
            detail = f"channel {kind} was credited, which the set-up does not have"
            status = StatusChanged(DeviceState.HARDWARE_ERROR, Fault.FAILED, detail)
        elif self._path.trouble is not None:
            status = self._path.trouble
        elif self._start.done and self._polled and not self._path.starting:
            status = StatusChanged(DeviceState.ONLINE)
        elif self._began_s is not None and now_s >= self._began_s + START_S_MAX:
            status = StatusChanged(DeviceState.HARDWARE_ERROR, Fault.FAILED, "the start does not end")
        else:
            status = StatusChanged(DeviceState.DEVICE_BUSY, Fault.STARTING)
        self._events += self._status.tell(status)

    def _restart(self, now_s: float) -> None:
        self._begin()
        self._path.link_lost()
        self._heard, self._began_s, self._next_poll_s = True, now_s, now_s

    def _lose_link(self, fault: Fault, now_s: float, retry_s: float) -> None:
        self._begin()
        self._path.link_lost()
        self._hold_wanted = False
        self._next_poll_s = now_s + retry_s
        self._events += self._path.take_events()
        self._events += self._status.tell(StatusChanged(DeviceState.OFFLINE, fault))
