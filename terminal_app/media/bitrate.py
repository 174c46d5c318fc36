"""How many bits the picture may take, how large it is for that, and how often it comes. Pure: told the time.

A new bitrate rebuilds the encoder and costs a key frame, so there are a few steps, each held for a while. Down at once
when the far end's estimate of the path falls under the step, or much is lost; up after a quiet while, because a far end
that is sent little cannot know that more would pass. A step up that the path does not carry is tried again later and
later. Below the smallest moving picture speech comes first: a still every two seconds, then the voice alone. For who
reads lips or signs (clause 9.6.11) the picture never stands: it becomes smaller instead.
"""

from __future__ import annotations

import bisect
from dataclasses import dataclass

STILLS_PERIOD_S = 2.0
NO_PICTURE_PERIOD_S = 60.0


@dataclass(frozen=True, slots=True)
class Step:
    """`path_bps`: of the path. `bps`: what the encoder is set to. `period_s`: least between two pictures."""

    path_bps: int
    bps: int
    period_s: float = 0.0


SOUND = Step(0, 150_000, NO_PICTURE_PERIOD_S)
STILLS = Step(40_000, 150_000, STILLS_PERIOD_S)
_MOVING = (150_000, 250_000, 400_000, 600_000, 1_000_000, 1_500_000, 2_500_000)
STEPS = (SOUND, STILLS, *(Step(bps, bps) for bps in _MOVING))
ALWAYS_MOVING = (Step(0, 60_000), Step(100_000, 100_000), *(Step(bps, bps) for bps in _MOVING))
START_BPS = 400_000  # of a path that nobody measured
START_BPS_MAX = 1_500_000
LINK_PART = 0.6  # of a measured path: the rest is for sound, repeats and whoever else is on it
START_STEPS = 2  # at once, until the first trouble: most paths carry all of it
HOLD_S, HOLD_S_MAX = 2.0, 30.0
FAILED_WITHIN_S = 5.0  # a step that the path refuses so soon after the rise has failed
KEEP_PART = 0.9  # the first estimates lie a little under what is received, which is less than we may send
LOSS_WINDOW_S = 1.0  # reports come with every asking for a packet, and each is of a few packets
LOSS_PACKETS_MIN = 10
KEYS_MAX, KEYS_WINDOW_S = 3, 6.0
CLEAN_PART_MAX = 0.05  # of a report that says that the step in use arrives
UNEVEN_PART_MIN, UNEVEN_S = 0.01, 10.0  # lost, and so long after it: some pictures come a round trip late
LOST_PART_MAX = 0.15  # more is no bad luck of a radio link; WebRTC has 0.1, with a wider path for repeats

# From this bitrate on the picture may be this high.
_LADDER = ((1_000_000, 720), (500_000, 540), (350_000, 360), (150_000, 270), (0, 180))


@dataclass(frozen=True, slots=True)
class Beginning:
    """What is known before the first picture. `link_bps`: what the path was measured to carry; None: nobody has."""

    link_bps: int | None = None
    always_moving: bool = False


class BitrateSteps:
    """The step in use."""

    def __init__(self, now_s: float, known: Beginning = Beginning()) -> None:
        self.begin(now_s, known)

    def begin(self, now_s: float, known: Beginning) -> None:
        """The first picture is sent now."""
        self._steps = ALWAYS_MOVING if known.always_moving else STEPS
        fits = START_BPS if known.link_bps is None else min(START_BPS_MAX, LINK_PART * known.link_bps)
        self._at = max(self._within(fits), 1)
        self._changed_at_s = now_s
        self._rose = self._arrives = False
        self._starting = known.link_bps is None
        self._reported: tuple[int, int, float] | None = None
        self._keys_asked_s: list[float] = []
        self._hold_s = HOLD_S
        self._uneven_until_s = now_s
        self.known_bps = known.link_bps or 0
        """Of the path, until its first trouble; 0: unknown."""

    @property
    def bps(self) -> int:
        return self._steps[self._at].bps

    @property
    def period_s(self) -> float:
        """The least time between pictures."""
        return self._steps[self._at].period_s

    def uneven(self, now_s: float) -> bool:
        """Packets get lost, and what is sent again comes late."""
        return now_s < self._uneven_until_s

    def wish(self, bps: int, now_s: float) -> None:
        """The far end's estimate of what the path carries (REMB)."""
        if bps < KEEP_PART * self._steps[self._at].path_bps:
            self._fall(self._within(bps), now_s)

    def reported(self, highest: int, lost: int, fraction: float, now_s: float) -> None:
        """Of an RTCP report: the highest packet number that came, with its turns, how many are missing of all so far,
        and the part that is missing since the last report."""
        self._arrives |= fraction <= CLEAN_PART_MAX
        if self._reported is None:
            self._reported = (highest, lost, now_s)
            return
        before_highest, before_lost, at_s = self._reported
        if now_s - at_s < LOSS_WINDOW_S or highest - before_highest < LOSS_PACKETS_MIN:
            return
        self._reported = (highest, lost, now_s)
        part = (lost - before_lost) / (highest - before_highest)
        if part > UNEVEN_PART_MIN:
            self._uneven_until_s = now_s + UNEVEN_S
        if part > LOST_PART_MAX:
            self._fall(max(0, self._at - 1), now_s)

    def key_asked(self, now_s: float) -> None:
        """The far end asks for a whole picture anew; again and again: none arrives whole."""
        self._keys_asked_s = [at_s for at_s in self._keys_asked_s if now_s - at_s < KEYS_WINDOW_S] + [now_s]
        if len(self._keys_asked_s) >= KEYS_MAX:
            self._keys_asked_s.clear()
            self._fall(max(0, self._at - 1), now_s)

    def advance(self, now_s: float) -> None:
        """Time has passed without complaints. A moving picture grows only when it is known to arrive."""
        if self._at + 1 == len(self._steps) or not (self._arrives or self.period_s):
            return
        if self._starting and self.bps < START_BPS_MAX:
            self._rise(min(START_STEPS, self._within(START_BPS_MAX) - self._at), now_s)
        elif now_s - self._changed_at_s >= self._hold_s:
            self._rise(1, now_s)

    def _rise(self, by: int, now_s: float) -> None:
        self._at = min(len(self._steps) - 1, self._at + by)
        self._changed_at_s, self._rose, self._arrives = now_s, True, False

    def _fall(self, to: int, now_s: float) -> None:
        failed = self._rose and now_s - self._changed_at_s < FAILED_WITHIN_S
        self._hold_s = min(HOLD_S_MAX, 2 * max(HOLD_S, self._hold_s)) if failed else max(HOLD_S, self._hold_s)
        self._at, self.known_bps = to, 0
        self._changed_at_s, self._rose, self._arrives, self._starting = now_s, False, False, False

    def _within(self, bps: float) -> int:
        return bisect.bisect_right(self._steps, bps, key=lambda step: step.path_bps) - 1


def picture_size(bps: int, width: int, height: int) -> tuple[int, int]:
    """The size to encode a picture in: its own proportions, even numbers, no higher than the bitrate carries."""
    height_max = next(limit for from_bps, limit in _LADDER if bps >= from_bps)
    if height <= height_max:
        return width // 2 * 2, height // 2 * 2
    return round(width * height_max / height / 2) * 2, height_max
