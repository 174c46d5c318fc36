"""How many bits the video may take, and how large the picture is for that. Pure: told the time.

A new bitrate rebuilds the encoder and costs a key frame, so there are a few steps, each held for a while. Down at once
when the far end's estimate of the path falls under the step, or much is lost; up after a quiet while, because a far end
that is sent little cannot know that more would pass. A step up that the path does not carry is tried again later and
later.
"""

from __future__ import annotations

STEPS_BPS = (150_000, 250_000, 400_000, 600_000, 1_000_000, 1_500_000, 2_500_000)
START_BPS = 400_000  # of a path that nobody measured
START_BPS_MAX = 1_500_000
LINK_PART = 0.6  # of a measured path: the rest is for sound, repeats and whoever else is on it
START_HOLD_S = 0.4  # at first steps are short: most paths carry all of it
HOLD_S, HOLD_S_MAX = 2.0, 30.0
FAILED_WITHIN_S = 5.0  # a step that the path refuses so soon after the rise has failed
KEEP_PART = 0.9  # the first estimates lie a little under what is received, which is less than we may send
LOSS_WINDOW_S = 1.0  # reports come with every asking for a packet, and each is of a few packets
LOST_PART_MAX = 0.15  # more is no bad luck of a radio link; WebRTC has 0.1, with a wider path for repeats

# From this bitrate on the picture may be this high.
_LADDER = ((1_000_000, 720), (500_000, 540), (350_000, 360), (0, 270))


class BitrateSteps:
    """The bitrate in use, `bps`. `link_bps`: what the path was measured to carry."""

    def __init__(self, now_s: float, link_bps: int | None = None) -> None:
        fits = START_BPS if link_bps is None else min(START_BPS_MAX, LINK_PART * link_bps)
        self._at = _step_within(fits)
        self._changed_at_s = now_s
        self._rose = False
        self._reported: tuple[int, int, float] | None = None
        self._hold_s = START_HOLD_S if link_bps is None else HOLD_S

    @property
    def bps(self) -> int:
        return STEPS_BPS[self._at]

    def wish(self, bps: int, now_s: float) -> None:
        """The far end's estimate of what the path carries (REMB)."""
        if bps < KEEP_PART * self.bps:
            self._fall(_step_within(bps), now_s)

    def reported(self, highest: int, lost: int, now_s: float) -> None:
        """Of an RTCP report: the highest packet number that came, with its turns, and how many are missing of all."""
        if self._reported is None or now_s - self._reported[2] >= LOSS_WINDOW_S:
            before, self._reported = self._reported, (highest, lost, now_s)
            if before is not None and lost - before[1] > LOST_PART_MAX * max(1, highest - before[0]):
                self._fall(max(0, self._at - 1), now_s)

    def advance(self, now_s: float) -> None:
        """Time has passed without complaints."""
        if self._at + 1 < len(STEPS_BPS) and now_s - self._changed_at_s >= self._hold_s:
            self._at += 1
            self._changed_at_s, self._rose = now_s, True
            self._hold_s = self._hold_s if self.bps < START_BPS_MAX else max(HOLD_S, self._hold_s)

    def _fall(self, to: int, now_s: float) -> None:
        failed = self._rose and now_s - self._changed_at_s < FAILED_WITHIN_S
        self._hold_s = min(HOLD_S_MAX, 2 * max(HOLD_S, self._hold_s)) if failed else max(HOLD_S, self._hold_s)
        self._at = to
        self._changed_at_s, self._rose = now_s, False


def picture_size(bps: int, width: int, height: int) -> tuple[int, int]:
    """The size to encode a picture in: its own proportions, even numbers, no higher than the bitrate carries."""
    height_max = next(limit for from_bps, limit in _LADDER if bps >= from_bps)
    if height <= height_max:
        return width // 2 * 2, height // 2 * 2
    return round(width * height_max / height / 2) * 2, height_max


def _step_within(bps: float) -> int:
    return max((at for at, step in enumerate(STEPS_BPS) if step <= bps), default=0)
