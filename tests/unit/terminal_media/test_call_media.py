"""The media state of a call, told the time."""

from __future__ import annotations

import pytest

from terminal_app.ipc.messages import Liveness
from terminal_app.media.call import (
    CONNECT_S_MAX,
    SILENT_S_MAX,
    UNCLAIMED_S_MAX,
    CallMedia,
    CallUnclaimed,
    EpochFailed,
    EpochReplaced,
    LivenessChanged,
)


@pytest.fixture
def call() -> CallMedia:
    call = CallMedia("call-1")
    call.open_epoch(1, 0.0)
    return call


def go_live(call: CallMedia, now_s: float = 1.0) -> None:
    call.picture_decoded(1, now_s)
    call.take_events()


def test_it_is_live_only_after_the_first_decoded_picture(call: CallMedia) -> None:
    assert call.take_events() == [LivenessChanged(1, Liveness.CONNECTING, False)]
    call.advance(0.5)
    call.packets_counted(1, "video", 10, 0.6)
    assert call.take_events() == []
    call.picture_decoded(1, 0.7)
    assert call.take_events() == [LivenessChanged(1, Liveness.LIVE, True)]


def test_sound_alone_is_live_without_a_picture(call: CallMedia) -> None:
    call.take_events()
    call.sound_decoded(1, 0.7)
    assert call.take_events() == [LivenessChanged(1, Liveness.LIVE, False)]


def test_it_weakens_after_one_second_reconnects_after_three_and_heals_by_itself(call: CallMedia) -> None:
    go_live(call, 1.0)
    call.advance(1.9)
    assert call.take_events() == []
    call.advance(2.0)
    assert call.take_events() == [LivenessChanged(1, Liveness.WEAK, True)]
    call.advance(4.0)
    assert call.take_events() == [LivenessChanged(1, Liveness.RECONNECTING, False)]
    call.sound_decoded(1, 5.0)
    assert call.take_events() == [LivenessChanged(1, Liveness.LIVE, False)]
    call.picture_decoded(1, 5.1)
    assert call.take_events() == [LivenessChanged(1, Liveness.LIVE, True)]


def test_an_agent_who_switches_the_camera_off_stays_live_by_sound(call: CallMedia) -> None:
    go_live(call, 1.0)
    for tenth in range(11, 45):
        call.sound_decoded(1, tenth / 10)
        call.advance(tenth / 10)
    assert call.take_events() == [LivenessChanged(1, Liveness.LIVE, False)]


def test_a_connection_that_brings_nothing_is_given_up_once(call: CallMedia) -> None:
    call.take_events()
    call.advance(CONNECT_S_MAX - 0.1)
    assert call.take_events() == []
    call.advance(CONNECT_S_MAX)
    call.advance(CONNECT_S_MAX + 5)
    assert call.take_events() == [EpochFailed(1, "nothing arrived")]


def test_a_connection_that_falls_silent_for_long_is_given_up(call: CallMedia) -> None:
    go_live(call, 1.0)
    call.advance(1.0 + SILENT_S_MAX)
    assert EpochFailed(1, "nothing arrives any more") in call.take_events()


def test_packets_that_stop_growing_for_a_second_are_a_failure(call: CallMedia) -> None:
    go_live(call, 1.0)
    call.packets_counted(1, "video", 0, 1.0)  # it does not send yet
    call.packets_counted(1, "video", 0, 3.0)
    call.packets_counted(1, "video", 5, 3.1)
    call.packets_counted(1, "audio", 5, 3.1)
    call.packets_counted(1, "audio", 9, 4.0)
    call.packets_counted(1, "video", 5, 4.0)
    assert call.take_events() == []
    call.packets_counted(1, "video", 5, 4.1)
    call.packets_counted(1, "video", 5, 4.5)
    assert call.take_events() == [EpochFailed(1, "video packets stopped")]


def test_the_old_connection_is_closed_when_the_new_one_shows_its_first_picture(call: CallMedia) -> None:
    go_live(call, 1.0)
    call.open_epoch(2, 1.2)
    call.picture_decoded(1, 1.3)
    call.sound_decoded(2, 1.4)
    assert call.take_events() == []
    assert call.shows(1)
    call.picture_decoded(2, 1.5)
    assert call.shows(2)
    assert call.take_events() == [EpochReplaced(1), LivenessChanged(2, Liveness.LIVE, True)]
    call.picture_decoded(1, 1.6)  # a straggler
    assert call.take_events() == []


def test_sound_of_the_new_connection_is_enough_when_the_old_one_is_silent(call: CallMedia) -> None:
    go_live(call, 1.0)
    call.open_epoch(2, 4.0)
    call.sound_decoded(2, 4.2)
    assert call.shows(2)
    assert EpochReplaced(1) in call.take_events()


def test_a_new_connection_without_a_picture_takes_over_after_two_seconds_of_sound(call: CallMedia) -> None:
    go_live(call, 1.0)
    call.open_epoch(2, 1.0)
    for tenth in range(11, 31):
        call.picture_decoded(1, tenth / 10)
        call.sound_decoded(2, tenth / 10)
    assert call.shows(1)
    call.sound_decoded(2, 3.1)
    assert call.shows(2)


def test_while_a_new_connection_is_made_the_silence_is_told_under_its_number(call: CallMedia) -> None:
    go_live(call, 1.0)
    call.open_epoch(2, 2.5)
    call.advance(4.0)
    events = call.take_events()
    assert events[-1] == LivenessChanged(2, Liveness.RECONNECTING, False)


def test_of_connections_not_showing_yet_only_the_newest_is_kept(call: CallMedia) -> None:
    call.take_events()
    call.open_epoch(2, 0.5)
    call.open_epoch(3, 1.0)
    assert [event for event in call.take_events() if isinstance(event, EpochReplaced)] == [
        EpochReplaced(1),
        EpochReplaced(2),
    ]


def test_the_end_of_an_old_connection_is_no_failure_while_a_new_one_is_made(call: CallMedia) -> None:
    go_live(call, 1.0)
    call.open_epoch(2, 1.5)
    call.take_events()
    call.connection_lost(1, "connection closed")
    assert call.take_events() == []
    call.connection_lost(2, "connection failed")
    assert call.take_events() == [EpochFailed(2, "connection failed")]


def test_a_call_that_nobody_claims_is_closed_after_a_minute(call: CallMedia) -> None:
    go_live(call, 1.0)
    call.core_lost(10.0)
    for second in range(10, 10 + int(UNCLAIMED_S_MAX)):
        call.picture_decoded(1, float(second))
        call.advance(float(second))
    assert call.take_events() == []
    call.picture_decoded(1, 10.0 + UNCLAIMED_S_MAX)
    call.advance(10.0 + UNCLAIMED_S_MAX)
    assert call.take_events() == [CallUnclaimed()]


def test_a_claimed_call_goes_on_and_a_new_core_hears_how_it_stands(call: CallMedia) -> None:
    go_live(call, 1.0)
    call.core_lost(1.5)
    call.tell_again()
    call.claimed()
    call.picture_decoded(1, 1.0 + UNCLAIMED_S_MAX * 2)
    call.advance(1.0 + UNCLAIMED_S_MAX * 2)
    assert call.take_events() == [LivenessChanged(1, Liveness.LIVE, True)]
