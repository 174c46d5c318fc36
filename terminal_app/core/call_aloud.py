"""What of a talk is heard, recorded and shown in words; media and the office are told what changed. Pure."""

from __future__ import annotations

from dataclasses import replace

from signaling_server.contract.recording import RecordingAllowed, RecordingPolicy
from terminal_app.core import call_captions, call_check, call_recording, call_sound
from terminal_app.core.call_sound import CallSound
from terminal_app.core.call_values import Call, Effect, Step, ToMedia, ToOffice
from terminal_app.ipc import media_messages as media
from terminal_app.ipc.call_messages import DeclineRecording, RecordingNoticed, SwitchCaptions
from terminal_app.ipc.media_messages import RecordingChanged
from terminal_app.ipc.messages import Screen


def sounds(call: Call, sound: CallSound) -> Step:
    """The agent's sound, as loud as it is to be from now on; nothing is told twice."""
    told = sound.heard_volume != call.sound.heard_volume and call.screen is Screen.CALL_LIVE
    return replace(call, sound=sound), [ToMedia(media.SetVolume(sound.heard_volume))] if told else []


def accepted(call: Call, policy: RecordingPolicy, now_s: float) -> Call:
    """An agent took the call; who is recorded is told first."""
    recording = call_recording.accepted(policy)
    sound = call_sound.accepted(call.sound, now_s, notice=recording.noticing)
    captions = call_captions.accepted(call_check.accepted(call.check, call.way)[1], call.check.trouble)
    return replace(call, recording=recording, sound=sound, captions=captions)


def captioned(call: Call) -> list[Effect]:
    """To media that has this call and may show no captions yet."""
    return [ToMedia(media.SetCaptions(call.call_id, on=True))] if call.captions.on else []


def recorded(call: Call, after: call_recording.Step, now_s: float) -> Step:
    """What became of the recording; the agent is heard as soon as the notice is over."""
    recording, messages = after
    told: list[Effect] = [_effect(message) for message in messages]
    sound = call.sound if recording.noticing else call_sound.noticed(call.sound, now_s)
    opened, louder = sounds(replace(call, recording=recording), sound)
    return opened, [*told, *louder]


def told(
    call: Call, event: RecordingAllowed | RecordingChanged | media.CaptionHeard | media.CaptionsEnded, now_s: float
) -> Step:
    """By the office, or by media; of another call, or after the talk, it changes nothing."""
    if event.call_id != call.call_id or call.screen is not Screen.CALL_LIVE:
        return call, []
    if isinstance(event, media.CaptionsEnded):
        return replace(call, captions=call_captions.ended()), []
    if isinstance(event, media.CaptionHeard):  # what may not be heard yet is not read either
        open_now = call.sound.heard_volume != call_sound.SHUT
        return (replace(call, captions=call_captions.heard(call.captions, event)) if open_now else call), []
    if isinstance(event, RecordingAllowed):
        return recorded(call, call_recording.allowed(call.recording, event), now_s)
    return recorded(call, call_recording.changed(call.recording, event), now_s)


def pressed(call: Call, command: RecordingNoticed | DeclineRecording | SwitchCaptions, now_s: float) -> Step:
    """The notice is over, «Без записи», or «Субтитры»."""
    if isinstance(command, SwitchCaptions):
        captions = call_captions.switched(call.captions)
        changed = [] if captions == call.captions else [ToMedia(media.SetCaptions(call.call_id, captions.on))]
        return replace(call, captions=captions), [*changed]
    if isinstance(command, DeclineRecording):
        return recorded(call, call_recording.declined(call.recording, call.call_id), now_s)
    noticed = call_recording.noticed(call.recording, call.call_id, now_s, spoken=command.spoken)
    return recorded(call, noticed, now_s)


def media_came(call: Call, now_s: float) -> Step:
    """A new media process recorded nothing yet, and shows nothing in words."""
    after, effects = recorded(call, call_recording.media_came(call.recording, call.call_id), now_s)
    return after, [*effects, *captioned(after)]


def link_came(call: Call) -> list[Effect]:
    """What the lost link may have swallowed of the recording."""
    return [_effect(message) for message in call_recording.link_came(call.recording, call.call_id)]


def _effect(message: call_recording.Message) -> Effect:
    if isinstance(message, media.StartRecording | media.StopRecording):
        return ToMedia(message)
    return ToOffice(message)
