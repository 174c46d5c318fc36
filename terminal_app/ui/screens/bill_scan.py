"""The viewfinder with a frame to hold the bill in. The look is in bill_scan.kv."""

from __future__ import annotations

from terminal_app.ui.screens.screen import KioskScreen


class BillScanScreen(KioskScreen):
    """The viewfinder with a frame to hold the bill in."""
