"""What a terminal found of itself reaches the agent who is rung by its call, and stays with the call."""

from __future__ import annotations

import pytest
from desk_scene import Scene, on_air

from signaling_server.contract.messages import CallChecked, CallOffered, CallStarted, EndCall, WayToTalk
from signaling_server.contract.preflight import Part, PartFault, PartState, PathQuality, Preflight

SILENT = Preflight(
    camera=Part(PartState.GOOD),
    microphone=Part(PartState.BAD, PartFault.SILENT),
    path=PathQuality(640, 2_000, 44, 2.5),
)


@pytest.fixture
async def scene(tmp_path):
    scene = await Scene(tmp_path).open()
    yield scene
    await scene.close()


@pytest.mark.clause("9.6.10a", owner="signaling_server/desk")
async def test_the_way_that_he_changed_to_is_known_before_the_answer_and_the_place_stays(scene):
    terminal, booth = await scene.terminal("t1")
    agent, page = await scene.agent("anna")
    call_id = await scene.request(terminal, booth)
    offered = page.last(CallOffered).call
    assert (offered.way, offered.context.preflight) == (WayToTalk.SPEAK, Preflight())
    heard = len(booth.heard)
    checked = CallChecked(call_id, WayToTalk.TYPE, SILENT)
    await scene.desk.terminal_said(terminal, checked)
    assert page.all(CallChecked) == [checked]
    assert page.all(CallOffered) == [page.last(CallOffered)], "it rings on, with what was left of its time"
    assert booth.heard[heard:] == [], "nothing of his place has changed"
    await scene.accept(agent, page)
    call = page.last(CallStarted).call
    assert (call.way, call.context.preflight) == (WayToTalk.TYPE, SILENT)


async def test_who_is_offered_the_call_later_and_who_comes_after_a_restart_know_it_from_the_start(scene):
    terminal, booth = await scene.terminal("t1")
    agent, page = await scene.agent("anna")
    busy, other = await scene.terminal("t2")
    await scene.request(busy, other)
    await scene.accept(agent, page)
    call_id = await scene.request(terminal, booth)
    await scene.desk.terminal_said(terminal, CallChecked(call_id, WayToTalk.WRITE, SILENT))
    assert page.all(CallChecked) == [], "nobody is rung by it"
    await scene.restart()
    await scene.hello(terminal, booth, call_id)
    _, second = await scene.agent("boris")
    offered = second.last(CallOffered).call
    assert (offered.call_id, offered.way, offered.context.preflight) == (call_id, WayToTalk.WRITE, SILENT)


async def test_what_was_told_just_as_the_agent_answered_reaches_him_and_of_no_strange_or_finished_call(
    scene,
):
    terminal, _, agent, page, call_id = await on_air(scene)
    checked = CallChecked(call_id, WayToTalk.TYPE, SILENT)
    await scene.desk.terminal_said(terminal, checked)
    assert page.all(CallChecked) == [checked]
    stranger, _ = await scene.terminal("t9")
    await scene.desk.terminal_said(stranger, CallChecked(call_id, WayToTalk.SPEAK, Preflight()))
    await scene.desk.page_said(agent.agent_id, page, EndCall("e", call_id))
    await scene.desk.terminal_said(terminal, CallChecked(call_id, WayToTalk.SPEAK, Preflight()))
    await scene.desk.terminal_said(terminal, CallChecked("no-such-call", WayToTalk.SPEAK, Preflight()))
    assert page.all(CallChecked) == [checked]
