"""Ringing a terminal back: twenty seconds that nobody cuts, and the same call goes on."""

from __future__ import annotations

import pytest
import pytest_asyncio
from desk_scene import Ear, Scene, on_air

from signaling_server.contract.cases import CaseKind
from signaling_server.contract.closing import NextCase
from signaling_server.contract.messages import (
    AgentState,
    AgentStateChanged,
    CallAccepted,
    CallCancelled,
    CallEnded,
    CallEndReason,
    CallStarted,
    CaseRegistered,
    CommandDone,
    CommandRefused,
    EndCall,
)
from signaling_server.contract.notes import CardAnswer
from signaling_server.contract.ring_back import (
    AnswerRing,
    CallRinging,
    RingAnswer,
    RingBack,
    RingState,
    RingStopped,
    RingTold,
    StopRinging,
)
from signaling_server.desk.limits import DeskLimits


@pytest_asyncio.fixture
async def scene(tmp_path):
    scene = await Scene(tmp_path).open()
    yield scene
    await scene.close()


async def ringing(scene: Scene):
    terminal, booth, agent, page, call_id = await on_air(scene)
    await scene.desk.page_said(agent.agent_id, page, EndCall("e", call_id))
    await scene.desk.page_said(agent.agent_id, page, RingBack("r", call_id))
    assert booth.last(CallRinging) == CallRinging(call_id, 30_000)
    assert page.last(RingTold) == RingTold(call_id, RingState.RINGING, 20_000)
    return terminal, booth, agent, page, call_id


@pytest.mark.clause("9.4.2b", owner="signaling_server/desk")
async def test_the_agent_cannot_cut_the_ring_before_twenty_seconds_nor_by_closing_the_form(scene):
    _, booth, agent, page, call_id = await ringing(scene)
    await scene.pass_s(19.9)
    await scene.desk.page_said(agent.agent_id, page, StopRinging("s1", call_id))
    assert page.last(CommandRefused).reason == "too_early"
    await scene.wrap_up(agent, page, call_id)
    assert page.last(CommandRefused) == CommandRefused("wrap", "too_early")
    assert booth.all(RingStopped) == []
    await scene.pass_s(0.1)
    await scene.desk.page_said(agent.agent_id, page, StopRinging("s2", call_id))
    assert page.last(CommandDone).command_id == "s2"
    assert booth.last(RingStopped).call_id == call_id
    assert page.last(RingTold).state is RingState.STOPPED
    await scene.wrap_up(agent, page, call_id)
    assert booth.last(CaseRegistered).case_number


async def test_left_alone_it_rings_its_whole_time_and_counts_as_unanswered(scene):
    _, booth, _, page, _ = await ringing(scene)
    await scene.pass_s(29.9)
    assert page.last(RingTold).state is RingState.RINGING
    await scene.pass_s(0.1)
    assert page.last(RingTold).state is RingState.UNANSWERED
    assert booth.all(RingStopped)


async def test_who_answers_goes_on_in_the_same_call_and_case(scene):
    terminal, booth, agent, page, call_id = await ringing(scene)
    await scene.desk.terminal_said(terminal, AnswerRing(call_id, RingAnswer.ACCEPTED))
    accepted = booth.last(CallAccepted)
    assert (accepted.call_id, accepted.media_epoch) == (call_id, 2)
    active = page.last(CallStarted).call
    assert (active.call_id, active.ended_at_ms, active.end_reason) == (call_id, 0, None)
    assert page.last(AgentStateChanged).state is AgentState.ON_CALL
    await scene.pass_s(120.0)
    assert booth.all(CaseRegistered) == []  # the wrap-up's minute is off
    await scene.desk.page_said(agent.agent_id, page, EndCall("e2", call_id))
    assert booth.last(CallEnded).reason is CallEndReason.AGENT_ENDED
    await scene.wrap_up(agent, page, call_id)
    assert booth.last(CaseRegistered).case_number


@pytest.mark.parametrize(
    ("answer", "state"), [(RingAnswer.DECLINED, RingState.DECLINED), (RingAnswer.GONE, RingState.GONE)]
)
async def test_a_no_is_told_to_the_agent(scene, answer, state):
    terminal, _, _, page, call_id = await ringing(scene)
    await scene.desk.terminal_said(terminal, AnswerRing(call_id, answer))
    assert page.last(RingTold).state is state


async def test_nobody_rings_into_another_call_or_out_of_a_talk_of_somebody_else(scene):
    terminal, booth, agent, page, call_id = await on_air(scene)
    await scene.desk.page_said(agent.agent_id, page, RingBack("r1", call_id))
    assert page.last(CommandRefused).reason == "wrong_state"  # it is on the air
    await scene.desk.page_said(agent.agent_id, page, EndCall("e", call_id))
    boris, other = await scene.agent("boris")
    await scene.desk.page_said(boris.agent_id, other, RingBack("r2", call_id))
    assert other.last(CommandRefused).reason == "unknown_call"
    await scene.request(terminal, booth)
    await scene.desk.page_said(agent.agent_id, page, RingBack("r3", call_id))
    assert page.last(CommandRefused).reason == "terminal_away"
    stranger, ear = await scene.terminal("t2")
    await scene.desk.terminal_said(stranger, AnswerRing(call_id, RingAnswer.ACCEPTED))
    assert ear.last(RingStopped).call_id == call_id


