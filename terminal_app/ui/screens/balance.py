"""What is due, large, and what it is made of. The look is in balance.kv."""

from __future__ import annotations

from terminal_app.ui.screens.screen import KioskScreen


class BalanceScreen(KioskScreen):
    """What is due, large, and what it is made of."""
