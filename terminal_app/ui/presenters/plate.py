"""The consultant's plate: who speaks for which company, as the office's directory has it (clause 9.1.3)."""

from __future__ import annotations

from dataclasses import dataclass

from signaling_server.contract.recording import RecordingState
from terminal_app.ipc.messages import CALL_PANES, CallView, Screen, TerminalState
from terminal_app.ui import theme
from terminal_app.ui.locale import t
from terminal_app.ui.presenters.call_room import listened
from terminal_app.ui.presenters.help import helped


@dataclass(frozen=True, slots=True)
class PlateView:
    company: str
    full_name: str
    position: str
    record: str = ""  # whether the talk is recorded, and listened to; empty: neither
    recorded: bool = False  # it is, now

    @property
    def role(self) -> str:
        """What the person is, and for whom; that it is recorded comes first."""
        return f"{self._recorded}{self.position}, {self.company}" if self.full_name else ""

    @property
    def line(self) -> str:
        """All of it, for a place where every line counts."""
        who = f"{self.full_name}, {self.position}, {self.company}"
        return f"{self._recorded}{who}" if self.full_name else ""

    @property
    def _recorded(self) -> str:
        return f"{self.record}. " if self.record else ""


NO_PLATE = PlateView("", "", "")


def _record_words(call: CallView) -> str:
    """How it stands with the recording (clause 9.4.3), and whether somebody listens whom he does not see."""
    recorded = "" if call.recording.state is RecordingState.NONE else t(f"record.{call.recording.state}")
    return ". ".join(words for words in (recorded, listened(call)) if words)


def plate_view(call: CallView | None) -> PlateView:
    """Empty until an agent took the call."""
    if call is None or call.plate is None:
        return NO_PLATE
    plate = call.plate
    full_name = " ".join(name for name in (plate.last_name, plate.first_name, plate.patronymic) if name)
    recorded = call.recording.state is RecordingState.ON
    return PlateView(plate.company, full_name, plate.position, _record_words(call), recorded)


def strip_view(state: TerminalState) -> PlateView:
    """Above every screen of a call and a form he helps with; the talk has it over the picture, where there is room."""
    over_picture = state.screen is Screen.CALL_LIVE and not theme.large()
    talks = state.screen in CALL_PANES or state.page is not None or helped(state)
    return plate_view(state.call) if talks and not over_picture else NO_PLATE


def recording_notice(call: CallView) -> str:
    """What is shown and said before anything is recorded (clause 9.4.3); empty: it was, or nothing will be."""
    if not call.recording.noticing:
        return ""
    return t("record.notice_choice" if call.recording.may_decline else "record.notice")


def introduction(state: TerminalState) -> str:
    """What the voice says before the agent is heard: that the talk is recorded (clause 9.4.3), then who is on the line
    (9.6.9a); empty: nothing has to be said now.
    """
    call = state.call
    if call is None:
        return ""
    if notice := recording_notice(call):
        return notice
    if not call.introducing:
        return ""
    plate = plate_view(call)
    return t("talk.introduction", name=plate.full_name, position=plate.position, company=plate.company)
