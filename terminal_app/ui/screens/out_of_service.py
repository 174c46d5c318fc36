"""Nobody is served now; other ways are on the screen. The look is in out_of_service.kv."""

from __future__ import annotations

from terminal_app.ui.screens.screen import KioskScreen


class OutOfServiceScreen(KioskScreen):
    """Nobody is served now; other ways are on the screen."""
