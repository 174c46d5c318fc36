"""Several things or accounts in one payment. The look is in basket.kv."""

from __future__ import annotations

from terminal_app.ui.screens.screen import KioskScreen


class BasketScreen(KioskScreen):
    """The list and what may be added to it."""
