"""How the customer wants to talk: three equal ways (clause 9.6.10)."""

from __future__ import annotations

from dataclasses import dataclass

from signaling_server.contract.messages import WayToTalk
from terminal_app.ipc.messages import ChooseWay, TerminalState, UiToCore
from terminal_app.ui.locale import t
from terminal_app.ui.presenters.presenter import Presenter


@dataclass(frozen=True, slots=True)
class CallWayView:
    note: str  # what a touch switches on
    busy: bool


class CallWayPresenter(Presenter[CallWayView]):
    def view(self, state: TerminalState) -> CallWayView:
        note = t("way.note" if state.availability.camera else "way.note_no_camera")
        return CallWayView(note=note, busy=state.busy)

    def press(self, key: str, state: TerminalState) -> UiToCore | None:
        ways = {way.value: way for way in WayToTalk}
        return ChooseWay(way=ways[key]) if key in ways and not state.busy else None
