"""Core is away: a calm static screen over everything. The look is in away.kv."""

from __future__ import annotations

from terminal_app.ui.screens.screen import KioskScreen


class AwayScreen(KioskScreen):
    """«Секундочку…», without anything to press."""
