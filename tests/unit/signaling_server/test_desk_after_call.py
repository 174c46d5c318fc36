"""The desk after a call: forms, case numbers, restarts of the office. Time is told."""

from dataclasses import replace
from datetime import UTC, datetime

import msgspec
import pytest
from desk_scene import START_S, Ear, Scene, on_air
from sqlalchemy import select

from signaling_server.contract.messages import (
    AgentState,
    AgentStateChanged,
    CallAccepted,
    CallCancelled,
    CallEnded,
    CallEndReason,
    CallOffered,
    CallQueued,
    CallRefusal,
    CallRefused,
    CallRequested,
    CallStarted,
    CaseRegistered,
    CommandRefused,
    DeskSnapshot,
    DutyChanged,
    EndCall,
    SdpOffer,
    TerminalWelcome,
    WayToTalk,
)
from signaling_server.local_time import local_date
from signaling_server.storage.tables import CASES


@pytest.fixture
async def scene(tmp_path):
    scene = await Scene(tmp_path).open()
    yield scene
    await scene.close()


async def test_a_slow_wrap_up_does_not_keep_number_and_date_from_the_customer(scene):
    _, booth, agent, page, call_id = await on_air(scene)
    await scene.desk.page_said(agent.agent_id, page, EndCall("end", call_id))
    await scene.pass_s(59.9)
    assert not booth.all(CaseRegistered)
    await scene.pass_s(0.1)
    assert booth.last(CaseRegistered) == CaseRegistered(call_id, "26-000001", "24.11.2026", "Консультация")
    await scene.wrap_up(agent, page, call_id)
    assert page.last(CaseRegistered).topic_title == "Передача показаний"
    assert len(booth.all(CaseRegistered)) == 1, "the customer is told once"


async def test_a_wrong_form_is_refused_and_the_wrap_up_stays(scene):
    _, _, agent, page, call_id = await on_air(scene)
    await scene.wrap_up(agent, page, call_id)
    assert page.last(CommandRefused).reason == "wrong_state"
    await scene.desk.page_said(agent.agent_id, page, EndCall("end", call_id))
    await scene.wrap_up(agent, page, call_id, "no.such.topic")
    assert page.last(CommandRefused).reason == "unknown_topic"
    await scene.desk.page_said(agent.agent_id, page, EndCall("again", call_id))
    assert page.last(CommandRefused).reason == "wrong_state"


@pytest.mark.clause("3-Регистрация")
async def test_one_number_and_date_reach_both_sides_and_numbers_never_repeat_across_a_restart(scene):
    numbers = []
    for name in ("t1", "t2", "t3"):
        terminal, booth = await scene.terminal(name)
        agent, page = await scene.agent("anna")
        await scene.request(terminal, booth)
        call_id = await scene.accept(agent, page)
        await scene.desk.page_said(agent.agent_id, page, EndCall("end", call_id))
        await scene.restart()
        booth, page = Ear(), Ear()
        await scene.hello(terminal, booth, call_id)
        await scene.desk.page_opened(agent, page)
        await scene.wrap_up(agent, page, call_id)
        assert booth.last(CaseRegistered) == page.last(CaseRegistered)
        assert booth.last(CaseRegistered).received_date == local_date(START_S).strftime("%d.%m.%Y")
        numbers.append(booth.last(CaseRegistered).case_number)
        await scene.restart()
    assert numbers == ["26-000001", "26-000002", "26-000003"]
    async with scene.database.begin() as tx:
        assert list((await tx.execute(select(CASES.c.number).order_by(CASES.c.number))).scalars()) == numbers


async def test_a_restart_keeps_the_waiting_their_order_and_the_agents_their_duty(scene):
    agent, _ = await scene.agent("anna")
    first, first_booth = await scene.terminal("t1")
    second, second_booth = await scene.terminal("t2")
    first_id = await scene.request(first, first_booth)
    await scene.pass_s(2.0)
    second_id = await scene.request(second, second_booth)
    await scene.restart()
    booths = Ear(), Ear()
    await scene.hello(second, booths[1], second_id)
    await scene.hello(first, booths[0], first_id)
    assert [booth.last(CallQueued).position for booth in booths] == [1, 2]
    assert booths[0].last(TerminalWelcome).agents_on_duty == 1, "the agent has not signed off"
    page = Ear()
    await scene.pass_s(8.0)
    await scene.desk.page_opened(agent, page)
    offered = page.last(DeskSnapshot).offered
    assert offered is not None
    assert (offered.call_id, offered.waited_ms) == (first_id, 10_000)


