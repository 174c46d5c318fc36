"""Whether the recogniser keeps up with speech. Pure: counts samples; they come in real time."""

from __future__ import annotations

from device_drivers.contract.audio import SAMPLE_RATE_HZ

BEHIND_SAMPLES_MAX = SAMPLE_RATE_HZ  # a second: words that come later belong to nothing that is seen
WINDOW_SAMPLES = 10 * SAMPLE_RATE_HZ
DROPPED_PART_MAX = 0.3  # of a window: what is left is no text any more


class Pace:
    """Of one recogniser, which loads its model first; sound of that time is no measure of it."""

    def __init__(self) -> None:
        self.too_slow = False
        self._loaded = False
        self._sent = self._taken = 0
        self._offered = self._dropped = 0  # in the present window

    def offer(self, count: int) -> bool:
        """True: it may be sent. What the recogniser would only come to later is left out."""
        sent = self._sent + count - self._taken <= BEHIND_SAMPLES_MAX
        self._sent += count if sent else 0
        if self._loaded:
            self._offered += count
            self._dropped += 0 if sent else count
        if self._offered >= WINDOW_SAMPLES:
            self.too_slow = self._dropped > DROPPED_PART_MAX * self._offered
            self._offered = self._dropped = 0
        return sent

    def took(self, taken: int) -> None:
        """The recogniser has come so far."""
        self._taken, self._loaded = taken, True
