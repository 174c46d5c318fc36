"""When a decoded picture is shown. Pure: told the time.

On a calm path at once. Where packets get lost, some pictures come a round trip late and in heaps; shown as they come
they stand and jump, so all are shown as late as nearly every one of the last seconds came. The delay grows only with a
picture that is late anyway, and shrinks a little with each one when the path has become calm.
"""

from __future__ import annotations

import math
from collections import deque

WINDOW_S = 10.0
LATE_S = 0.1  # three pictures: one that stands so long is seen to stand
LATE_MIN = 3  # times in the window; what comes late once is caught up with
PART = 0.97  # of the pictures come in time
DELAY_S_MAX = 0.4  # more, and people talk over each other
SHRINK_S = 0.003  # a picture: a tenth faster


class PicturePlayout:
    """Of one stream."""

    def __init__(self) -> None:
        self._transits: deque[tuple[float, float]] = deque()
        self._late_at_s: deque[float] = deque(maxlen=LATE_MIN)  # each the first of its heap
        self._was_late = False
        self.delay_s = 0.0

    def show_at(self, media_s: float, now_s: float) -> float:
        """`media_s`: the picture's own time, its zero is anywhere. Not before `now_s`."""
        self._transits.append((now_s, now_s - media_s))
        while now_s - self._transits[0][0] > WINDOW_S:
            self._transits.popleft()
        soonest_s = min(transit_s for _, transit_s in self._transits)
        late = now_s - media_s - soonest_s >= LATE_S
        if late and not self._was_late:
            self._late_at_s.append(now_s)
        self._was_late = late
        target_s = 0.0
        if len(self._late_at_s) == LATE_MIN and now_s - self._late_at_s[0] <= WINDOW_S:
            ordered = sorted(transit_s for _, transit_s in self._transits)
            target_s = min(DELAY_S_MAX, ordered[math.ceil(PART * len(ordered)) - 1] - soonest_s)
        if target_s > self.delay_s:
            self.delay_s = max(self.delay_s, min(target_s, now_s - media_s - soonest_s))
        else:
            self.delay_s = max(target_s, self.delay_s - SHRINK_S)
        return max(now_s, media_s + soonest_s + self.delay_s) if self.delay_s else now_s
