"""Ties the semantic tree to the voice and to a keypad: what has the focus, what is said, what a key presses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from kivy.clock import Clock
from kivy.graphics import Color, Line

from terminal_app.ui import locale, theme
from terminal_app.ui.keypad_keys import ENTER, NEXT, PREVIOUS, REPEAT, SLOWER, meaning, typed_key
from terminal_app.ui.narration import Narration
from terminal_app.ui.presenters.reading import REPEAT as REPEAT_SENTENCE
from terminal_app.ui.presenters.reading import Ended
from terminal_app.ui.semantics import Node, focusable, step
from terminal_app.ui.voice.voice import Voice
from terminal_app.ui.widgets.surface import Surface

SETTLED_S = 0.1  # layouts of a new screen are done by then


class Glass(Protocol):
    """What is narrated."""

    surface: Surface
    voice: Voice

    @property
    def shown(self) -> str: ...

    @property
    def dialog(self) -> str: ...

    @property
    def reading(self) -> bool: ...

    def press(self, key: str) -> None: ...


class Narrator:
    """Keys come from the window; screens say when they were drawn."""

    def __init__(self, glass: Glass) -> None:
        self._glass = glass
        self._narration = Narration()
        self._focus = ""
        self._screen = ""
        self._introduction = ""
        self._down: set[int] = set()
        self._look = Clock.create_trigger(self._screen_settled, SETTLED_S)

    def screen_drawn(self) -> None:
        """The view changed: the focus ring follows its node, the voice says what is new."""
        self._look()

    def key_down(self, _window: object, code: int, _place: int = 0, sign: str | None = None, *_: object) -> bool:
        """One press, one act: a key that is held repeats nothing. True: Kivy does nothing with it either."""
        if code not in self._down:
            self._down.add(code)
            key = typed_key(code, sign or "")
            self._act(key if key and self._node(key) is not None else meaning(code))
        return True

    def key_up(self, _window: object, code: int, *_: object) -> bool:
        self._down.discard(code)
        return True

    def _act(self, meant: str) -> None:
        if meant in (NEXT, PREVIOUS):
            self._move(1 if meant == NEXT else -1)
        elif meant == REPEAT and self._glass.reading:
            self._glass.press(REPEAT_SENTENCE)
        elif meant == REPEAT:
            self._glass.voice.repeat()
        elif meant == SLOWER:
            self._glass.press("mode_slow")
        elif meant == ENTER:
            self._press(self._focus)
        elif meant:
            self._press(meant)

    def _move(self, by: int) -> None:
        nodes = focusable(self._glass.surface.whole_semantics(), words=theme.modes.voice)
        node = step(nodes, self._focus, by)
        if node is not None:
            self._focus = node.identity
            self._draw_ring()
            self._say([node.say])

    def _press(self, key: str) -> None:
        node = self._node(key)
        if node is None:
            return
        if node.enabled:
            self._glass.press(key)
        else:
            self._say([node.say])

    def _node(self, key: str) -> Node | None:
        return next((node for node in self._glass.surface.whole_semantics() if node.key == key), None)

    def _screen_settled(self, _: float) -> None:
        screen = f"{self._glass.shown}/{self._glass.dialog}"
        if screen != self._screen:
            self._screen, self._focus = screen, ""
        self._draw_ring()
        nodes: list[Node] = self._glass.surface.whole_semantics()
        if theme.modes.voice:
            new = self._narration.changed(screen, nodes)
            if not self._introduction and not self._glass.reading:  # the person speaks next; a reading goes on
                self._say(new)
        else:
            self._narration.forget()
            self._glass.voice.hush()

    def introduce(self, words: str, over: Callable[[str, Ended], None]) -> None:
        """What comes before the agent is heard: said once and not cut short by the screen. Empty: it is over.

        `over` is called in the voice's thread, with the words and how their saying ended.
        """
        if words and words != self._introduction:
            voice = self._glass.voice
            voice.say([words], locale.language(), slow=theme.modes.slow, ended=lambda how: over(words, how))
        self._introduction = words

    def _say(self, phrases: list[str]) -> None:
        if theme.modes.voice and phrases:
            self._glass.voice.say(phrases, locale.language(), slow=theme.modes.slow)

    def _draw_ring(self) -> None:
        """Turns to the focused node's page; the ring is drawn when the page is there."""
        surface = self._glass.surface
        surface.canvas.after.remove_group("focus")
        widget: Any = surface.reveal(self._focus) if self._focus else None
        if widget is not None:
            Clock.schedule_once(lambda _: self._ring(widget), 0)

    def _ring(self, widget: Any) -> None:
        canvas, gap = self._glass.surface.canvas.after, theme.u(1)
        canvas.remove_group("focus")
        place = (widget.x - gap, widget.y - gap, widget.width + 2 * gap, widget.height + 2 * gap, theme.u(5))
        canvas.add(Color(*theme.colours.focus, group="focus"))
        canvas.add(Line(rounded_rectangle=place, width=theme.u(0.9), group="focus"))
