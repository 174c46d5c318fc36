"""The payment is on its way. The look is in paying.kv."""

from __future__ import annotations

from terminal_app.ui.screens.screen import KioskScreen


class PayingScreen(KioskScreen):
    """The payment is on its way."""
