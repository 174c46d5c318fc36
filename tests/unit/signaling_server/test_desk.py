"""The desk's shell on a real database: what is stored, what is told to whom, when. Time is told."""

import pytest
from desk_scene import COMPANY, Ear, Scene, on_air
from sqlalchemy import select

from signaling_server.contract.messages import (
    AcceptCall,
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
    CommandDone,
    CommandRefused,
    DeclineCall,
    DeskSnapshot,
    DutyChanged,
    EndCall,
    IceCandidate,
    OfferWithdrawn,
    QueueChanged,
    RingHeard,
    SdpAnswer,
    SdpOffer,
    TerminalWelcome,
    WayToTalk,
)
from signaling_server.desk.links import CLOSE_REPLACED
from signaling_server.storage.tables import CALLS, CASES, OFFERS


@pytest.fixture
async def scene(tmp_path):
    scene = await Scene(tmp_path).open()
    yield scene
    await scene.close()


async def test_a_call_goes_from_request_to_registered_case(scene):
    terminal, booth = await scene.terminal("t1")
    agent, page = await scene.agent("anna")
    call_id = await scene.request(terminal, booth)
    assert booth.last(CallQueued).position == 1
    offered = page.last(CallOffered).call
    assert (offered.way, offered.site, offered.ring_timeout_ms) == (WayToTalk.SPEAK, "Зал t1", 12_000)
    assert offered.context.account_masked == "•••1234"

    await scene.pass_s(5.0)
    assert await scene.accept(agent, page) == call_id
    accepted = booth.last(CallAccepted)
    assert (accepted.plate, accepted.media_epoch) == (agent.plate, 1)
    assert accepted.plate.company == COMPANY
    assert page.last(CallStarted).call.call_id == call_id

    await scene.desk.terminal_said(terminal, SdpOffer(call_id, 1, "v=0 offer"))
    assert page.last(SdpOffer).sdp == "v=0 offer"
    await scene.desk.page_said(agent.agent_id, page, SdpAnswer(call_id, 1, "v=0 answer"))
    assert booth.last(SdpAnswer).sdp == "v=0 answer"
    await scene.desk.page_said(agent.agent_id, page, IceCandidate(call_id, 1, "candidate:1"))
    assert booth.last(IceCandidate).candidate == "candidate:1"
    await scene.flow(terminal, agent, page, call_id)

    await scene.desk.page_said(agent.agent_id, page, EndCall("end", call_id))
    assert booth.last(CallEnded) == page.last(CallEnded) == CallEnded(call_id, CallEndReason.AGENT_ENDED)
    assert page.last(AgentStateChanged).state == AgentState.WRAP_UP
    await scene.wrap_up(agent, page, call_id)
    told = CaseRegistered(call_id, "26-000001", "24.11.2026", "Передача показаний")
    assert booth.last(CaseRegistered) == page.last(CaseRegistered) == told
    assert page.last(AgentStateChanged).state == AgentState.READY

    async with scene.database.begin() as tx:
        call = (await tx.execute(select(CALLS))).mappings().one()
        case = (await tx.execute(select(CASES))).mappings().one()
        offer = (await tx.execute(select(OFFERS))).mappings().one()
    assert call["requested_at_ms"] < call["accepted_at_ms"] <= call["connected_at_ms"] <= call["ended_at_ms"]
    assert (case["number"], case["kind"], case["topic_id"]) == ("26-000001", "question", "readings.submit")
    assert offer["outcome"] == "accepted"


@pytest.mark.clause("9.4.2a")
async def test_at_twelve_seconds_another_agent_gets_the_offer_and_the_customer_keeps_his_place(scene):
    first_terminal, first_booth = await scene.terminal("t1")
    second_terminal, second_booth = await scene.terminal("t2")
    _, anna_page = await scene.agent("anna")
    first = await scene.request(first_terminal, first_booth)
    await scene.pass_s(3.0)
    second = await scene.request(second_terminal, second_booth)
    boris, boris_page = await scene.agent("boris", ready=False)
    asked_at_s = scene.clock.at_s - 3.0
    await scene.pass_s(11.75 - 3.0)
    assert not anna_page.all(OfferWithdrawn), "not before 11.75 s"
    await scene.ready(boris, boris_page)
    boris_took = boris_page.last(CallOffered).call
    assert boris_took.call_id == second
    await scene.desk.page_said(boris.agent_id, boris_page, AcceptCall("c", second, boris_took.token))
    await scene.desk.page_said(boris.agent_id, boris_page, EndCall("e", second))
    await scene.wrap_up(boris, boris_page, second)

    while len(boris_page.all(CallOffered)) < 2:
        await scene.pass_s(0.01)
    moved_after_s = scene.clock.at_s - asked_at_s
    assert abs(moved_after_s - 12.0) <= 0.25
    assert boris_page.last(CallOffered).call.call_id == first
    assert boris_page.last(CallOffered).call.waited_ms == pytest.approx(12_000, abs=250)
    assert anna_page.last(OfferWithdrawn).reason == "timeout"
    assert anna_page.last(AgentStateChanged).state == AgentState.NOT_READY
    assert first_booth.last(CallQueued).position == 1, "the place is kept"


