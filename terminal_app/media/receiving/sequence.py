"""RTP sequence numbers of 16 bits as numbers that only grow (RFC 3711, 3.3.1). Pure."""

from __future__ import annotations

_CYCLE = 1 << 16
JUMP_MAX = 3_000  # packets; a larger step is another stream


class Unwrapper:
    """Tells each number's place in the whole stream; the first one is placed so that earlier ones fit below it."""

    def __init__(self) -> None:
        self._last: int | None = None

    def place(self, number: int) -> int:
        """May be lower than the last: late, or sent again."""
        if self._last is None:
            self._last = number + _CYCLE
            return self._last
        step = (number - self._last + _CYCLE // 2) % _CYCLE - _CYCLE // 2
        place = self._last + step
        self._last = max(self._last, place)
        return place
