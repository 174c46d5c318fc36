"""What a customer does alone, over the real WebSocket with the office as a program and the messages' far end."""

import asyncio
import contextlib
import re
import sys
import time

import aiohttp
import pytest
from office_bench import ROOT, Crowd, add_agent, enrol_terminal, serve_process, until

from signaling_server.config import Settings
from signaling_server.contract.services import (
    CodeAsked,
    CodeEntered,
    CodeProved,
    CodePurpose,
    CodeSent,
    InformingAsked,
    InformingTold,
    ServiceRefused,
)
from signaling_server.messaging.far_end import FarEnd
from signaling_server.messaging.rules import Channel, OutgoingMessage
from signaling_server.office import open_office_database
from signaling_server.storage.messages import put_message

PHONE = "+79211234567"


@pytest.fixture
async def crowd():
    async with Crowd() as crowd:
        yield crowd


@contextlib.asynccontextmanager
async def whole_office(data_dir):
    """The office as a process, with both ways out; gives what it said and the far end."""
    far_end = FarEnd()
    await far_end.start()
    data_dir.mkdir()
    settings = (
        "[messaging]\n"
        f'smtp_url = "smtp://127.0.0.1:{far_end.smtp_port}"\nsender_email = "office@example.org"\n'
        f'sms_url = "http://127.0.0.1:{far_end.http_port}/sms"\n'
    )
    (data_dir / "office.toml").write_text(settings, "utf-8")
    process, said = await serve_process(data_dir)
    try:
        yield said, far_end
    finally:
        process.kill()
        await process.wait()
        await far_end.stop()


async def test_a_customer_turns_informing_on_by_a_code_from_his_phone(tmp_path, crowd):
    async with whole_office(tmp_path / "office") as (said, far_end):
        identity = await enrol_terminal(tmp_path / "office", said["terminal_url"], "t1")
        terminal = await crowd.terminal(said["terminal_url"], identity)
        await terminal.send(CodeAsked("r1", PHONE, CodePurpose.INFORMING_ON, "100000017", "sms-1"))
        sent = await terminal.expect(CodeSent)
        await until(lambda: _arrived(far_end, 1))
        code = re.match(r"\d{6}", far_end.arrived[0].body).group()
        await terminal.send(CodeEntered("r2", sent.code_id, PHONE, f"{(int(code) + 1) % 1_000_000:06d}"))
        assert (await terminal.expect(ServiceRefused)).reason == "wrong_code"
        await terminal.send(CodeEntered("r3", sent.code_id, PHONE, code))
        assert (await terminal.expect(CodeProved)).accounts == ["100000017"]
        await terminal.send(InformingAsked("r4", "100000017"))
        assert (await terminal.expect(InformingTold)).phones_masked == ["+7 921 ***-**-67"]


async def test_a_request_that_is_no_request_closes_the_connection(tmp_path, crowd):
    async with whole_office(tmp_path / "office") as (said, _):
        identity = await enrol_terminal(tmp_path / "office", said["terminal_url"], "t1")
        terminal = await crowd.terminal(said["terminal_url"], identity)
        await terminal.send(CodeEntered("r1", "c1", PHONE, "12345"))
        assert await terminal.closed() == aiohttp.WSCloseCode.INVALID_TEXT


async def test_who_cannot_be_reached_is_seen_by_the_supervisor_and_sent_again(tmp_path, crowd):
    data_dir = tmp_path / "office"
    async with whole_office(data_dir) as (said, far_end):
        await add_agent(data_dir, "anna")
        await add_agent(data_dir, "olga", roles=("supervisor",))
        far_end.refuse_next, far_end.refuse_forever = 1, True
        database = await open_office_database(data_dir, Settings())
        letter = OutgoingMessage(
            "k1", Channel.EMAIL, "ivanova@mail.ru", "Ответ", "case_answered", "back_office", "Ответ"
        )
        async with database.begin() as tx:
            await put_message(tx, letter, created_at_ms=time.time_ns() // 1_000_000, due_at_ms=0)
        await database.dispose()
        agent, supervisor = await crowd.signed_in(said["desk_url"]), await crowd.signed_in(said["desk_url"], "olga")
        async with agent.get(f"{said['desk_url']}/api/messages/dead") as answer:
            assert answer.status == 403

        async def dead():
            async with supervisor.get(f"{said['desk_url']}/api/messages/dead") as answer:
                return (await answer.json())["messages"]

        await until(dead)
        (one,) = await dead()
        assert (one["template"], one["address_masked"]) == ("case_answered", "i***@mail.ru")
        headers = {"Origin": said["desk_url"]}
        again = f"{said['desk_url']}/api/messages/{one['message_id']}/again"
        async with supervisor.post(again, headers=headers) as answer:
            assert answer.status == 204
        assert await dead() == []
        await until(lambda: _arrived(far_end, 1))
        async with supervisor.post(again, headers=headers) as answer:
            assert answer.status == 404


async def test_the_far_end_runs_as_a_program_and_shows_what_arrived(tmp_path):
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "signaling_server", "messages-far-end", "--smtp-port", "0", "--http-port", "0"),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(30):
            ports = re.search(rb'"http_port": (\d+)', await process.stdout.readline())
        url = f"http://127.0.0.1:{int(ports.group(1))}"
        async with aiohttp.ClientSession() as http:
            told = {"id": "m1", "from": "x", "to": PHONE, "text": "Привет <b>"}
            for _ in range(2):
                async with http.post(f"{url}/sms", json=told) as answer:
                    assert (await answer.json())["id"] == "far-m1"
            async with http.get(url) as page:
                shown = await page.text()
    finally:
        process.kill()
        await process.wait()
    assert shown.count("Привет &lt;b&gt;") == 1


async def _arrived(far_end, count):
    return len(far_end.arrived) >= count
