"""Whether a call is recorded (clause 9.4.3): the notice, then its event at the office, then the first packet. Pure.

The notice stands on the glass and is said; only when it was said to its end is the office told, and only when the
office has stored that does media begin. «Без записи» ends it at any moment, and what was recorded is gone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from signaling_server.contract.recording import (
    NoticeGiven,
    RecordingAllowed,
    RecordingPolicy,
    RecordingState,
    RecordingTold,
)
from terminal_app.ipc.media_messages import RecordingChanged, StartRecording, StopRecording

NO_VOICE = "no_voice"
MICROSECONDS = 1_000_000


@dataclass(frozen=True, slots=True)
class Recording:
    """Of one talk with one agent; `notice_s` on the monotonic clock, None: the notice is being given."""

    policy: RecordingPolicy = RecordingPolicy.OFF
    state: RecordingState = RecordingState.NONE
    notice_s: float | None = None
    recording_id: str = ""

    @property
    def noticing(self) -> bool:
        """The customer is being told now."""
        return self.state is RecordingState.NOTICE and self.notice_s is None

    @property
    def may_decline(self) -> bool:
        running = self.state in (RecordingState.NOTICE, RecordingState.ON)
        return running and self.policy is RecordingPolicy.CHOICE


NO_RECORDING = Recording()
Message = NoticeGiven | RecordingTold | StartRecording | StopRecording
Step = tuple[Recording, list[Message]]


def accepted(policy: RecordingPolicy) -> Recording:
    """An agent took the call."""
    off = policy is RecordingPolicy.OFF
    return NO_RECORDING if off else Recording(policy, RecordingState.NOTICE)


def noticed(recording: Recording, call_id: str, now_s: float, *, spoken: bool) -> Step:
    """The notice was said to its end, or cannot be said here: then nothing is recorded."""
    if not recording.noticing:
        return recording, []
    if not spoken:
        return _ended(recording, call_id, RecordingState.FAILED, NO_VOICE)
    return replace(recording, notice_s=now_s), [NoticeGiven(call_id)]


def allowed(recording: Recording, event: RecordingAllowed) -> Step:
    """The office has stored the notice. An answer to what was asked twice begins nothing twice."""
    notice_s = recording.notice_s
    if recording.state is not RecordingState.NOTICE or notice_s is None or recording.recording_id:
        return recording, []
    start = StartRecording(
        event.call_id, event.recording_id, round(notice_s * MICROSECONDS), event.seal_key_id, event.seal_key_hex
    )
    return replace(recording, recording_id=event.recording_id), [start]


def changed(recording: Recording, event: RecordingChanged) -> Step:
    """media has begun, or could not go on."""
    if event.recording_id != recording.recording_id or recording.state is RecordingState.DECLINED:
        return recording, []
    if event.on:
        return replace(recording, state=RecordingState.ON), [RecordingTold(event.call_id, RecordingState.ON)]
    return _ended(recording, event.call_id, RecordingState.FAILED, event.reason)


def declined(recording: Recording, call_id: str) -> Step:
    if not recording.may_decline:
        return recording, []
    after, told = _ended(recording, call_id, RecordingState.DECLINED)
    return after, [StopRecording(call_id), *told]


def media_came(recording: Recording, call_id: str) -> Step:
    """A new process recorded nothing: the office is asked for a recording of its own."""
    if recording.notice_s is None or recording.state not in (RecordingState.NOTICE, RecordingState.ON):
        return recording, []
    return replace(recording, state=RecordingState.NOTICE, recording_id=""), [NoticeGiven(call_id)]


def link_came(recording: Recording, call_id: str) -> list[Message]:
    """What was said into a lost link is said again."""
    if recording.state is RecordingState.NOTICE:
        return [NoticeGiven(call_id)] if recording.notice_s is not None and not recording.recording_id else []
    return [] if recording.state is RecordingState.NONE else [RecordingTold(call_id, recording.state)]


def _ended(recording: Recording, call_id: str, state: RecordingState, reason: str = "") -> Step:
    return replace(recording, state=state), [RecordingTold(call_id, state, reason)]
