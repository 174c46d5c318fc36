"""How the customer wants to talk: three equal ways (clause 9.6.10)."""

from __future__ import annotations

from dataclasses import dataclass

from signaling_server.contract.messages import WayToTalk
from terminal_app.ipc.call_messages import OpenTurn
from terminal_app.ipc.messages import CallView, ChooseWay, TerminalState, UiToCore
from terminal_app.ui.locale import t
from terminal_app.ui.presenters.presenter import Presenter


@dataclass(frozen=True, slots=True)
class CallWayView:
    note: str  # what a touch switches on
    turn: str  # the way out of turn, or why he has it
    busy: bool


class CallWayPresenter(Presenter[CallWayView]):
    def view(self, state: TerminalState) -> CallWayView:
        note = t("way.note" if state.availability.camera else "way.note_no_camera")
        return CallWayView(note=note, turn=_turn(state.call or CallView()), busy=state.busy)

    def press(self, key: str, state: TerminalState) -> UiToCore | None:
        if key == "turn" and not state.busy:
            return OpenTurn()
        ways = {way.value: way for way in WayToTalk}
        return ChooseWay(way=ways[key]) if key in ways and not state.busy else None


def _turn(call: CallView) -> str:
    if call.turn.special_help:
        return t("way.turn_help")
    return t("way.turn_is", title=call.turn.title) if call.turn.category_id else t("way.turn")
