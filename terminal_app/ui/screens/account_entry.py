"""The number of the account on our keypad. The look is in account_entry.kv."""

from __future__ import annotations

from terminal_app.ui.screens.screen import KioskScreen


class AccountEntryScreen(KioskScreen):
    """The number of the account on our keypad."""
