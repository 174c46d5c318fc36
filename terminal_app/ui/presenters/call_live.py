"""The talk itself: the agent's picture, who it is, whether it really arrives."""

from __future__ import annotations

from dataclasses import dataclass

from signaling_server.contract.messages import WayToTalk
from terminal_app.ipc.call_messages import CallPane, OpenPane
from terminal_app.ipc.messages import (
    CallView,
    HangUp,
    Liveness,
    TerminalState,
    UiToCore,
)
from terminal_app.ui.locale import t
from terminal_app.ui.presenters.call_notes import caption_of
from terminal_app.ui.presenters.plate import PlateView, plate_view
from terminal_app.ui.presenters.presenter import Presenter

TONES = {
    Liveness.CONNECTING: "info",
    Liveness.LIVE: "good",
    Liveness.WEAK: "warn",
    Liveness.RECONNECTING: "warn",
}
NO_PICTURE = {
    Liveness.CONNECTING: "live.connecting",
    Liveness.LIVE: "live.no_picture",
    Liveness.WEAK: "live.picture_returns",
    Liveness.RECONNECTING: "live.picture_returns",
}

PANES = {"write": CallPane.PAD, "type": CallPane.KEYBOARD, "read": CallPane.NOTES}


@dataclass(frozen=True, slots=True)
class CallLiveView:
    """The plate stands in every state (clause 9.1.3)."""

    plate: PlateView
    liveness: str
    tone: str
    picture: bool
    no_picture: str
    advice: str  # empty: he speaks
    camera: bool
    caption: str  # the agent's last words; empty: he wrote none
    may_read: bool  # something was written in this call


class CallLivePresenter(Presenter[CallLiveView]):
    def view(self, state: TerminalState) -> CallLiveView:
        call = state.call or CallView()
        return CallLiveView(
            plate=plate_view(call),
            liveness=t(f"live.{call.liveness}"),
            tone=TONES[call.liveness],
            picture=call.agent_has_video,
            no_picture=t("live.connecting" if call.agent_has_video else NO_PICTURE[call.liveness]),
            advice=_advice(call.way, camera=state.availability.camera),
            camera=state.availability.camera,
            caption=caption_of(call),
            may_read=bool(call.notes),
        )

    def press(self, key: str, state: TerminalState) -> UiToCore | None:
        return HangUp() if key == "hang_up" else OpenPane(PANES[key]) if key in PANES else None


def _advice(way: WayToTalk | None, *, camera: bool) -> str:
    if way not in (WayToTalk.WRITE, WayToTalk.TYPE):
        return ""
    return t("live.paper" if camera else "live.no_paper")
