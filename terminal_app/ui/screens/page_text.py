"""Something to read, page after page. The look is in page_text.kv."""

from __future__ import annotations

from terminal_app.ui.screens.screen import KioskScreen


class PageTextScreen(KioskScreen):
    """Something to read, page after page."""
