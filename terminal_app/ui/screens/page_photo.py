"""The camera's picture and one button. The look is in page_photo.kv."""

from __future__ import annotations

from terminal_app.ui.screens.screen import KioskScreen


class PagePhotoScreen(KioskScreen):
    """The camera's picture and one button."""
