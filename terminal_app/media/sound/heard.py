"""The agent's sound of one connection: packets come on the event loop, the loudspeaker pulls in a thread of its own."""

from __future__ import annotations

import threading
import time

from device_drivers.contract.audio import Samples
from terminal_app.media.opus import OpusDecoder
from terminal_app.media.receiving.sound_buffer import SoundBuffer, SoundCounts


class HeardSound:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._buffer = SoundBuffer(OpusDecoder())

    @property
    def counts(self) -> SoundCounts:
        return self._buffer.counts

    def add(self, place: int, timestamp: int, packet: bytes) -> None:
        """As in `SoundBuffer`."""
        with self._lock:
            self._buffer.add(place, timestamp, packet, time.monotonic())

    def pull(self, count: int) -> Samples:
        """Exactly `count` samples, at once."""
        with self._lock:
            return self._buffer.pull(count)
