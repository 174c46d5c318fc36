"""The place of a screen: shows it whole, or page by page where words are larger than the glass. No dragging."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kivy.clock import Clock
from kivy.properties import BooleanProperty, NumericProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.stencilview import StencilView
from kivy.uix.widget import Widget

from terminal_app.ui import theme
from terminal_app.ui.locale import t
from terminal_app.ui.paging import SLACK_PX, Atom, Page, cut
from terminal_app.ui.widgets.base import TouchTarget, UiText
from terminal_app.ui.widgets.video import VideoView

PAGE_UP, PAGE_DOWN = "page_up", "page_down"


class PageBar(BoxLayout):
    """«Выше», «Ниже» and where one is: a row when the glass stands, a column when it lies."""

    place = StringProperty("")
    first = BooleanProperty(True)
    last = BooleanProperty(False)


class Pager(Widget):
    """Holds one content whose `minimum_height` says how much room it needs, and cuts it where that is too much."""

    page = NumericProperty(0)

    def __init__(self, content: BoxLayout, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.content = content
        self._pages: list[Page] = []
        self._seen: list[Atom] = []
        self.window = StencilView()
        self._bar = PageBar()
        content.size_hint = (None, None)
        self.window.add_widget(content)
        self.add_widget(self.window)
        # A frame later: the layouts within the content are done by then.
        self._again = Clock.create_trigger(self._arrange, 0)
        self._arrange_now = Clock.create_trigger(self._arrange, -1)
        for name in ("size", "pos", "page"):
            self.fbind(name, self._arrange_now)
        content.fbind("minimum_height", self._arrange_now)
        if content.property("view", quiet=True) is not None:
            content.fbind("view", self._again)  # one key may come where another goes, and the height stay

    @property
    def pages(self) -> int:
        return max(1, len(self._pages))

    def turn(self, key: str) -> None:
        """One page on or back."""
        self.page = min(max(0, int(self.page) + (1 if key == PAGE_DOWN else -1)), self.pages - 1)

    def show_widget(self, widget: Widget) -> None:
        """Turns to the page this widget lies on."""
        middle = self.content.top - widget.center_y
        for number, page in enumerate(self._pages):
            if page.top - SLACK_PX <= middle <= page.bottom + SLACK_PX:
                self.page = number

    def shows(self, widget: Widget) -> bool:
        """At least a part of this widget of the content is on the present page."""
        return min(widget.top, self.window.top) - max(widget.y, self.window.y) > SLACK_PX

    def tears(self, widget: Widget) -> bool:
        """Only a part of it is: the page does not hold it."""
        return bool(widget.y < self.window.y - SLACK_PX or widget.top > self.window.top + SLACK_PX)

    def _arrange(self, *_: object) -> None:
        content, needed = self.content, self.content.minimum_height
        fills = needed <= self.height + SLACK_PX and not theme.low()
        if fills:
            self._show_bar(False)
        x, y, width, height = self._place()
        content.width = width
        content.height = height if fills else needed
        atoms = [] if fills else list(self._atoms())
        settled = atoms == self._seen
        if not settled:
            self._seen = atoms
            self._again()
        self._pages = self._cut(atoms, settled)
        if self._pages:
            self.page = min(int(self.page), self.pages - 1)
            self._show_page(self._pages[int(self.page)])
        else:
            self.window.pos, self.window.size = (x, y), (width, height)
            content.pos = self.window.pos

    def _cut(self, atoms: list[Atom], settled: bool) -> list[Page]:
        """Without the bar when that is enough. A bar that stands beside the page stays: the width must not swing.

        That is why it comes only when the layouts have settled: words not yet wrapped to their width are taller.
        """
        if theme.portrait():
            pages = cut(atoms, self.height, theme.reach_px() - self.y)
            self._show_bar(len(pages) > 1)
            if len(pages) <= 1:
                return pages
        _, y, _, height = self._place()
        pages = cut(atoms, height, theme.reach_px() - y)
        if len(pages) > 1 and settled and self._bar.parent is None:
            self._show_bar(True)
            self._again()
        return pages

    def _show_page(self, page: Page) -> None:
        """Its top at the top of the place; in the low mode its lower end at the lower one.

        Above the first one as much of the content's margin as there is room for: a card must not lose its edge.
        """
        x, y, width, height = self._place()
        if self.page == 0:
            page = Page(min(page.top, max(0.0, page.bottom - height)), page.bottom)
        shown = min(height, page.bottom - page.top)
        bottom = y if theme.low() else y + height - shown
        self.window.pos, self.window.size = (x, bottom), (width, shown)
        self.content.pos = (x, bottom + shown + page.top - self.content.height)
        self._bar.place = t("pages.place", page=int(self.page) + 1, pages=self.pages)
        self._bar.first, self._bar.last = self.page == 0, self.page == self.pages - 1

    def _place(self) -> tuple[float, float, float, float]:
        """Left, lower, width and height of what is left beside the bar; and the bar in its own place."""
        if self._bar.parent is None:
            return self.x, self.y, self.width, self.height
        if theme.portrait():
            self._bar.pos, self._bar.width = (self.x, self.y), self.width
            return self.x, self.y + self._bar.height, self.width, self.height - self._bar.height
        self._bar.pos, self._bar.height = (self.right - self._bar.width, self.y), self.height
        return self.x, self.y, self.width - self._bar.width, self.height

    def _show_bar(self, shown: bool) -> None:
        if shown and self._bar.parent is None:
            self.add_widget(self._bar)
        elif not shown and self._bar.parent is not None:
            self.remove_widget(self._bar)

    def _atoms(self) -> Iterator[Atom]:
        top = self.content.top
        for widget in _atomic(self.content):
            yield Atom(
                round(top - widget.top),
                round(top - widget.y),
                target=any(isinstance(part, TouchTarget) and bool(part.key) for part in widget.walk(restrict=True)),
                starts_page=getattr(widget, "starts_page", False),
            )


def _atomic(widget: Widget) -> Iterator[Widget]:
    """The parts that are never torn, from the outermost that says so."""
    if widget.opacity == 0 or widget.height <= 0 or widget.width <= 0:
        return
    if isinstance(widget, UiText) and not widget.text:
        return
    if getattr(widget, "atomic", False) or isinstance(widget, (TouchTarget, UiText, VideoView)):
        yield widget
        return
    for child in reversed(widget.children):
        yield from _atomic(child)
