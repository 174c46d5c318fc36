"""One ATOL task from its adding to its result: packets, their answers, the task asked again by its number. No clock.

Source: ATOL protocol, "Transport v3". The number of a task makes it idempotent: after a break it is asked by C3 and
never added under another number before that. A buffer that knows nothing of it may have been emptied by a loss of
power after the work was done, so a task that changes something is not added again: its outcome is unknown.
"""

from __future__ import annotations

import enum
import math

from device_drivers.atol import frames
from device_drivers.atol.frames import ASYNC_ID, ID_MAX, Frame, FrameReader
from device_drivers.atol.messages import NEED_RESULT, TASK_ID_MAX, TASK_ID_MIN, Buffer, TaskState
from device_drivers.fiscal_session import Answered, NoAnswer, Outcome, Request

PACKET_S = 0.7
PACKET_TRIES_MAX = 3
ASK_S = 0.05  # between questions about a task under way
WORK_S_MAX = 60.0
BYTE_GAP_S = 0.15

_UNDER_WAY = (TaskState.PENDING, TaskState.IN_PROGRESS, TaskState.WAITING, TaskState.TASK_EXISTS)
_RESULTS = (TaskState.RESULT, TaskState.ERROR)


class _Phase(enum.Enum):
    FREE = enum.auto()
    CLEARING = enum.auto()  # the buffer is emptied once, at the start of a line
    ADDING = enum.auto()
    RESTING = enum.auto()  # between two questions
    ASKING = enum.auto()


class AtolExchange:
    """Implements `Exchange`."""

    def __init__(self) -> None:
        self._task = TASK_ID_MAX
        self._packet = 0
        self.abandon()

    def abandon(self) -> None:
        """The line is gone; the buffer of the next one is unknown."""
        self._reader = FrameReader()
        self._request: Request | None = None
        self._phase = _Phase.FREE
        self._cleared = False
        self._out = b""
        self._said = b""  # the data of the packet that waits for its answer
        self._tries = 0
        self._added = False
        self._deadline_s = 0.0
        self._work_limit_s = 0.0
        self._last_byte_s = 0.0

    @property
    def free(self) -> bool:
        """True when the next request may be started."""
        return self._request is None

    def start(self, request: Request) -> None:
        """Takes the next request; only when `free`."""
        assert self.free
        self._request, self._added, self._work_limit_s = request, False, math.inf
        self._task = TASK_ID_MIN if self._task >= TASK_ID_MAX else self._task + 1

    def bytes_to_send(self, now_s: float) -> bytes:
        """What goes on the wire now."""
        if self._request is not None and self._phase is _Phase.FREE:
            self._work_limit_s = min(self._work_limit_s, now_s + WORK_S_MAX)
            if self._cleared:
                self._add(now_s)
            else:
                self._say(_Phase.CLEARING, bytes((Buffer.CLEAR,)), now_s)
        out, self._out = self._out, b""
        return out

    def receive(self, chunk: bytes, now_s: float) -> Outcome | None:
        """What these bytes, or the time that passed, brought to an end."""
        found = self._reader.feed(chunk)
        if chunk:
            self._last_byte_s = now_s
        elif self._reader.waiting and now_s >= self._last_byte_s + BYTE_GAP_S:
            self._reader.give_up_waiting()
        for frame in found:
            outcome = self._judge(frame, now_s)
            if outcome is not None:
                return outcome
        return self._in_time(now_s) if self._request is not None and self._phase is not _Phase.FREE else None

    def wakes_at_s(self) -> float:
        """When there is something to send or to give up."""
        if self._out or self._phase is _Phase.FREE:
            return 0.0
        return self._deadline_s

    # --- what was heard ----------------------------------------------------------------------------------------

    def _judge(self, frame: Frame, now_s: float) -> Outcome | None:
        if self._request is None:
            return None
        if frame.number == ASYNC_ID:
            return self._async(frame.data)
        if frame.number != self._packet or self._phase in (_Phase.FREE, _Phase.RESTING):
            return None
        state = frame.data[0]
        if self._phase is _Phase.CLEARING:
            self._cleared = True
            self._add(now_s)
        elif state in _RESULTS:
            return self._end(Answered(frame.data[1:]))
        elif state in _UNDER_WAY:
            self._phase, self._deadline_s = _Phase.RESTING, now_s + ASK_S
        elif state == TaskState.NOT_FOUND:
            return self._not_found(now_s)
        elif state == TaskState.BUFFER_FULL:
            self._cleared = False  # what lies there is nobody's any more
            self._phase = _Phase.FREE
        else:
            return self._end(NoAnswer(sent=state == TaskState.STOPPED, heard=True))
        return None

    def _async(self, data: bytes) -> Outcome | None:
        ours = len(data) >= 2 and data[1] == self._task and data[0] in (TaskState.ASYNC_RESULT, TaskState.ASYNC_ERROR)
        return self._end(Answered(data[2:])) if ours and self._added else None

    def _not_found(self, now_s: float) -> Outcome | None:
        assert self._request is not None
        if not self._request.repeatable:
            return self._end(NoAnswer(sent=True, heard=True))
        self._add(now_s)
        return None

    def _in_time(self, now_s: float) -> Outcome | None:
        if now_s >= self._work_limit_s:
            return self._end(NoAnswer(sent=self._added, heard=True))
        if now_s < self._deadline_s:
            return None
        if self._phase is _Phase.RESTING:
            self._say(_Phase.ASKING, bytes((Buffer.ASK, self._task)), now_s)
        elif self._tries >= PACKET_TRIES_MAX:
            return self._end(NoAnswer(sent=self._added, heard=False))
        elif self._phase is _Phase.ADDING:
            # Nobody knows whether it came: the number is asked, which adds nothing.
            tries = self._tries
            self._say(_Phase.ASKING, bytes((Buffer.ASK, self._task)), now_s)
            self._tries = tries + 1
        else:
            self._repeat(now_s)
        return None

    # --- what is said ------------------------------------------------------------------------------------------

    def _add(self, now_s: float) -> None:
        assert self._request is not None
        self._added = True
        self._say(_Phase.ADDING, bytes((Buffer.ADD, NEED_RESULT, self._task)) + self._request.data, now_s)

    def _say(self, phase: _Phase, data: bytes, now_s: float) -> None:
        self._phase, self._said, self._tries = phase, data, 0
        self._repeat(now_s)

    def _repeat(self, now_s: float) -> None:
        self._tries += 1
        self._packet = 0 if self._packet >= ID_MAX else self._packet + 1
        self._out += frames.encode(Frame(self._packet, self._said))
        self._deadline_s = now_s + PACKET_S

    def _end(self, outcome: Outcome) -> Outcome:
        if isinstance(outcome, Answered):
            self._packet = 0 if self._packet >= ID_MAX else self._packet + 1
            self._out += frames.encode(Frame(self._packet, bytes((Buffer.ACKNOWLEDGE, self._task))))
        self._request, self._phase = None, _Phase.FREE
        return outcome
