"""ID-003 host session of a bill acceptor: pure, single-threaded, told the time. Driven by `pump`.

Source: ID-003 paper, "Life cycle", "Exchange rules", "Status codes".

- Start: VERSION REQUEST (tells whether the line echoes), STATUS REQUEST; after a power-up RESET and statuses through
  INITIALIZE; the currency assignment is always read; each setting is sent until it comes back as it was sent.
- A device found at work is inhibited first; a note found in escrow at the start is given back.
- STACK-2: VEND VALID, the credit point, comes only when the note is fully stacked. It repeats until acknowledged.
- RETURNING has no end of its own: the note is back when the path is empty again.
"""

from __future__ import annotations

from device_drivers.contract.bill_validator import (
    BillValidatorEvent,
    CassetteInserted,
    CassetteRemoved,
    PowerUpNote,
)
from device_drivers.contract.cash import CashItem
from device_drivers.contract.status import DeviceState, Fault, Identified, StatusChanged
from device_drivers.id003 import messages, settings
from device_drivers.id003.exchange import Done, Exchange, NoAnswer, Outcome, Refused, Reported, ValueGiven
from device_drivers.id003.messages import Command, MessageError, Status, StatusReport
from device_drivers.id003.settings import Money, Settings
from device_drivers.id003.status import POWER_UPS, rejection, state_of
from device_drivers.note_teller import NoteTeller, Order
from device_drivers.status_teller import StatusTeller

POLL_FAST_S = 0.1  # while the device is enabled or a note moves
POLL_SLOW_S = 0.2
POLL_LINK_DOWN_S = 1.0
SILENCE_ALLOWED_S = 5.0  # a device may be silent this long, as after its cassette came back
ORDER_REPEAT_S = 1.0  # an order or a reset that had no effect is given again
FAILED_RESET_S = 60.0  # a failed or jammed device is restarted this often
ESCROW_WAKE_S = 0.002  # while a note waits for our decision: the order leaves at once
TABLE_RETRY_S = 5.0

_COMMAND_OF = {Order.STACK: Command.STACK_2, Order.RETURN: Command.RETURN}
_ORDER_OF = {command: order for order, command in _COMMAND_OF.items()}
_ESCROWS = (Status.ESCROW, Status.HOLDING)
_MOVING = (Status.ACCEPTING, Status.STACKING, Status.RETURNING, *_ESCROWS)
_EMPTY = (Status.IDLING, Status.DISABLE)
_NOTE_FAULTS = (Status.JAM_IN_ACCEPTOR, Status.JAM_IN_STACKER, Status.CHEATED, Status.FAILURE)
_NEED_RESET = (Status.FAILURE, Status.JAM_IN_ACCEPTOR, Status.JAM_IN_STACKER)
_POWER_UP_NOTES = {
    Status.POWER_UP: PowerUpNote.NONE,
    Status.POWER_UP_WITH_BILL_IN_ACCEPTOR: PowerUpNote.IN_VALIDATOR,
    Status.POWER_UP_WITH_BILL_IN_STACKER: PowerUpNote.IN_STACKER,
}


