"""The few widgets everything is made of: words, pictograms, touch targets, repeated rows."""

from __future__ import annotations

from typing import Any

from kivy.clock import Clock
from kivy.factory import Factory
from kivy.properties import (
    BooleanProperty,
    ColorProperty,
    ListProperty,
    NumericProperty,
    ObjectProperty,
    StringProperty,
)
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.gridlayout import GridLayout
from kivy.uix.image import Image
from kivy.uix.label import Label
from kivy.uix.widget import Widget

from terminal_app.ui import theme

DOTS_STEP_S = 0.5
SNUG_EM = 0.84  # a capital or a digit with air above and below

VARIANTS = {
    # name: (fill, pressed, ink, border)
    "primary": ("primary", "primary_pressed", "on_primary", "primary"),
    "secondary": ("surface", "surface_pressed", "primary", "mark"),
    "plain": ("surface", "surface_pressed", "ink", "mark"),
    "aside": ("primary_tint", "surface_pressed", "ink", "mark"),
    "card": ("surface", "surface_pressed", "ink", "line"),
    "dark": ("dark", "dark_pressed", "white", "on_dark_soft"),
    "on_dark": ("surface", "surface_pressed", "dock_ink", "dock_line"),
    "danger": ("danger", "danger_pressed", "on_danger", "danger"),
}
TONES = {
    "info": ("primary_tint", "primary", "info"),
    "good": ("success_tint", "success", "check_circle"),
    "warn": ("warning_tint", "warning", "warning"),
}


class UiText(Label):
    """Words in one of the theme's styles. As wide as its place, as high as it needs."""

    style = StringProperty("body")
    role = StringProperty("text")
    snug = BooleanProperty(False)  # one sign without a tail: only its own height counts, not the font's line

    @property
    def meant(self) -> str:
        """What it is for who does not see it."""
        return str(self.text)

    @property
    def clipped(self) -> bool:
        """Higher than its place, or a word that had to be broken. A pixel of tolerance: sizes are whole numbers."""
        words_px = (self._label.get_extents(word)[0] for word in self.text.split())
        needed_px = SNUG_EM * self.font_size if self.snug else self.texture_size[1]
        return bool(needed_px > self.height + 1 or max(words_px, default=0) > self.width + 1)


class Icon(Image):
    """A pictogram of assets/icons, tinted."""

    name = StringProperty("info")


class Panel(BoxLayout):
    """A rounded surface. A border or a shadow when asked."""

    fill = ColorProperty(theme.colours.surface)
    border = ColorProperty(theme.colours.surface)
    radius = NumericProperty(0)
    line = NumericProperty(0)
    shadow = BooleanProperty(False)


class TouchTarget(Panel):
    """What can be pressed. It takes no touches itself: the surface under all screens decides whom a finger meant."""

    key = StringProperty("")
    name = StringProperty("")
    role = StringProperty("button")
    value = StringProperty("")
    variant = StringProperty("plain")
    enabled = BooleanProperty(True)
    pressed = BooleanProperty(False)
    primary = BooleanProperty(False)
    repeats = BooleanProperty(False)  # acts again while it is held
    fill_now = ColorProperty(theme.colours.surface)
    ink_now = ColorProperty(theme.colours.ink)
    border_now = ColorProperty(theme.colours.mark)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        for name in ("variant", "enabled", "pressed"):
            self.fbind(name, self._dress)
        self._dress()

    def _dress(self, *_: object) -> None:
        fill, pressed, ink, border = VARIANTS[self.variant]
        if not self.enabled:
            fill, ink, border = "disabled", "on_disabled", "disabled_line"
        self.fill_now = getattr(theme.colours, pressed if self.pressed else fill)
        self.ink_now = getattr(theme.colours, ink)
        self.border_now = getattr(theme.colours, border)


class Action(TouchTarget):
    """A button with words, perhaps a pictogram and a second line."""

    text = StringProperty("")
    hint = StringProperty("")
    icon = StringProperty("")
    icon_size = NumericProperty(15)  # design millimetres
    style = StringProperty("lead")
    hint_style = StringProperty("caption")
    least = NumericProperty(28)  # design millimetres: higher only when its words need it


class Tile(TouchTarget):
    """A large choice: pictogram in a tinted square, title, one line of explanation."""

    text = StringProperty("")
    hint = StringProperty("")
    icon = StringProperty("info")


class WayTile(TouchTarget):
    """One of the equal ways to talk: a row when the glass stands, a column when it lies."""

    text = StringProperty("")
    icon = StringProperty("info")


