"""The agent's picture with the plate over it. The look is in call_live.kv."""

from __future__ import annotations

from terminal_app.ui.screens.screen import KioskScreen


class CallLiveScreen(KioskScreen):
    """The agent's picture with the plate over it."""
