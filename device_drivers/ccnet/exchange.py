"""One CCNET request and its answer: tries, ACK and NAK of the host, silence after them. No I/O, no clock.

Source: CCNET interface description, "Acknowledgement rules" and "Timing". It knows no meaning of what it carries.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from device_drivers.ccnet import frames, messages
from device_drivers.ccnet.frames import BILL_VALIDATOR, Frame, FrameReader
from device_drivers.ccnet.messages import Answer, MessageError, Opcode, Reply
from device_drivers.sized_frames import DamagedFrame

TRIES_MAX = 3
ANSWER_S = 0.25  # from the request to its whole answer
LONG_ANSWER_S = 1.5  # IDENTIFICATION and GET BILL TABLE
SILENCE_S = 0.020  # after ACK or NAK of the host, as recommended
SILENCE_S_MIN = 0.010  # the least allowed: a decision about the note in escrow waits no longer
COMMAND_GAP_S = 0.010  # after a bare answer, which the host does not acknowledge
BYTE_WIRE_S = 0.00105  # ten bits at 9600 baud: silence counts from the last bit
BYTE_GAP_S = 0.060  # a frame that pauses longer than this inside never ends


class AnswerShape(enum.Enum):
    """What may answer a request."""

    BARE = enum.auto()  # ACK, NAK or ILLEGAL COMMAND, not acknowledged by the host
    POLL = enum.auto()
    IDENTIFICATION = enum.auto()
    BILL_TABLE = enum.auto()


_DECODERS: dict[AnswerShape, Callable[[bytes], Answer]] = {
    AnswerShape.POLL: messages.decode_poll_answer,
    AnswerShape.IDENTIFICATION: messages.decode_identification,
    AnswerShape.BILL_TABLE: messages.decode_bill_table,
}


@dataclass(frozen=True, slots=True)
class Request:
    """What to send and what must come back."""

    data: bytes
    shape: AnswerShape = AnswerShape.BARE
    urgent: bool = False  # after the least silence allowed; a repeat of it waits as long as anything

    @property
    def opcode(self) -> Opcode:
        return Opcode(self.data[0])

    @property
    def answer_limit_s(self) -> float:
        long = self.shape in (AnswerShape.IDENTIFICATION, AnswerShape.BILL_TABLE)
        return LONG_ANSWER_S if long else ANSWER_S


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """All tries are spent. `heard`: the device is there, but says NAK or noise."""

    heard: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of `request`; None: a poll answer nobody waits for any more, and still news of the device."""

    request: Request | None
    answer: Answer | NoAnswer


