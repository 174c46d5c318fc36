"""The first screen: greeting and what can be done here. The look is in attract.kv."""

from __future__ import annotations

from terminal_app.ui.screens.screen import KioskScreen


class AttractScreen(KioskScreen):
    """The first screen: greeting and what can be done here."""
