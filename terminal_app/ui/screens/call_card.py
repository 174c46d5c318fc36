"""A card of the consultant. The look is in call_card.kv."""

from __future__ import annotations

from typing import Any

from kivy.clock import Clock
from kivy.properties import AliasProperty, ListProperty, NumericProperty, ObjectProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

from terminal_app.ui import theme
from terminal_app.ui.presenters.call_card import pulse_at
from terminal_app.ui.screens.screen import KioskScreen
from terminal_app.ui.widgets.base import Row

PULSE_STEP_S = 0.1


class CallCardScreen(KioskScreen):
    """The border pulses only while an attention card is on the glass."""

    pulse = NumericProperty(0)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._since_s = Clock.get_time()
        self._tick = Clock.create_trigger(self._step, PULSE_STEP_S, interval=True)

    def on_parent(self, *_: object) -> None:
        if self.parent is None or not self.view.pulses:
            self._tick.cancel()
        else:
            self._tick()

    def _step(self, _: float) -> None:
        self.pulse = pulse_at(Clock.get_time() - self._since_s)


class CardHead(BoxLayout):
    """Who asks, small, and what it is about; a code of the card beside it."""

    view: Any = ObjectProperty(None, rebind=True)
    qr = StringProperty("")


class CardPieceRow(Row):
    """A piece of a card's text."""


class CardButtons(BoxLayout):
    """The answers: the main one below, or the last of a line."""

    main = ObjectProperty(None, rebind=True, allownone=True)
    others: ListProperty = ListProperty([])
    in_line = AliasProperty(lambda self: theme.beside() and self.main is not None, bind=("main",))
