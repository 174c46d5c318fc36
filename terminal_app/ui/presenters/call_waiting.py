"""Waiting for an agent: the place, the forecast, the way out."""

from __future__ import annotations

from dataclasses import dataclass

from terminal_app.ipc.messages import CallView, HangUp, TerminalState, UiToCore
from terminal_app.ui.locale import plural, t
from terminal_app.ui.presenters.presenter import Presenter

MINUTE_S = 60


@dataclass(frozen=True, slots=True)
class CallWaitingView:
    place: str
    forecast: str
    preview_hint: str
    camera: bool


class CallWaitingPresenter(Presenter[CallWaitingView]):
    def view(self, state: TerminalState) -> CallWaitingView:
        call = state.call or CallView()
        return CallWaitingView(
            place=_place(call.position),
            forecast=_forecast(call) if call.position else "",
            preview_hint=t("waiting.preview") if state.availability.camera else t("waiting.no_camera"),
            camera=state.availability.camera,
        )

    def press(self, key: str, state: TerminalState) -> UiToCore | None:
        return HangUp() if key == "cancel" else None


def _place(position: int) -> str:
    if position <= 0:
        return t("waiting.asking")
    return t("waiting.next") if position == 1 else plural("people_before", position - 1)


def _forecast(call: CallView) -> str:
    """A range of whole minutes, never below what the server said."""
    low, high = call.wait_min_s // MINUTE_S, -(-call.wait_max_s // MINUTE_S)
    if high <= 1:
        return t("waiting.soon")
    if low == high or low == 0:
        return t("waiting.forecast", range=plural("minutes_about", high))
    return t("waiting.forecast", range=t("waiting.range", low=low, high=plural("minutes", high)))
