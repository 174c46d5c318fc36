"""Between the network's uneven sound and the loudspeaker's even pull. Pure; the caller locks.

Keeps about `TARGET` samples waiting: begins when they have come, plays silence when it runs dry and gathers again, and
throws the oldest away when too much waits, so that a delay shrinks again.
"""

from __future__ import annotations

from collections import deque

import numpy as np

from device_drivers.contract.audio import SAMPLE_RATE_HZ, Samples

TARGET = SAMPLE_RATE_HZ * 60 // 1000  # 60 ms
LIMIT = SAMPLE_RATE_HZ * 140 // 1000  # more than this waits: back to the target


class PlaybackBuffer:
    """A queue of samples that never holds more than `LIMIT`."""

    def __init__(self) -> None:
        self._blocks: deque[Samples] = deque()
        self._waiting = 0
        self._gathering = True
        self.dropped_samples = 0
        self.silent_samples = 0  # played while a sound was expected

    @property
    def waiting(self) -> int:
        return self._waiting

    def push(self, samples: Samples) -> None:
        self._blocks.append(samples)
        self._waiting += samples.size
        if self._waiting > LIMIT:
            self.dropped_samples += self._waiting - TARGET
            self._take(self._waiting - TARGET)

    def pull(self, count: int) -> Samples:
        """Exactly `count` samples, silence where there are none."""
        if self._gathering and self._waiting < TARGET:
            return np.zeros(count, np.int16)
        found = self._take(count)
        self._gathering = self._waiting == 0
        if found.size < count:
            self.silent_samples += count - found.size
            found = np.concatenate([found, np.zeros(count - found.size, np.int16)])
        return found

    def clear(self) -> None:
        self._blocks.clear()
        self._waiting = 0
        self._gathering = True

    def _take(self, count: int) -> Samples:
        parts: list[Samples] = []
        left = count
        while left > 0 and self._blocks:
            block = self._blocks.popleft()
            if block.size > left:
                self._blocks.appendleft(block[left:])
                block = block[:left]
            parts.append(block)
            left -= block.size
        self._waiting -= count - left
        return np.concatenate(parts) if parts else np.zeros(0, np.int16)
