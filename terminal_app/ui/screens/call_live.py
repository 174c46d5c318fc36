"""The agent's picture with the plate over it. The look is in call_live.kv."""

from __future__ import annotations

from typing import Any

from kivy.properties import ObjectProperty

from terminal_app.ui.screens.screen import KioskScreen
from terminal_app.ui.widgets.base import Panel


class CallLiveScreen(KioskScreen):
    """The agent's picture with the plate over it."""


class Plate(Panel):
    """Logo, company, name and position of who speaks: a `PlateView`."""

    view: Any = ObjectProperty(None, rebind=True)
