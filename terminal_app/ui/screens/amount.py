"""How much to pay. The look is in amount.kv."""

from __future__ import annotations

from terminal_app.ui.screens.screen import KioskScreen


class AmountScreen(KioskScreen):
    """How much to pay."""
