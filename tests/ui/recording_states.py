"""A talk that is recorded: the notice, the indicator on the talk and on what lies over it, «Без записи»."""

from __future__ import annotations

from collections.abc import Callable

from call_states import WRITTEN
from msgspec.structs import replace

from signaling_server.contract.recording import RecordingState
from terminal_app.ipc.call_messages import RecordingView
from terminal_app.ipc.messages import CallView, Liveness, Screen, TerminalState

NOTICE = RecordingView(RecordingState.NOTICE, noticing=True, may_decline=True)
ON = RecordingView(RecordingState.ON)
ON_BY_CHOICE = RecordingView(RecordingState.ON, may_decline=True)


def recording_states(at: Callable[..., TerminalState], call: CallView) -> dict[str, TerminalState]:
    talk = replace(call, liveness=Liveness.LIVE, agent_has_video=True)

    def shown(recording: RecordingView, talk: CallView = talk) -> TerminalState:
        return at(Screen.CALL_LIVE, call=replace(talk, recording=recording))

    return {
        "recording_notice": shown(NOTICE, replace(talk, liveness=Liveness.CONNECTING, agent_has_video=False)),
        "recording_on": shown(ON),
        "recording_choice": shown(ON_BY_CHOICE),
        "recording_choice_caption": shown(ON_BY_CHOICE, WRITTEN),
        "recording_declined": shown(RecordingView(RecordingState.DECLINED)),
        "recording_failed": shown(RecordingView(RecordingState.FAILED)),
        "recording_pad": at(Screen.CALL_PAD, call=replace(WRITTEN, recording=ON)),
    }
