"""How unevenly packets come, and so how much sound has to wait to be played without a gap. Pure: told the time."""

from __future__ import annotations

import math
from collections import deque

WINDOW = 200  # packets: four seconds
PART = 0.97  # of the packets come in time
MARGIN_S = 0.02  # one packet
START_S = 0.06
TARGET_S_MIN, TARGET_S_MAX = 0.04, 0.3


class Lateness:
    """Of one stream."""

    def __init__(self) -> None:
        self._transits_s: deque[float] = deque(maxlen=WINDOW)

    def arrived(self, sent_s: float, now_s: float) -> None:
        """`sent_s`: the packet's own time; its zero is anywhere."""
        self._transits_s.append(now_s - sent_s)

    def target_s(self) -> float:
        """The delay that nearly every packet of the last seconds would have been in time for."""
        count = len(self._transits_s)
        if count < 2:
            return START_S
        ordered = sorted(self._transits_s)
        late_s = ordered[math.ceil(PART * count) - 1] - ordered[0]
        return min(TARGET_S_MAX, max(TARGET_S_MIN, late_s + MARGIN_S))
