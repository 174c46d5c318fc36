"""One Shtrih-M command and its answer: ENQ before it, tries, NAK, the answer asked again. No I/O, no clock.

Source: Shtrih-M protocol description, "Standard low level". Before every command ENQ: NAK means the device is idle,
ACK that an answer to some earlier command is coming, which is acknowledged first. It knows no meaning of what it
carries.
"""

from __future__ import annotations

import enum

from device_drivers.fiscal_session import Answered, NoAnswer, Outcome, Request
from device_drivers.shtrih_m import frames
from device_drivers.shtrih_m.frames import Control, DamagedMessage, FrameReader, Message, Token
from device_drivers.shtrih_m.messages import MessageError, split_command

TRIES_MAX = 3
ENQ_S = 0.4  # drivers wait 0.1; a busy machine and TCP bridges need more
CONFIRM_S = 0.5  # ACK to a whole message; longer than any byte time-out of a port
OLD_ANSWER_S = 10.0  # an answer that ENQ says is coming
WORK_S_MAX = 60.0  # from the command to its answer, however often ENQ says that it is coming
BYTE_GAP_S = 0.15  # a message that pauses longer than this inside never ends


class _Phase(enum.Enum):
    FREE = enum.auto()
    ENQUIRING = enum.auto()  # ENQ is out: idle or not?
    OLD_ANSWER = enum.auto()  # an answer to an earlier command is coming
    CONFIRMING = enum.auto()  # the command is out: ACK or NAK?
    WORKING = enum.auto()  # the command is confirmed: its answer is coming
    CHECKING = enum.auto()  # ENQ after the command: is its answer still to come?


class ShtrihMExchange:
    """Implements `Exchange`."""

    def __init__(self) -> None:
        self._reader = FrameReader()
        self._out = b""
        self._request: Request | None = None
        self._phase = _Phase.FREE
        self._enquiries = 0  # without an answer
        self._sent_tries = 0
        self._heard = False
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
        self._request, self._enquiries, self._sent_tries, self._heard = request, 0, 0, False
        self._phase = _Phase.FREE

    def abandon(self) -> None:
        """Forgets everything under way: the line is gone."""
        self._reader, self._out = FrameReader(), b""
        self._request, self._phase = None, _Phase.FREE

    def bytes_to_send(self, now_s: float) -> bytes:
        """What goes on the wire now."""
        if self._request is not None and self._phase is _Phase.FREE:
            self._enquire(_Phase.ENQUIRING, now_s)
        out, self._out = self._out, b""
        return out

    def receive(self, chunk: bytes, now_s: float) -> Outcome | None:
        """What these bytes, or the time that passed, brought to an end."""
        tokens = self._reader.feed(chunk)
        if chunk:
            self._last_byte_s = now_s
        elif self._reader.waiting and now_s >= self._last_byte_s + BYTE_GAP_S:
            tokens += self._reader.give_up_waiting()
        outcome: Outcome | None = None
        for token in tokens:
            outcome = self._judge(token, now_s) or outcome
        if outcome is None and self._request is not None and self._phase is not _Phase.FREE:
            outcome = self._in_time(now_s)
        return outcome

    def wakes_at_s(self) -> float:
        """When there is something to send or to give up."""
        if self._out or self._phase is _Phase.FREE:
            return 0.0
        if self._reader.waiting:
            return min(self._deadline_s, self._last_byte_s + BYTE_GAP_S)
        return self._deadline_s

    # --- what was heard ----------------------------------------------------------------------------------------

    def _judge(self, token: Token, now_s: float) -> Outcome | None:
        if isinstance(token, DamagedMessage):
            self._ask_again(now_s)
            return None
        self._heard = True
        if isinstance(token, Message):
            return self._message(token.data, now_s)
        return self._control(token, now_s)

    def _control(self, control: Control, now_s: float) -> Outcome | None:
        if control is Control.ENQ or self._request is None:
            return None
        acknowledged = control is Control.ACK
        if self._phase is _Phase.ENQUIRING:
            self._enquiries = 0
            if acknowledged:
                self._go(_Phase.OLD_ANSWER, now_s + OLD_ANSWER_S)
            else:
                self._send(now_s)
        elif self._phase is _Phase.CONFIRMING:
            if acknowledged:
                self._go(_Phase.WORKING, now_s + self._request.limit_s)
            elif self._sent_tries < TRIES_MAX:
                self._send(now_s)  # NAK: damaged on its way, so surely not obeyed
            else:
                return self._end(NoAnswer(sent=False, heard=True))
        elif self._phase is _Phase.CHECKING:
            if acknowledged:
                self._go(_Phase.WORKING, min(now_s + self._request.limit_s, self._work_limit_s))
            else:
                return self._not_remembered(now_s)
        return None

    def _not_remembered(self, now_s: float) -> Outcome | None:
        """The device is idle and our answer is gone, or the command never came."""
        assert self._request is not None
        if self._request.repeatable and self._sent_tries < TRIES_MAX:
            self._send(now_s)
            return None
        return self._end(NoAnswer(sent=True, heard=True))

    def _message(self, data: bytes, now_s: float) -> Outcome | None:
        self._out += bytes((Control.ACK,))
        ours = self._phase in (_Phase.CONFIRMING, _Phase.WORKING, _Phase.CHECKING)
        if ours and self._request is not None and _same_command(self._request.data, data):
            return self._end(Answered(data))
        if self._phase in (_Phase.ENQUIRING, _Phase.OLD_ANSWER):
            self._enquire(_Phase.ENQUIRING, now_s)
        return None

    def _ask_again(self, now_s: float) -> None:
        """NAK alone brings nothing: the device repeats its answer after ENQ."""
        if self._phase is not _Phase.FREE:
            self._out += bytes((Control.NAK,))
            old = self._phase in (_Phase.ENQUIRING, _Phase.OLD_ANSWER)
            self._enquire(_Phase.ENQUIRING if old else _Phase.CHECKING, now_s)

    def _in_time(self, now_s: float) -> Outcome | None:
        if now_s < self._deadline_s:
            return None
        if self._phase in (_Phase.ENQUIRING, _Phase.CHECKING) and self._enquiries >= TRIES_MAX:
            return self._end(NoAnswer(sent=self._sent_tries > 0, heard=self._heard and self._sent_tries == 0))
        if self._phase is _Phase.WORKING and now_s >= self._work_limit_s:
            return self._end(NoAnswer(sent=True, heard=True))
        sent = self._phase in (_Phase.CONFIRMING, _Phase.WORKING, _Phase.CHECKING)
        self._enquire(_Phase.CHECKING if sent else _Phase.ENQUIRING, now_s)
        return None

    # --- what is said ------------------------------------------------------------------------------------------

    def _enquire(self, phase: _Phase, now_s: float) -> None:
        self._enquiries += 1
        self._out += bytes((Control.ENQ,))
        self._go(phase, now_s + ENQ_S)

    def _send(self, now_s: float) -> None:
        assert self._request is not None
        if not self._sent_tries:
            self._work_limit_s = now_s + WORK_S_MAX
        self._sent_tries += 1
        self._enquiries = 0
        self._out += frames.encode(self._request.data)
        self._go(_Phase.CONFIRMING, now_s + CONFIRM_S)

    def _go(self, phase: _Phase, deadline_s: float) -> None:
        self._phase, self._deadline_s = phase, deadline_s

    def _end(self, outcome: Outcome) -> Outcome:
        self._request, self._phase = None, _Phase.FREE
        return outcome


def _same_command(request: bytes, answer: bytes) -> bool:
    try:
        return split_command(request)[0] == split_command(answer)[0]
    except MessageError:
        return False
