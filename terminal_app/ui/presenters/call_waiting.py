"""Waiting for an agent: the place, the forecast, what to do meanwhile, the way out."""

from __future__ import annotations

from dataclasses import dataclass

from signaling_server.contract.messages import WayToTalk
from terminal_app.ipc.messages import CallView, HangUp, TerminalState, UiToCore
from terminal_app.ui.locale import plural, t
from terminal_app.ui.presenters.presenter import Presenter

MINUTE_S = 60
ON_PAPER = {WayToTalk.WRITE: "waiting.write", WayToTalk.TYPE: "waiting.type"}


@dataclass(frozen=True, slots=True)
class CallWaitingView:
    place: str
    forecast: str
    advice: str  # empty: nothing but to wait
    preview_hint: str
    camera: bool


class CallWaitingPresenter(Presenter[CallWaitingView]):
    def view(self, state: TerminalState) -> CallWaitingView:
        call = state.call or CallView()
        return CallWaitingView(
            place=t("waiting.link_lost") if call.link_lost else _place(call.position),
            forecast=_restoring(call) if call.link_lost else _forecast(call),
            advice=t("waiting.returned") if call.returned else _advice(call.way, camera=state.availability.camera),
            preview_hint=t("waiting.preview") if state.availability.camera else t("waiting.no_camera"),
            camera=state.availability.camera,
        )

    def press(self, key: str, state: TerminalState) -> UiToCore | None:
        return HangUp() if key == "cancel" else None


def _place(position: int) -> str:
    if position <= 0:
        return t("waiting.asking")
    return t("waiting.next") if position == 1 else plural("people_before", position - 1)


def _restoring(call: CallView) -> str:
    """No number: others may have been served since the link went."""
    return t("waiting.place_kept") if call.position else t("waiting.restoring")


def _advice(way: WayToTalk | None, *, camera: bool) -> str:
    """Who chose to write or to type does it on paper before the camera: the glass has no field for it yet."""
    if way not in ON_PAPER:
        return ""
    return t(ON_PAPER[way] if camera else "waiting.no_paper")


def _forecast(call: CallView) -> str:
    """A range of whole minutes, never below what the server said."""
    if not call.position:
        return ""
    low, high = call.wait_min_s // MINUTE_S, -(-call.wait_max_s // MINUTE_S)
    if high <= 1:
        return t("waiting.soon")
    if low == high or low == 0:
        return t("waiting.forecast", range=plural("minutes_about", high))
    return t("waiting.forecast", range=t("waiting.range", low=low, high=plural("minutes", high)))
