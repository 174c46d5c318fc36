"""One field and its keys. The look is in page_entry.kv."""

from __future__ import annotations

from terminal_app.ui.screens.screen import KioskScreen


class PageEntryScreen(KioskScreen):
    """One field and its keys."""