class Id003Session:
    """The host's side of one bill acceptor. Implements `Session` and the verbs of `BillValidator`."""

    def __init__(self, money: Money | None = None) -> None:
        self._money = money or Money()
        self._exchange = Exchange()
        self._teller = NoteTeller()
        self._status = StatusTeller()
        self._events: list[BillValidatorEvent] = []
        self._wanted: frozenset[CashItem] = frozenset()
        self._reset_wanted = False
        self._hold_wanted = False
        self._cassette_out = False
        self._told_power_up: Status | None = None  # outlives a broken link: one power-up is told once
        self._told_identity: Identified | None = None
        self._now_s = 0.0
        self._heard_s: float | None = None
        self._next_poll_s = 0.0
        self._begin()

    def _begin(self) -> None:
        """Nothing is known of the device: power-on, a broken link, a power-up."""
        self._report: StatusReport | None = None
        self._since_s = 0.0
        self._teller.table_forgotten()
        self._settings = Settings()
        self._version_asked = False
        self._table_retry_s = 0.0
        self._resetting = False
        self._may_command = False  # one command after each poll
        self._sent_s: dict[Command, float] = {}

    # --- verbs -----------------------------------------------------------------------------------------------------

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
        return self._report is not None and self._report.status in _ESCROWS

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
            self._events += self._teller.take_events()

    def take_events(self) -> list[BillValidatorEvent]:
        """Events since the last call, oldest first."""
        events, self._events = self._events, []
        return events

    def wakes_at_s(self) -> float:
        """When to send, to repeat or to give up next."""
        if not self._exchange.free or self._command(self._now_s) is not None:
            return self._exchange.wakes_at_s()
        if self._in_escrow():
            return min(self._next_poll_s, self._now_s + ESCROW_WAKE_S)
        return self._next_poll_s

    def line_lost(self, now_s: float) -> None:
        """The port is gone; begin anew when there is one again."""
        self._exchange.abandon()
        self._lose_link(Fault.LINE_LOST, now_s, retry_s=0.0)

    # --- what to say next ------------------------------------------------------------------------------------------

    def _next_request(self, now_s: float) -> bytes | None:
        if not self._exchange.echo_known:
            return bytes((Command.VERSION_REQUEST,)) if now_s >= self._next_poll_s else None
        request = self._command(now_s)
        if request is None:
            return bytes((Command.STATUS_REQUEST,)) if now_s >= self._next_poll_s else None
        self._may_command = False
        self._next_poll_s = now_s
        command = Command(request[0])
        self._sent_s[command] = now_s
        if command is Command.RESET:
            self._reset_wanted, self._resetting = False, True
        elif command is Command.HOLD:
            self._hold_wanted = False
        elif command in _ORDER_OF:
            self._teller.give_order(_ORDER_OF[command])  # ours, where nobody could decide
            self._teller.order_sent(now_s)
        elif command in messages.SETTING_SIZES:
            self._settings.sent(request, now_s)
        return request

    def _command(self, now_s: float) -> bytes | None:
        """The command this status calls for, if any; one after each poll."""
        if self._report is None or not self._may_command:
            return None
        status = self._report.status
        if status in POWER_UPS:
            return self._if_due(Command.RESET, now_s)
        if status in _NEED_RESET:
            return self._if_due(Command.RESET, now_s, FAILED_RESET_S)
        if self._reset_wanted and status not in (*_MOVING, Status.VEND_VALID):
            return bytes((Command.RESET,))
        if status in _ESCROWS and (order := self._escrow_command(now_s)) is not None:
            return order
        if status in (Status.INITIALIZE, *_EMPTY) and (question := self._question(status, now_s)) is not None:
            return question
        return self._settings.next_command(status, self._teller.kinds_of(self._wanted), now_s)

    def _escrow_command(self, now_s: float) -> bytes | None:
        note = self._teller.note
        if note is None or self._teller.table is None or note.kind not in self._teller.table:
            return self._if_due(Command.RETURN, now_s)
        if note.order is not None:
            return self._if_due(_COMMAND_OF[note.order], now_s)
        return bytes((Command.HOLD,)) if self._hold_wanted else None

    def _question(self, status: Status, now_s: float) -> bytes | None:
        """What is asked once at a start; a device at work is stopped before."""
        if status is Status.IDLING and not self._settings.inhibited:
            return None
        if not self._version_asked:
            return bytes((Command.VERSION_REQUEST,))
        if self._teller.table is None and now_s >= self._table_retry_s:
            return bytes((Command.CURRENCY_ASSIGN_REQUEST,))
        return None

    def _if_due(self, command: Command, now_s: float, period_s: float = ORDER_REPEAT_S) -> bytes | None:
        sent_s = self._sent_s.get(command)
        return bytes((command,)) if sent_s is None or now_s >= sent_s + period_s else None

    # --- what was heard --------------------------------------------------------------------------------------------

    def _conclude(self, outcome: Outcome, now_s: float) -> None:
        if isinstance(outcome, NoAnswer):
            self._not_answered(outcome, now_s)
            return
        self._heard_s = now_s
        if isinstance(outcome, Reported):
            self._reported(outcome.report, now_s)
        elif isinstance(outcome, Done):
            self._settings.accepted(outcome.request)
        elif isinstance(outcome, Refused):
            self._refused(outcome.request, now_s)
        else:
            self._value_given(outcome, now_s)

    def _not_answered(self, outcome: NoAnswer, now_s: float) -> None:
        self._refused(outcome.request, now_s)
        silent_s = now_s - self._heard_s if self._heard_s is not None else SILENCE_ALLOWED_S
        vital = outcome.request[0] == Command.STATUS_REQUEST or not self._exchange.echo_known
        if vital and (outcome.heard or silent_s >= SILENCE_ALLOWED_S):
            self._lose_link(Fault.NO_ANSWER, now_s, retry_s=POLL_LINK_DOWN_S)

    def _refused(self, request: bytes, now_s: float) -> None:
        if request[0] == Command.VERSION_REQUEST:
            self._version_asked = True  # a device may be too old to say who it is
        elif request[0] == Command.CURRENCY_ASSIGN_REQUEST:
            self._table_retry_s = now_s + TABLE_RETRY_S
        else:
            self._settings.refused(request, now_s)

    def _value_given(self, outcome: ValueGiven, now_s: float) -> None:
        if outcome.request[0] == Command.VERSION_REQUEST:
            self._version_asked = True
            identity = Identified(model=messages.decode_version(outcome.data), serial="")
            if identity != self._told_identity:
                self._told_identity = identity
                self._events.append(identity)
            return
        try:
            table = settings.cash_items(messages.decode_denominations(outcome.data), self._money)
        except MessageError:
            self._table_retry_s = now_s + TABLE_RETRY_S
            return
        self._teller.table_read(table)
        self._events += self._teller.take_events()
        self._tell_status(now_s)

    def _reported(self, report: StatusReport, now_s: float) -> None:
        before = self._report.status if self._report is not None else None
        if report.status is not before:
            self._since_s = now_s
        self._follow_start(report.status, before, now_s)
        self._report, self._may_command = report, True
        self._follow_cassette(report.status)
        self._follow_note(report, before)
        self._settings.observed(report.status, bool(self._teller.kinds_of(self._wanted)), now_s)
        self._events += self._teller.take_events()
        self._tell_status(now_s)
        fast = bool(self._wanted) or report.status in (*_MOVING, Status.VEND_VALID)
        self._next_poll_s = now_s + (POLL_FAST_S if fast else POLL_SLOW_S)

    def _follow_start(self, status: Status, before: Status | None, now_s: float) -> None:
        if status in POWER_UPS:
            if status is not self._told_power_up and not self._resetting:
                self._begin()
                self._told_power_up = status
                self._teller.powered_up(_POWER_UP_NOTES[status])
            return
        self._told_power_up = None
        if status in _NEED_RESET and before not in _NEED_RESET:
            self._sent_s[Command.RESET] = now_s  # the first restart waits as long as the next ones
        if status is Status.INITIALIZE:
            self._resetting = False
            if before is not Status.INITIALIZE:
                self._settings = Settings()
        elif status in _EMPTY:
            self._resetting = False

    def _follow_cassette(self, status: Status) -> None:
        out = status is Status.STACKER_OPEN
        if out and not self._cassette_out:
            self._events.append(CassetteRemoved())
        elif self._cassette_out and not out:
            self._events.append(CassetteInserted())
        self._cassette_out = out

    def _follow_note(self, report: StatusReport, before: Status | None) -> None:
        teller, status = self._teller, report.status
        if before is Status.RETURNING and status in (*_EMPTY, Status.ACCEPTING):
            teller.returned()
        if status is Status.ESCROW:
            teller.escrowed(report.argument or 0)
        elif status is Status.VEND_VALID:
            teller.stacked()
        elif status is Status.REJECTING:
            teller.rejected(rejection(report.argument or 0))
        elif status in _NOTE_FAULTS:
            teller.fault()
        elif status in (*_EMPTY, Status.ACCEPTING):
            teller.went_on()
        if status in _MOVING:
            teller.moving(True)
        elif status in _EMPTY:
            teller.moving(False)

    # --- what is told ----------------------------------------------------------------------------------------------

    def _tell_status(self, now_s: float) -> None:
        if self._report is None:
            return
        if (kind := self._teller.unknown_kind) is not None:
            detail = f"15 took denomination {kind:02x}, which the currency assignment does not have"
            status = StatusChanged(DeviceState.HARDWARE_ERROR, Fault.FAILED, detail)
        else:
            status = state_of(self._report, now_s - self._since_s, self._teller.table is not None)
        self._events += self._status.tell(status)

    def _lose_link(self, fault: Fault, now_s: float, retry_s: float) -> None:
        self._begin()
        self._teller.link_lost()
        self._hold_wanted = False
        self._next_poll_s = now_s + retry_s
        self._events += self._status.tell(StatusChanged(DeviceState.OFFLINE, fault))