class ModeChip(TouchTarget):
    """One mode on the strip of the first screen: pictogram over a word."""

    item = ObjectProperty(None, rebind=True)


class ModeRow(TouchTarget):
    """One mode in the window of modes: pictogram, name, and how it stands."""

    item = ObjectProperty(None, rebind=True)


class FieldBox(Panel):
    """What was typed, or what is to be typed here."""

    text = StringProperty("")
    hint = StringProperty("")
    wrong = BooleanProperty(False)
    atomic = True
    starts_page = BooleanProperty(False)


class Key(TouchTarget):
    """One key of the keypad."""

    text = StringProperty("")
    icon = StringProperty("")


class Told(Panel):
    """A sentence with its pictogram, coloured by tone; never by colour alone."""

    atomic = True

    text = StringProperty("")
    tone = StringProperty("info")
    style = StringProperty("body_strong")
    back = ColorProperty(theme.colours.primary_tint)
    front = ColorProperty(theme.colours.primary)
    icon = StringProperty("info")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.on_tone()

    def on_tone(self, *_: object) -> None:
        back, front, self.icon = TONES[self.tone]
        self.back, self.front = getattr(theme.colours, back), getattr(theme.colours, front)


class Shown(BoxLayout):
    """Keeps its children, or takes no place at all."""

    shown = BooleanProperty(True)

    def __init__(self, **kwargs: Any) -> None:
        self._kept: list[Widget] = []
        super().__init__(**kwargs)

    def add_widget(self, widget: Widget, *args: object, **kwargs: object) -> None:
        if self.shown:
            super().add_widget(widget, *args, **kwargs)
        else:
            self._kept.append(widget)

    def on_shown(self, *_: object) -> None:
        if self.shown:
            kept, self._kept = self._kept, []
            for widget in kept:
                super().add_widget(widget)
        else:
            self._kept = list(reversed(self.children))
            self.clear_widgets()


class ShownBeside(Shown):
    """One of several in a row, which closes up where it is hidden."""


class Slot(BoxLayout):
    """A place that is as high when it is empty: what comes into it moves nothing under the finger."""

    least = NumericProperty(20)  # design millimetres


class Rows(BoxLayout):
    """One widget of `row` for each item, made anew only when the items change."""

    items: ListProperty = ListProperty([])
    row = StringProperty("")
    starts_page = BooleanProperty(False)

    @property
    def atomic(self) -> bool:
        """Columns are not torn apart; rows are apart from each other anyway."""
        return bool(self.orientation == "horizontal")

    def on_items(self, *_: object) -> None:
        self.clear_widgets()
        for item in self.items:
            self.add_widget(getattr(Factory, self.row)(item=item))

    def on_row(self, *_: object) -> None:
        self.on_items()


class RowGrid(GridLayout):
    """One widget of `row` for each item, in `cols` columns."""

    items: ListProperty = ListProperty([])
    row = StringProperty("")

    def on_items(self, *_: object) -> None:
        self.clear_widgets()
        if self.row:
            for item in self.items:
                self.add_widget(getattr(Factory, self.row)(item=item))

    def on_row(self, *_: object) -> None:
        self.on_items()


class Row(BoxLayout):
    """A row of `Rows`: its view value is `item`."""

    atomic = True

    item = ObjectProperty(None, rebind=True)


class ChargeRow(Row):
    pass


class PairRow(Row):
    """A name and a long value, as on the slip."""


class WayRow(Row):
    pass


class NoteChipRow(Row):
    chip_colour = ColorProperty(theme.colours.mark)

    def on_item(self, *_: object) -> None:
        self.chip_colour = theme.NOTE_COLOURS.get(self.item.denomination_minor, theme.colours.mark)


class DigitBox(Row):
    pass


class SuggestionTile(TouchTarget):
    """One of the offered sums."""

    item = ObjectProperty(None, rebind=True)


class Meter(Widget):
    """How much of the sum is inside. Drawn, not animated."""

    part = NumericProperty(0.0)


class Dots(Widget):
    """Three dots, one lit: something goes on. Steps twice a second and only while it is on the glass."""

    lit = NumericProperty(0)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._tick = Clock.create_trigger(self._step, DOTS_STEP_S, interval=True)

    def on_parent(self, *_: object) -> None:
        if self.parent is None:
            self._tick.cancel()
        else:
            self._tick()

    def _step(self, _: float) -> None:
        if self.get_parent_window() is not None:
            self.lit = (self.lit + 1) % 3
