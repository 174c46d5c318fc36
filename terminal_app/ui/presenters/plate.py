"""The consultant's plate: who speaks for which company, as the office's directory has it (clause 9.1.3)."""

from __future__ import annotations

from dataclasses import dataclass

from terminal_app.ipc.messages import CALL_PANES, CallView, Screen, TerminalState
from terminal_app.ui import theme
from terminal_app.ui.locale import t
from terminal_app.ui.presenters.help import helped


@dataclass(frozen=True, slots=True)
class PlateView:
    company: str
    full_name: str
    position: str

    @property
    def role(self) -> str:
        """What the person is, and for whom."""
        return f"{self.position}, {self.company}" if self.full_name else ""

    @property
    def line(self) -> str:
        """All of it, for a place where every line counts."""
        return f"{self.full_name}, {self.role}" if self.full_name else ""


NO_PLATE = PlateView("", "", "")


def plate_view(call: CallView | None) -> PlateView:
    """Empty until an agent took the call."""
    plate = call.plate if call is not None else None
    if plate is None:
        return NO_PLATE
    names = (plate.last_name, plate.first_name, plate.patronymic)
    return PlateView(plate.company, " ".join(name for name in names if name), plate.position)


def strip_view(state: TerminalState) -> PlateView:
    """Above every screen of a call and a form he helps with; the talk has it over the picture, where there is room."""
    over_picture = state.screen is Screen.CALL_LIVE and not theme.large()
    talks = state.screen in CALL_PANES or state.page is not None or helped(state)
    return plate_view(state.call) if talks and not over_picture else NO_PLATE


def introduction(state: TerminalState) -> str:
    """What the voice says before the agent is heard (clause 9.6.9a); empty: nobody has to be introduced now."""
    call = state.call
    if call is None or not call.introducing:
        return ""
    plate = plate_view(call)
    return t("talk.introduction", name=plate.full_name, position=plate.position, company=plate.company)
