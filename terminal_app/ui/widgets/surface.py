"""The one place where touches are taken. Finds whom the finger meant; a slip within the enlarged area still counts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from kivy.clock import Clock
from kivy.core.window import Window
from kivy.uix.floatlayout import FloatLayout
from kivy.uix.widget import Widget

from terminal_app.ui import theme
from terminal_app.ui.semantics import DRAWING, Node, said
from terminal_app.ui.touch_rules import HOLD_S, REPEAT_S, REPEATS_MAX, SECRET_S, Rect, TouchFilter, nearest
from terminal_app.ui.widgets.base import TouchTarget, UiText
from terminal_app.ui.widgets.finger_paths import FingerPaths
from terminal_app.ui.widgets.pad import DrawingPad
from terminal_app.ui.widgets.pager import Pager
from terminal_app.ui.widgets.video import VideoView


class Surface(FloatLayout):
    """Under everything. `on_act` gets the key of what was pressed, `on_touched` every touch."""

    def __init__(
        self,
        on_act: Callable[[str], None],
        on_touched: Callable[[], None],
        on_secret: Callable[[], None] = lambda: None,
        on_drawn: Callable[[list[int], int], None] = lambda _points, _height: None,
        **kwargs: Any,
    ) -> None:
        """`on_secret`: a finger stayed on the widget `secret` for `SECRET_S`; `on_drawn`: a stroke on a pad."""
        super().__init__(**kwargs)
        self.filter = TouchFilter()
        self._on_act = on_act
        self._on_touched = on_touched
        self._on_drawn = on_drawn
        self._written_on: DrawingPad | None = None  # the pad under the finger
        self._paths = FingerPaths(Window)
        self._pressed: TouchTarget | None = None
        self._repeats = 0  # of the present press
        self._hold = Clock.create_trigger(self._repeat, HOLD_S)
        self._again = Clock.create_trigger(self._repeat, REPEAT_S)
        self.secret: Widget | None = None
        self._secret = Clock.create_trigger(lambda _: on_secret(), SECRET_S)
        self.modal: Widget | None = None  # while a window is open, only it can be touched

    def on_touch_down(self, touch: Any) -> bool:
        self._on_touched()
        self._paths.begun()
        if self._pressed is not None or self._written_on is not None:
            return True
        if (pad := self._pad_at(touch)) is not None:  # before the filter: a dot follows a stroke at once
            self._written_on = pad
            pad.begin()
            self._write(touch)
            touch.grab(self)
            return True
        if not self.filter.allows(Clock.get_time(), Clock.frametime):
            self.filter.echoed(Clock.get_time())
            return True
        targets = [target for target in self.targets() if target.enabled]
        index = nearest([_rect(target) for target in targets], touch.x, touch.y, self._margin_px)
        if index is not None:
            self._pressed = targets[index]
            self._pressed.pressed = True
            self._repeats = 0
            if self._pressed.repeats:
                self._hold()
            touch.grab(self)
        elif self.modal is None and self._on_secret_place(touch):
            self._secret()
        return True

    def _on_secret_place(self, touch: Any) -> bool:
        return self.secret is not None and bool(self.secret.collide_point(touch.x, touch.y))

    def on_touch_move(self, touch: Any) -> bool:
        if not self._on_secret_place(touch):
            self._secret.cancel()
        if touch.grab_current is self and self._written_on is not None:
            self._on_touched()
            self._write(touch)
        if touch.grab_current is self and self._pressed is not None and not self._is_on(self._pressed, touch):
            self._stop_repeating()
        return True

    def on_touch_up(self, touch: Any) -> bool:
        self._secret.cancel()
        if touch.grab_current is self and self._written_on is not None:
            touch.ungrab(self)
            self._write(touch)
            pad, self._written_on = self._written_on, None
            self._on_drawn(pad.lift(), pad.height_units)
            return True
        if touch.grab_current is not self or self._pressed is None:
            return True
        touch.ungrab(self)
        target, self._pressed = self._pressed, None
        target.pressed = False
        self._stop_repeating()
        self.filter.released(Clock.get_time())
        if self._repeats == 0 and self._is_on(target, touch) and target.enabled and target in self.targets():
            self._on_act(target.key)
        return True

    def _repeat(self, _: float) -> None:
        """A key is held that may act again: it does, and letting it go then adds nothing."""
        target = self._pressed
        if target is not None and target.enabled and target in self.targets() and self._repeats < REPEATS_MAX:
            self._repeats += 1
            self._on_act(target.key)
            self._again()

    def _stop_repeating(self) -> None:
        self._hold.cancel()
        self._again.cancel()

    def _is_on(self, target: TouchTarget, touch: Any) -> bool:
        return _rect(target).distance(touch.x, touch.y) <= self._margin_px

    def _write(self, touch: Any) -> None:
        assert self._written_on is not None
        for x, y in self._paths.came() or [(touch.x, touch.y)]:
            self._written_on.follow(x, y)

    def _pad_at(self, touch: Any) -> DrawingPad | None:
        x, y = self._paths.start or (touch.x, touch.y)
        shown = (widget for widget, pager in self._walk() if pager is None or pager.shows(widget))
        pads = (widget for widget in shown if isinstance(widget, DrawingPad) and widget.enabled)
        return next((pad for pad in pads if pad.collide_point(x, y)), None)

    def forget_press(self) -> None:
        """A new screen came up under the finger: letting go presses nothing there, and writes nothing."""
        if self._written_on is not None:
            self._written_on.lift()
            self._written_on = None
        if self._pressed is not None:
            self._pressed.pressed = False
            self._pressed = None
            self._stop_repeating()

    def targets(self) -> list[TouchTarget]:
        """What can be pressed on the present page."""
        shown = (widget for widget, pager in self._walk() if pager is None or pager.shows(widget))
        return [widget for widget in shown if isinstance(widget, TouchTarget) and widget.key]

    def semantics(self) -> list[Node]:
        """Everything that can be touched or read on the present page, in reading order."""
        return [node for node, widget, pager in self._nodes() if pager is None or pager.shows(widget)]

    def whole_semantics(self) -> list[Node]:
        """The same over all pages: what the voice and the keypad walk over."""
        return [node for node, _, _ in self._nodes()]

    def reveal(self, identity: str) -> Widget | None:
        """Turns to the page of a node; the widget it stands for."""
        for node, widget, pager in self._nodes():
            if node.identity == identity:
                if pager is not None:
                    pager.show_widget(widget)
                return widget
        return None

    @property
    def _margin_px(self) -> float:
        return theme.HIT_MARGIN_MM * theme.metrics.mm_px

    def _walk(self) -> Iterator[tuple[Widget, Pager | None]]:
        return walk(self.modal or self)

    def _nodes(self) -> Iterator[tuple[Node, Widget, Pager | None]]:
        target: TouchTarget | None = None
        order = 0
        for widget, pager in self._walk():
            if isinstance(widget, TouchTarget) and widget.key:
                target = widget
            elif target is not None and not _is_part(widget, target):
                target = None
            role = _role(widget)
            if role:
                order += 1
                within = target.key if target is not None and target is not widget else ""
                yield _node(widget, role, self.height, order, within, pager), widget, pager


def _role(widget: Widget) -> str:
    """Empty: it means nothing by itself."""
    if isinstance(widget, TouchTarget):
        return str(widget.role) if widget.key else ""
    if isinstance(widget, UiText):
        return str(widget.role) if widget.text else ""
    if isinstance(widget, DrawingPad):
        return DRAWING
    return "picture" if isinstance(widget, VideoView) else ""


def _is_part(widget: Widget, target: Widget) -> bool:
    while widget is not None and widget is not target:
        widget = widget.parent if isinstance(widget.parent, Widget) else None
    return widget is target


def walk(widget: Widget, pager: Pager | None = None) -> Iterator[tuple[Widget, Pager | None]]:
    """The tree in reading order with the pager each part lies in, without what is invisible."""
    if widget.opacity == 0:
        return
    yield widget, pager
    for child in reversed(widget.children):
        inside = isinstance(widget, Pager) and child is widget.window
        yield from walk(child, widget if inside else pager)


def _rect(widget: Widget) -> Rect:
    return Rect(widget.x, widget.y, widget.width, widget.height)


def _node(widget: Widget, role: str, window_height: float, order: int, within: str, pager: Pager | None) -> Node:
    words = isinstance(widget, UiText)
    name, value = widget.meant if words else widget.name, getattr(widget, "value", "")
    enabled = getattr(widget, "enabled", getattr(widget, "live", True))
    torn = pager is not None and pager.shows(widget) and pager.tears(widget)
    return Node(
        role=role,
        name=name,
        key=getattr(widget, "key", ""),
        enabled=enabled,
        value=value,
        order=order,
        within=within,
        say="" if within else said(role, name, value, enabled=enabled),
        x=round(widget.x, 1),
        y=round(window_height - widget.y - widget.height, 1),
        width=round(widget.width, 1),
        height=round(widget.height, 1),
        primary=getattr(widget, "primary", False),
        clipped=torn or (words and widget.clipped),
    )
