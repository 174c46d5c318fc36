"""One ID-003 request and its answer: tries, ACK of VEND VALID, own echo. No I/O, no clock.

Source: ID-003 paper, "Exchange rules", "Frame". On a half-duplex adapter the host hears itself, and an echoed STATUS
REQUEST is byte for byte IDLING: so the first request on a line is one that cannot be its own answer, and only then
is anything believed.
"""

from __future__ import annotations

from dataclasses import dataclass

from device_drivers.id003 import frames, messages
from device_drivers.id003.frames import FrameReader
from device_drivers.id003.messages import OPERATIONS, SETTING_SIZES, Command, MessageError, Status, StatusReport
from device_drivers.sized_frames import DamagedFrame
from device_drivers.tries import Tries

TRIES_MAX = 3
ANSWER_S = 0.25  # from the request to its whole answer
LONG_ANSWER_S = 0.5  # currency assignment and version: up to 100 bytes
REPEAT_PAUSE_S = 0.02
COMMAND_GAP_S = 0.01  # after an answer
BYTE_GAP_S = 0.06  # a frame that pauses longer than this inside never ends

_REPLIES = (Status.ACK, Status.INVALID_COMMAND, Status.COMMUNICATION_ERROR, Status.ENQ)


@dataclass(frozen=True, slots=True)
class Reported:
    """A status, asked for or late: a device answers in order and never invents."""

    report: StatusReport


@dataclass(frozen=True, slots=True)
class Done:
    """An operation was acknowledged, or a setting came back as it was sent."""

    request: bytes


@dataclass(frozen=True, slots=True)
class ValueGiven:
    """The answer to a setting request: the data behind its code."""

    request: bytes
    data: bytes


@dataclass(frozen=True, slots=True)
class Refused:
    """INVALID COMMAND."""

    request: bytes


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """All tries are spent. `heard`: something is there, but says noise or what was not asked."""

    request: bytes
    heard: bool


Outcome = Reported | Done | ValueGiven | Refused | NoAnswer


class Exchange:
    """Carries one request at a time to its end."""

    def __init__(self) -> None:
        self._reader = FrameReader()
        self._tries = Tries()
        self._request = b""
        self._reply = b""
        self._heard = False
        self._damaged = False  # in this try
        self._last_byte_s = 0.0
        self._echoes: bool | None = None  # None: not yet known
        self._own: list[bytes] = []  # what we said and have yet to hear from ourselves

    @property
    def free(self) -> bool:
        """True when the next request may be started."""
        return self._tries.free and not self._reply

    @property
    def echo_known(self) -> bool:
        """False until a VERSION REQUEST told whether the line echoes: nothing else may be asked before."""
        return self._echoes is not None

    def start(self, request: bytes) -> None:
        """Takes the next request; only when `free`."""
        assert self.echo_known or request[0] == Command.VERSION_REQUEST
        long = request[0] in (Command.CURRENCY_ASSIGN_REQUEST, Command.VERSION_REQUEST)
        self._request, self._heard = request, False
        wire = frames.encode(request)
        self._tries.start(wire, answer_s=LONG_ANSWER_S if long else ANSWER_S, tries_max=TRIES_MAX)

    def abandon(self) -> None:
        """Forgets everything under way: the line is gone, and the next one may echo or not."""
        self._tries.abandon()
        self._reader, self._reply, self._own, self._echoes = FrameReader(), b"", [], None

    def bytes_to_send(self, now_s: float) -> bytes:
        """The acknowledgement owed, or the request, when its time has come."""
        if self._reply:
            reply, self._reply = self._reply, b""
            self._own.append(bytes((Command.ACK,)))
            self._tries.keep_silent(now_s + REPEAT_PAUSE_S)
            return reply
        if sent := self._tries.bytes_to_send(now_s):
            self._own, self._damaged = [self._request], False
        return sent

    def receive(self, chunk: bytes, now_s: float) -> list[Outcome]:
        """What these bytes, or the time that passed, brought to an end."""
        found: list[bytes | DamagedFrame] = []
        if chunk:
            found = self._reader.feed(chunk)
            self._last_byte_s = now_s
        elif self._reader.waiting and now_s >= self._last_byte_s + BYTE_GAP_S:
            found = self._reader.give_up_waiting()
        outcomes: list[Outcome] = []
        for frame in found:
            if isinstance(frame, DamagedFrame):
                self._damaged = True
            elif not self._is_own(frame):
                outcomes += self._judge(frame, now_s)
        if self._tries.waiting and self._damaged and not self._reader.waiting:
            self._heard = True
            outcomes += self._fail_try(now_s)
        elif self._tries.is_late(now_s):
            outcomes += self._fail_try(now_s)
        return outcomes

    def wakes_at_s(self) -> float:
        """When there is something to send or to give up."""
        if self._reply:
            return 0.0
        if self._tries.waiting and self._reader.waiting:
            return min(self._tries.wakes_at_s(), self._last_byte_s + BYTE_GAP_S)
        return self._tries.wakes_at_s()

    def _is_own(self, data: bytes) -> bool:
        if self._echoes is None and data == bytes((Command.VERSION_REQUEST,)):
            self._echoes = True
        if self._echoes and self._own and data == self._own[0]:
            del self._own[0]
            return True
        return False

    def _judge(self, data: bytes, now_s: float) -> list[Outcome]:
        self._heard = True
        if self._echoes is None and not self._damaged:
            self._echoes = False  # an answer, and our own words did not come before it
        asked = self._tries.waiting
        if asked and data[0] == self._request[0] and self._request[0] in SETTING_SIZES:
            if data == self._request:
                return [self._finish(Done(self._request), now_s)]
            return self._fail_try(now_s)
        if asked and self._request[0] >= Command.GET_ENABLE and data[0] == self._request[0] and len(data) > 1:
            return [self._finish(ValueGiven(self._request, data[1:]), now_s)]
        try:
            report = messages.decode_status(data)
        except MessageError:
            return []
        return self._judge_report(report, asked, now_s)

    def _judge_report(self, report: StatusReport, asked: bool, now_s: float) -> list[Outcome]:
        if report.status in _REPLIES:
            return self._judge_reply(report.status, now_s) if asked else []
        if self._echoes is None:
            return []  # it may be our own voice
        if report.status is Status.VEND_VALID:
            self._reply = frames.encode(bytes((Command.ACK,)))
        if asked and self._request[0] == Command.STATUS_REQUEST:
            return [self._finish(Reported(report), now_s)]
        return [Reported(report)]

    def _judge_reply(self, status: Status, now_s: float) -> list[Outcome]:
        if status is Status.INVALID_COMMAND:
            return [self._finish(Refused(self._request), now_s)]
        if status is Status.COMMUNICATION_ERROR:
            return self._fail_try(now_s)
        if status is Status.ACK and self._request[0] in OPERATIONS:
            return [self._finish(Done(self._request), now_s)]
        return []

    def _finish(self, outcome: Outcome, now_s: float) -> Outcome:
        self._tries.finish(now_s, pause_s=COMMAND_GAP_S)
        return outcome

    def _fail_try(self, now_s: float) -> list[Outcome]:
        """The request is repeated, unless all tries are spent."""
        damaged, self._damaged = self._damaged, False
        if self._tries.again(now_s, pause_s=REPEAT_PAUSE_S):
            return []
        if self._echoes is None and not damaged and not self._heard:
            self._echoes = False  # nobody at all, not even ourselves
        return [NoAnswer(self._request, self._heard)]
