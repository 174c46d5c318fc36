"""Tiles to choose from. The look is in page_list.kv."""

from __future__ import annotations

from terminal_app.ui.screens.screen import KioskScreen


class PageListScreen(KioskScreen):
    """Tiles to choose from."""
