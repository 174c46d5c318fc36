"""The place in the queue and one's own picture. The look is in call_waiting.kv."""

from __future__ import annotations

from terminal_app.ui.screens.screen import KioskScreen


class CallWaitingScreen(KioskScreen):
    """The place in the queue and one's own picture."""
