"""One plain sentence and a large button. The look is in notice.kv."""

from __future__ import annotations

from terminal_app.ui.screens.screen import KioskScreen


class NoticeScreen(KioskScreen):
    """One plain sentence and a large button."""