async def test_a_late_acceptance_is_told_so_and_the_command_answered(scene):
    terminal, booth = await scene.terminal("t1")
    agent, page = await scene.agent("anna")
    await scene.request(terminal, booth)
    offered = page.last(CallOffered).call
    await scene.pass_s(12.0)
    await scene.desk.page_said(agent.agent_id, page, AcceptCall("late", offered.call_id, offered.token))
    assert page.last(CommandRefused) == CommandRefused("late", "too_late")
    assert not booth.all(CallAccepted)


async def test_without_an_agent_on_duty_a_call_is_refused_and_duty_is_told(scene):
    terminal, booth = await scene.terminal("t1")
    assert booth.last(TerminalWelcome).agents_on_duty == 0
    request = CallRequested("r", WayToTalk.WRITE)
    await scene.desk.terminal_said(terminal, request)
    assert booth.last(CallRefused) == CallRefused("r", CallRefusal.NO_AGENT_ON_DUTY)
    await scene.agent("anna")
    assert booth.last(DutyChanged).agents_on_duty == 1


async def test_a_customer_who_leaves_ends_the_ring_at_once(scene):
    terminal, booth = await scene.terminal("t1")
    agent, page = await scene.agent("anna")
    call_id = await scene.request(terminal, booth)
    await scene.desk.page_said(agent.agent_id, page, RingHeard(call_id, page.last(CallOffered).call.token))
    await scene.desk.terminal_said(terminal, CallCancelled(call_id))
    assert page.last(OfferWithdrawn) == OfferWithdrawn(call_id, "customer_left")
    assert page.last(AgentStateChanged).state == AgentState.READY
    assert page.last(QueueChanged).waiting == 0
    assert booth.last(CallEnded).reason == CallEndReason.CUSTOMER_LEFT


async def test_a_declined_call_goes_to_the_next_agent(scene):
    terminal, booth = await scene.terminal("t1")
    anna, anna_page = await scene.agent("anna")
    _, boris_page = await scene.agent("boris")
    await scene.request(terminal, booth)
    offered = anna_page.last(CallOffered).call
    await scene.desk.page_said(anna.agent_id, anna_page, DeclineCall("d", offered.call_id, offered.token))
    assert anna_page.last(OfferWithdrawn).reason == "declined"
    assert anna_page.last(CommandDone).command_id == "d"
    assert boris_page.last(CallOffered).call.call_id == offered.call_id


async def test_a_repeated_request_is_the_same_call_and_a_second_one_is_refused(scene):
    terminal, booth = await scene.terminal("t1")
    await scene.agent("anna")
    call_id = await scene.request(terminal, booth, "same")
    assert await scene.request(terminal, booth, "same") == call_id
    await scene.desk.terminal_said(terminal, CallRequested("other", WayToTalk.SPEAK))
    assert booth.last(CallRefused) == CallRefused("other", CallRefusal.ALREADY_IN_CALL)


async def test_nobody_but_the_two_sides_of_a_call_is_relayed(scene):
    terminal, booth, agent, page, call_id = await on_air(scene)
    stranger, _ = await scene.terminal("t2")
    other, other_page = await scene.agent("boris")
    await scene.desk.terminal_said(stranger, SdpOffer(call_id, 1, "foreign"))
    await scene.desk.page_said(other.agent_id, other_page, SdpAnswer(call_id, 1, "foreign"))
    await scene.desk.page_said(other.agent_id, other_page, EndCall("steal", call_id))
    await scene.desk.terminal_said(stranger, CallCancelled(call_id))
    assert other_page.last(CommandRefused).reason == "unknown_call"
    await scene.desk.page_said(agent.agent_id, page, EndCall("end", call_id))
    await scene.desk.terminal_said(terminal, SdpOffer(call_id, 1, "too late"))
    assert not page.all(SdpOffer)
    assert not booth.all(SdpAnswer)


async def test_frames_of_an_old_media_epoch_are_dropped_and_the_terminal_may_begin_a_new_one(scene):
    terminal, booth, agent, page, call_id = await on_air(scene)
    await scene.desk.terminal_said(terminal, SdpOffer(call_id, 3, "new peer"))
    await scene.desk.terminal_said(terminal, SdpOffer(call_id, 2, "old peer"))
    await scene.desk.page_said(agent.agent_id, page, SdpAnswer(call_id, 1, "to the old one"))
    assert [offer.sdp for offer in page.all(SdpOffer)] == ["new peer"]
    assert not booth.all(SdpAnswer)


