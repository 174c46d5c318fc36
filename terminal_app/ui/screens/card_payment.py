"""The card is awaited. The look is in card_payment.kv."""

from __future__ import annotations

from terminal_app.ui.screens.screen import KioskScreen


class CardPaymentScreen(KioskScreen):
    """The card is awaited."""
