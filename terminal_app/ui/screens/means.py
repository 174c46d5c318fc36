"""Cash, card or QR. The look is in means.kv."""

from __future__ import annotations

from terminal_app.ui.screens.screen import KioskScreen


class MeansScreen(KioskScreen):
    """Equal ways to pay."""