@pytest.mark.parametrize("way_on", [None, CardAnswer.MESSAGE])
async def test_who_ended_the_talk_himself_is_not_rung(scene, way_on):
    terminal, booth, agent, page, call_id = await on_air(scene)
    await scene.desk.terminal_said(terminal, CallCancelled(call_id, way_on))
    await scene.desk.page_said(agent.agent_id, page, RingBack("r", call_id))
    assert page.last(CommandRefused).reason == "not_broken_off"
    assert booth.all(CallRinging) == []
    assert len(booth.all(CaseRegistered)) == (way_on is not None)


async def test_a_path_that_broke_off_is_rung_and_the_agent_is_told_why_it_ended(scene):
    terminal, booth, agent, page, call_id = await on_air(scene)
    await scene.desk.terminal_said(terminal, CallCancelled(call_id, broken=True))
    assert page.last(CallEnded).reason is CallEndReason.MEDIA_FAILED
    await scene.desk.page_said(agent.agent_id, page, RingBack("r", call_id))
    assert booth.all(CallRinging)


async def test_one_call_is_not_rung_for_ever(scene):
    terminal, booth, agent, page, call_id = await ringing(scene)
    most = DeskLimits().rings_out_max
    for each in range(most):
        await scene.desk.terminal_said(terminal, AnswerRing(call_id, RingAnswer.GONE))
        await scene.desk.page_said(agent.agent_id, page, RingBack(f"again{each}", call_id))
    assert page.last(CommandRefused).reason == "rung_enough"
    assert len(booth.all(CallRinging)) == most


async def test_who_was_told_his_number_and_then_rung_is_told_it_again_with_its_topic(scene):
    terminal, booth, agent, page, call_id = await on_air(scene)
    await scene.desk.page_said(agent.agent_id, page, EndCall("e", call_id))
    await scene.pass_s(60.0)
    assert booth.last(CaseRegistered).topic_title == "Консультация"
    await scene.desk.page_said(agent.agent_id, page, RingBack("r", call_id))
    await scene.desk.terminal_said(terminal, AnswerRing(call_id, RingAnswer.ACCEPTED))
    form = NextCase("n", call_id, "26-000001", CaseKind.QUESTION, "charges.explain", "Рассказали")
    await scene.desk.page_said(agent.agent_id, page, form)
    await scene.desk.page_said(agent.agent_id, page, EndCall("e2", call_id))
    await scene.wrap_up(agent, page, call_id)
    assert [case.case_number for case in booth.all(CaseRegistered)] == ["26-000001", "26-000001", "26-000002"]


async def test_a_new_case_is_told_even_if_the_one_before_it_was(scene):
    terminal, booth, agent, page, call_id = await on_air(scene)
    await scene.desk.page_said(agent.agent_id, page, EndCall("e", call_id))
    await scene.pass_s(60.0)
    await scene.desk.page_said(agent.agent_id, page, RingBack("r", call_id))
    await scene.desk.terminal_said(terminal, AnswerRing(call_id, RingAnswer.ACCEPTED))
    await scene.desk.page_said(agent.agent_id, page, EndCall("e2", call_id))
    await scene.pass_s(60.0)  # nobody fills the form
    assert len(booth.all(CaseRegistered)) == 2


async def test_a_yes_to_a_page_that_is_away_ends_the_ring_and_the_page_learns_it_when_it_is_back(scene):
    terminal, booth, agent, page, call_id = await ringing(scene)
    await scene.desk.page_closed(agent.agent_id, page, gone=False)
    await scene.desk.terminal_said(terminal, AnswerRing(call_id, RingAnswer.ACCEPTED))
    assert booth.last(RingStopped).call_id == call_id
    again = Ear()
    await scene.desk.page_opened(agent, again)
    assert again.last(RingTold) == RingTold(call_id, RingState.MISSED)
    await scene.desk.page_said(agent.agent_id, again, RingBack("r2", call_id))  # at once
    assert again.last(RingTold).state is RingState.RINGING


async def test_a_no_is_not_lost_on_a_page_that_is_away_and_a_ring_goes_on_under_it(scene):
    terminal, _, agent, _page, call_id = await ringing(scene)
    await scene.pass_s(5.0)
    again, last = Ear(), Ear()
    await scene.desk.page_opened(agent, again)
    assert again.last(RingTold) == RingTold(call_id, RingState.RINGING, 15_000)
    await scene.desk.page_closed(agent.agent_id, again, gone=False)
    await scene.desk.terminal_said(terminal, AnswerRing(call_id, RingAnswer.DECLINED))
    await scene.desk.page_opened(agent, last)
    assert last.last(RingTold).state is RingState.DECLINED
    await scene.wrap_up(agent, last, call_id)
    await scene.desk.page_opened(agent, free := Ear())
    assert free.all(RingTold) == []
