"""The terminal's side of a call, told everything in virtual time."""

from __future__ import annotations

import pytest

from signaling_server.contract import messages as office
from signaling_server.contract.messages import CallEndReason, CallRefusal, Plate, WayToTalk
from terminal_app.core.call import (
    ANSWER_S_MAX,
    PLACE_S_MAX,
    RECOVERY_S_MAX,
    WAIT_S_MAX,
    WAY_S_MAX,
    Call,
    CallTick,
    Effect,
    Event,
    LinkChanged,
    MediaChanged,
    Press,
    ToMedia,
    ToOffice,
    step,
)
from terminal_app.ipc import media_messages as media
from terminal_app.ipc import messages as ipc
from terminal_app.ipc.call_messages import VOLUME_USUAL
from terminal_app.ipc.messages import Liveness, Notice, Screen

PLATE = Plate("АО «Энергосбыт»", "Соколова", "Анна", "Викторовна", "консультант")
UP = (LinkChanged(up=True), MediaChanged(up=True))
QUEUED = office.CallQueued("r1", "c1", 1, 60, 180)
ACCEPTED = office.CallAccepted("c1", PLATE, [])
TO_WAITING = (*UP, Press(ipc.StartCall()), Press(ipc.ChooseWay(WayToTalk.SPEAK), request_id="r1"))
TO_LIVE = (*TO_WAITING, QUEUED, ACCEPTED)


def tell(*told: Event, call: Call | None = None, now_s: float = 0.0) -> tuple[Call, list[Effect]]:
    call = call or Call()
    effects: list[Effect] = []
    for event in told:
        call, effects = step(call, event, now_s)
    return call, effects


def live(liveness: Liveness, epoch: int = 1) -> media.CallLiveness:
    return media.CallLiveness("c1", epoch, liveness, True)


def test_the_way_to_talk_goes_with_the_request_before_anybody_answers():
    call, effects = tell(*UP, Press(ipc.StartCall()))
    assert (call.screen, effects) == (Screen.CALL_WAY, [])
    call, effects = tell(Press(ipc.ChooseWay(WayToTalk.WRITE), request_id="r1"), call=call)
    assert effects == [ToOffice(office.CallRequested("r1", WayToTalk.WRITE)), ToMedia(media.WarmUp([]))]
    assert call.screen is Screen.CALL_WAITING


def test_the_terminal_makes_the_sdp_offer_when_an_agent_accepts():
    call, effects = tell(*TO_LIVE)
    assert effects == [ToMedia(media.SetVolume(VOLUME_USUAL)), ToMedia(media.MakeSdpOffer("c1", 1, []))]
    assert (call.screen, call.plate) == (Screen.CALL_LIVE, PLATE)
    _, effects = tell(media.SdpOfferMade("c1", 1, "v=0"), call=call)
    assert effects == [ToOffice(office.SdpOffer("c1", 1, "v=0"))]
    _, effects = tell(office.SdpAnswer("c1", 1, "v=0"), call=call)
    assert effects == [ToMedia(media.ApplySdpAnswer("c1", 1, "v=0"))]


def test_what_belongs_to_another_call_or_an_older_epoch_changes_nothing():
    call, _ = tell(*TO_LIVE)
    for stray in (office.SdpAnswer("c1", 2, "v=0"), office.SdpAnswer("c9", 1, "v=0"), media.MediaFailed("c1", 0, "x")):
        assert tell(stray, call=call) == (call, [])


@pytest.mark.parametrize(
    ("reason", "notice"),
    [(CallRefusal.NO_AGENT_ON_DUTY, Notice.NO_AGENT_ON_DUTY), (CallRefusal.NOT_ACCEPTED, Notice.CALL_NOT_ALLOWED)],
)
def test_a_refusal_ends_in_a_sentence_and_media_lets_the_camera_go(reason, notice):
    call, effects = tell(*TO_WAITING, office.CallRefused("r1", reason))
    assert (call.screen, call.notice) == (Screen.NOTICE, notice)
    assert effects == [ToMedia(media.StopCall())]
    assert tell(Press(ipc.Dismiss()), call=call)[0].screen is None


def test_without_the_office_the_touch_is_answered_at_once():
    call, effects = tell(Press(ipc.StartCall()))
    assert (call.notice, effects) == (Notice.SERVER_UNREACHABLE, [])


