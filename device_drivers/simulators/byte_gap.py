"""What a device does with a message of the host whose next byte does not come: it forgets what had begun. Pure."""

from __future__ import annotations


class ByteGap:
    """Watches the pauses between the host's bytes; a message may pause inside at most `gap_s`."""

    def __init__(self, gap_s: float) -> None:
        self._gap_s = gap_s
        self._heard_s = 0.0

    def is_over(self, chunk: bytes, now_s: float) -> bool:
        """True when these bytes come too late to belong to what came before them."""
        if not chunk:
            return False
        late, self._heard_s = now_s > self._heard_s + self._gap_s, now_s
        return late
