"""Clause 9.4.3 at the terminal: nothing is recorded before the notice was given and stored; «Без записи» ends it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from msgspec.structs import replace

sys.path.append(str(Path(__file__).parent))
from test_terminal_call import ACCEPTED, QUEUED, TO_WAITING, live, tell

from signaling_server.contract.messages import CallQueued
from signaling_server.contract.recording import (
    NoticeGiven,
    RecordingAllowed,
    RecordingPolicy,
    RecordingState,
    RecordingTold,
)
from terminal_app.core.call import Call, CallTick, LinkChanged, MediaChanged, Press, ToMedia, ToOffice
from terminal_app.core.call_sound import INTRODUCTION_S_MAX
from terminal_app.ipc import media_messages as media
from terminal_app.ipc.call_messages import VOLUME_USUAL, DeclineRecording, RecordingNoticed
from terminal_app.ipc.messages import Liveness, Screen

ID = "a" * 32
ALLOWED = RecordingAllowed("c1", ID, "key-1", "b" * 64)
ON = media.RecordingChanged("c1", ID, on=True)
SPOKEN = Press(RecordingNoticed(spoken=True))


def at_call(policy: RecordingPolicy) -> Call:
    return tell(*TO_WAITING, QUEUED, replace(ACCEPTED, recording=policy))[0]


def shown(call: Call) -> RecordingState:
    return call.view().recording.state


@pytest.mark.clause("9.4.3", owner="terminal_app")
def test_recording_begins_only_when_the_notice_was_said_to_its_end_and_the_office_has_stored_it():
    call = at_call(RecordingPolicy.ON)
    assert (shown(call), call.view().recording.noticing) == (RecordingState.NOTICE, True)
    call, effects = tell(ALLOWED, call=call)
    assert effects == [], "nobody has told the customer yet"
    call, effects = tell(SPOKEN, call=call, now_s=7.0)
    assert effects == [ToOffice(NoticeGiven("c1")), ToMedia(media.SetVolume(VOLUME_USUAL))]
    assert not call.view().recording.noticing
    call, effects = tell(ALLOWED, call=call, now_s=7.5)
    assert effects == [ToMedia(media.StartRecording("c1", ID, 7_000_000, "key-1", "b" * 64))]
    assert shown(call) is RecordingState.NOTICE, "until media says that it runs"
    call, effects = tell(ON, call=call)
    assert (shown(call), effects) == (RecordingState.ON, [ToOffice(RecordingTold("c1", RecordingState.ON))])
    assert tell(ALLOWED, call=call)[1] == [], "no second start"


@pytest.mark.clause("9.4.3", owner="terminal_app")
def test_a_notice_that_cannot_be_said_leaves_no_recording():
    call, effects = tell(Press(RecordingNoticed(spoken=False)), call=at_call(RecordingPolicy.ON))
    assert ToOffice(RecordingTold("c1", RecordingState.FAILED, "no_voice")) in effects
    assert tell(SPOKEN, ALLOWED, call=call)[1] == []
    assert shown(call) is RecordingState.FAILED


def test_a_queue_that_is_not_recorded_has_no_notice():
    call = at_call(RecordingPolicy.OFF)
    assert shown(call) is RecordingState.NONE
    assert tell(SPOKEN, ALLOWED, call=call)[1] == []


def test_the_agent_is_not_heard_over_the_notice_and_not_kept_shut_for_ever():
    _, effects = tell(*TO_WAITING, QUEUED, replace(ACCEPTED, recording=RecordingPolicy.ON))
    assert effects[0] == ToMedia(media.SetVolume(0))
    call = at_call(RecordingPolicy.ON)
    louder = ToMedia(media.SetVolume(VOLUME_USUAL))
    assert louder not in tell(CallTick(), call=call, now_s=INTRODUCTION_S_MAX - 0.1)[1]
    assert louder in tell(CallTick(), call=call, now_s=INTRODUCTION_S_MAX)[1]


@pytest.mark.clause("9.4.3", owner="terminal_app")
def test_without_recording_is_the_customers_word_before_and_during_it():
    for told in ((), (SPOKEN, ALLOWED, ON)):
        call, _ = tell(*told, call=at_call(RecordingPolicy.CHOICE))
        assert call.view().recording.may_decline
        call, effects = tell(Press(DeclineRecording()), call=call)
        assert ToMedia(media.StopRecording("c1")) in effects
        assert ToOffice(RecordingTold("c1", RecordingState.DECLINED)) in effects
        assert (shown(call), call.view().recording.may_decline) == (RecordingState.DECLINED, False)
        assert tell(SPOKEN, ALLOWED, ON, call=call)[1] == []


def test_where_the_office_gives_no_choice_there_is_none():
    call, effects = tell(Press(DeclineRecording()), call=at_call(RecordingPolicy.ON))
    assert (call.view().recording.may_decline, effects) == (False, [])


def test_a_recording_that_ends_by_itself_is_told_and_the_call_goes_on():
    call, _ = tell(SPOKEN, ALLOWED, ON, call=at_call(RecordingPolicy.ON))
    call, effects = tell(live(Liveness.LIVE), media.RecordingChanged("c1", ID, on=False, reason="disk"), call=call)
    assert effects == [ToOffice(RecordingTold("c1", RecordingState.FAILED, "disk"))]
    assert (call.screen, shown(call)) == (Screen.CALL_LIVE, RecordingState.FAILED)


def test_a_new_media_process_gets_a_recording_of_its_own():
    call, _ = tell(SPOKEN, ALLOWED, ON, call=at_call(RecordingPolicy.ON), now_s=7.0)
    call, effects = tell(MediaChanged(up=False), MediaChanged(up=True), call=call, now_s=30.0)
    assert ToOffice(NoticeGiven("c1")) in effects
    again = RecordingAllowed("c1", "c" * 32, "key-1", "b" * 64)
    _, effects = tell(again, call=call, now_s=31.0)
    assert effects == [ToMedia(media.StartRecording("c1", "c" * 32, 7_000_000, "key-1", "b" * 64))]


def test_what_a_lost_link_swallowed_is_said_again():
    call, _ = tell(SPOKEN, call=at_call(RecordingPolicy.ON))
    assert ToOffice(NoticeGiven("c1")) in tell(LinkChanged(up=False), LinkChanged(up=True), call=call)[1]
    call, _ = tell(ALLOWED, ON, call=call)
    assert ToOffice(RecordingTold("c1", RecordingState.ON)) in tell(LinkChanged(up=True), call=call)[1]


def test_a_call_that_waits_again_tells_the_next_agents_customer_anew():
    call, _ = tell(SPOKEN, ALLOWED, ON, call=at_call(RecordingPolicy.ON))
    call, _ = tell(CallQueued("r1", "c1", 1, 60, 180), call=call)
    call, _ = tell(replace(ACCEPTED, recording=RecordingPolicy.ON, media_epoch=2), call=call)
    assert call.view().recording.noticing
