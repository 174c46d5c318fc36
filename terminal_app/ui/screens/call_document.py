"""A document of the consultant beside the talk. The look is in call_document.kv."""

from __future__ import annotations

from terminal_app.ui.screens.screen import KioskScreen


class CallDocumentScreen(KioskScreen):
    """A page, or a strip of it, and what can be done with it."""
