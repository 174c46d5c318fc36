"""What is due, large, and what it is made of. The look is in balance.kv."""

from __future__ import annotations

from kivy.properties import ObjectProperty
from kivy.uix.boxlayout import BoxLayout

from terminal_app.ui.screens.screen import KioskScreen


class BalanceScreen(KioskScreen):
    """What is due, large, and what it is made of."""


class BalanceActions(BoxLayout):
    """What came before, and the payment: side by side, or one over the other where letters are large."""

    view = ObjectProperty(None, rebind=True)
