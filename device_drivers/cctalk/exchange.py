"""One ccTalk request and its answer: own echo, tries, BUSY, quiet after a late answer. No I/O, no clock.

Source: ccTalk paper, "Link and bus", "Message". On the one wire the host hears itself unless the adapter hides it: what
comes in exactly as the request went out is stripped. An answer does not say what it answers, so after a request that
had to be repeated the wire is left quiet until the answers to its other tries have run out.
"""

from __future__ import annotations

from dataclasses import dataclass

from device_drivers.cctalk import frames
from device_drivers.cctalk.frames import HOST, Form, Frame, FrameReader
from device_drivers.cctalk.messages import BUSY, NAK, REPLY, Header
from device_drivers.sized_frames import DamagedFrame
from device_drivers.tries import Tries

TRIES_MAX = 3
ANSWER_S = 0.5
LONG_ANSWER_S = 1.5  # reset, self-check
BUSY_PAUSE_S = 1.0
REPEAT_PAUSE_S = 0.05
COMMAND_GAP_S = 0.005
BYTE_GAP_S = 0.05  # a message that pauses longer than this inside never ends
_LONG = (Header.RESET, Header.SELF_CHECK)


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked; `sizes` are the data sizes an answer may have, none given: any."""

    header: Header
    data: bytes = b""
    sizes: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Answered:
    """The device answered; no data is ACK. More than one try: the device may have been away meanwhile."""

    request: Request
    data: bytes
    tries: int = 1


@dataclass(frozen=True, slots=True)
class Refused:
    """NAK to every try."""

    request: Request


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """All tries are spent. `heard`: something is there, but noise or what was not asked."""

    request: Request
    heard: bool


Outcome = Answered | Refused | NoAnswer


class Exchange:
    """Carries one request at a time to its end."""

    def __init__(self, form: Form, address: int) -> None:
        self._form = form
        self._address = address
        self._tries = Tries()
        self._request: Request | None = None
        self._reader = FrameReader(form, HOST, address)
        self._echo_left = b""  # of our own words, what may still come back
        self._held = b""  # what came and may yet be our own words
        self._heard = False
        self._nak = False
        self._damaged = False  # in this try
        self._last_byte_s = 0.0

    @property
    def free(self) -> bool:
        """True when the next request may be started."""
        return self._tries.free

    def start(self, request: Request) -> None:
        """Takes the next request; only when `free`."""
        wire = frames.encode(Frame(self._address, request.header, request.data, HOST), self._form)
        self._request, self._heard, self._nak = request, False, False
        answer_s = LONG_ANSWER_S if request.header in _LONG else ANSWER_S
        self._tries.start(wire, answer_s=answer_s, tries_max=TRIES_MAX)

    def abandon(self) -> None:
        """Forgets everything under way: the line is gone."""
        self._tries.abandon()
        self._reader = FrameReader(self._form, HOST, self._address)
        self._request, self._echo_left, self._held = None, b"", b""

    def bytes_to_send(self, now_s: float) -> bytes:
        """The request, when its time has come."""
        if sent := self._tries.bytes_to_send(now_s):
            self._reader = FrameReader(self._form, HOST, self._address)  # what is left there was noise
            self._echo_left, self._held, self._damaged = sent, b"", False
        return sent

    def receive(self, chunk: bytes, now_s: float) -> list[Outcome]:
        """What these bytes, or the time that passed, brought to an end."""
        found: list[Frame | DamagedFrame] = []
        if chunk:
            found = self._reader.feed(self._without_echo(chunk))
            self._last_byte_s = now_s
        elif (self._reader.waiting or self._held) and now_s >= self._last_byte_s + BYTE_GAP_S:
            held, self._held, self._echo_left = self._held, b"", b""
            found = self._reader.feed(held) + self._reader.give_up_waiting()
        outcomes: list[Outcome] = []
        for frame in found:
            if isinstance(frame, DamagedFrame):
                self._damaged = True
            else:
                outcomes += self._judge(frame, now_s)
        if self._tries.waiting and self._damaged and not self._reader.waiting:
            self._heard = True
            outcomes += self._fail_try(now_s)
        elif self._tries.is_late(now_s):
            outcomes += self._fail_try(now_s)
        return outcomes

    def wakes_at_s(self) -> float:
        """When there is something to send or to give up."""
        if self._tries.waiting and (self._reader.waiting or self._held):
            return min(self._tries.wakes_at_s(), self._last_byte_s + BYTE_GAP_S)
        return self._tries.wakes_at_s()

    def _without_echo(self, chunk: bytes) -> bytes:
        """Strips the request itself from the front of what comes after it."""
        if not self._echo_left:
            return chunk
        self._held += chunk
        if self._held.startswith(self._echo_left):
            rest, self._held, self._echo_left = self._held[len(self._echo_left) :], b"", b""
            return rest
        if self._echo_left.startswith(self._held):
            return b""
        rest, self._held, self._echo_left = self._held, b"", b""
        return rest

    def _judge(self, frame: Frame, now_s: float) -> list[Outcome]:
        request = self._request
        if request is None or not self._tries.waiting:
            return []  # an answer to an earlier try: a device's events are kept until they are read
        self._heard = True
        if frame.header == NAK and not frame.data:
            self._nak = True
            return self._fail_try(now_s)
        if frame.header == BUSY and not frame.data:
            return self._fail_try(now_s, BUSY_PAUSE_S)
        if frame.header != REPLY or (request.sizes and len(frame.data) not in request.sizes):
            return []
        tries = self._tries.sent
        quiet_s = ANSWER_S if tries > 1 else COMMAND_GAP_S
        self._request = None
        self._tries.finish(now_s, pause_s=quiet_s)
        return [Answered(request, frame.data, tries)]

    def _fail_try(self, now_s: float, pause_s: float = REPEAT_PAUSE_S) -> list[Outcome]:
        """The request is repeated, unless all tries are spent."""
        self._damaged = False
        assert self._request is not None
        if self._tries.again(now_s, pause_s=pause_s):
            return []
        self._tries.keep_silent(now_s + ANSWER_S)
        request, self._request = self._request, None
        return [Refused(request) if self._nak else NoAnswer(request, self._heard)]