def test_an_office_that_does_not_confirm_is_given_up_within_its_limit():
    call, _ = tell(*TO_WAITING)
    assert tell(CallTick(), call=call, now_s=ANSWER_S_MAX - 0.1)[0].screen is Screen.CALL_WAITING
    call, effects = tell(CallTick(), call=call, now_s=ANSWER_S_MAX)
    assert call.notice is Notice.SERVER_UNREACHABLE
    assert ToMedia(media.StopCall()) in effects


def test_a_request_lost_with_the_link_is_said_again_under_the_same_id():
    call, _ = tell(*TO_WAITING, LinkChanged(up=False))
    _, effects = tell(LinkChanged(up=True), call=call)
    assert effects == [ToOffice(office.CallRequested("r1", WayToTalk.SPEAK))]


def test_a_call_the_customer_left_before_the_office_named_it_is_cancelled_when_it_does():
    call, _ = tell(*TO_WAITING, Press(ipc.HangUp()))
    assert call.screen is None
    assert tell(QUEUED, call=call)[1] == [ToOffice(office.CallCancelled("c1"))]
    assert tell(ACCEPTED, call=call)[1] == [ToOffice(office.CallCancelled("c1"))]


def test_hanging_up_stops_media_and_waits_for_the_number_of_the_case():
    call, effects = tell(*TO_LIVE, Press(ipc.HangUp()))
    assert effects == [ToOffice(office.CallCancelled("c1")), ToMedia(media.StopCall())]
    call, _ = tell(office.CaseRegistered("c1", "26-000001", "23.11.2026", "Показания"), call=call)
    (case,) = call.view().cases
    assert (call.screen, case.case_number, case.received_date) == (Screen.CALL_RESULT, "26-000001", "23.11.2026")


@pytest.mark.parametrize("reason", [CallEndReason.AGENT_LOST, CallEndReason.MEDIA_FAILED])
def test_an_agent_who_vanished_is_said_in_a_sentence_and_the_case_number_still_comes(reason):
    call, effects = tell(*TO_LIVE, office.CallEnded("c1", reason))
    assert (call.screen, call.notice) == (Screen.NOTICE, Notice.CALL_BROKEN)
    assert effects == [ToMedia(media.StopCall())]
    call, _ = tell(office.CaseRegistered("c1", "26-000001", "23.11.2026", "Консультация"), call=call)
    assert [case.case_number for case in call.cases] == ["26-000001"]


def test_a_failed_path_is_mended_by_a_new_media_epoch_of_the_same_call():
    call, _ = tell(*TO_LIVE, live(Liveness.LIVE))
    call, effects = tell(media.MediaFailed("c1", 1, "no packets"), call=call, now_s=10.0)
    assert effects == [ToMedia(media.MakeSdpOffer("c1", 2, []))]
    assert call.liveness is Liveness.RECONNECTING
    assert tell(media.MediaFailed("c1", 1, "old"), call=call, now_s=10.1) == (call, [])


def test_a_media_process_that_was_restarted_gets_a_new_epoch_at_once():
    call, _ = tell(*TO_LIVE, live(Liveness.LIVE), MediaChanged(up=False), now_s=5.0)
    assert call.liveness is Liveness.RECONNECTING
    _, effects = tell(MediaChanged(up=True), call=call, now_s=5.4)
    assert effects == [ToMedia(media.SetVolume(VOLUME_USUAL)), ToMedia(media.MakeSdpOffer("c1", 2, []))]


def test_the_agents_page_loaded_anew_asks_for_a_new_epoch():
    call, _ = tell(*TO_LIVE)
    call, effects = tell(office.CallAccepted("c1", PLATE, [], 3), call=call)
    assert effects == [ToMedia(media.MakeSdpOffer("c1", 3, []))]
    assert tell(office.CallAccepted("c1", PLATE, [], 3), call=call)[1] == []


