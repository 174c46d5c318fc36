"""The pad: what the finger writes is drawn by the touch itself; a whole stroke then goes to the presenter."""

from __future__ import annotations

from typing import Any

from kivy.graphics import Color, InstructionGroup, Line
from kivy.properties import BooleanProperty, ObjectProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.label import Label
from kivy.uix.widget import Widget

from signaling_server.contract.notes import HEIGHT_MAX, SIDE
from terminal_app.ui import theme
from terminal_app.ui.presenters.drawing import STEP_MIN, STROKE_POINTS_MAX, Stroke

INK_MM = 1.6  # of a felt pen: read from the other side of the line
SPAN_POINTS = 64  # a long stroke is drawn in spans: each touch draws only the last one anew


class DrawingPad(Widget):
    """Takes no touches itself: the surface under all screens leads the finger."""

    strokes: tuple[Stroke, ...] = ObjectProperty(())
    name = StringProperty("")
    value = StringProperty("")
    enabled = BooleanProperty(True)
    atomic = True

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._known, self._fresh = InstructionGroup(), InstructionGroup()
        self._span: Line | None = None
        self._points: list[int] = []
        self._scale = 1.0  # of a unit of the drawing, in pixels
        self.canvas.after.add(self._known)
        self.canvas.after.add(self._fresh)
        for name in ("pos", "size", "strokes"):
            self.fbind(name, self._draw_known)

    @property
    def height_units(self) -> int:
        return max(1, min(HEIGHT_MAX, round(SIDE * self.height / max(1.0, self.width))))

    def begin(self) -> None:
        self._points = []
        self._fresh.clear()
        self._fresh.add(Color(*theme.colours.ink))
        self._span = None

    def follow(self, x: float, y: float) -> None:
        """A finger that leaves the pad writes along its edge."""
        at_x, at_y = self._units(x, y)
        if self._points and max(abs(at_x - self._points[-2]), abs(at_y - self._points[-1])) < STEP_MIN:
            return
        if len(self._points) >= 2 * STROKE_POINTS_MAX:
            return
        self._points += [at_x, at_y]
        dot = self._pixels((at_x, at_y))
        if self._span is None:
            self._add_span([*dot, dot[0] + 1, dot[1]])
        elif len(self._span.points) >= 2 * SPAN_POINTS:
            self._add_span([*self._span.points[-2:], *dot])
        else:
            self._span.points = [*self._span.points, *dot]

    def lift(self) -> list[int]:
        """The whole stroke; whoever keeps it gives it back in `strokes`."""
        points, self._points = self._points, []
        self._fresh.clear()
        self._span = None
        return points

    def _add_span(self, points: list[float]) -> None:
        self._span = _line(points)
        self._fresh.add(self._span)

    def _draw_known(self, *_: object) -> None:
        lowest = max((max(known[1::2]) for known in self.strokes), default=0)
        self._scale = min(self.width / SIDE, self.height / max(1, lowest))  # written on a higher pad: drawn smaller
        self._known.clear()
        self._known.add(Color(*theme.colours.ink))
        for stroke in self.strokes:
            points = self._pixels(stroke)
            self._known.add(_line(points if len(points) > 2 else [*points, points[0] + 1, points[1]]))

    def _units(self, x: float, y: float) -> tuple[int, int]:
        scale = SIDE / max(1.0, self.width)
        across = min(SIDE, max(0, round((x - self.x) * scale)))
        return across, min(self.height_units, max(0, round((self.top - y) * scale)))

    def _pixels(self, stroke: Stroke) -> list[float]:
        """From the top left."""
        scale = self._scale
        return [self.top - part * scale if at % 2 else self.x + part * scale for at, part in enumerate(stroke)]


class PadHint(Label):
    """What an empty sheet is for; who does not see it hears the pad's name and value."""


class PadBox(BoxLayout):
    """The sheet, and under it its keys where the glass stands."""

    view: Any = ObjectProperty(None, rebind=True)
    title = StringProperty("")


class PadAside(BoxLayout):
    """The keys of a pad beside it, with what else the screen has under them."""

    view: Any = ObjectProperty(None, rebind=True)


class PadKeys(BoxLayout):
    """The last stroke off, a clean sheet."""

    view: Any = ObjectProperty(None, rebind=True)


def _line(points: list[float]) -> Line:
    return Line(points=points, width=theme.metrics.mm_px * INK_MM / 2, cap="round", joint="round")