class Exchange:
    """Carries one request at a time to its answer or to `NoAnswer`."""

    def __init__(self) -> None:
        self._reader = FrameReader(BILL_VALIDATOR)
        self._request: Request | None = None
        self._sent_tries = 0
        self._heard = False
        self._deadline_s: float | None = None  # None: the request has yet to be sent
        self._reply = b""
        self._silent_until_s = 0.0
        self._urgent_from_s = 0.0  # what may not wait so long
        self._last_byte_s = 0.0

    @property
    def request(self) -> Request | None:
        """What is under way."""
        return self._request

    @property
    def free(self) -> bool:
        """True when the next request may be started."""
        return self._request is None and not self._reply

    def start(self, request: Request) -> None:
        """Takes the next request; only when `free`."""
        assert self.free
        self._request, self._sent_tries, self._heard, self._deadline_s = request, 0, False, None

    def abandon(self) -> None:
        """Forgets everything under way: the line is gone."""
        self._request, self._reply, self._deadline_s = None, b"", None
        self._reader = FrameReader(BILL_VALIDATOR)

    def bytes_to_send(self, now_s: float) -> bytes:
        """The acknowledgement owed, or the request, when its time has come."""
        if self._reply:
            return self._send_reply(now_s)
        if self._request is None or self._deadline_s is not None or now_s < self._request_leaves_s():
            return b""
        self._sent_tries += 1
        self._deadline_s = now_s + self._request.answer_limit_s
        return _wire(self._request.data)

    def receive(self, chunk: bytes, now_s: float) -> list[Outcome]:
        """What these bytes, or the time that passed, brought to an end."""
        found: list[Frame | DamagedFrame] = []
        if chunk:
            found = self._reader.feed(chunk)
            self._last_byte_s = now_s
        elif self._reader.waiting and now_s >= self._last_byte_s + BYTE_GAP_S:
            found = self._reader.give_up_waiting()
        outcomes = [outcome for frame in found if (outcome := self._judge(frame, now_s)) is not None]
        if self._deadline_s is None:
            return outcomes
        if any(isinstance(frame, DamagedFrame) for frame in found) and not self._reader.waiting:
            outcomes += self._refuse_damaged(now_s)
        elif now_s >= self._deadline_s:
            outcomes += self._end_try()
        return outcomes

    def wakes_at_s(self) -> float:
        """When there is something to send or to give up."""
        if self._reply:
            return 0.0
        if self._deadline_s is None:
            return self._request_leaves_s()
        if self._reader.waiting:
            return min(self._deadline_s, self._last_byte_s + BYTE_GAP_S)
        return self._deadline_s

    def may_leave_s(self, *, urgent: bool) -> float:
        """When a request may leave at the earliest."""
        return self._urgent_from_s if urgent else self._silent_until_s

    def _request_leaves_s(self) -> float:
        request = self._request
        return self.may_leave_s(urgent=request is not None and request.urgent and self._sent_tries == 0)

    def _keep_silent(self, since_s: float, silence_s: float, urgent_silence_s: float) -> None:
        self._silent_until_s, self._urgent_from_s = since_s + silence_s, since_s + urgent_silence_s

    def _judge(self, frame: Frame | DamagedFrame, now_s: float) -> Outcome | None:
        if isinstance(frame, DamagedFrame):
            return None
        self._heard = True
        if self._request is None or self._deadline_s is None:
            return _late_news(frame)
        if frame.data == bytes((Reply.NAK,)):
            self._keep_silent(now_s, SILENCE_S, SILENCE_S)
            return next(iter(self._end_try()), None)
        if frame.data == bytes((Reply.ILLEGAL_COMMAND,)):
            return self._finish(Reply.ILLEGAL_COMMAND, now_s)
        if self._request.shape is AnswerShape.BARE:
            acknowledged = frame.data == bytes((Reply.ACK,))
            return self._finish(Reply.ACK, now_s) if acknowledged else _late_news(frame)
        try:
            answer = _DECODERS[self._request.shape](frame.data)
        except MessageError:
            return _late_news(frame)
        self._reply = _wire(bytes((Opcode.ACK,)))
        return self._finish(answer, now_s)

    def _finish(self, answer: Answer, now_s: float) -> Outcome:
        outcome = Outcome(self._request, answer)
        self._request, self._deadline_s = None, None
        self._keep_silent(now_s, COMMAND_GAP_S, COMMAND_GAP_S)
        return outcome

    def _refuse_damaged(self, now_s: float) -> list[Outcome]:
        """Asks for the answer again: by NAK where the device repeats it, by the request itself where it does not."""
        assert self._request is not None
        self._heard = True
        if self._request.shape is AnswerShape.BARE or self._sent_tries >= TRIES_MAX:
            self._keep_silent(now_s, SILENCE_S, SILENCE_S)
            return self._end_try()
        self._sent_tries += 1
        self._reply = _wire(bytes((Opcode.NAK,)))
        self._deadline_s = now_s + self._request.answer_limit_s
        return []

    def _end_try(self) -> list[Outcome]:
        """The next `bytes_to_send` tries again, unless all tries are spent."""
        self._deadline_s = None
        if self._sent_tries < TRIES_MAX:
            return []
        request, self._request = self._request, None
        return [Outcome(request, NoAnswer(heard=self._heard))]

    def _send_reply(self, now_s: float) -> bytes:
        reply, self._reply = self._reply, b""
        self._keep_silent(now_s + len(reply) * BYTE_WIRE_S, SILENCE_S, SILENCE_S_MIN)
        return reply


@lru_cache(maxsize=64)  # a validator is told the same few things all day
def _wire(data: bytes) -> bytes:
    return frames.encode(Frame(BILL_VALIDATOR, data))


def _late_news(frame: Frame) -> Outcome | None:
    """A device answers in order and never invents: a late poll answer is true, and may be its only word of a note."""
    try:
        return Outcome(None, messages.decode_poll_answer(frame.data))
    except MessageError:
        return None
