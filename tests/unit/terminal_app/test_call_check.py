"""A microphone or loudspeaker that does not work is told before an agent is taken, and the customer writes instead."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from signaling_server.contract.messages import CallAccepted, CallCancelled, CallChecked, CallQueued, WayToTalk
from signaling_server.contract.preflight import Part, PartFault, PartState, PathQuality, Preflight
from terminal_app.core.call import CallTick, LinkChanged, Press, ToMedia, ToOffice
from terminal_app.core.call_check import PAGE, TYPE, WAIT, WRITE, LinkMeasured
from terminal_app.ipc import media_messages as media
from terminal_app.ipc import messages as ipc
from terminal_app.ipc.call_messages import CallPane, SoundTrouble
from terminal_app.ipc.media_messages import DevicesChecked, PathChecked
from terminal_app.ipc.messages import Screen
from terminal_app.ipc.pages import Choose

sys.path.append(str(Path(__file__).parent))
from test_call_hold import state_of
from test_terminal_call import ACCEPTED, PLATE, QUEUED, TO_WAITING, UP, tell

GOOD, SILENT = Part(PartState.GOOD), Part(PartState.BAD, PartFault.SILENT)
GONE = Part(PartState.BAD, PartFault.NO_DEVICE)
DUMB = DevicesChecked(GOOD, SILENT, GOOD)
DEAF = DevicesChecked(GOOD, GOOD, GONE)
NO_SOUND = DevicesChecked(GOOD, GONE, GONE)
BLIND = DevicesChecked(GONE, GOOD, GOOD)
WAITING = (*TO_WAITING, QUEUED)
KINDS = [(DUMB, SoundTrouble.MICROPHONE), (DEAF, SoundTrouble.LOUDSPEAKER), (NO_SOUND, SoundTrouble.BOTH)]


def told(found: DevicesChecked, way: WayToTalk = WayToTalk.SPEAK, path: PathQuality | None = None) -> ToOffice:
    preflight = Preflight(found.camera, found.microphone, found.loudspeaker, path or PathQuality())
    return ToOffice(CallChecked("c1", way, preflight))


@pytest.mark.parametrize(("found", "trouble"), KINDS)
def test_the_customer_is_told_what_does_not_work_and_the_office_too_while_his_place_stays(found, trouble):
    call, effects = tell(*WAITING, found)
    assert effects == [told(found)]
    state = state_of(call)
    assert (state.screen, state.page.name) == (Screen.PAGE_LIST, PAGE)
    assert state.page.title.key == f"{PAGE}.{trouble.value}"
    assert [choice.key for choice in state.page.choices] == [TYPE, WRITE, WAIT]
    assert (call.screen, call.call_id, call.position) == (Screen.CALL_WAITING, "c1", 1), "he waits all the while"
    moved, effects = tell(CallQueued("r1", "c1", 2, 0, 60), CallTick(), call=call, now_s=9.0)
    assert (state_of(moved).page.name, effects) == (PAGE, [])


@pytest.mark.clause("9.6.10a", owner="terminal_app")
@pytest.mark.parametrize(
    ("key", "way", "pane", "screen"),
    [
        (TYPE, WayToTalk.TYPE, CallPane.KEYBOARD, Screen.CALL_TYPING),
        (WRITE, WayToTalk.WRITE, CallPane.PAD, Screen.CALL_PAD),
    ],
)
def test_one_touch_makes_it_a_talk_by_writing_which_is_open_when_the_agent_comes(key, way, pane, screen):
    call, effects = tell(*WAITING, DUMB, Press(Choose(PAGE, key)))
    assert effects == [told(DUMB, way)], "the agent knows it before he answers"
    assert state_of(call).screen is Screen.CALL_WAITING
    live, effects = tell(ACCEPTED, call=call)
    assert (live.way, live.notes.pane, state_of(live).screen) == (way, pane, screen)
    assert ToMedia(media.MakeSdpOffer("c1", 1, [], always_moving=True)) in effects, (
        "picture and the agent's voice come all the same"
    )


def test_who_waits_on_is_asked_no_more_and_reads_it_beside_his_place():
    for answer in (Choose(PAGE, WAIT), ipc.GoBack()):
        call, effects = tell(*WAITING, DUMB, Press(answer))
        assert (state_of(call).screen, effects) == (Screen.CALL_WAITING, [])
        assert call.view().trouble is SoundTrouble.MICROPHONE
        live, _ = tell(ACCEPTED, call=call)
        assert (live.way, state_of(live).screen) == (WayToTalk.SPEAK, Screen.CALL_LIVE), "it is his choice"


def test_who_has_not_answered_when_the_agent_comes_does_not_speak_into_a_dead_microphone():
    call, effects = tell(*WAITING, DUMB, ACCEPTED)
    assert state_of(call).screen is Screen.CALL_TYPING
    assert told(DUMB, WayToTalk.TYPE) in effects
    heard, _ = tell(*WAITING, DEAF, ACCEPTED)
    assert (heard.way, state_of(heard).screen) == (WayToTalk.SPEAK, Screen.CALL_LIVE), "he is heard: he may speak"


def test_a_microphone_that_works_again_takes_the_question_away():
    call, _ = tell(*WAITING, DUMB)
    again, effects = tell(DevicesChecked(GOOD, GOOD, GOOD), call=call)
    assert state_of(again).screen is Screen.CALL_WAITING
    assert effects == [told(DevicesChecked(GOOD, GOOD, GOOD))]
    late, effects = tell(Press(Choose(PAGE, TYPE)), call=again)
    assert (late, effects) == (again, []), "a press that comes late means nothing"


def test_a_broken_camera_stops_nobody_and_the_agent_is_told():
    call, effects = tell(*WAITING, BLIND)
    assert (state_of(call).screen, effects) == (Screen.CALL_WAITING, [told(BLIND)])


def test_who_came_to_write_is_not_asked():
    way = Press(ipc.ChooseWay(WayToTalk.WRITE), request_id="r1")
    call, effects = tell(*UP, Press(ipc.StartCall()), way, QUEUED, DUMB)
    assert (state_of(call).screen, effects) == (Screen.CALL_WAITING, [told(DUMB, WayToTalk.WRITE)])
    live, _ = tell(ACCEPTED, call=call)
    assert state_of(live).screen is Screen.CALL_LIVE, "he chose it himself, and opens the pad when he wants to"


def test_the_way_out_of_the_queue_stands_open():
    call, effects = tell(*WAITING, DUMB, Press(ipc.GoHome()))
    assert (call.screen, effects) == (None, [ToOffice(CallCancelled("c1")), ToMedia(media.StopCall())])


def test_what_was_found_before_the_office_had_named_the_call_is_told_with_its_name():
    call, effects = tell(*TO_WAITING, DUMB)
    assert effects == []
    assert tell(QUEUED, call=call)[1] == [told(DUMB)]


def test_a_link_that_was_away_is_told_anew_and_a_link_that_stands_nothing_twice():
    call, _ = tell(*WAITING, DUMB)
    assert tell(DUMB, CallTick(), QUEUED, call=call)[1] == []
    assert tell(LinkChanged(up=False), LinkChanged(up=True), call=call)[1] == [told(DUMB)]


def test_the_line_is_put_together_from_both_who_look_at_it_and_the_call_counts_on_it():
    call, _ = tell(*WAITING, LinkMeasured(up_bps=640_000, down_bps=2_000_000, round_trip_ms=90))
    assert call.check.found.path == PathQuality(640, 2_000, 90, None)
    call, effects = tell(PathChecked(44, 2.5), call=call)
    path = PathQuality(640, 2_000, 44, 2.5)
    assert effects == [ToOffice(CallChecked("c1", WayToTalk.SPEAK, Preflight(path=path)))]
    call, _ = tell(LinkMeasured(700_000, 2_000_000, 90), call=call)
    assert call.check.found.path.round_trip_ms == 44, "datagrams are what a call is made of"
    _, effects = tell(CallAccepted("c1", PLATE, []), call=call)
    assert ToMedia(media.MakeSdpOffer("c1", 1, [], link_bps=700_000)) in effects


def test_without_a_wait_nothing_is_looked_at_and_the_next_call_begins_anew():
    live, _ = tell(*WAITING, ACCEPTED)
    assert tell(DUMB, call=live) == (live, []), "in a call it is the call that tells"
    over, _ = tell(*WAITING, DUMB, Press(ipc.GoHome()))
    again, effects = tell(*WAITING[2:], call=over)
    assert (state_of(again).screen, effects) == (Screen.CALL_WAITING, [])
