"""Help with a form at the office: passed between the two of a call, kept without values, no sooner than allowed."""

from __future__ import annotations

import pytest
from desk_scene import Scene, on_air
from sqlalchemy import select

from signaling_server.contract.help import (
    FieldProposed,
    HelpOffered,
    HelpState,
    HelpTold,
    HelpWithdrawn,
    ProposalAnswer,
)
from signaling_server.contract.messages import EndCall
from signaling_server.contract.ring_back import AnswerRing, RingAnswer, RingBack
from signaling_server.contract.turns import CheckCategory, Turn
from signaling_server.desk.call import CallStage
from signaling_server.storage.service_tables import CALL_HELP


@pytest.fixture
async def scene(tmp_path):
    scene = await Scene(tmp_path).open()
    yield scene
    await scene.close()


async def kept(scene):
    async with scene.database.begin() as tx:
        return (await tx.execute(select(CALL_HELP).order_by(CALL_HELP.c.sequence))).all()


@pytest.mark.clause("9.6.3c", owner="signaling_server/desk")
async def test_a_proposal_passes_only_between_the_allowing_touch_and_the_stop(scene):
    terminal, booth, agent, page, call_id = await on_air(scene)
    proposal = FieldProposed(call_id, "p1", "written.phone", "+79210000067")
    on = HelpTold(call_id, HelpState.ON, True, "written.phone")
    await scene.desk.page_said(agent.agent_id, page, HelpOffered(call_id))
    await scene.desk.page_said(agent.agent_id, page, proposal)
    assert (booth.all(HelpOffered), booth.all(FieldProposed)) == ([HelpOffered(call_id)], [])
    await scene.desk.terminal_said(terminal, HelpTold(call_id, HelpState.OFFERED, True))
    await scene.desk.page_said(agent.agent_id, page, proposal)
    assert booth.all(FieldProposed) == []
    await scene.desk.terminal_said(terminal, on)
    await scene.desk.page_said(agent.agent_id, page, proposal)
    assert booth.all(FieldProposed) == [proposal]
    await scene.desk.terminal_said(terminal, HelpTold(call_id))
    await scene.desk.page_said(agent.agent_id, page, proposal)
    await scene.desk.page_said(agent.agent_id, page, HelpWithdrawn(call_id))
    assert (len(booth.all(FieldProposed)), len(booth.all(HelpWithdrawn))) == (1, 1)
    assert page.all(HelpTold)[1] == on


async def test_what_was_allowed_to_one_agent_is_not_allowed_to_the_next_who_takes_the_call(scene):
    terminal, booth = await scene.terminal("t1")
    agent, page = await scene.agent("anna")
    call_id = await scene.request(terminal, booth, turn=Turn(category_id="hero"))
    await scene.accept(agent, page)
    await scene.desk.terminal_said(terminal, HelpTold(call_id, HelpState.ON, True, "written.phone"))
    await scene.desk.page_said(agent.agent_id, page, CheckCategory("c", call_id, False))
    await scene.accept(agent, page)
    await scene.desk.page_said(agent.agent_id, page, FieldProposed(call_id, "p1", "written.phone", "+79210000067"))
    assert booth.all(FieldProposed) == []


async def test_a_permission_ends_with_the_talk_and_does_not_come_back_when_it_is_rung_back(scene):
    terminal, booth, agent, page, call_id = await on_air(scene)
    await scene.desk.terminal_said(terminal, HelpTold(call_id, HelpState.ON, True, "written.phone"))
    await scene.desk.page_said(agent.agent_id, page, EndCall("e1", call_id))
    await scene.desk.page_said(agent.agent_id, page, RingBack("r", call_id))
    await scene.desk.terminal_said(terminal, AnswerRing(call_id, RingAnswer.ACCEPTED))
    await scene.desk.page_said(agent.agent_id, page, FieldProposed(call_id, "p1", "written.phone", "+79210000067"))
    assert scene.desk._calls.live(call_id).stage is CallStage.ON_AIR
    assert booth.all(FieldProposed) == []


async def test_what_the_customer_answered_is_kept_once_and_no_value_with_it(scene):
    terminal, _, _, _, call_id = await on_air(scene)
    on = HelpTold(call_id, HelpState.ON, True, "written.phone")
    taken = HelpTold(call_id, HelpState.ON, True, "written.phone", proposal_id="p1", answer=ProposalAnswer.TAKEN)
    for told in (on, on, taken, taken, HelpTold(call_id)):
        await scene.desk.terminal_said(terminal, told)
    rows = [(row.sequence, row.state, row.form, row.proposal_id, row.answer) for row in await kept(scene)]
    assert rows == [
        (0, "on", "written.phone", "", ""),
        (1, "on", "written.phone", "p1", "taken"),
        (2, "none", "", "", ""),
    ]


async def test_help_of_strangers_and_of_a_call_that_is_over_goes_nowhere(scene):
    terminal, booth, agent, page, call_id = await on_air(scene)
    other, other_page = await scene.agent("petrov")
    await scene.desk.terminal_said(terminal, HelpTold(call_id, HelpState.ON, True, "written.phone"))
    proposal = FieldProposed(call_id, "p1", "written.phone", "+79210000067")
    await scene.desk.page_said(other.agent_id, other_page, proposal)
    await scene.desk.page_said(agent.agent_id, page, EndCall("e1", call_id))
    await scene.desk.page_said(agent.agent_id, page, proposal)
    assert booth.all(FieldProposed) == []
