"""The one place where touches are taken. Finds whom the finger meant; a slip within the enlarged area still counts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from kivy.clock import Clock
from kivy.uix.floatlayout import FloatLayout
from kivy.uix.widget import Widget

from terminal_app.ui import theme
from terminal_app.ui.semantics import Node
from terminal_app.ui.touch_rules import Rect, TouchFilter, nearest
from terminal_app.ui.widgets.base import TouchTarget, UiText
from terminal_app.ui.widgets.video import VideoView


class Surface(FloatLayout):
    """Under everything. `on_act` gets the key of what was pressed, `on_touched` every touch."""

    def __init__(self, on_act: Callable[[str], None], on_touched: Callable[[], None], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.filter = TouchFilter()
        self._on_act = on_act
        self._on_touched = on_touched
        self._pressed: TouchTarget | None = None
        self.modal: Widget | None = None  # while a window is open, only it can be touched

    def on_touch_down(self, touch: Any) -> bool:
        self._on_touched()
        if self._pressed is not None or not self.filter.allows(Clock.get_time()):
            return True
        targets = [target for target in self.targets() if target.enabled]
        index = nearest([_rect(target) for target in targets], touch.x, touch.y, self._margin_px)
        if index is not None:
            self._pressed = targets[index]
            self._pressed.pressed = True
            touch.grab(self)
        return True

    def on_touch_move(self, touch: Any) -> bool:
        return True

    def on_touch_up(self, touch: Any) -> bool:
        if touch.grab_current is not self or self._pressed is None:
            return True
        touch.ungrab(self)
        target, self._pressed = self._pressed, None
        target.pressed = False
        self.filter.released(Clock.get_time())
        if _rect(target).distance(touch.x, touch.y) <= self._margin_px and target.enabled and target in self.targets():
            self._on_act(target.key)
        return True

    def forget_press(self) -> None:
        """A new screen came up under the finger: letting go presses nothing there."""
        if self._pressed is not None:
            self._pressed.pressed = False
            self._pressed = None

    def targets(self) -> list[TouchTarget]:
        return [widget for widget in self._visible() if isinstance(widget, TouchTarget) and widget.key]

    def semantics(self) -> list[Node]:
        """Everything that can be touched or read now, in the order of the tree."""
        nodes = (self._node(widget) for widget in self._visible())
        return [node for node in nodes if node is not None]

    @property
    def _margin_px(self) -> float:
        return theme.HIT_MARGIN_MM * theme.metrics.mm_px

    def _visible(self) -> Iterator[Widget]:
        return walk(self.modal or self)

    def _node(self, widget: Widget) -> Node | None:
        if isinstance(widget, TouchTarget) and widget.key:
            return _placed(widget, self.height, role=widget.role, name=widget.name, enabled=widget.enabled)
        if isinstance(widget, UiText) and widget.text:
            return _placed(widget, self.height, role=widget.role, name=widget.text, clipped=widget.clipped)
        if isinstance(widget, VideoView):
            return _placed(widget, self.height, role="picture", name=widget.name, enabled=widget.live)
        return None


def walk(widget: Widget) -> Iterator[Widget]:
    """The tree in reading order, without what is invisible."""
    if widget.opacity == 0:
        return
    yield widget
    for child in reversed(widget.children):
        yield from walk(child)


def _rect(widget: Widget) -> Rect:
    return Rect(widget.x, widget.y, widget.width, widget.height)


def _placed(
    widget: Widget, window_height: float, *, role: str, name: str, enabled: bool = True, clipped: bool = False
) -> Node:
    return Node(
        role=role,
        name=name,
        key=getattr(widget, "key", ""),
        enabled=enabled,
        value=getattr(widget, "value", ""),
        x=round(widget.x, 1),
        y=round(window_height - widget.y - widget.height, 1),
        width=round(widget.width, 1),
        height=round(widget.height, 1),
        primary=getattr(widget, "primary", False),
        clipped=clipped,
    )
