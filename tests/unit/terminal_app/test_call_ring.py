"""The consultant rings back: who talked is asked and answers by a touch; anybody else hears nothing of it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from signaling_server.contract.messages import (
    CallAccepted,
    CallCancelled,
    CallEnded,
    CallEndReason,
    CallQueued,
    CaseRegistered,
    WayToTalk,
)
from signaling_server.contract.ring_back import AnswerRing, CallRinging, RingAnswer, RingStopped
from terminal_app.core.call import RECOVERY_S_MAX, CallTick, Press, Rung, ToMedia, ToOffice
from terminal_app.core.call_ring import ANSWER, GRACE_S, LATER, PAGE
from terminal_app.core.state import told_to_call
from terminal_app.core.visit_values import Visit
from terminal_app.ipc import media_messages as media
from terminal_app.ipc.messages import Dismiss, GoBack, Notice, Screen
from terminal_app.ipc.pages import Choose

sys.path.append(str(Path(__file__).parent))
from test_call_hold import state_of
from test_terminal_call import PLATE, TO_LIVE, tell

BROKEN = CallEnded("c1", CallEndReason.AGENT_LOST)
RING = Rung(CallRinging("c1", 30_000), paying=False)


def told(answer: RingAnswer, call_id: str = "c1") -> ToOffice:
    return ToOffice(AnswerRing(call_id, answer))


@pytest.mark.clause("9.4.2b", owner="terminal_app")
def test_it_rings_on_the_glass_for_its_whole_time_and_one_touch_goes_on_with_the_same_call():
    call, _ = tell(*TO_LIVE, BROKEN, RING)
    state = state_of(call)
    assert (state.screen, state.page.name, [each.key for each in state.page.choices]) == (
        Screen.PAGE_LIST,
        PAGE,
        [ANSWER, LATER],
    )
    for now_s in (1.0, 19.9, 20.0, 30.0):  # only the customer, or the office, ends it
        call, effects = tell(CallTick(), call=call, now_s=now_s)
        assert (call.screen, effects) == (Screen.PAGE_LIST, [])
    answered, effects = tell(Press(Choose(PAGE, ANSWER)), call=call, now_s=30.0)
    assert effects == [told(RingAnswer.ACCEPTED), ToMedia(media.WarmUp([]))]
    live, effects = tell(CallAccepted("c1", PLATE, [], 2), call=answered, now_s=31.0)
    assert (live.screen, live.media_epoch) == (Screen.CALL_LIVE, 2)
    assert ToMedia(media.MakeSdpOffer("c1", 2, [])) in effects


@pytest.mark.parametrize("press", [Choose(PAGE, LATER), GoBack()])
def test_not_now_is_told_and_leads_back(press):
    call, _ = tell(*TO_LIVE, BROKEN, RING)
    after, effects = tell(Press(press), call=call)
    assert (after.screen, effects) == (None, [told(RingAnswer.DECLINED)])


def test_an_office_that_says_nothing_more_is_not_waited_for():
    call, _ = tell(*TO_LIVE, BROKEN, RING)
    assert tell(CallTick(), call=call, now_s=30.0 + GRACE_S)[0].screen is None
    assert tell(RingStopped("c1"), call=call)[0].screen is None
    late, _ = tell(Press(Choose(PAGE, ANSWER)), call=call)
    after, effects = tell(RingStopped("c1"), call=late)
    assert (after.notice, effects) == (Notice.CALL_BROKEN, [ToMedia(media.StopCall())])


def test_nobody_is_rung_for_the_talk_of_another():
    call, _ = tell(*TO_LIVE, BROKEN)
    assert tell(Rung(CallRinging("c9", 30_000), paying=False), call=call) == (call, [told(RingAnswer.GONE, "c9")])
    gone, _ = tell(Press(Dismiss()), CallTick(visited=False), call=call)
    assert tell(RING, call=gone)[1] == [told(RingAnswer.GONE)]
    still, _ = tell(Press(Dismiss()), CallTick(visited=True), RING, call=call)
    assert still.screen is Screen.PAGE_LIST
    talks, _ = tell(*TO_LIVE)
    assert tell(RING, call=talks)[1] == [told(RingAnswer.GONE)]


MONEY = (
    Screen.AMOUNT,
    Screen.BASKET,
    Screen.MEANS,
    Screen.CASH_IN,
    Screen.CARD_PAYMENT,
    Screen.QR_PAYMENT,
    Screen.PAYING,
    Screen.RECEIPT,
    Screen.NOTICE,
)


@pytest.mark.parametrize("screen", MONEY)
def test_no_ring_lies_over_money(screen):
    call, _ = tell(*TO_LIVE, BROKEN, Press(Dismiss()))
    ring = told_to_call(Visit(screen=screen), CallRinging("c1", 30_000))
    assert tell(ring, call=call) == (call, [told(RingAnswer.GONE)])


def test_over_a_screen_without_money_it_rings():
    call, _ = tell(*TO_LIVE, BROKEN, Press(Dismiss()))
    ring = told_to_call(Visit(screen=Screen.PAGE_LIST), CallRinging("c1", 30_000))
    assert tell(ring, call=call)[0].page.name == PAGE


def test_after_the_ring_it_is_the_same_call_with_its_request_way_and_numbers():
    case = CaseRegistered("c1", "26-000001", "23.11.2026", "Консультация")
    call, _ = tell(*TO_LIVE, BROKEN, Press(Dismiss()), case, RING, Press(Choose(PAGE, ANSWER)))
    assert (call.request_id, call.way, call.cases) == ("r1", WayToTalk.SPEAK, (case,))


def test_who_is_sent_back_to_the_queue_after_a_ring_waits_there():
    call, _ = tell(*TO_LIVE, BROKEN, RING, Press(Choose(PAGE, ANSWER)), CallAccepted("c1", PLATE, [], 2))
    for request_id in ("r1", "unknown"):
        back, _ = tell(CallQueued(request_id, "c1", 1, 60, 180), call=call)
        assert (back.screen, back.returned) == (Screen.CALL_WAITING, True)


def test_a_path_that_broke_is_told_so_that_the_agent_may_ring():
    call, _ = tell(*TO_LIVE)
    after, effects = tell(CallTick(), call=call, now_s=RECOVERY_S_MAX)
    assert after.notice is Notice.CALL_BROKEN
    assert ToOffice(CallCancelled("c1", broken=True)) in effects


@pytest.mark.clause("9.4.2b", owner="terminal_app")
def test_after_a_path_that_broke_the_ring_comes_over_what_was_said_of_it_and_waits_twenty_seconds_at_least():
    broken, _ = tell(CallTick(), call=tell(*TO_LIVE)[0], now_s=RECOVERY_S_MAX)
    assert (broken.screen, broken.notice) == (Screen.NOTICE, Notice.CALL_BROKEN)
    rung, _ = tell(RING, call=broken, now_s=RECOVERY_S_MAX + 5)
    assert state_of(rung).page.name == PAGE
    later, effects = tell(CallTick(), call=rung, now_s=RECOVERY_S_MAX + 25)
    assert (later.screen, effects) == (Screen.PAGE_LIST, [])
    _, effects = tell(Press(Choose(PAGE, ANSWER)), call=later, now_s=RECOVERY_S_MAX + 26)
    assert told(RingAnswer.ACCEPTED) in effects
