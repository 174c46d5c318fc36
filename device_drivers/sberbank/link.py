"""The Sberbank link: frames in envelopes, ACK and BEL by turns, EOT at the end of a message. No I/O, no clock.

Source: notes on bank terminals, "Sberbank (UPOS) terminals", and a recorded exchange (MIT). A frame that was not
acknowledged is not sent again by itself: it may be a sale that the terminal is busy with.
"""

from __future__ import annotations

from collections import deque

from device_drivers.sberbank import frames, messages
from device_drivers.sberbank.frames import Control, DamagedFrame, EnvelopeReader, Frame, MessageJoiner
from device_drivers.sberbank.messages import Message, MessageError

ACK_S = 2.5
NAK_TRIES_MAX = 3
BYTE_GAP_S = 2.5
QUEUE_MAX = 64


class SberbankLink:
    """Implements `Link`."""

    def __init__(self) -> None:
        self._last_byte_s = 0.0
        self.abandon()

    def abandon(self) -> None:
        """The line is gone."""
        self._reader = EnvelopeReader()
        self._joiner = MessageJoiner()
        self._replies = b""
        self._queue: deque[Frame] = deque()
        self._under_way: Frame | None = None
        self._tries = 0
        self._deadline_s = 0.0

    def say(self, said: Message) -> None:
        """Leaves when what was said before is acknowledged."""
        if len(self._queue) < QUEUE_MAX:
            self._queue += frames.in_frames(messages.encode(said))

    def bytes_to_send(self, now_s: float) -> bytes:
        """Acknowledgements first, then the next frame."""
        out, self._replies = self._replies, b""
        if self._under_way is None and self._queue:
            self._under_way = self._queue.popleft()
            self._tries, self._deadline_s = 1, now_s + ACK_S
            out += frames.in_envelope(frames.encode(self._under_way))
        return out

    def receive(self, chunk: bytes, now_s: float) -> list[Message]:
        """Messages that became whole."""
        tokens = self._reader.feed(chunk)
        if chunk:
            self._last_byte_s = now_s
        elif self._reader.waiting and now_s >= self._last_byte_s + BYTE_GAP_S:
            self._reader.give_up_waiting()
        heard = []
        for token in tokens:
            if isinstance(token, Control):
                self._control(token, now_s)
            elif isinstance(token, DamagedFrame):
                self._replies += bytes((Control.NAK,))
            elif (found := self._joined(token)) is not None:
                heard.append(found)
        if self._under_way is not None and now_s >= self._deadline_s:
            self._throw_away()
        return heard

    def wakes_at_s(self) -> float:
        """When there is something to send or to give up."""
        if self._replies or (self._queue and self._under_way is None):
            return 0.0
        gap_s = self._last_byte_s + BYTE_GAP_S if self._reader.waiting else float("inf")
        return min(gap_s, self._deadline_s if self._under_way is not None else float("inf"))

    def _joined(self, frame: Frame) -> Message | None:
        last = Control.BEL if frame.number % 2 else Control.ACK
        self._replies += bytes((last if frame.more else Control.EOT,))
        data = self._joiner.join(frame)
        if data is None:
            return None
        try:
            return messages.decode(data)
        except MessageError:
            return None  # acknowledged as bytes, and no message

    def _control(self, control: Control, now_s: float) -> None:
        if self._under_way is None:
            return
        if control is not Control.NAK:
            self._under_way = None
        elif self._tries < NAK_TRIES_MAX:
            self._tries, self._deadline_s = self._tries + 1, now_s + ACK_S
            self._replies += frames.in_envelope(frames.encode(self._under_way))  # damaged on its way: not obeyed
        else:
            self._throw_away()

    def _throw_away(self) -> None:
        """The rest of a message whose frame did not arrive is of no use."""
        more, self._under_way = self._under_way is not None and self._under_way.more, None
        while more and self._queue:
            more = self._queue.popleft().more
