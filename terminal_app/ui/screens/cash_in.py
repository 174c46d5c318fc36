"""The sum grows as notes go in. The look is in cash_in.kv."""

from __future__ import annotations

from terminal_app.ui.screens.screen import KioskScreen


class CashInScreen(KioskScreen):
    """The sum grows as notes go in."""
