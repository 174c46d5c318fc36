"""The last four digits of the telephone. The look is in second_attribute.kv."""

from __future__ import annotations

from terminal_app.ui.screens.screen import KioskScreen


class SecondAttributeScreen(KioskScreen):
    """The last four digits of the telephone."""
