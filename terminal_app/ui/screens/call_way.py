"""Three equal ways to talk. The look is in call_way.kv."""

from __future__ import annotations

from terminal_app.ui.screens.screen import KioskScreen


class CallWayScreen(KioskScreen):
    """Three equal ways to talk."""
