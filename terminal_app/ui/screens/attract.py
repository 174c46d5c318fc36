"""The first screen: greeting, what can be done here, and slides in the room that is left. The look is in attract.kv."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any

from kivy.clock import Clock
from kivy.properties import ObjectProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

from terminal_app.content import shown_on, spoken, turn_of
from terminal_app.ui import theme
from terminal_app.ui.locale import language
from terminal_app.ui.screens.screen import KioskScreen

LOOK_S = 1.0  # how often the time of the next slide is looked for
ROOM_PORTRAIT, ROOM_LANDSCAPE = 26.0, 18.0  # design millimetres: less room shows no slide


class AttractScreen(KioskScreen):
    """The first screen: greeting and what can be done here."""


class SlideRoom(BoxLayout):
    """What the tiles and the modes leave between them. A slide never moves, nor moves anything else.

    No target lies here; where there is no room, in large words and within low reach, there are no slides.
    """

    view: Any = ObjectProperty(None, rebind=True)
    title = StringProperty("")
    text = StringProperty("")
    picture = StringProperty("")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.fbind("view", self._look)
        self.fbind("height", self._look)
        self._timer = Clock.schedule_interval(self._look, LOOK_S)

    def on_parent(self, _: object, parent: object) -> None:
        if parent is None:
            self._timer.cancel()

    def _look(self, *_: object) -> None:
        """Which slide stands here now; a clock that looks too often changes nothing."""
        fits = self.height >= theme.u(ROOM_PORTRAIT if theme.portrait() else ROOM_LANDSCAPE) and not theme.reflowed()
        slides = shown_on(self.view.slides, datetime.now(theme.zone).date()) if self.view is not None and fits else ()
        if not slides:
            self.title = self.text = self.picture = ""
            return
        slide = slides[turn_of(len(slides), time.monotonic())]
        self.picture = theme.package.path(slide.picture) if slide.picture else ""
        self.title, self.text = spoken(slide.title, language()), spoken(slide.text, language())
