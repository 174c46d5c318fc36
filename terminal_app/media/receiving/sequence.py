"""RTP sequence numbers of 16 bits, and times of 32, as numbers that only grow (RFC 3711, 3.3.1). Pure."""

from __future__ import annotations

JUMP_MAX = 3_000  # packets; a larger step is another stream


class Unwrapper:
    """Tells each number's place in the whole stream; the first one is placed so that earlier ones fit below it."""

    def __init__(self, bits: int = 16) -> None:
        self._cycle = 1 << bits
        self._last: int | None = None

    def place(self, number: int) -> int:
        """May be lower than the last: late, or sent again."""
        if self._last is None:
            self._last = number + self._cycle
            return self._last
        step = (number - self._last + self._cycle // 2) % self._cycle - self._cycle // 2
        place = self._last + step
        self._last = max(self._last, place)
        return place
