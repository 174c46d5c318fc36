"""The agent's sound of one connection: packets come on the event loop, the loudspeaker pulls in a thread of its own."""

from __future__ import annotations

import threading
import time

from device_drivers.contract.audio import Samples
from terminal_app.media.opus import OpusDecoder
from terminal_app.media.receiving.av_offset import SenderClock
from terminal_app.media.receiving.sound_buffer import SoundBuffer, SoundCounts


class HeardSound:
    def __init__(self, clock: SenderClock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._buffer = SoundBuffer(OpusDecoder())

    @property
    def counts(self) -> SoundCounts:
        return self._buffer.counts

    def add(self, place: int, timestamp: int, packet: bytes) -> None:
        """As in `SoundBuffer`."""
        with self._lock:
            self._buffer.add(place, timestamp, packet, time.monotonic())

    def hold(self, least_s: float) -> None:
        """The sound is to be so late at least, as the pictures are."""
        self._buffer.least_s = least_s

    def pull(self, count: int) -> tuple[Samples, float | None]:
        """Exactly `count` samples, at once, and when the sample after them was taken, by the sender's clock."""
        with self._lock:
            samples, timestamp = self._buffer.pull(count), self._buffer.next_timestamp
        return samples, None if timestamp is None else self._clock.taken_s(timestamp)
