"""Keeps a made picture source at its own rate. Blocking: belongs in the camera's thread."""

from __future__ import annotations

import time


class Pace:
    """Waits for the next picture's moment; a reader that came late is not made to catch up."""

    def __init__(self, fps: float) -> None:
        self._period_s = 1.0 / fps
        self._next_s = time.monotonic()

    def wait(self) -> float:
        """Returns at the moment of the next picture, and says when that is."""
        now_s = time.monotonic()
        if now_s > self._next_s + self._period_s:
            self._next_s = now_s
        elif now_s < self._next_s:
            time.sleep(self._next_s - now_s)
        at_s, self._next_s = self._next_s, self._next_s + self._period_s
        return at_s
