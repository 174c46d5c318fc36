"""Masked owner and address, yes or no. The look is in account_confirm.kv."""

from __future__ import annotations

from terminal_app.ui.screens.screen import KioskScreen


class AccountConfirmScreen(KioskScreen):
    """Masked owner and address, yes or no."""