async def test_a_page_that_does_not_return_ends_its_call_for_the_customer(scene):
    _, booth, agent, page, call_id = await on_air(scene)
    await scene.desk.page_closed(agent.agent_id, page, gone=False)
    await scene.pass_s(9.9)
    assert not booth.all(CallEnded)
    await scene.pass_s(0.1)
    assert booth.last(CallEnded) == CallEnded(call_id, CallEndReason.AGENT_LOST)
    assert booth.last(DutyChanged).agents_on_duty == 0
    back = Ear()
    await scene.desk.page_opened(agent, back)
    snapshot = back.last(DeskSnapshot)
    assert snapshot.state == AgentState.WRAP_UP
    assert snapshot.active is not None
    assert snapshot.active.call_id == call_id


async def test_a_reloaded_page_finds_its_call_and_the_media_is_built_anew(scene):
    terminal, booth, agent, page, call_id = await on_air(scene)
    await scene.flow(terminal, agent, page, call_id)
    await scene.desk.page_closed(agent.agent_id, page, gone=False)
    await scene.pass_s(3.0)
    back = Ear()
    await scene.desk.page_opened(agent, back)
    snapshot = back.last(DeskSnapshot)
    assert snapshot.state == AgentState.ON_CALL
    assert snapshot.active is not None
    assert (snapshot.active.call_id, snapshot.active.media_epoch) == (call_id, 2)
    assert booth.last(CallAccepted).media_epoch == 2
    await scene.pass_s(60.0)
    assert not booth.all(CallEnded)


async def test_a_silent_ready_page_is_not_ready_at_once(scene):
    agent, page = await scene.agent("anna")
    await scene.desk.page_closed(agent.agent_id, page, gone=True)
    _, booth = await scene.terminal("t1")
    assert booth.last(TerminalWelcome).agents_on_duty == 0


async def test_a_newer_tab_takes_over_and_the_older_is_told(scene):
    agent, page = await scene.agent("anna")
    newer = Ear()
    await scene.desk.page_opened(agent, newer)
    assert page.closed == CLOSE_REPLACED
    await scene.desk.page_closed(agent.agent_id, page, gone=False)
    await scene.pass_s(30.0)
    assert newer.last(DeskSnapshot).state == AgentState.READY
    assert not newer.all(AgentStateChanged), "the old tab's end does not touch the new one"


async def test_a_terminal_that_does_not_return_ends_its_call_after_three_minutes(scene):
    terminal, booth, _, page, call_id = await on_air(scene)
    await scene.desk.terminal_closed(terminal.terminal_id, booth)
    await scene.pass_s(179.9)
    assert not page.all(CallEnded)
    await scene.pass_s(0.1)
    assert page.last(CallEnded) == CallEnded(call_id, CallEndReason.TERMINAL_LOST)


@pytest.mark.parametrize("flowing", [True, False])
async def test_a_terminal_back_in_its_call_keeps_a_flowing_picture_and_rebuilds_a_missing_one(scene, flowing):
    terminal, booth, agent, page, call_id = await on_air(scene)
    if flowing:
        await scene.flow(terminal, agent, page, call_id)
    await scene.desk.terminal_closed(terminal.terminal_id, booth)
    await scene.pass_s(20.0)
    back = Ear()
    await scene.hello(terminal, back, call_id)
    assert [accepted.media_epoch for accepted in back.all(CallAccepted)] == ([] if flowing else [2])
    await scene.pass_s(60.0)
    assert not page.all(CallEnded)


async def test_a_terminal_that_forgot_its_call_ends_it(scene):
    terminal, _, _, page, call_id = await on_air(scene)
    await scene.hello(terminal, Ear())
    assert page.last(CallEnded) == CallEnded(call_id, CallEndReason.TERMINAL_LOST)


async def test_a_waiting_call_survives_a_short_loss_of_its_terminal_without_ringing(scene):
    terminal, booth = await scene.terminal("t1")
    _, page = await scene.agent("anna")
    call_id = await scene.request(terminal, booth)
    await scene.desk.terminal_closed(terminal.terminal_id, booth)
    assert page.last(OfferWithdrawn).reason == "customer_left"
    back = Ear()
    await scene.pass_s(10.0)
    await scene.hello(terminal, back, call_id)
    assert back.last(CallQueued).call_id == call_id
    assert page.last(CallOffered).call.waited_ms == 10_000


async def test_a_terminal_that_asks_about_a_finished_call_is_told_its_fate(scene):
    terminal, booth, agent, page, call_id = await on_air(scene)
    await scene.desk.terminal_closed(terminal.terminal_id, booth)
    await scene.desk.page_said(agent.agent_id, page, EndCall("end", call_id))
    await scene.wrap_up(agent, page, call_id)
    back = Ear()
    await scene.hello(terminal, back, call_id)
    assert back.last(CallEnded).reason == CallEndReason.AGENT_ENDED
    assert back.last(CaseRegistered).case_number == "26-000001"
    await scene.hello(terminal, back, "never heard of")
    assert back.last(CallEnded) == CallEnded("never heard of", CallEndReason.TERMINAL_LOST)
