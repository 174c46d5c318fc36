"""The agent's picture with the plate over it. The look is in call_live.kv."""

from __future__ import annotations

from typing import Any

from kivy.graphics import Color, Ellipse, RoundedRectangle
from kivy.properties import NumericProperty, ObjectProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from terminal_app.ui import theme
from terminal_app.ui.screens.screen import KioskScreen
from terminal_app.ui.widgets.base import Panel


class CallLiveScreen(KioskScreen):
    """The agent's picture with the plate over it."""


class Plate(Panel):
    """Logo, company, name and position of who speaks: a `PlateView`."""

    view: Any = ObjectProperty(None, rebind=True)


class SoundRow(BoxLayout):
    """Quieter, how loud it is, louder, and «плохо слышно»."""

    view: Any = ObjectProperty(None, rebind=True)


class ReadRow(BoxLayout):
    """What was written in this call, and «Без записи» beside it where that may be chosen."""

    view: Any = ObjectProperty(None, rebind=True)


class Dot(Widget):
    """A red dot beside the words, while the talk is recorded."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        for name in ("pos", "size"):
            self.fbind(name, self._draw)

    def _draw(self, *_: object) -> None:
        self.canvas.clear()
        self.canvas.add(Color(*theme.colours.danger))
        self.canvas.add(Ellipse(pos=self.pos, size=self.size))


class QualityRow(BoxLayout):
    """How well it is heard, as bars and in words."""

    view: Any = ObjectProperty(None, rebind=True)


class LevelBar(Widget):
    """Bars that grow, `level` of `steps` of them filled."""

    level = NumericProperty(0)
    steps = NumericProperty(3)
    tone = StringProperty("primary")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        for name in ("pos", "size", "level", "steps", "tone"):
            self.fbind(name, self._draw)

    def _draw(self, *_: object) -> None:
        self.canvas.clear()
        steps = int(self.steps)
        gap = theme.u(1.2)
        width = (self.width - gap * (steps - 1)) / steps
        for step in range(steps):
            colour = getattr(theme.colours, self.tone) if step < self.level else theme.colours.line
            height = self.height * (step + 2) / (steps + 1)
            self.canvas.add(Color(*colour))
            place = (self.x + step * (width + gap), self.y)
            self.canvas.add(RoundedRectangle(pos=place, size=(width, height), radius=[theme.u(1)] * 4))
