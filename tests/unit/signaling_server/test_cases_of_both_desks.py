"""A case of a call that the case desk moved, or that its customer left: the office goes on, and no case hangs."""

from __future__ import annotations

from datetime import date

import pytest
from desk_scene import COMPANY, START_S, Ear, Scene, on_air
from service_scene import write_places
from sqlalchemy import select

from signaling_server.cases.case_desk import CaseDesk
from signaling_server.clock import milliseconds
from signaling_server.contract.case_desk import AnswerCase, AnswerPoint, CloseCase, RefusalReason, RefuseCase
from signaling_server.contract.cases import AnswerWay, CaseKind, CaseState
from signaling_server.contract.closing import CaseResult, Closing, NextCase
from signaling_server.contract.messages import (
    CallCancelled,
    CallEnded,
    CallEndReason,
    CallQueued,
    CallRefused,
    CaseRegistered,
    CloseWrapUp,
    CommandDone,
    CommandRefused,
    EndCall,
)
from signaling_server.contract.turns import CheckCategory, Turn
from signaling_server.desk.call import Agent
from signaling_server.messaging.post import Post
from signaling_server.schedules.calendar import load_calendar
from signaling_server.schedules.places import load_places
from signaling_server.schedules.zones import Zones
from signaling_server.storage.tables import CASES

NUMBER = "26-000001"
ANSWER = AnswerCase(NUMBER, [AnswerPoint("Почему сумма выросла?", "Пересчитали.")], "")
PROMISED = Closing(CaseResult.IN_WORK, AnswerWay.OFFICE, "2026-12-01")


@pytest.fixture
async def scene(tmp_path):
    scene = await Scene(tmp_path).open()
    yield scene
    await scene.close()


def case_desk(scene: Scene) -> CaseDesk:
    zones = Zones(load_places(write_places(scene.folder), load_calendar(), date(2026, 11, 23)))
    return CaseDesk(scene.database, scene.clock, Post(scene.database, scene.clock, {}), COMPANY, zones)


async def stored(scene: Scene):
    async with scene.database.begin() as tx:
        return (await tx.execute(select(CASES).order_by(CASES.c.number))).all()


async def refuse(scene: Scene, agent: Agent) -> None:
    vera, _ = await scene.agent("vera", ready=False, roles=("supervisor",))
    for who in (agent, vera):
        await case_desk(scene).refuse(who, RefuseCase(NUMBER, RefusalReason.OBSCENE))


async def answer_and_close(scene: Scene, agent: Agent) -> None:
    await case_desk(scene).answer(agent, ANSWER)
    await case_desk(scene).close(agent, CloseCase(NUMBER))


async def answer(scene: Scene, agent: Agent) -> None:
    await case_desk(scene).answer(agent, ANSWER)


@pytest.mark.parametrize("closing", [Closing(), PROMISED])
@pytest.mark.parametrize(
    ("moved", "state"),
    [(answer, CaseState.ANSWERED), (answer_and_close, CaseState.CLOSED), (refuse, CaseState.REFUSED)],
)
async def test_a_case_that_the_case_desk_moved_stays_there_and_the_call_closes(scene, moved, state, closing):
    _, booth, agent, page, call_id = await on_air(scene)
    await moved(scene, agent)
    (before,) = await stored(scene)
    await scene.pass_s(5.0)
    await scene.desk.page_said(agent.agent_id, page, EndCall("end", call_id))
    form = CloseWrapUp("wrap", call_id, CaseKind.QUESTION, "readings.submit", "Рассказали", closing)
    await scene.desk.page_said(agent.agent_id, page, form)
    assert page.last(CommandDone).command_id == "wrap"
    assert booth.last(CaseRegistered).case_number == NUMBER
    (case,) = await stored(scene)
    assert (case.state, case.answer, case.due_date) == (state, before.answer, "")
    assert (case.kind, case.topic_id, case.summary) == ("question", "readings.submit", "Рассказали")
    assert case.closed_at_ms == (before.closed_at_ms or milliseconds(START_S + 5))
    assert not scene.desk._floor.broken.is_set()


async def test_a_next_case_goes_on_after_the_case_desk_answered_the_present_one(scene):
    _, booth, agent, page, call_id = await on_air(scene)
    await answer(scene, agent)
    form = NextCase("next", call_id, NUMBER, CaseKind.QUESTION, "charges.explain", "Рассказали", Closing())
    await scene.desk.page_said(agent.agent_id, page, form)
    assert page.last(CommandDone).command_id == "next"
    assert booth.last(CaseRegistered).case_number == NUMBER
    assert [case.state for case in await stored(scene)] == [CaseState.ANSWERED, CaseState.IN_WORK]


async def returned(scene: Scene):
    """A call with its case is in the queue again, and nobody is ready for it."""
    terminal, booth = await scene.terminal("t1")
    agent, page = await scene.agent("anna")
    call_id = await scene.request(terminal, booth, turn=Turn(category_id="hero"))
    await scene.accept(agent, page)
    await scene.desk.page_said(agent.agent_id, page, CheckCategory("c", call_id, False))
    assert booth.last(CallQueued).call_id == call_id
    await scene.pass_s(5.0)
    return terminal, booth, agent, page, call_id


async def test_who_leaves_after_he_came_back_to_the_queue_has_his_number_and_no_case_hangs(scene):
    terminal, booth, _, _, call_id = await returned(scene)
    await scene.desk.terminal_said(terminal, CallCancelled(call_id))
    assert booth.last(CallEnded) == CallEnded(call_id, CallEndReason.CUSTOMER_LEFT)
    told = booth.last(CaseRegistered)
    assert (told.case_number, told.topic_title) == (NUMBER, "Консультация")
    (case,) = await stored(scene)
    assert (case.state, case.result) == (CaseState.CLOSED, CaseResult.UNFINISHED)
    assert case.closed_at_ms == milliseconds(START_S + 5)
    assert scene.desk._calls._cases == {}
    again = Ear()
    await scene.hello(terminal, again, call_id)
    assert again.last(CaseRegistered) == told, "also to a terminal that was away"


async def test_what_nobody_serves_any_more_is_told_its_number_too(scene):
    _, booth, agent, page, _ = await returned(scene)
    await scene.pass_s(60.0)  # the offer runs out, and with it the only agent's duty
    await scene.pass_s(120.0)
    assert booth.all(CallRefused)
    assert booth.last(CaseRegistered).case_number == NUMBER
    await scene.ready(agent, page, "again")
    assert page.all(CommandRefused) == []
    assert [case.state for case in await stored(scene)] == [CaseState.CLOSED]


async def test_a_case_that_the_case_desk_answered_stays_answered_when_its_customer_leaves_the_queue(scene):
    terminal, _, agent, _, call_id = await returned(scene)
    await answer(scene, agent)
    await scene.desk.terminal_said(terminal, CallCancelled(call_id))
    assert [(case.state, case.answer) for case in await stored(scene)] == [(CaseState.ANSWERED, "Пересчитали.")]
