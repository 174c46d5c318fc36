"""Who takes part in the talk beside the consultant, in words (clause 9.6.3b)."""

from __future__ import annotations

from signaling_server.contract.rooms import Party, Presence
from terminal_app.ipc.messages import CallView
from terminal_app.ui.locale import t


def beside(call: CallView) -> str:
    """Whose picture stands beside the consultant's: «Сурдопереводчик Иванова Анна»; empty: nobody's."""
    shown = _shown(call)
    return f"{t(f'room.{shown.role}')} {shown.name}" if shown is not None else ""


def beside_role(call: CallView) -> str:
    """The same in one word."""
    shown = _shown(call)
    return t(f"room.{shown.role}") if shown is not None else ""


def listened(call: CallView) -> str:
    """The customer knows of everybody who hears him and is not shown; empty: there is nobody."""
    return t("room.listened") if any(party.presence is not Presence.JOINED for party in call.parties) else ""


def _shown(call: CallView) -> Party | None:
    return next((party for party in call.parties if party.party_id == call.beside_id), None)
