"""The host's side of an OSMP watchdog board: pure, single-threaded, told the time. Driven by `pump`.

Source: watchdog paper, "Rules for a driver". A fresh line is asked who is there, from the newest generation to the
oldest, by questions that change nothing. A feed goes out only if `feed` was called a moment ago; what a board
leaves unanswered is proved by a question behind it. With each feed the timer is started again: a board that lost its
power for a moment answers as before, and its timer stands.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from device_drivers.contract.errors import DeviceUrlError
from device_drivers.contract.status import DeviceState, Fault, Identified, StatusChanged
from device_drivers.contract.watchdog import (
    WatchdogEvent,
    WatchdogSensors,
    WatchdogStarted,
    WatchdogStopped,
    WatchdogUnreachable,
)
from device_drivers.osmp_watchdog import messages
from device_drivers.osmp_watchdog.frames import START, FrameReader
from device_drivers.osmp_watchdog.messages import Board, Command, Generation, OldCommand
from device_drivers.status_teller import StatusTeller
from device_drivers.tries import Tries

ANSWER_S = 0.5
GAP_S = 0.05  # after a command that is not answered
TEXT_SIZE_MAX = 64
TRIES_MAX = 2
ASK_AGAIN_S = 5.0  # who is there, after nobody answered
FEED_PERIOD_S, OLD_FEED_PERIOD_S = 10.0, 7 * 60.0
FEED_FRESH_S = 5.0  # one that waited longer for its turn may be the last breath of a program that hangs
CHECK_PERIOD_S = 2.0  # whether the board is still there
SENSORS_PERIOD_S = 0.5
PENDING_MAX = 16


@dataclass(frozen=True, slots=True)
class Request:
    """One thing to say; `answered`: the board says something back."""

    name: str
    wire: bytes
    answered: bool = True

    @property
    def framed(self) -> bool:
        return self.wire[0] == START


SET_TIMEOUT = "SET_TIMEOUT"


def _new(which: Command) -> Request:
    return Request(which.name, messages.command(which))


def _old(which: OldCommand) -> Request:
    return Request(which.name, messages.old_command(which), which in messages.OLD_ANSWERED)


_WHO_IS_THERE = (_new(Command.VERSION), _old(OldCommand.IDENTIFY), _old(OldCommand.IDENTIFY_STOD))
_CHECKS = {
    Generation.OSMP_2_5: _new(Command.VERSION),
    Generation.OSMP_2: _old(OldCommand.SENSORS),
    Generation.OSMP_1: _old(OldCommand.IDENTIFY),
    Generation.STOD: _old(OldCommand.IDENTIFY_STOD),
}


class OsmpWatchdogSession:
    """Implements `Session` and the verbs of `Watchdog` and `PowerSwitch`."""

    def __init__(self, timeout_s: int = messages.TIMEOUT_S_DEFAULT) -> None:
        self._timeout_s = timeout_s
        self._wanted: bool | None = None  # whether the timer shall run; None: nobody has said, and it is not touched
        self._fed = False  # since the session was asked last
        self._fed_at_s: float | None = None
        self._events: list[WatchdogEvent] = []
        self._status = StatusTeller()
        self._told_sensors: WatchdogSensors | None = None
        self._begin(0.0)

    def _begin(self, now_s: float) -> None:
        """Nobody is known to be there."""
        self._board: Board | None = None
        self._questions = deque(_WHO_IS_THERE)
        self._pending: deque[Request] = deque()
        self._asked: Request | None = None
        self._tries = Tries()
        self._reader = FrameReader()
        self._text = b""
        self._seen_sensors: WatchdogSensors | None = None
        self._told_running = False
        self._next_feed_s = self._next_check_s = now_s

    # --- verbs -------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Run the timer."""
        self._wanted = True
        self._say_wanted()

    def stop(self) -> None:
        """Stop the timer."""
        self._wanted, self._fed, self._fed_at_s = False, False, None
        self._say_wanted()

    def feed(self) -> None:
        """All is well now."""
        self._fed = self._wanted is True

    def reset_modem(self) -> None:
        """Take the modem's supply away for a moment."""
        self._queue(Command.RESET_MODEM, OldCommand.RESET_MODEM)

    def restart_computer(self) -> None:
        """Take the computer's supply away for a moment."""
        if self._board is not None and self._board.generation is Generation.STOD:
            self._pending.append(Request("RESET_PC", messages.STOD_RESET_PC, answered=False))
        else:
            self._queue(Command.RESET_PC, OldCommand.RESET_PC)

    # --- session -----------------------------------------------------------------------------------------------

    def bytes_to_send(self, now_s: float) -> bytes:
        """What goes on the wire now."""
        self._give_up(now_s)
        self._note_feed(now_s)
        if self._tries.free and (request := self._next_request(now_s)) is not None:
            self._asked, self._text = request, b""
            self._tries.start(request.wire, answer_s=ANSWER_S, tries_max=TRIES_MAX)
        wire = self._tries.bytes_to_send(now_s)
        if wire and self._asked is not None and not self._asked.answered:
            self._tries.finish(now_s, pause_s=GAP_S)
            self._obeyed(self._asked, messages.OLD_TIMEOUT_S)
        return wire

    def receive(self, chunk: bytes, now_s: float) -> None:
        """Bytes came, or time passed."""
        frames = self._reader.feed(chunk)
        if self._asked is not None and self._tries.waiting and chunk:
            if not self._asked.framed:
                self._text = (self._text + chunk)[-TEXT_SIZE_MAX:]
                if self._is_whole(self._asked):
                    self._answered(self._asked, self._text, now_s)
            elif answers := [frame.data for frame in frames if frame.command == self._asked.wire[1]]:
                self._answered(self._asked, answers[0], now_s)
        self._give_up(now_s)

    def take_events(self) -> list[WatchdogEvent]:
        """Events since the last call, oldest first."""
        events, self._events = self._events, []
        return events

    def wakes_at_s(self) -> float:
        """When to send or to give up next."""
        if not self._tries.free or self._board is None or self._pending:
            return self._tries.wakes_at_s()
        return self._next_check_s if self._fed_at_s is None else min(self._next_check_s, self._next_feed_s)

    def line_lost(self, now_s: float) -> None:
        """The port is gone; whether the timer shall run is remembered."""
        self._lose_board(now_s, Fault.LINE_LOST)

    # --- what to say next --------------------------------------------------------------------------------------

    def _next_request(self, now_s: float) -> Request | None:
        if self._board is None:
            return self._questions[0]
        if self._pending:
            return self._pending.popleft()
        framed = self._board.generation is Generation.OSMP_2_5
        if self._fed_at_s is not None and now_s >= self._next_feed_s:
            self._fed_at_s = None
            self._next_feed_s = now_s + (min(FEED_PERIOD_S, self._timeout_s / 3) if framed else OLD_FEED_PERIOD_S)
            self._next_check_s = now_s  # proves the feed where it is not answered
            self._pending.append(_new(Command.PING) if framed else _old(OldCommand.PING))
            return _new(Command.START_TIMER) if framed else _old(OldCommand.START_TIMER)
        if now_s >= self._next_check_s:
            has_sensors = self._board.generation is Generation.OSMP_2
            self._next_check_s = now_s + (SENSORS_PERIOD_S if has_sensors else CHECK_PERIOD_S)
            return _CHECKS[self._board.generation]
        return None

    def _note_feed(self, now_s: float) -> None:
        if self._fed:
            self._fed, self._fed_at_s = False, now_s
        elif self._fed_at_s is not None and now_s > self._fed_at_s + FEED_FRESH_S:
            self._fed_at_s = None

    def _say_wanted(self) -> None:
        if self._board is None or self._wanted is None:
            return  # said when the board is there
        self._pending = deque(request for request in self._pending if request.name not in _TIMER_WORDS)
        if self._board.generation is Generation.OSMP_2_5 and self._wanted:
            self._pending.append(Request(SET_TIMEOUT, messages.set_command(Command.START_TIMER, self._timeout_s)))
        if self._wanted:
            self._queue(Command.START_TIMER, OldCommand.START_TIMER)
        else:
            self._queue(Command.STOP_TIMER, OldCommand.STOP_TIMER)

    def _queue(self, new: Command, old: OldCommand) -> None:
        if self._board is not None and len(self._pending) < PENDING_MAX:
            self._pending.append(_new(new) if self._board.generation is Generation.OSMP_2_5 else _old(old))

    # --- what was heard ----------------------------------------------------------------------------------------

    def _is_whole(self, request: Request) -> bool:
        if request.name == OldCommand.SENSORS.name:
            return len(self._text) >= messages.SENSORS_SIZE
        return request.name == OldCommand.RESET_PC.name or messages.board_of(self._text) is not None

    def _answered(self, request: Request, data: bytes, now_s: float) -> None:
        self._tries.finish(now_s)
        if self._board is None:
            self._asked = None
            self._greet(messages.board_of(data), now_s)
            return
        self._obeyed(request, self._timeout_s)
        if request.name == OldCommand.SENSORS.name:
            self._see_sensors(messages.sensors_of(data[: messages.SENSORS_SIZE]))
        elif request.name == Command.SERIAL_NUMBER.name:
            self._events.append(Identified(self._board.name, data[2:].hex()))

    def _greet(self, board: Board | None, now_s: float) -> None:
        if board is None:
            self._questions.rotate(-1)
            return
        self._board = board
        self._next_check_s = now_s if board.generation is Generation.OSMP_2 else now_s + CHECK_PERIOD_S
        self._events += self._status.tell(StatusChanged(DeviceState.ONLINE))
        if board.generation is Generation.OSMP_2_5:
            self._pending.append(_new(Command.SERIAL_NUMBER))
        else:
            self._events.append(Identified(board.name, ""))
        self._say_wanted()

    def _obeyed(self, request: Request, timeout_s: int) -> None:
        """The board heard it, or it is one of those that never say so."""
        self._asked = None
        if request.name == Command.START_TIMER.name and not self._told_running:
            self._told_running = True
            self._events.append(WatchdogStarted(timeout_s))
        elif request.name == Command.STOP_TIMER.name:
            self._told_running = False
            self._events.append(WatchdogStopped())

    def _see_sensors(self, seen: WatchdogSensors) -> None:
        """Sensor bytes have no checksum: only what was read twice is told."""
        if seen == self._seen_sensors and seen != self._told_sensors:
            self._told_sensors = seen
            self._events.append(seen)
        self._seen_sensors = seen

    # --- ends --------------------------------------------------------------------------------------------------

    def _give_up(self, now_s: float) -> None:
        if self._asked is None or not self._tries.is_late(now_s):
            return
        self._reader.give_up_waiting()
        if self._tries.again(now_s):
            self._text = b""
        elif self._board is not None:
            self._lose_board(now_s, Fault.NO_ANSWER)
        else:
            self._asked = None
            self._questions.rotate(-1)
            if self._questions[0] == _WHO_IS_THERE[0]:
                self._lose_board(now_s, Fault.NO_ANSWER)
                self._tries.keep_silent(now_s + ASK_AGAIN_S)

    def _lose_board(self, now_s: float, fault: Fault) -> None:
        if self._board is not None and self._wanted:
            self._events.append(WatchdogUnreachable())
        self._begin(now_s)
        self._events += self._status.tell(StatusChanged(DeviceState.OFFLINE, fault))


_TIMER_WORDS = frozenset({SET_TIMEOUT, Command.START_TIMER.name, Command.STOP_TIMER.name})


def watchdog_of(options: dict[str, str]) -> OsmpWatchdogSession:
    """`timeout=30` of a device URL: seconds without a feed, for boards of generation 2.5.

    Raises:
        DeviceUrlError: an option that does not exist, or a value it cannot have.
    """
    if unknown := set(options) - {"timeout"}:
        raise DeviceUrlError(f"an OSMP watchdog has no option {sorted(unknown)[0]}")
    text = options.get("timeout", str(messages.TIMEOUT_S_DEFAULT))
    low, high = messages.TIMEOUT_S_MIN, messages.TIMEOUT_S_MAX
    if not (text.isascii() and text.isdecimal() and low <= int(text) <= high):
        raise DeviceUrlError(f"timeout is a number from {low} to {high}, not {text}")
    return OsmpWatchdogSession(int(text))
