"""A call through the public endpoints: a terminal by mTLS, an agent by cookie, everything real but the media."""

import asyncio
import signal
import time
from datetime import timedelta

import aiohttp
import pytest
from office_bench import Crowd, add_agent, enrol_terminal, running_office, serve_process, take_call, until

from signaling_server.contract.cases import AnswerWay
from signaling_server.contract.closing import CaseResult, Closing
from signaling_server.contract.messages import (
    AgentStateChanged,
    CallAccepted,
    CallEnded,
    CallEndReason,
    CallOffered,
    CallQueued,
    CallRefusal,
    CallRefused,
    CallRequested,
    CallStarted,
    CaseKind,
    CaseRegistered,
    CashCount,
    CassetteReport,
    CloseWrapUp,
    DeviceReport,
    EndCall,
    Heartbeat,
    IceCandidate,
    OfferWithdrawn,
    SdpAnswer,
    SdpOffer,
    SetReady,
    WayToTalk,
)
from signaling_server.desk.limits import DeskLimits
from signaling_server.local_time import local_date
from tests.well_workplace import WELL


@pytest.fixture
async def crowd():
    async with Crowd() as crowd:
        yield crowd


async def call_up(office, crowd, data_dir):
    """A terminal and an agent in a call; gives (terminal, page, call_id)."""
    await add_agent(data_dir, "anna")
    identity = await enrol_terminal(data_dir, office.terminal_url, "t1")
    page = await crowd.page(office.desk_url, await crowd.signed_in(office.desk_url))
    terminal = await crowd.terminal(office.terminal_url, identity)
    await terminal.send(CallRequested("r1", WayToTalk.SPEAK, "Показания"))
    call_id = await take_call(page)
    await terminal.expect(CallAccepted)
    await page.expect(CallStarted)
    return terminal, page, call_id


async def test_a_press_on_the_terminal_becomes_a_registered_case_on_both_sides(tmp_path, crowd):
    async with running_office(tmp_path / "office") as office:
        await add_agent(tmp_path / "office", "anna")
        identity = await enrol_terminal(tmp_path / "office", office.terminal_url, "t1")
        http = await crowd.signed_in(office.desk_url)
        page = await crowd.page(office.desk_url, http)
        terminal = await crowd.terminal(office.terminal_url, identity)
        await terminal.send(CallRequested("r1", WayToTalk.TYPE, "Показания"))
        assert (await terminal.expect(CallQueued)).position == 1
        call_id = await take_call(page)
        accepted = await terminal.expect(CallAccepted)
        async with http.get(f"{office.desk_url}/api/me") as me:
            assert (await me.json())["plate"]["last_name"] == accepted.plate.last_name == "Соколова"
        await page.expect(CallStarted)
        await terminal.send(SdpOffer(call_id, 1, "v=0\r\n" + "a" * 30_000))
        assert len((await page.expect(SdpOffer)).sdp) == 30_005
        await page.send(SdpAnswer(call_id, 1, "v=0"))
        assert (await terminal.expect(SdpAnswer)).sdp == "v=0"
        for number in range(20):
            await terminal.send(IceCandidate(call_id, 1, f"candidate:{number}"))
        relayed = [(await page.expect(IceCandidate)).candidate for _ in range(20)]
        assert relayed == [f"candidate:{number}" for number in range(20)]
        await page.send(EndCall("end", call_id))
        assert (await terminal.expect(CallEnded)).reason == CallEndReason.AGENT_ENDED
        closing = Closing(
            CaseResult.IN_WORK, AnswerWay.OFFICE, (local_date(time.time()) + timedelta(days=10)).isoformat()
        )
        await page.send(CloseWrapUp("wrap", call_id, CaseKind.COMPLAINT, "complaints.quality", "Скачки", closing))
        told = await terminal.expect(CaseRegistered)
        assert told == await page.expect(CaseRegistered)
        assert told.case_number.endswith("-000001")
        assert told.topic_title == "Качество электроэнергии, скачки напряжения"


