"""One field and its keys. The look is in page_entry.kv."""

from __future__ import annotations

from typing import Any

from kivy.properties import ObjectProperty
from kivy.uix.boxlayout import BoxLayout

from terminal_app.ui.screens.screen import KioskScreen
from terminal_app.ui.widgets.base import Action


class PageEntryScreen(KioskScreen):
    """One field and its keys: a keypad for numbers, the whole keyboard for words. Which one never changes."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        field = (EntryNumbers if self.view.numbers else EntryWords)(view=self.view)
        self.fbind("view", field.setter("view"))
        self.add_widget(field)


class EntryNumbers(BoxLayout):
    view = ObjectProperty(None, rebind=True)


class EntryWords(BoxLayout):
    view = ObjectProperty(None, rebind=True)


class EntryNext(Action):
    """«Дальше»: under the keys, or beside the field where there is no height for it."""

    view = ObjectProperty(None, rebind=True)
