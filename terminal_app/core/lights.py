"""Which light shows the customer where his hand goes now. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from device_drivers.contract.lights import LightMode
from terminal_app.ipc.messages import Screen, TerminalState

_OF_SCREEN: Mapping[Screen, str] = {
    Screen.CASH_IN: "bill_validator",
    Screen.BILL_SCAN: "barcode_reader",
    Screen.CARD_PAYMENT: "payment_card_reader",
    Screen.RECEIPT: "receipt_printer",
}


def lights_of(state: TerminalState) -> Mapping[str, LightMode]:
    """By the class of the device beside the light; one not named is out. Nothing leads to what does not work."""
    name = _OF_SCREEN.get(state.screen)
    if name is None or not _works(state):
        return {}
    return {name: LightMode.FLASH}


def _works(state: TerminalState) -> bool:
    match state.screen:
        case Screen.CASH_IN:
            return state.cash is not None and state.cash.acceptor_ready
        case Screen.RECEIPT:
            return state.receipt is not None and state.receipt.printed is not False
        case _:
            return True