async def test_an_offer_nobody_answers_goes_to_the_next_agent_when_its_real_time_is_over(tmp_path, crowd):
    async with running_office(tmp_path / "office", DeskLimits(ring_s=1.0)) as office:
        pages = []
        for login in ("anna", "boris"):
            await add_agent(tmp_path / "office", login)
            pages.append(await crowd.page(office.desk_url, await crowd.signed_in(office.desk_url, login)))
        identity = await enrol_terminal(tmp_path / "office", office.terminal_url, "t1")
        terminal = await crowd.terminal(office.terminal_url, identity)
        await terminal.send(CallRequested("r1", WayToTalk.SPEAK))
        first = (await pages[0].expect(CallOffered)).call
        rang_at_s = time.monotonic()
        second = (await pages[1].expect(CallOffered)).call
        assert time.monotonic() - rang_at_s == pytest.approx(1.0, abs=0.25)
        assert second.call_id == first.call_id
        assert (await pages[0].expect(OfferWithdrawn)).reason == "timeout"


async def test_without_agents_a_call_is_refused_and_the_terminal_stays_connected(tmp_path, crowd):
    async with running_office(tmp_path / "office") as office:
        identity = await enrol_terminal(tmp_path / "office", office.terminal_url, "t1")
        terminal = await crowd.terminal(office.terminal_url, identity)
        for request_id in ("r1", "r2"):
            await terminal.send(CallRequested(request_id, WayToTalk.SPEAK))
            refused = await terminal.expect(CallRefused)
            assert refused == CallRefused(request_id, CallRefusal.NO_AGENT_ON_DUTY)


async def test_a_page_closed_in_mid_call_ends_it_for_the_customer_and_the_form_waits(tmp_path, crowd):
    async with running_office(tmp_path / "office", DeskLimits(page_return_s=0.3)) as office:
        terminal, page, call_id = await call_up(office, crowd, tmp_path / "office")
        await page.socket.close()
        assert await terminal.expect(CallEnded) == CallEnded(call_id, CallEndReason.AGENT_LOST)
        back = await crowd.page(office.desk_url, await crowd.signed_in(office.desk_url), ready=False)
        snapshot = back.heard[0]
        assert (snapshot.state, snapshot.active.call_id) == ("wrap_up", call_id)


async def test_a_silent_page_is_closed_and_its_agent_not_ready(tmp_path, crowd, caplog):
    async with running_office(tmp_path / "office", DeskLimits(page_silence_s=0.5)) as office:
        await add_agent(tmp_path / "office", "anna")
        http = await crowd.signed_in(office.desk_url)
        page = await crowd.page(office.desk_url, http)
        await page.expect(AgentStateChanged)
        assert await page.closed() == 4002
        back = await crowd.page(office.desk_url, http, ready=False)
        assert back.heard[0].state == "not_ready"
    assert "the handler broke" not in caplog.text


async def test_a_reload_of_the_page_builds_the_media_anew_under_the_same_call(tmp_path, crowd):
    async with running_office(tmp_path / "office") as office:
        terminal, page, call_id = await call_up(office, crowd, tmp_path / "office")
        await page.socket.close()
        back = await crowd.page(office.desk_url, await crowd.signed_in(office.desk_url), ready=False)
        assert back.heard[0].active.media_epoch == 2
        assert (await terminal.expect(CallAccepted)).media_epoch == 2
        await terminal.send(SdpOffer(call_id, 2, "anew"))
        assert (await back.expect(SdpOffer)).sdp == "anew"


