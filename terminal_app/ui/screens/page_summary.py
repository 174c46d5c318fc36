"""What is sent, or what came of it. The look is in page_summary.kv."""

from __future__ import annotations

from terminal_app.ui.screens.screen import KioskScreen


class PageSummaryScreen(KioskScreen):
    """What is sent, or what came of it."""
