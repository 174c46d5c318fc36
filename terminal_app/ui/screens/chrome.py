"""The frame of every screen: brand, way back, consultant, contact centre; and the windows over it."""

from __future__ import annotations

from typing import Any

from kivy.properties import ObjectProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.floatlayout import FloatLayout
from kivy.uix.widget import Widget

from terminal_app.ui import theme


class BrandBar(BoxLayout):
    view: Any = ObjectProperty(None, rebind=True)


class NavRow(BoxLayout):
    """«Назад» and «В начало»: under the task when the glass stands, at the top right when it lies."""

    view: Any = ObjectProperty(None, rebind=True)


class Dock(BoxLayout):
    view: Any = ObjectProperty(None, rebind=True)


class Chrome(BoxLayout):
    """Holds one screen in its middle."""

    view: Any = ObjectProperty(None, rebind=True)

    def __init__(self, **kwargs: Any) -> None:
        self._bar, self._nav, self._dock = BrandBar(), NavRow(), Dock()
        super().__init__(orientation="vertical", **kwargs)
        self._place = BoxLayout()
        if not theme.portrait():
            self._bar.add_widget(self._nav)
        for part in (self._bar, self._place, *([self._nav] if theme.portrait() else []), self._dock):
            self.add_widget(part)

    def on_view(self, *_: object) -> None:
        for part in (self._bar, self._nav, self._dock):
            part.view = self.view

    def hold(self, screen: Widget) -> None:
        """Puts a screen into the middle; the one before is let go."""
        self.release()
        self._place.add_widget(screen)

    def release(self) -> None:
        """Leaves the middle empty."""
        self._place.clear_widgets()


class Dialog(FloatLayout):
    """A window over the screen; what lies under it cannot be touched meanwhile."""

    view: Any = ObjectProperty(None, rebind=True)


class IdleDialog(Dialog):
    pass


class OtherWaysDialog(Dialog):
    pass


DIALOGS: dict[str, type[Dialog]] = {"idle": IdleDialog, "other_ways": OtherWaysDialog}
