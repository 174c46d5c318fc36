"""The talk itself: the agent's picture, who it is, whether it really arrives."""

from __future__ import annotations

from dataclasses import dataclass

from signaling_server.contract.messages import WayToTalk
from terminal_app.ipc.call_messages import (
    VOLUME_MAX,
    VOLUME_MIN,
    CallPane,
    ChangeVolume,
    DeclineRecording,
    OpenPane,
    SoundQuality,
    SwitchCaptions,
    WriteNote,
)
from terminal_app.ipc.messages import (
    CallView,
    HangUp,
    Liveness,
    TerminalState,
    UiToCore,
)
from terminal_app.ui import theme
from terminal_app.ui.locale import t
from terminal_app.ui.presenters.call_notes import CAPTION_LENGTH_MAX, SMALL_CAPTION_LENGTH_MAX, caption_of, captions_of
from terminal_app.ui.presenters.call_room import beside, beside_role
from terminal_app.ui.presenters.plate import PlateView, plate_view, recording_notice
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

HEAR_BADLY = "hear_badly"
VOLUME_STEPS = {"louder": 1, "quieter": -1}
QUALITY_BARS = 3
LOW_CAPTION_LENGTH_MAX = 100  # in large letters on a panel that lies

PANES = {"write": CallPane.PAD, "type": CallPane.KEYBOARD, "read": CallPane.NOTES}


@dataclass(frozen=True, slots=True)
class CallLiveView:
    """The plate stands in every state (clause 9.1.3)."""

    plate: PlateView
    may_decline: bool
    liveness: str
    tone: str
    picture: bool
    beside: str  # whose picture stands beside the agent's; empty: nobody's
    beside_role: str
    no_picture: str
    advice: str  # empty: he speaks
    camera: bool
    caption: str  # that it is recorded, else the agent's last words; empty: he wrote none
    captions: str  # what he says, by the recogniser; empty: switched off, or there is none
    captions_words: str  # of the key that switches them; empty: there is none
    may_read: bool  # something was written in this call
    volume: int
    volume_words: str
    louder: bool
    quieter: bool
    quality: int  # bars of QUALITY_BARS
    quality_words: str
    quality_tone: str
    state_words: str  # quality and liveness in one, where there is room for one of them


class CallLivePresenter(Presenter[CallLiveView]):
    def view(self, state: TerminalState) -> CallLiveView:
        call = state.call or CallView()
        bars, words = _quality(call)
        return CallLiveView(
            plate=plate_view(call),
            may_decline=call.recording.may_decline,
            liveness=t(f"live.{call.liveness}"),
            tone=TONES[call.liveness],
            picture=call.agent_has_video,
            beside=beside(call),
            beside_role=beside_role(call),
            no_picture=t("live.connecting" if call.agent_has_video else NO_PICTURE[call.liveness]),
            advice=_advice(call.way, camera=state.availability.camera),
            camera=state.availability.camera,
            caption=recording_notice(call) or caption_of(call, _caption_length(call)),
            captions=_captions(call),
            captions_words=_captions_words(state),
            may_read=bool(call.notes),
            volume=call.volume,
            volume_words=t("talk.volume_at", step=call.volume, steps=VOLUME_MAX),
            louder=call.volume < VOLUME_MAX,
            quieter=call.volume > VOLUME_MIN,
            quality=bars,
            quality_words=t(words),
            state_words=t(words if call.liveness is Liveness.LIVE else f"talk.state.{call.liveness}"),
            quality_tone="good" if bars == QUALITY_BARS else "warn",
        )

    def press(self, key: str, state: TerminalState) -> UiToCore | None:
        if key in VOLUME_STEPS:
            return ChangeVolume(VOLUME_STEPS[key])
        if key == HEAR_BADLY:
            return WriteNote(text=t("talk.hear_badly_phrase"))
        if key == "decline_recording":
            return DeclineRecording()
        if key == "captions":
            return SwitchCaptions()
        return HangUp() if key == "hang_up" else OpenPane(PANES[key]) if key in PANES else None


def _caption_length(call: CallView) -> int:
    if call.captions.on and not theme.large():
        return SMALL_CAPTION_LENGTH_MAX
    return CAPTION_LENGTH_MAX if theme.portrait() or not theme.large() else LOW_CAPTION_LENGTH_MAX


def _captions(call: CallView) -> str:
    """Two or three lines (clause 9.6.11e)."""
    if call.captions.ended:
        return t("captions.ended")
    return (captions_of(call) or t("captions.wait")) if call.captions.on else ""


def _captions_words(state: TerminalState) -> str:
    call = state.call or CallView()
    if not state.availability.captions or call.captions.ended:
        return ""
    return t("captions.off" if call.captions.on else "captions.on")


def _quality(call: CallView) -> tuple[int, str]:
    """How many bars, and what that means in plain words (clause 9.4.6)."""
    if call.liveness in (Liveness.CONNECTING, Liveness.RECONNECTING):
        return 0, "talk.quality.none"
    if call.quality is SoundQuality.BROKEN and call.liveness is Liveness.LIVE:
        return 1, "talk.quality.broken"
    if call.liveness is Liveness.WEAK or call.quality is SoundQuality.WEAK:
        return 1, "talk.quality.weak"
    return (2, "talk.quality.quiet") if call.quality is SoundQuality.QUIET else (QUALITY_BARS, "talk.quality.good")


def _advice(way: WayToTalk | None, *, camera: bool) -> str:
    if way not in (WayToTalk.WRITE, WayToTalk.TYPE):
        return ""
    return t("live.paper" if camera else "live.no_paper")
