"""What was paid, and the paper. The look is in receipt.kv."""

from __future__ import annotations

from terminal_app.ui.screens.screen import KioskScreen


class ReceiptScreen(KioskScreen):
    """What was paid, and the paper."""
