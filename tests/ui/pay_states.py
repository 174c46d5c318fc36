"""The payment beside the talk: its screens with the consultant in the bar."""

from __future__ import annotations

from msgspec.structs import replace

from terminal_app.ipc.call_messages import Pays
from terminal_app.ipc.messages import CallView, Liveness, TerminalState

FREE = ("account_entry", "account_confirm", "second_attribute", "amount_proposed", "cash_in_empty", "means", "receipt")
HELD = ("cash_in", "pay_less", "paying", "qr_payment", "card_payment")


def pay_states(states: dict[str, TerminalState], call: CallView) -> dict[str, TerminalState]:
    talk = replace(call, liveness=Liveness.LIVE, agent_has_video=True)
    return {
        f"pays_{name}": replace(states[name], call=replace(talk, pays=pays))
        for names, pays in ((FREE, Pays.FREE), (HELD, Pays.HELD))
        for name in names
    }
