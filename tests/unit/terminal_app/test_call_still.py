"""A paper asked for in a call: nothing is taken before one touch of the customer, nothing leaves before another."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from payment.contract import CashInSnapshot, CashSettings
from signaling_server.contract.messages import CallEnded, CallEndReason
from signaling_server.contract.stills import StillAsked, StillState, StillTold, WithdrawStill
from terminal_app.contacts import Contacts
from terminal_app.core.call import Call, CallTick, LinkChanged, MediaChanged, Press, ToMedia, ToOffice
from terminal_app.core.call_still import NO_STILL, STEADY_S, TAKING_S_MAX, BringStill, Stage, StillBrought
from terminal_app.core.state import Surroundings, terminal_state
from terminal_app.core.visit_values import Visit
from terminal_app.ipc import media_messages as media
from terminal_app.ipc import messages as ipc
from terminal_app.ipc.messages import Availability, Screen, TerminalState
from terminal_app.ipc.pages import Choose

sys.path.append(str(Path(__file__).parent))
from test_terminal_call import TO_LIVE, tell

AROUND = Surroundings(Availability(server=True), Contacts(), "", CashSettings(terminal_id="t"))
CALL_ID = tell(*TO_LIVE)[0].call_id
ASKED = StillAsked(CALL_ID, "s1", "/stills/token")
ALLOW = Press(Choose("still_offer", "allow"))
TAKE = Press(Choose("still_hold", "take"))
SEND = Press(Choose("still_shot", "send"))
GOOD = media.PhotoGuide(media.PhotoHint.GOOD)


def shown(call: Call) -> TerminalState:
    return terminal_state(Visit(), call, CashInSnapshot(), AROUND)


def place(call: Call) -> str:
    page = shown(call).page
    return page.name if page is not None else shown(call).screen.value


def told(effects: list[object]) -> list[StillState]:
    said = [effect.message for effect in effects if isinstance(effect, ToOffice)]
    return [message.state for message in said if isinstance(message, StillTold)]


def to_media(effects: list[object]) -> list[object]:
    ours = media.StartPhoto | media.StopPhoto | media.TakePhoto
    return [effect.message for effect in effects if isinstance(effect, ToMedia) and isinstance(effect.message, ours)]


def holding() -> Call:
    return tell(*TO_LIVE, ASKED, ALLOW)[0]


def looking(*, whole: bool = True) -> Call:
    call, _ = tell(TAKE, call=holding(), now_s=5.0)
    photo = media.PhotoTaken(call.still.photo_id, b"jpeg", b"small", whole)
    return tell(photo, call=call, now_s=5.5)[0]


def test_the_paper_goes_only_by_the_customers_own_touches():
    call, effects = tell(ASKED, call=tell(*TO_LIVE)[0])
    assert place(call) == "still_offer"
    assert told(effects) == [StillState.ASKED]
    assert to_media(effects) == []  # no viewfinder before he allows it
    call, effects = tell(ALLOW, call=call)
    assert (place(call), shown(call).screen) == ("still_hold", Screen.PAGE_PHOTO)
    assert to_media(effects) == [media.StartPhoto(to_read=True)]
    call, effects = tell(TAKE, call=call, now_s=5.0)
    assert to_media(effects) == [media.TakePhoto(call.still.photo_id, to_read=True)]
    assert shown(call).busy
    call, effects = tell(media.PhotoTaken(call.still.photo_id, b"jpeg", b"small"), call=call)
    assert place(call) == "still_shot"
    assert shown(call).page.parts[0].picture == b"small"
    assert not any(isinstance(effect, BringStill) for effect in effects)
    assert to_media(effects) == [media.StopPhoto()]
    call, effects = tell(SEND, call=call)
    assert BringStill("s1", "/stills/token", b"jpeg") in effects
    call, effects = tell(StillBrought("s1", 204), call=call)
    assert told(effects) == [StillState.SENT]
    assert place(call) == Screen.CALL_LIVE.value
    assert call.still.shot is None


def test_well_held_for_a_while_it_is_taken_by_itself():
    call, effects = tell(GOOD, call=holding(), now_s=10.0)
    call, effects = tell(CallTick(), call=call, now_s=10.0 + STEADY_S - 0.1)
    assert to_media(effects) == []
    moved, _ = tell(media.PhotoGuide(media.PhotoHint.BLURRED), GOOD, call=call, now_s=10.0 + STEADY_S)
    assert to_media(tell(CallTick(), call=moved, now_s=10.1 + STEADY_S)[1]) == []
    call, effects = tell(CallTick(), call=call, now_s=10.0 + STEADY_S)
    assert isinstance(to_media(effects)[0], media.TakePhoto)


def test_where_no_sheet_was_found_he_is_shown_how_to_hold_it_and_may_show_it_as_it_is():
    call = looking(whole=False)
    assert place(call) == "still_none"
    assert shown(call).page.parts[0].picture.startswith(b"\x89PNG")
    again, effects = tell(Press(Choose("still_none", "retake")), call=call)
    assert place(again) == "still_hold"
    assert again.still.shot is None
    assert to_media(effects) == [media.StartPhoto(to_read=True)]
    assert place(tell(Press(Choose("still_none", "as_is")), call=call)[0]) == "still_shot"


@pytest.mark.parametrize("page", ["still_offer", "still_hold", "still_shot"])
def test_at_every_step_he_may_refuse_and_nothing_is_left(page):
    call = {"still_offer": tell(*TO_LIVE, ASKED)[0], "still_hold": holding(), "still_shot": looking()}[page]
    call, effects = tell(Press(Choose(page, "no")), call=call)
    assert told(effects) == [StillState.DECLINED]
    assert replace(call.still, ended=()) == NO_STILL
    assert place(call) == Screen.CALL_LIVE.value


def test_a_press_meant_for_another_page_means_nothing():
    call = holding()
    assert tell(SEND, ALLOW, call=call)[0] == call
    sending, _ = tell(SEND, call=looking())
    assert tell(Press(Choose("still_shot", "retake")), call=sending)[0] == sending


def test_a_lost_line_is_tried_again_and_a_spent_link_is_told_to_the_agent():
    sending, _ = tell(SEND, call=looking())
    call, effects = tell(StillBrought("s1", 0), call=sending)
    assert place(call) == "still_shot"
    assert shown(call).page.sentence.key == "still_shot.unsent"
    assert told(effects) == [StillState.LOOKING]
    call, effects = tell(StillBrought("s1", 404), call=sending)
    assert told(effects) == [StillState.FAILED]
    assert place(call) == Screen.CALL_LIVE.value


def test_a_camera_that_gives_nothing_and_media_that_is_gone_end_it():
    taking, _ = tell(TAKE, call=holding(), now_s=5.0)
    assert told(tell(media.PhotoFailed(taking.still.photo_id), call=taking, now_s=5.1)[1]) == [StillState.NO_CAMERA]
    assert told(tell(CallTick(), call=taking, now_s=5.0 + TAKING_S_MAX)[1]) == [StillState.NO_CAMERA]
    assert tell(media.PhotoFailed("older"), call=taking, now_s=5.1)[0].still.stage is Stage.TAKING


def test_the_agent_takes_it_back_and_the_end_of_the_talk_wipes_it():
    call, effects = tell(WithdrawStill(CALL_ID, "s1"), call=looking())
    assert told(effects) == [StillState.WITHDRAWN]
    assert call.still.shot is None
    ended, effects = tell(CallEnded(CALL_ID, CallEndReason.AGENT_ENDED), call=holding())
    assert ended.still == NO_STILL
    assert media.StopPhoto() in to_media(effects)
    assert tell(Press(ipc.HangUp()), call=looking())[0].still == NO_STILL


def test_after_a_lost_link_or_a_new_media_process_all_is_told_and_opened_again():
    call, _ = tell(SEND, StillBrought("s1", 204), StillAsked(CALL_ID, "s2", "/stills/b"), call=looking())
    call, _ = tell(ALLOW, call=call)
    back, effects = tell(LinkChanged(up=True), call=call)
    assert told(effects) == [StillState.SENT, StillState.HOLDING]
    _, effects = tell(MediaChanged(up=True), call=back)
    assert media.StartPhoto(to_read=True) in to_media(effects)


def test_where_a_document_camera_looks_the_words_are_of_its_shelf_and_turn_back_when_it_fails():
    call, _ = tell(media.PhotoGuide(media.PhotoHint.NO_SHEET, under=True), call=holding())
    assert (place(call), shown(call).screen) == ("still_under", Screen.PAGE_PHOTO)
    taken, effects = tell(Press(Choose("still_under", "take")), call=call, now_s=5.0)
    assert to_media(effects) == [media.TakePhoto(taken.still.photo_id, to_read=True)]
    call, _ = tell(media.PhotoGuide(media.PhotoHint.NO_SHEET), call=call)
    assert place(call) == "still_hold"
