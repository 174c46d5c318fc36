"""A form that the consultant may help with: what he proposes stands in place of the keys. The look is in helped.kv."""

from __future__ import annotations

from typing import Any

from kivy.properties import ObjectProperty
from kivy.uix.boxlayout import BoxLayout

from terminal_app.ui.screens.screen import KioskScreen


class Proposal(BoxLayout):
    """The field with the proposed value, marked, and two ways to answer."""

    view: Any = ObjectProperty(None, rebind=True)


class HelpedScreen(KioskScreen):
    """Holds the form, or what is proposed for its field; a customer who typed finds all of it again."""

    def __init__(self, form: type[BoxLayout], **kwargs: Any) -> None:
        """`form` is given the view."""
        super().__init__(**kwargs)
        self._form = form
        self._fill()
        self.fbind("view", self._fill)

    def _fill(self, *_: object) -> None:
        proposed = self.view.proposal is not None
        wanted, view = (Proposal, self.view.proposal) if proposed else (self._form, self.view)
        held = self.children[0] if self.children else None
        if type(held) is wanted:
            held.view = view
            return
        self.clear_widgets()
        self.add_widget(wanted(view=view))
