"""Spreads packets over time: a key frame sent in one burst overflows a narrow link and holds the voice up. Pure."""

from __future__ import annotations

FASTER = 2.5  # than the bitrate: a picture is over long before the next one
FASTER_MIN = 1.5  # on a path that was measured, and may carry more than that
KNOWN_PART = 0.9  # of it
RATE_BPS_MIN = 400_000
BURST_S = 0.02  # sent at once after a rest, and made good after a late waking
WAIT_S_MIN = 0.008  # shorter waits cost more than they spread
REPEATS_S_MAX = 0.3  # so far ahead of its rate a lost packet is not repeated: it will be asked for again


class Pacer:
    """Of one stream."""

    def __init__(self) -> None:
        self._free_at_s = 0.0

    def sent(self, size: int, bitrate_bps: int, now_s: float, known_bps: int = 0) -> float:
        """`size` bytes have left over a path of `known_bps` (0: unknown); the time in s to wait before the next."""
        wanted_bps = max(KNOWN_PART * known_bps, FASTER_MIN * bitrate_bps) if known_bps else FASTER * bitrate_bps
        rate_bps = max(RATE_BPS_MIN, wanted_bps)
        self._free_at_s = max(self._free_at_s, now_s - BURST_S) + size * 8 / rate_bps
        ahead_s = self._free_at_s - now_s
        return ahead_s if ahead_s >= WAIT_S_MIN else 0.0

    def may_repeat(self, now_s: float) -> bool:
        """There is room for a packet that was lost."""
        return self._free_at_s - now_s < REPEATS_S_MAX
