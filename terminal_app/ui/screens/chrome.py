"""The frame of every screen: brand, way back, consultant, contact centre; and the windows over it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from kivy.factory import Factory
from kivy.properties import AliasProperty, BooleanProperty, ObjectProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.floatlayout import FloatLayout

from terminal_app.ui import theme
from terminal_app.ui.locale import t
from terminal_app.ui.widgets.base import Action, Panel
from terminal_app.ui.widgets.pager import Pager
from terminal_app.ui.widgets.video import VideoView


def _has_plate(view: Any) -> bool:
    return view is not None and bool(view.plate.full_name)


def _in_the_bar(view: Any) -> bool:
    return theme.beside() or (view.helped and theme.portrait())


class BrandBar(BoxLayout):
    """Whose terminal it is; `plated`: who is on the line, on a lying glass and beside a form that he helps with."""

    view: Any = ObjectProperty(None, rebind=True)
    plated = AliasProperty(lambda self: _has_plate(self.view) and _in_the_bar(self.view), bind=("view",))


class Logo(Panel):
    """Holding it for long leads to service mode; nothing shows that."""


class TrainingStrip(BoxLayout):
    """The banner of training, where large words leave it no room beside the ways back."""

    view: Any = ObjectProperty(None, rebind=True)


class PlateStrip(BoxLayout):
    """Who is on the line, above every page of a call's screens. A form needs the height: the bar says it there."""

    view: Any = ObjectProperty(None, rebind=True)
    shown = AliasProperty(lambda self: _has_plate(self.view) and not _in_the_bar(self.view), bind=("view",))


class AgentPicture(BoxLayout):
    """The agent, small, while he helps with a form; no picture is looked for at any other time."""

    here = BooleanProperty(False)

    def on_here(self, *_: object) -> None:
        self.clear_widgets()
        if self.here:
            self.add_widget(VideoView(ring="agent", name=t("help.picture")))


class NavRow(BoxLayout):
    """«Назад» and «В начало»: under the task when the glass stands, at the top right when it lies."""

    view: Any = ObjectProperty(None, rebind=True)


class Dock(BoxLayout):
    view: Any = ObjectProperty(None, rebind=True)


class Chrome(BoxLayout):
    """Holds one screen in its middle."""

    view: Any = ObjectProperty(None, rebind=True)

    def __init__(self, **kwargs: Any) -> None:
        self._bar, self._plate, self._nav, self._dock = BrandBar(), PlateStrip(), NavRow(), Dock()
        modes = Factory.ModesButton()
        super().__init__(orientation="vertical", padding=theme.frame_px(), **kwargs)
        self._place = BoxLayout()
        self.pager: Pager | None = None
        self.logo: Logo = self._bar.ids.logo
        if theme.portrait():
            self._dock.ids.row.remove_widget(self._dock.ids.contact)
            self._dock.ids.row.add_widget(modes)
        else:
            self._bar.remove_widget(self._bar.ids.contact)
            self._bar.add_widget(modes)
            self._bar.add_widget(self._nav)
        self._strip = TrainingStrip() if theme.training and theme.large() and not theme.portrait() else None
        if self._strip is not None:
            self.add_widget(self._strip)
        for part in (self._bar, self._plate, self._place, *([self._nav] if theme.portrait() else []), self._dock):
            self.add_widget(part)

    def on_view(self, *_: object) -> None:
        for part in (self._plate, self._nav, self._dock):
            part.view = self.view
        self._bar.view = self.view
        if self._strip is not None and self.view is not None:
            self._strip.view = self.view
            self._bar.view = replace(self.view, banner="", banner_who="")

    def hold(self, screen: BoxLayout) -> None:
        """Puts a screen into the middle; the one before is let go."""
        self.release()
        self.pager = Pager(screen)
        self._place.add_widget(self.pager)

    def release(self) -> None:
        """Leaves the middle empty."""
        self.pager = None
        self._place.clear_widgets()


class DialogBody(BoxLayout):
    """What stands in the window; paged where it is higher than the glass."""

    view: Any = ObjectProperty(None, rebind=True)


class DialogFoot(BoxLayout):
    """The way out of the window: stands under every page of it."""


class IdleBody(DialogBody):
    pass


class IdleFoot(DialogFoot):
    pass


class OtherWaysBody(DialogBody):
    pass


class OtherWaysFoot(DialogFoot):
    pass


class ModesBody(DialogBody):
    pass


class ModesFoot(DialogFoot):
    pass


class TrainingNoteRow(Action):
    """A simulated note to put in."""

    item = ObjectProperty(None, rebind=True)


class TrainingBody(DialogBody):
    """What a hand does at the simulated slot."""


class TrainingFoot(DialogFoot):
    pass


class Window(Panel):
    """As high as its body, or as the glass within reach allows; the body is paged then."""


class Dialog(FloatLayout):
    """A window over the screen; what lies under it cannot be touched meanwhile."""

    view: Any = ObjectProperty(None, rebind=True)

    def __init__(self, body: type[DialogBody], view: Any) -> None:
        super().__init__()
        self.kind = body
        self._body, self._foot = body(view=view), FEET[body]()
        self.pager = Pager(self._body)
        self._window = Window(orientation="vertical")
        self._window.add_widget(self.pager)
        self._window.add_widget(self._foot)
        self.add_widget(self._window)
        self._body.fbind("minimum_height", self._fit)
        self._foot.fbind("height", self._fit)
        self.fbind("size", self._fit)
        self._fit()
        self.fbind("view", lambda _, view: setattr(self._body, "view", view))
        self.view = view

    def _fit(self, *_: object) -> None:
        room = min(self.height, theme.reach_px()) - 2 * (theme.u(8) + theme.frame_px())
        self._window.height = min(self._body.minimum_height + self._foot.height, room)
        self._window.width = min(theme.u(250 if theme.portrait() else 330), self.width - 2 * theme.u(8))
        self._window.center_x = self.center_x
        middle = self.center_y if not theme.low() else theme.reach_px() / 2
        self._window.center_y = middle


FEET: dict[type[DialogBody], type[DialogFoot]] = {
    IdleBody: IdleFoot,
    OtherWaysBody: OtherWaysFoot,
    ModesBody: ModesFoot,
    TrainingBody: TrainingFoot,
}
DIALOGS: dict[str, type[DialogBody]] = {
    "idle": IdleBody,
    "other_ways": OtherWaysBody,
    "modes": ModesBody,
    "training": TrainingBody,
}
