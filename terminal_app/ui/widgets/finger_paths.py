"""Every place that a finger was at, in order.

Kivy's touch knows only the last one of a picture: on a slow machine a letter would lose its bends. A path begins
with each press of the window and is taken up by the touch that Kivy makes of it.
"""

from __future__ import annotations

from collections import deque
from typing import Any

PRESSES_MAX = 8  # not taken up yet: more than a hand makes within one picture
PLACES_MAX = 4_000  # of one path that nobody asks for

Place = tuple[float, float]


class FingerPaths:
    """Places are window pixels from the bottom left."""

    def __init__(self, window: Any) -> None:
        self._window = window
        self._pressed: deque[list[Place]] = deque(maxlen=PRESSES_MAX)
        self._path: list[Place] = []
        self.start: Place | None = None  # of the present touch
        window.bind(on_mouse_down=self._down, on_mouse_move=self._move)

    def begun(self) -> None:
        """A touch is there: the oldest press is its."""
        self._path = self._pressed.popleft() if self._pressed else []
        self.start = self._path[0] if self._path else None

    def came(self) -> list[Place]:
        """Where the finger of the present touch was since the last question."""
        places = self._path[:]
        self._path.clear()
        return places

    def _down(self, _: Any, x: float, y: float, *__: Any) -> None:
        self._pressed.append([self._place(x, y)])

    def _move(self, _: Any, x: float, y: float, *__: Any) -> None:
        path = self._pressed[-1] if self._pressed else self._path
        if len(path) < PLACES_MAX:
            path.append(self._place(x, y))

    def _place(self, x: float, y: float) -> Place:
        return float(x), float(self._window.height - y)
