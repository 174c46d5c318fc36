"""A call that moves into a room and back: who is shown where, and what goes on meanwhile."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from msgspec import structs

from signaling_server.contract import messages as office
from signaling_server.contract.messages import CallEndReason
from signaling_server.contract.rooms import Party, PartyRole, Presence
from terminal_app.core.call import ToMedia, ToOffice
from terminal_app.core.call_room import beside_of
from terminal_app.ipc import media_messages as media
from terminal_app.ipc.messages import Liveness

sys.path.append(str(Path(__file__).parent))
from test_terminal_call import PLATE, TO_LIVE, live, tell

AGENT = Party("a", PartyRole.AGENT, Presence.JOINED, "Соколова Анна Викторовна", "консультант")
INTERPRETER = Party("i", PartyRole.INTERPRETER, Presence.JOINED, "Иванова Инна Петровна", "сурдопереводчик")
LISTENER = Party("s", PartyRole.SUPERVISOR, Presence.LISTENS, "Петров Пётр Петрович", "старший смены")
ROOM = office.RoomChanged("c1", 2, [AGENT, INTERPRETER], plate=PLATE)


def test_the_call_moves_by_a_new_epoch_and_the_talk_is_not_interrupted_by_it() -> None:
    call, effects = tell(*TO_LIVE, live(Liveness.LIVE), ROOM, now_s=5.0)
    assert effects == [ToMedia(media.ShowFeeds("c1", "a", "i")), ToMedia(media.MakeSdpOffer("c1", 2, []))]
    assert (call.media_epoch, call.liveness) == (2, Liveness.LIVE)
    assert (call.view().parties, call.view().beside_id) == ([AGENT, INTERPRETER], "i")
    _, effects = tell(office.SdpOffer("c1", 2, "v=0", "a"), call=call)
    assert effects == [ToMedia(media.AnswerSdpOffer("c1", 2, "a", "v=0"))]
    _, effects = tell(media.SdpAnswerMade("c1", 2, "a", "v=1"), call=call)
    assert effects == [ToOffice(office.SdpAnswer("c1", 2, "v=1", "a"))]


def test_who_comes_later_needs_no_new_epoch() -> None:
    call, _ = tell(*TO_LIVE, ROOM)
    call, effects = tell(structs.replace(ROOM, parties=[*ROOM.parties, LISTENER]), call=call)
    assert effects == [ToMedia(media.ShowFeeds("c1", "a", "i"))]
    assert call.view().parties[-1] == LISTENER


def test_handed_over_the_other_agent_stands_in_the_first_ones_place_with_his_plate() -> None:
    call, _ = tell(*TO_LIVE, ROOM)
    taker = structs.replace(INTERPRETER, role=PartyRole.AGENT)
    plate = structs.replace(PLATE, last_name="Иванова")
    call, effects = tell(office.RoomChanged("c1", 2, [taker], plate=plate), call=call)
    assert effects == [ToMedia(media.ShowFeeds("c1", "i", ""))]
    assert call.plate == plate


def test_back_to_a_direct_path_the_rooms_picture_of_the_agent_stays_until_it_is_there() -> None:
    call, _ = tell(*TO_LIVE, ROOM)
    call = replace(call, liveness=Liveness.LIVE)
    call, effects = tell(office.CallAccepted("c1", PLATE, [], 3), call=call)
    assert effects[:2] == [ToMedia(media.ShowFeeds("c1", "a", "")), ToMedia(media.MakeSdpOffer("c1", 3, []))]
    assert (call.view().parties, call.liveness) == ([], Liveness.LIVE)


def test_what_is_of_another_call_or_an_older_epoch_changes_nothing() -> None:
    call, _ = tell(*TO_LIVE, ROOM)
    old = structs.replace(ROOM, media_epoch=1, parties=[])
    for stray in (old, structs.replace(ROOM, call_id="c9"), office.SdpOffer("c1", 1, "v=0", "a")):
        assert tell(stray, call=call) == (call, [])


def test_nobody_is_left_beside_after_the_talk() -> None:
    call, _ = tell(*TO_LIVE, ROOM, office.CallEnded("c1", CallEndReason.AGENT_ENDED))
    assert call.parties == ()
    assert tell(ROOM, call=call)[1] == []


def test_an_interpreter_is_shown_before_all_others_and_a_listener_never() -> None:
    boss = structs.replace(LISTENER, presence=Presence.JOINED)
    assert beside_of((AGENT, boss, INTERPRETER)) == "i"
    assert beside_of((AGENT, boss)) == "s"
    assert beside_of((AGENT, LISTENER)) == ""
