"""The keyboard and the field over it: both only show what a presenter of `presenters/typing.py` says."""

from __future__ import annotations

from typing import Any

from kivy.clock import Clock
from kivy.core.text import Label as CoreLabel
from kivy.graphics import Color, Rectangle
from kivy.properties import BooleanProperty, NumericProperty, ObjectProperty, StringProperty
from kivy.uix.widget import Widget

from terminal_app.ui import theme
from terminal_app.ui.keyboard_layout import KeyCap, Layout
from terminal_app.ui.widgets.base import Panel, TouchTarget, UiText

NO_CAP = KeyCap("", "", "")
HEIGHT_EM = 0.83  # the most of a key's height that a letter takes, for «Й» and «Ё» have something on top
WIDEST_SIGN_EM = 1.05  # «Щ» and «Ю» of the key style
WIDTH_PROBE_PX = 100  # words are measured at this size
SIGNS_AFTER_CURSOR = 24  # of a long text are shown behind the cursor: it stays in sight without dragging
CARET_MM = 0.9
LINE_EM = 1.22  # of Inter


class CapKey(TouchTarget):
    """One key. Under the finger it changes to the main colour: what is pressed must be seen beside a fingertip."""

    cap: KeyCap = ObjectProperty(NO_CAP, rebind=True)
    text_px = NumericProperty(1)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        for name in ("cap", "size"):
            self.fbind(name, self._fit)
        self._fit()

    def _dress(self, *_: object) -> None:
        super()._dress()
        if self.enabled and self.pressed and self.variant != "primary":
            self.fill_now, self.ink_now = theme.colours.primary, theme.colours.on_primary

    def _fit(self, *_: object) -> None:
        """The size of the mode, or the largest that its key holds."""
        if self.cap.large:
            room_px = self.width - 2 * theme.u(0.8)
            self.text_px = max(1.0, min(theme.text_px("key"), room_px / WIDEST_SIGN_EM, self.height * HEIGHT_EM))
        else:
            room_px = self.width - 2 * theme.u(1.6)
            widest_em = _widest_word_em(self.cap.label, theme.TYPE["label"].font)
            lines_px = self.height / len(self.cap.label.split() or [""]) / LINE_EM
            self.text_px = max(1.0, min(theme.text_px("label"), room_px / widest_em, lines_px))


class Keyboard(Widget):
    """Rows of keys. A layout with as many keys in each row keeps its widgets: the finger may still be on one.

    Places its keys itself, in one go: fifty keys in boxes of boxes take more laps than a frame has.
    """

    layout: Layout = ObjectProperty(())
    row_gap = NumericProperty(0)
    key_gap = NumericProperty(0)
    overhang = NumericProperty(0)  # how far it reaches over its own sides
    atomic = True

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._rows: list[list[CapKey]] = []
        self._place = Clock.create_trigger(self._place_keys, -1)
        for name in ("pos", "size", "row_gap", "key_gap", "overhang"):
            self.fbind(name, self._place)
        self.on_layout()

    def on_layout(self, *_: object) -> None:
        if [len(row) for row in self._rows] != [len(row) for row in self.layout]:
            self.clear_widgets()
            self._rows = [[CapKey(size_hint=(None, None)) for _ in row] for row in self.layout]
            for key in (key for row in self._rows for key in row):
                self.add_widget(key)
        for keys, caps in zip(self._rows, self.layout, strict=True):
            for key, cap in zip(keys, caps, strict=True):
                key.cap = cap
        self._place()

    def _place_keys(self, *_: object) -> None:
        """Every row fills the width, in whole pixels. A unit has its gap in it: columns stand even over rows."""
        rows, width = len(self._rows), self.width + 2 * self.overhang
        height = (self.height - self.row_gap * (rows - 1)) / max(1, rows)
        for number, row in enumerate(self._rows):
            pitch = (width + self.key_gap) / sum(key.cap.width_units for key in row)
            x, top = self.x - self.overhang, self.top - number * (height + self.row_gap)
            for key in row:
                right = x + key.cap.width_units * pitch - self.key_gap
                key.pos = round(x), round(top - height)
                key.size = round(right) - round(x), round(top) - round(top - height)
                x = right + self.key_gap


class TypedText(UiText):
    """What was typed, with the cursor drawn in it. Only the last lines are shown where it is longer than its place."""

    whole = StringProperty("")  # with what is out of sight
    cursor = NumericProperty(0)
    line_px = NumericProperty(1)
    room_px = NumericProperty(1)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        for name in ("texture", "pos", "size", "cursor"):
            self.fbind(name, self._draw_cursor)

    @property
    def meant(self) -> str:
        return str(self.whole)

    @property
    def clipped(self) -> bool:
        """A long word of a customer may be broken, ours may not."""
        return bool(self.texture_size[1] > self.height + 1)

    def _draw_cursor(self, *_: object) -> None:
        self.canvas.after.remove_group("cursor")
        x, top, height = self._cursor_place()
        width = theme.u(CARET_MM)
        self.canvas.after.add(Color(*theme.colours.primary, group="cursor"))
        self.canvas.after.add(Rectangle(pos=(x - width / 2, top - height), size=(width, height), group="cursor"))

    def _cursor_place(self) -> tuple[float, float, float]:
        """Of the line that holds the cursor: x in it, its upper end and its height."""
        top = self.top - (self.height - self.texture_size[1]) / 2
        place = self.x, top, min(self.height, self.line_px)
        for line, text, start in self._lines_shown():
            if self.cursor >= start:
                before = text[: int(self.cursor) - start]
                place = self.x + line.x + self._label.get_extents(before)[0], top, line.h
            top -= line.h
        return place

    def _lines_shown(self) -> list[tuple[Any, str, int]]:
        """Each line with its words and where they begin in the text. Found from the end: the first ones may be hidden,
        and a space at a line's end is not drawn."""
        found, start = [], len(self.text)
        for line in reversed(self._label._cached_lines if self.text else []):
            words = "".join(word.text for word in line.words)
            start = max(0, self.text.rfind(words, 0, start))
            found.append((line, words, start))
        return found[::-1]


class TypingField(Panel):
    """The place of what is typed: as many lines as it is told, in one size."""

    text = StringProperty("")
    hint = StringProperty("")
    cursor = NumericProperty(0)
    lines = NumericProperty(1)
    wrong = BooleanProperty(False)
    starts_page = BooleanProperty(False)
    atomic = True

    def near_cursor(self, text: str, cursor: float) -> str:
        """The text up to a little after the cursor."""
        end = int(cursor) + SIGNS_AFTER_CURSOR
        return text if end >= len(text) else text[:end] + "…"


def needed_px(text: str, font: str, size_px: float, width_px: float, line_height: float) -> float:
    """How high these words are in this width."""
    label = CoreLabel(text=text, font_name=font, font_size=size_px, text_size=(width_px, None), line_height=line_height)
    return float(label.render()[1])


def _widest_word_em(label: str, font: str) -> float:
    probe = CoreLabel(font_name=font, font_size=WIDTH_PROBE_PX)
    return max((probe.get_extents(word)[0] for word in label.split()), default=1) / WIDTH_PROBE_PX
