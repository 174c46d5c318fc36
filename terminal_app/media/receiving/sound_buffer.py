"""Between the network's uneven sound and the loudspeaker's even pull. Pure: told the time; the caller locks.

The loudspeaker is the clock: every pull is answered at once. What is missing then is taken from the copy that the next
packet carries, or hidden; when nothing has come at all the sound stands still instead of being skipped, so the delay
grows by itself as much as the path needs. A delay that nobody needs any more is taken back a few milliseconds at a
time, which also evens out the two clocks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from device_drivers.contract.audio import BLOCK_SAMPLES, SAMPLE_RATE_HZ, Samples
from terminal_app.media.opus import OpusError
from terminal_app.media.receiving.lateness import Lateness
from terminal_app.media.receiving.sequence import JUMP_MAX
from terminal_app.media.receiving.shorten import shorten

HIDDEN_BLOCKS_MAX = 5  # 100 ms; then it is silent and gathers anew
SPARE_S = 0.03  # over the target before the delay is taken back
CALM_BLOCKS = 15  # so long it has to be over the target: one late packet is no delay
BEHIND_S_MAX = 0.06  # the least delay that was asked for; then the sound rests until it has it
WAITING_S_MAX = 0.6  # after a cut of the path: what is older is thrown away


class Decoder(Protocol):
    """As in `opus.py`."""

    def decode(self, packet: bytes) -> Samples: ...

    def recover(self, next_packet: bytes, count: int) -> Samples: ...

    def conceal(self, count: int) -> Samples: ...


@dataclass(slots=True)
class SoundCounts:
    """In samples, since the first packet: of all that was `played`, what was recovered, hidden or silent."""

    played: int = 0
    recovered: int = 0
    hidden: int = 0
    silent: int = 0
    shortened: int = 0


class SoundBuffer:
    """One stream of Opus packets."""

    def __init__(self, decoder: Decoder) -> None:
        self.counts = SoundCounts()
        self.least_s = 0.0
        """The delay that is wanted, because the pictures have it: with the lips they are read by."""
        self._decoder = decoder
        self._lateness = Lateness()
        self._packets: dict[int, bytes] = {}
        self._next: int | None = None
        self._ready: Samples = np.zeros(0, np.int16)
        self._first_time = 0  # what the packet of place 0 would have
        self._gathering = True
        self._begun = False  # something was played: what comes before it is too late
        self._hidden_running = 0
        self._over_running = 0

    def add(self, place: int, timestamp: int, packet: bytes, now_s: float) -> None:
        """A packet came. `timestamp`: RTP, 48 kHz, unwrapped."""
        if self._next is not None and abs(place - self._next) > JUMP_MAX:
            self._begin_anew()
        self._lateness.arrived(timestamp / SAMPLE_RATE_HZ, now_s)
        if self._next is None or (not self._begun and place < self._next):
            self._next = place
        if place < self._next:
            return
        self._packets[place] = packet
        self._first_time = timestamp - place * BLOCK_SAMPLES
        if self.waiting_s() > WAITING_S_MAX:
            self._skip_to_newest()

    def pull(self, count: int) -> Samples:
        """Exactly `count` samples."""
        self._gathering |= self.waiting_s() < self.least_s - BEHIND_S_MAX
        if self._gathering and (self._next is None or self.waiting_s() < self._target_s()):
            if self._next is not None:
                self.counts.silent += count
                self.counts.played += count
            return np.zeros(count, np.int16)
        self._gathering, self._begun = False, True
        while self._ready.size < count and not self._gathering:
            self._ready = np.concatenate([self._ready, self._next_block()])
        found, self._ready = self._ready[:count], self._ready[count:]
        if found.size < count:
            found = np.concatenate([found, np.zeros(count - found.size, np.int16)])
        self.counts.played += count
        return found

    @property
    def next_timestamp(self) -> int | None:
        """Of the sample that the next pull begins with; None: silence."""
        if self._gathering or self._next is None:
            return None
        return self._first_time + self._next * BLOCK_SAMPLES - self._ready.size

    def waiting_s(self) -> float:
        """The delay that this buffer adds now."""
        blocks = 0 if self._next is None or not self._packets else max(self._packets) - self._next + 1
        return (blocks * BLOCK_SAMPLES + self._ready.size) / SAMPLE_RATE_HZ

    def _target_s(self) -> float:
        return max(self._lateness.target_s(), self.least_s)

    def _next_block(self) -> Samples:
        assert self._next is not None
        packet = self._packets.pop(self._next, None)
        if packet is not None:
            self._next += 1
            self._hidden_running = 0
            return self._shortened(self._decoded(packet))
        if not self._packets:
            return self._stand_still()
        self._next += 1
        following = self._packets.get(self._next)
        try:
            if following is not None:
                recovered = self._decoder.recover(following, BLOCK_SAMPLES)
                self.counts.recovered += BLOCK_SAMPLES
                return recovered
        except OpusError:
            pass  # the copy is unreadable: the loss is hidden as any other
        self.counts.hidden += BLOCK_SAMPLES
        return self._decoder.conceal(BLOCK_SAMPLES)

    def _decoded(self, packet: bytes) -> Samples:
        try:
            return self._decoder.decode(packet)
        except OpusError:
            self.counts.hidden += BLOCK_SAMPLES
            return self._decoder.conceal(BLOCK_SAMPLES)

    def _stand_still(self) -> Samples:
        self._hidden_running += 1
        if self._hidden_running > HIDDEN_BLOCKS_MAX:
            self._gathering, self._hidden_running = True, 0
            return np.zeros(0, np.int16)
        self.counts.hidden += BLOCK_SAMPLES
        return self._decoder.conceal(BLOCK_SAMPLES)

    def _shortened(self, block: Samples) -> Samples:
        over = self.waiting_s() > self._target_s() + SPARE_S
        self._over_running = self._over_running + 1 if over else 0
        if self._over_running <= CALM_BLOCKS:
            return block
        short = shorten(block)
        self.counts.shortened += block.size - short.size
        return short

    def _skip_to_newest(self) -> None:
        blocks = int(self._target_s() * SAMPLE_RATE_HZ / BLOCK_SAMPLES) + 1
        newest = max(self._packets)
        self._packets = {place: packet for place, packet in self._packets.items() if place > newest - blocks}
        self._next = min(self._packets)
        self._ready = self._ready[:0]

    def _begin_anew(self) -> None:
        self._packets.clear()
        self._next, self._gathering, self._begun = None, True, False
        self._lateness = Lateness()
