"""Clause 9.4.3 at the desk: the notice is stored before the terminal may record; the agent sees how it stands."""

from __future__ import annotations

import pytest
from desk_scene import Scene, on_air

from signaling_server.contract.cases import Segment
from signaling_server.contract.messages import CallAccepted, CallStarted, DeskSnapshot, EndCall
from signaling_server.contract.recording import (
    NoticeGiven,
    RecordingAllowed,
    RecordingPolicy,
    RecordingState,
    RecordingTold,
)
from signaling_server.desk.recording import RecordingRules
from signaling_server.storage import recordings as rows

RULES = RecordingRules({Segment.B2C: RecordingPolicy.CHOICE}, "key-1", "b" * 64)


@pytest.fixture
async def scene(tmp_path):
    scene = await Scene(tmp_path, recording=RULES).open()
    yield scene
    await scene.close()


async def kept(scene, call_id):
    async with scene.database.begin() as tx:
        return [state for state, _, _ in await rows.events(tx, call_id)]


@pytest.mark.clause("9.4.3", owner="signaling_server/desk")
async def test_the_terminal_may_record_only_after_its_notice_is_stored(scene):
    terminal, booth, _, page, call_id = await on_air(scene)
    assert booth.last(CallAccepted).recording is RecordingPolicy.CHOICE
    assert page.last(CallStarted).call.recording is RecordingState.NOTICE
    assert (booth.all(RecordingAllowed), await kept(scene, call_id)) == ([], [])
    await scene.desk.terminal_said(terminal, NoticeGiven(call_id))
    allowed = booth.last(RecordingAllowed)
    assert (allowed.call_id, allowed.seal_key_id, allowed.seal_key_hex) == (call_id, "key-1", "b" * 64)
    async with scene.database.begin() as tx:
        recording = await rows.recording_by_id(tx, allowed.recording_id)
    assert recording.noticed_at_ms == round(scene.clock.at_s * 1_000)
    assert await kept(scene, call_id) == [RecordingState.NOTICE]


@pytest.mark.clause("9.4.3", owner="signaling_server/desk")
async def test_the_agent_sees_the_recording_throughout_and_after_a_reload(scene):
    terminal, _, agent, page, call_id = await on_air(scene)
    await scene.desk.terminal_said(terminal, NoticeGiven(call_id))
    on = RecordingTold(call_id, RecordingState.ON)
    for _ in range(2):
        await scene.desk.terminal_said(terminal, on)
    assert page.last(RecordingTold) == on
    await scene.desk.page_opened(agent, page)
    assert page.last(DeskSnapshot).active.recording is RecordingState.ON
    await scene.restart()
    await scene.desk.page_opened(agent, page)
    assert page.last(DeskSnapshot).active.recording is RecordingState.ON
    assert await kept(scene, call_id) == [RecordingState.NOTICE, RecordingState.ON]


async def test_what_the_customer_declined_is_wanted_no_more(scene):
    terminal, booth, _, page, call_id = await on_air(scene)
    await scene.desk.terminal_said(terminal, NoticeGiven(call_id))
    await scene.desk.terminal_said(terminal, RecordingTold(call_id, RecordingState.DECLINED))
    assert page.last(RecordingTold).state is RecordingState.DECLINED
    await scene.desk.terminal_said(terminal, NoticeGiven(call_id))
    assert len(booth.all(RecordingAllowed)) == 1
    async with scene.database.begin() as tx:
        recording = await rows.recording_by_id(tx, booth.last(RecordingAllowed).recording_id)
    assert recording.destroyed_at_ms > 0


async def test_strangers_and_calls_that_are_over_or_not_recorded_get_no_permission(scene, tmp_path):
    terminal, booth, agent, page, call_id = await on_air(scene)
    other, other_booth = await scene.terminal("t2")
    await scene.desk.terminal_said(other, NoticeGiven(call_id))
    await scene.desk.page_said(agent.agent_id, page, EndCall("e", call_id))
    await scene.desk.terminal_said(terminal, NoticeGiven(call_id))
    assert booth.all(RecordingAllowed) + other_booth.all(RecordingAllowed) == []
    (tmp_path / "plain").mkdir()
    plain = await Scene(tmp_path / "plain").open()
    terminal, booth, _, page, call_id = await on_air(plain)
    await plain.desk.terminal_said(terminal, NoticeGiven(call_id))
    assert (booth.all(RecordingAllowed), booth.last(CallAccepted).recording) == ([], RecordingPolicy.OFF)
    assert page.last(CallStarted).call.recording is RecordingState.NONE
    await plain.close()
