"""Waiting for an agent: the place, the forecast, what to do meanwhile, the way out."""

from __future__ import annotations

from dataclasses import dataclass

from signaling_server.contract.messages import WayToTalk
from terminal_app.ipc.call_messages import SoundTrouble
from terminal_app.ipc.messages import CallView, HangUp, TerminalState, UiToCore
from terminal_app.ui.locale import plural, t
from terminal_app.ui.presenters.presenter import Presenter

MINUTE_S = 60
TIPS = 5  # waiting.tip_1 …
ADVICE = {WayToTalk.WRITE: "waiting.write", WayToTalk.TYPE: "waiting.type"}


@dataclass(frozen=True, slots=True)
class CallWaitingView:
    place: str
    forecast: str
    advice: str  # empty: nothing but to wait
    preview_hint: str
    camera: bool
    tip: str  # useful while one waits; empty: put away
    tip_place: str


class CallWaitingPresenter(Presenter[CallWaitingView]):
    """Knows only which tip is read. It never turns by itself (clause 7.1.7)."""

    def __init__(self, state: TerminalState) -> None:
        super().__init__(state)
        self._tip: int | None = 0

    def view(self, state: TerminalState) -> CallWaitingView:
        call = state.call or CallView()
        return CallWaitingView(
            place=t("waiting.link_lost") if call.link_lost else _place(call.position),
            forecast=_restoring(call) if call.link_lost else _forecast(call),
            advice=t("waiting.returned") if call.returned else _advice(call),
            preview_hint=t("waiting.preview") if state.availability.camera else _no_camera(call),
            camera=state.availability.camera,
            tip=t(f"waiting.tip_{self._tip + 1}", phone=state.support_phone) if self._tip is not None else "",
            tip_place=t("waiting.tip_place", number=self._tip + 1, count=TIPS) if self._tip is not None else "",
        )

    def press(self, key: str, state: TerminalState) -> UiToCore | None:
        if key == "tip_next" and self._tip is not None:
            self._tip = (self._tip + 1) % TIPS
        elif key == "tip_away":
            self._tip = None
        return HangUp() if key == "cancel" else None


def _place(position: int) -> str:
    if position <= 0:
        return t("waiting.asking")
    return t("waiting.next") if position == 1 else plural("people_before", position - 1)


def _restoring(call: CallView) -> str:
    """No number: others may have been served since the link went."""
    return t("waiting.place_kept") if call.position else t("waiting.restoring")


def _advice(call: CallView) -> str:
    """Who chose to write or to type is told where: pad and keyboard come with the talk. Broken sound comes first."""
    said = t(ADVICE[call.way]) if call.way in ADVICE else ""
    silent = call.trouble is SoundTrouble.NONE or (call.trouble is SoundTrouble.MICROPHONE and said)
    return said if silent else t(f"waiting.trouble.{call.trouble.value}")


def _no_camera(call: CallView) -> str:
    heard = call.trouble in (SoundTrouble.NONE, SoundTrouble.LOUDSPEAKER)
    return t("waiting.no_camera") if heard else t("waiting.no_camera_only")


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
