"""Times of a stream's packets on the one clock of the recording. Pure: told when each packet passed.

A packet's own timestamp is even, its arrival is not: what a lost packet or a busy machine delays must not be played
late. The quickest of the last packets tells where the stream's clock stands; so the two clocks may drift as well.
"""

from __future__ import annotations

from terminal_app.media.receiving.sequence import Unwrapper

WINDOW_S = 5.0  # the quickest packet of the present window and of the one before it count


class MediaClock:
    """One stream of one source."""

    def __init__(self, rate_hz: int) -> None:
        self._rate_hz = rate_hz
        self._unwrapper = Unwrapper(bits=32)
        self._window_from_s = float("-inf")
        self._offset_s = self._former_s = float("inf")

    def time_s(self, timestamp: int, at_s: float) -> float:
        """When a packet with this timestamp would have passed, had it been as quick as the quickest."""
        media_s = self._unwrapper.place(timestamp & 0xFFFF_FFFF) / self._rate_hz
        if at_s - self._window_from_s >= WINDOW_S:
            self._window_from_s = at_s
            self._former_s, self._offset_s = self._offset_s, float("inf")
        self._offset_s = min(self._offset_s, at_s - media_s)
        return media_s + min(self._offset_s, self._former_s)
