"""The number and the date of the case. The look is in call_result.kv."""

from __future__ import annotations

from terminal_app.ui.screens.screen import KioskScreen


class CallResultScreen(KioskScreen):
    """The number and the date of the case."""
