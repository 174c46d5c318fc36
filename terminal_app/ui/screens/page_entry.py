"""One field and its keys. The look is in page_entry.kv."""

from __future__ import annotations

from typing import Any

from kivy.properties import AliasProperty, ObjectProperty
from kivy.uix.boxlayout import BoxLayout

from terminal_app.ui import theme
from terminal_app.ui.screens.helped import HelpedScreen
from terminal_app.ui.widgets.base import Action

ERROR_BESIDE_MAX = 60  # signs of an error that stands under its field in half the width, twice as large


class PageEntryScreen(HelpedScreen):
    """One field and its keys: a keypad for numbers, the whole keyboard for words. Which one never changes."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(EntryNumbers if kwargs["view"].numbers else EntryWords, **kwargs)


class EntryNumbers(BoxLayout):
    """Where letters are large and the glass lies, a long sentence of what is wrong takes the whole width."""

    view = ObjectProperty(None, rebind=True)

    def _is_told_above(self) -> bool:
        long = self.view is not None and len(self.view.error) > ERROR_BESIDE_MAX
        return long and theme.large() and not theme.portrait()

    told_above = AliasProperty(_is_told_above, bind=["view"])


class EntryWords(BoxLayout):
    """On a lying glass the other ways stand beside the field, between it and «Дальше»."""

    view = ObjectProperty(None, rebind=True)

    def _is_beside(self) -> bool:
        others = self.view is not None and bool(self.view.others)
        return others and not theme.portrait() and not theme.large()

    beside = AliasProperty(_is_beside, bind=["view"])


class EntryNext(Action):
    """«Дальше»: under the keys, or beside the field where there is no height for it."""

    view = ObjectProperty(None, rebind=True)
