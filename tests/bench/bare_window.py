"""The peer of bench_glass: a Kivy window of the same size whose one rectangle changes its colour at a touch."""

from __future__ import annotations

import os
import sys

os.environ["KIVY_NO_ARGS"] = os.environ["KIVY_NO_CONSOLELOG"] = "1"

from kivy.config import Config

WIDTH, HEIGHT = (int(side) for side in sys.argv[1].split("x"))
Config.set("graphics", "width", str(WIDTH))
Config.set("graphics", "height", str(HEIGHT))
Config.set("input", "mouse", "mouse,disable_multitouch")

from kivy.app import App  # noqa: E402
from kivy.core.window import Window  # noqa: E402
from kivy.graphics import Color, Rectangle  # noqa: E402
from kivy.uix.widget import Widget  # noqa: E402


class Bare(Widget):
    def __init__(self) -> None:
        super().__init__()
        with self.canvas:
            self.colour = Color(0, 0, 0, 1)
            Rectangle(size=(WIDTH, HEIGHT))

    def on_touch_down(self, touch: object) -> bool:
        self.colour.rgb = (1, 1, 1) if self.colour.r == 0 else (0, 0, 0)
        return True


class BareApp(App):
    def build(self) -> Widget:
        Window.borderless = True
        return Bare()


BareApp().run()
