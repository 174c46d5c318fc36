"""A sheet to write on by finger. The look is in page_pad.kv."""

from __future__ import annotations

from terminal_app.ui.screens.screen import KioskScreen


class PagePadScreen(KioskScreen):
    """A sheet to write on by finger."""
