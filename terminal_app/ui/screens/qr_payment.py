"""A payment by СБП. The look is in qr_payment.kv."""

from __future__ import annotations

from terminal_app.ui.screens.screen import KioskScreen


class QrPaymentScreen(KioskScreen):
    """The code, the sum, and what to do with the phone."""