async def test_the_operations_page_sees_terminals_come_report_and_go(tmp_path, crowd):
    async with running_office(tmp_path / "office") as office:
        await add_agent(tmp_path / "office", "anna")
        identity = await enrol_terminal(tmp_path / "office", office.terminal_url, "Терминал 1")
        http = await crowd.signed_in(office.desk_url)

        async def row():
            async with http.get(f"{office.desk_url}/api/fleet/terminals") as answer:
                return (await answer.json())["terminals"][0]

        assert (await row())["online"] is False
        terminal = await crowd.terminal(office.terminal_url, identity)
        printer = DeviceReport("receipt_printer", "online", "paper_low")
        cassette = CassetteReport(150_000, [CashCount(50_000, 3)])
        await terminal.send(Heartbeat(1, "balance", [printer], cassette, 2))

        async def reported():
            return (await row())["screen"] == "balance"

        await until(reported)
        seen = await row()
        assert (seen["online"], seen["title"], seen["site"]) == (True, "Терминал 1", "Невский, 1")
        assert seen["devices"][0]["fault"] == "paper_low"
        assert seen["cassette"]["total_minor"] == 150_000
        assert seen["undelivered_payments"] == 2
        await terminal.socket.close()

        async def gone():
            return not (await row())["online"]

        await until(gone)
        assert (await row())["screen"] == "balance", "the last report stays"


async def test_a_server_killed_while_a_customer_waits_keeps_his_call_and_place(tmp_path, crowd):
    data_dir = tmp_path / "office"
    for login in ("anna", "boris"):
        await add_agent(data_dir, login)
    process, said = await serve_process(data_dir)
    try:
        identity = await enrol_terminal(data_dir, said["terminal_url"], "t1")
        http = await crowd.signed_in(said["desk_url"])
        await crowd.page(said["desk_url"], http)
        terminal = await crowd.terminal(said["terminal_url"], identity)
        await terminal.send(CallRequested("r1", WayToTalk.SPEAK))
        queued = await terminal.expect(CallQueued)
        requested_at_s = time.monotonic()
    finally:
        process.kill()
        await process.wait()
    process, said = await serve_process(data_dir)
    try:
        terminal = await crowd.terminal(said["terminal_url"], identity, queued.call_id)
        assert (await terminal.expect(CallQueued)).call_id == queued.call_id
        page = await crowd.page(said["desk_url"], await crowd.signed_in(said["desk_url"], "boris"), ready=False)
        await page.send(WELL)
        await page.send(SetReady("ready", True))
        offered = (await page.expect(CallOffered)).call
        assert offered.call_id == queued.call_id
        assert offered.waited_ms >= (time.monotonic() - requested_at_s) * 1_000 - 500, "the waiting clock went on"
    finally:
        process.kill()
        await process.wait()


async def test_who_is_told_to_come_back_has_time_to_answer_before_the_line_goes(tmp_path, crowd):
    data_dir = tmp_path / "office"
    await add_agent(data_dir, "anna")
    async with running_office(data_dir) as office:
        http = await crowd.signed_in(office.desk_url)
        socket = await http.ws_connect(
            f"{office.desk_url}/ws/desk", headers={"Origin": office.desk_url}, autoclose=False
        )
        assert (await socket.receive()).type is aiohttp.WSMsgType.TEXT
        stopping = asyncio.create_task(office.stop())
        assert (await socket.receive()).data == aiohttp.WSCloseCode.SERVICE_RESTART
        line = socket._response.connection.transport  # what aiohttp's close() does not tell
        await asyncio.sleep(0.2)
        assert not line.is_closing()
        await socket.close()
        await stopping
        assert socket.close_code == aiohttp.WSCloseCode.SERVICE_RESTART


async def test_sigterm_tells_everybody_to_come_back_and_ends_within_three_seconds(tmp_path, crowd):
    data_dir = tmp_path / "office"
    await add_agent(data_dir, "anna")
    process, said = await serve_process(data_dir)
    try:
        identity = await enrol_terminal(data_dir, said["terminal_url"], "t1")
        terminal = await crowd.terminal(said["terminal_url"], identity)
        page = await crowd.page(said["desk_url"], await crowd.signed_in(said["desk_url"]))
        began_s = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert await asyncio.gather(terminal.closed(), page.closed()) == [1012, 1012]
        async with asyncio.timeout(10):
            assert await process.wait() == 0
        assert time.monotonic() - began_s < 3.0
    finally:
        if process.returncode is None:
            process.kill()
