"""How many bits the video may take, and how large the picture is for that. Pure: told the time.

A new bitrate rebuilds the encoder and costs a key frame, so the far end's wish is rounded down to a few steps, each
held for a while.
"""

from __future__ import annotations

STEPS_BPS = (300_000, 600_000, 1_000_000, 1_500_000, 2_500_000)
START_BPS = 1_000_000
HOLD_S = 2.0  # before the next step up; down goes at once
KEEP_PART = 0.8  # a browser's first estimates lie a little under what it receives, which is less than we may send

# From this bitrate on the picture may be this high.
_LADDER = ((1_000_000, 720), (500_000, 540), (350_000, 360), (0, 270))


class BitrateSteps:
    """The bitrate in use."""

    def __init__(self, now_s: float) -> None:
        self.bps = START_BPS
        self._changed_at_s = now_s

    def wish(self, bps: int, now_s: float) -> None:
        """The far end's estimate of what the path carries."""
        if KEEP_PART * self.bps <= bps < self.bps:
            return
        fits = max((step for step in STEPS_BPS if step <= bps), default=STEPS_BPS[0])
        if fits > self.bps:
            if now_s - self._changed_at_s < HOLD_S:
                return
            fits = STEPS_BPS[STEPS_BPS.index(self.bps) + 1]
        if fits != self.bps:
            self.bps = fits
            self._changed_at_s = now_s


def picture_size(bps: int, width: int, height: int) -> tuple[int, int]:
    """The size to encode a picture in: its own proportions, even numbers, no higher than the bitrate carries."""
    height_max = next(limit for from_bps, limit in _LADDER if bps >= from_bps)
    if height <= height_max:
        return width // 2 * 2, height // 2 * 2
    return round(width * height_max / height / 2) * 2, height_max