async def test_a_restart_keeps_a_call_on_the_air(scene):
    terminal, _, agent, _, call_id = await on_air(scene)
    await scene.restart()
    booth, page = Ear(), Ear()
    await scene.hello(terminal, booth, call_id)
    await scene.desk.page_opened(agent, page)
    active = page.last(DeskSnapshot).active
    assert active is not None
    assert (active.call_id, active.media_epoch) == (call_id, 2)
    assert booth.last(CallAccepted).media_epoch == 2
    await scene.desk.terminal_said(terminal, SdpOffer(call_id, 2, "anew"))
    assert page.last(SdpOffer).sdp == "anew"
    await scene.pass_s(60.0)
    assert not booth.all(CallEnded)


async def test_after_a_restart_those_who_do_not_return_are_given_up(scene):
    terminal, _, _, _, call_id = await on_air(scene)
    await scene.restart()
    booth = Ear()
    await scene.hello(terminal, booth, call_id)
    await scene.pass_s(30.0)
    assert booth.last(CallEnded) == CallEnded(call_id, CallEndReason.AGENT_LOST)


async def test_a_queue_with_nobody_on_duty_is_told_so_after_a_minute(scene):
    terminal, booth = await scene.terminal("t1")
    await scene.agent("anna")
    await scene.request(terminal, booth, "r")
    await scene.pass_s(12.0)
    assert booth.last(DutyChanged).agents_on_duty == 0
    await scene.pass_s(59.9)
    assert not booth.all(CallRefused)
    await scene.pass_s(0.2)
    assert booth.last(CallRefused) == CallRefused("r", CallRefusal.NO_AGENT_ON_DUTY)
    await scene.desk.terminal_said(terminal, CallRequested("r", WayToTalk.SPEAK))
    assert len(booth.all(CallRefused)) == 2, "the repeat of a refused request is refused"


async def test_a_turn_that_cannot_be_stored_stops_the_desk(scene):
    terminal, _ = await scene.terminal("t1")
    await scene.agent("anna")
    async with scene.database.begin() as tx:
        await tx.exec_driver_sql("DROP TABLE offers")
    with pytest.raises(Exception, match="offers"):
        await scene.desk.terminal_said(terminal, CallRequested("r", WayToTalk.SPEAK))
    await scene.desk.broken_off()


@pytest.mark.clause("9.6.10a")
@pytest.mark.parametrize("way", list(WayToTalk))
async def test_the_way_to_talk_is_in_the_offer_and_each_way_completes_a_call(scene, way):
    terminal, booth = await scene.terminal("t1")
    agent, page = await scene.agent("anna")
    await scene.desk.terminal_said(terminal, CallRequested("r", way))
    assert page.last(CallOffered).call.way == way
    call_id = await scene.accept(agent, page)
    assert page.last(CallStarted).call.way == way
    await scene.desk.terminal_said(terminal, CallCancelled(call_id))
    await scene.wrap_up(agent, page, call_id)
    assert booth.last(CaseRegistered).call_id == call_id


@pytest.mark.clause("9.1.3")
async def test_an_agent_without_full_name_or_position_cannot_enter_the_queue(scene):
    agent, page = await scene.agent("anna", ready=False)
    for missing in ("last_name", "first_name", "position"):
        nameless = replace(agent, plate=msgspec.structs.replace(agent.plate, **{missing: " "}))
        await scene.desk.page_opened(nameless, page)
        await scene.ready(agent, page)
        assert page.last(CommandRefused) == CommandRefused("ready", "no_plate")
    await scene.desk.page_opened(replace(agent, plate=msgspec.structs.replace(agent.plate, patronymic="")), page)
    await scene.ready(agent, page)
    assert page.last(AgentStateChanged).state == AgentState.READY, "not everybody has a patronymic"


def test_the_day_of_receipt_is_the_customers_day():
    late_evening_utc = datetime(2026, 12, 31, 21, 30, tzinfo=UTC).timestamp()
    assert local_date(late_evening_utc).isoformat() == "2027-01-01"
