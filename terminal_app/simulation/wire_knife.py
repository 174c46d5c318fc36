"""The knife that falls at a byte: power, line or the byte itself. One for all wires of a terminal.

Bytes are counted in the order in which they pass, in both directions. Bytes of an exchange that only repeats the one
before it, word for word, are not counted: a cut there is the cut at the exchange that is repeated.
"""

from __future__ import annotations

import enum
from collections.abc import Callable


class Stroke(enum.Enum):
    """What happens at the byte; those before it have arrived."""

    CORE_KILLED = "core_killed"
    POWER_LOST = "power_lost"  # of the computer and of every device
    DEVICE_OFF = "device_off"  # of this device alone, for some seconds
    LINE_LOST = "line_lost"  # the port is gone until somebody plugs it in
    BYTE_LOST = "byte_lost"
    BYTE_GARBLED = "byte_garbled"


CORE_STROKES = (Stroke.CORE_KILLED, Stroke.POWER_LOST)

Fall = tuple[int, Stroke]  # at which byte, and what
NEVER: Fall = (0, Stroke.CORE_KILLED)


class WireKnife:
    """Falls at byte `falls_at`, counted from the beginning; 0: never.

    `sharpen` is asked for the next fall, behind the bytes that have passed; it does not fall while it is `put_away`.
    """

    __slots__ = ("_put_away", "_say", "_sharpen", "bytes", "cuts", "falls_at", "stroke")

    def __init__(
        self,
        say: Callable[[str], None],
        sharpen: Callable[[int], Fall] = lambda passed: NEVER,
        put_away: Callable[[], bool] = lambda: False,
    ) -> None:
        self.bytes = 0
        self.cuts = 0
        self._say = say
        self._sharpen = sharpen
        self._put_away = put_away
        self.falls_at, self.stroke = sharpen(0)

    def falls_within(self, size: int, where: str) -> tuple[int, Stroke] | None:
        """So many bytes pass; how many of them before the knife falls, and what falls; None when nothing does."""
        before = self.bytes
        self.bytes += size
        if not before < self.falls_at <= self.bytes:
            return None
        if self._put_away():
            self.falls_at = 0
            return None
        at, stroke = self.falls_at - before - 1, self.stroke
        self.cuts += 1
        self._say(f"the knife falls at byte {self.falls_at}, {where}: {stroke.value}")
        self.falls_at, self.stroke = self._sharpen(self.bytes)
        return at, stroke
