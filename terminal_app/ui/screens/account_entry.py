"""The number of the account on our keypad. The look is in account_entry.kv."""

from __future__ import annotations

from typing import Any

from kivy.properties import ObjectProperty
from kivy.uix.boxlayout import BoxLayout

from terminal_app.ui.screens.helped import HelpedScreen


class AccountEntryScreen(HelpedScreen):
    """The number of the account on our keypad."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(AccountFields, **kwargs)


class AccountFields(BoxLayout):
    view: Any = ObjectProperty(None, rebind=True)
