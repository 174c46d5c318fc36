"""The consultant rings back: who talked is asked and answers by a touch; anybody else hears nothing of it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from signaling_server.contract.messages import CallAccepted, CallEnded, CallEndReason
from signaling_server.contract.ring_back import AnswerRing, CallRinging, RingAnswer, RingStopped
from terminal_app.core.call import CallTick, Press, ToMedia, ToOffice
from terminal_app.core.call_ring import ANSWER, GRACE_S, LATER, PAGE
from terminal_app.ipc import media_messages as media
from terminal_app.ipc.messages import Dismiss, GoBack, Notice, Screen
from terminal_app.ipc.pages import Choose

sys.path.append(str(Path(__file__).parent))
from test_call_hold import state_of
from test_terminal_call import PLATE, TO_LIVE, tell

BROKEN = CallEnded("c1", CallEndReason.AGENT_LOST)
RING = CallRinging("c1", 30_000)


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
    assert tell(CallRinging("c9", 30_000), call=call) == (call, [told(RingAnswer.GONE, "c9")])
    gone, _ = tell(Press(Dismiss()), CallTick(visited=False), call=call)
    assert tell(RING, call=gone)[1] == [told(RingAnswer.GONE)]
    still, _ = tell(Press(Dismiss()), CallTick(visited=True), RING, call=call)
    assert still.screen is Screen.PAGE_LIST
    talks, _ = tell(*TO_LIVE)
    assert tell(RING, call=talks)[1] == [told(RingAnswer.GONE)]