def test_a_call_with_nothing_to_see_or_hear_is_rebuilt_and_in_the_end_given_up():
    call, _ = tell(*TO_LIVE, live(Liveness.LIVE), live(Liveness.RECONNECTING))
    epochs = {call.media_epoch}
    for now_s in range(1, int(RECOVERY_S_MAX)):
        call, _ = tell(CallTick(), call=call, now_s=float(now_s))
        epochs.add(call.media_epoch)
    assert len(epochs) > 3
    call, effects = tell(CallTick(), call=call, now_s=RECOVERY_S_MAX + 0.1)
    assert call.notice is Notice.CALL_BROKEN
    assert effects == [ToOffice(office.CallCancelled("c1", broken=True)), ToMedia(media.StopCall())]


def test_the_link_may_go_and_come_while_the_picture_stays():
    call, effects = tell(*TO_LIVE, live(Liveness.LIVE), LinkChanged(up=False))
    assert (call.screen, effects) == (Screen.CALL_LIVE, [])
    assert tell(LinkChanged(up=True), call=call)[0].screen is Screen.CALL_LIVE


def test_a_link_that_comes_back_brings_a_new_path_for_a_picture_that_stands():
    call, _ = tell(*TO_LIVE, live(Liveness.LIVE), LinkChanged(up=False), live(Liveness.RECONNECTING), now_s=5.0)
    call, effects = tell(LinkChanged(up=True), call=call, now_s=6.0)
    assert effects == [ToMedia(media.MakeSdpOffer("c1", call.media_epoch, []))]
    assert call.media_epoch > 1, "what was offered meanwhile reached nobody"


def test_a_link_lost_in_the_queue_is_told_at_once_and_the_place_is_shown_again_only_when_the_office_tells_it():
    call, effects = tell(*TO_WAITING, QUEUED, LinkChanged(up=False), now_s=5.0)
    assert (call.screen, call.view().link_lost, effects[2:]) == (Screen.CALL_WAITING, True, [])
    call, effects = tell(LinkChanged(up=True), call=call, now_s=9.0)
    assert (call.view().link_lost, effects) == (True, []), "the office knows our call from the hello"
    call, _ = tell(office.CallQueued("r1", "c1", 2, 60, 180), call=call, now_s=9.1)
    assert (call.view().link_lost, call.view().position) == (False, 2)
    assert tell(CallTick(), call=call, now_s=5.0 + PLACE_S_MAX)[0].screen is Screen.CALL_WAITING


@pytest.mark.parametrize("returns", [(), (LinkChanged(up=True), LinkChanged(up=False)), (LinkChanged(up=True),)])
def test_a_place_that_does_not_come_back_ends_in_a_sentence_within_its_limit(returns):
    call, _ = tell(*TO_WAITING, QUEUED, now_s=1.0)
    call, _ = tell(LinkChanged(up=False), call=call, now_s=5.0)
    call, _ = tell(*returns, call=call, now_s=20.0)
    assert tell(CallTick(), call=call, now_s=4.9 + PLACE_S_MAX)[0].screen is Screen.CALL_WAITING
    call, effects = tell(CallTick(), call=call, now_s=5.0 + PLACE_S_MAX)
    assert (call.screen, call.notice) == (Screen.NOTICE, Notice.PLACE_LOST)
    assert effects == [ToOffice(office.CallCancelled("c1")), ToMedia(media.StopCall())]


def test_an_agent_who_answers_after_the_link_came_back_is_put_through():
    call, _ = tell(*TO_WAITING, QUEUED, LinkChanged(up=False), LinkChanged(up=True), ACCEPTED)
    assert (call.screen, call.view().link_lost) == (Screen.CALL_LIVE, False)


def test_a_wait_ends_in_a_sentence_however_long_the_office_lets_it_be():
    call, _ = tell(*TO_WAITING, QUEUED)
    assert tell(CallTick(), call=call, now_s=WAIT_S_MAX - 0.1)[0].screen is Screen.CALL_WAITING
    call, effects = tell(CallTick(), call=call, now_s=WAIT_S_MAX)
    assert (call.screen, call.notice) == (Screen.NOTICE, Notice.WAITED_TOO_LONG)
    assert effects == [ToOffice(office.CallCancelled("c1")), ToMedia(media.StopCall())]


def test_nobody_choosing_how_to_talk_gives_the_visit_back():
    call, _ = tell(*UP, Press(ipc.StartCall()))
    assert tell(CallTick(), call=call, now_s=WAY_S_MAX - 0.1)[0].screen is Screen.CALL_WAY
    assert tell(CallTick(), call=call, now_s=WAY_S_MAX)[0].screen is None
