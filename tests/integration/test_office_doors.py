"""Who is let in, what is refused, and that one bad client harms nobody else."""

import gc
import io
import random
import ssl
import struct
from socket import SO_LINGER, SOL_SOCKET

import aiohttp
import pytest
from aiohttp import web
from cryptography.hazmat.primitives import serialization
from office_bench import PASSWORD, Crowd, add_agent, enrol_terminal, running_office, until

from provisioning.office.authority import open_authority
from signaling_server.__main__ import main
from signaling_server.contract.messages import (
    AgentStateChanged,
    CommandDone,
    Heartbeat,
    SetReady,
    TerminalHello,
    encode,
)
from signaling_server.office import OfficeError
from signaling_server.web.passwords import PasswordCheck
from signaling_server.web.websocket import CONNECTIONS, SEND_QUEUE_MAX, Connection, Connections, connection
from tests.well_workplace import WELL


@pytest.fixture
async def crowd():
    async with Crowd() as crowd:
        yield crowd


@pytest.fixture
async def office(tmp_path):
    (tmp_path / "dist" / "assets").mkdir(parents=True)
    (tmp_path / "dist" / "index.html").write_text("<title>desk</title>")
    (tmp_path / "dist" / "assets" / "a.js").write_text("1")
    async with running_office(tmp_path / "office", web_dir=tmp_path / "dist") as office:
        await add_agent(tmp_path / "office", "anna")
        yield office


async def sign_in(http, office, login="anna", password=PASSWORD, **options):
    return await http.post(f"{office.desk_url}/api/sign-in", json={"login": login, "password": password}, **options)


# --- agents ----------------------------------------------------------------------------------------------------------


async def test_the_cookie_is_for_this_site_only_and_unreadable_for_scripts(office, crowd):
    answer = await sign_in(await crowd.http(), office, login=" Anna ")
    cookie = answer.headers["Set-Cookie"]
    assert answer.status == 200
    assert all(word in cookie for word in ("HttpOnly", "SameSite=Strict", "Path=/"))
    assert (await answer.json())["plate"]["company"] == "АО «Энергосбыт»"


async def test_a_wrong_password_and_an_unknown_login_are_told_alike(office, crowd):
    http = await crowd.http()
    answers = [await sign_in(http, office, "anna", "wrong password"), await sign_in(http, office, "nobody", "x")]
    assert [answer.status for answer in answers] == [401, 401]
    assert await answers[0].text() == await answers[1].text()


async def test_after_five_wrong_passwords_the_login_waits_and_others_do_not(office, crowd, tmp_path):
    await add_agent(tmp_path / "office", "boris")
    http = await crowd.http()
    for _ in range(5):
        assert (await sign_in(http, office, "anna", "wrong password")).status == 401
    refused = await sign_in(http, office)
    assert refused.status == 429, "even with the right password"
    assert 0 < int(refused.headers["Retry-After"]) <= 301
    assert (await refused.json())["error"] == "too_many"
    assert (await sign_in(http, office, "boris")).status == 200


async def test_one_address_cannot_try_logins_without_end(office, crowd, monkeypatch):
    async def wrong(*_):
        return False

    monkeypatch.setattr(PasswordCheck, "fits", wrong)  # thirty real hashes take seconds
    http = await crowd.http()
    statuses = [(await sign_in(http, office, f"login{number}", "x")).status for number in range(31)]
    assert statuses == [401] * 30 + [429]


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Origin": "null"}, {}])
async def test_the_desk_socket_opens_only_for_a_page_of_this_site(office, crowd, headers):
    http = await crowd.signed_in(office.desk_url)
    with pytest.raises(aiohttp.WSServerHandshakeError) as refusal:
        await http.ws_connect(f"{office.desk_url}/ws/desk", headers=headers)
    assert refusal.value.status == 403


async def test_a_foreign_page_cannot_act_with_the_agents_cookie(office, crowd):
    http = await crowd.signed_in(office.desk_url)
    headers = {"Origin": "https://evil.example"}
    answer = await http.post(f"{office.desk_url}/api/sign-out", headers=headers)
    assert answer.status == 403
    assert (await http.get(f"{office.desk_url}/api/me")).status == 200


async def test_incidents_with_address_and_guard_are_for_supervisors_alone(office, crowd, tmp_path):
    await add_agent(tmp_path / "office", "vera", roles=("supervisor",))
    answers = {}
    for login in ("anna", "vera"):
        http = await crowd.signed_in(office.desk_url, login)
        answers[login] = await http.get(f"{office.desk_url}/api/incidents")
    assert (answers["anna"].status, answers["vera"].status) == (403, 200)
    assert await answers["vera"].json() == {"incidents": []}


async def test_nothing_personal_without_a_sign_in(office, crowd):
    http = await crowd.http()
    for path in ("/api/me", "/api/fleet/terminals"):
        answer = await http.get(office.desk_url + path)
        assert (answer.status, (await answer.json())["error"]) == (401, "not_signed_in")
    with pytest.raises(aiohttp.WSServerHandshakeError) as refusal:
        await http.ws_connect(f"{office.desk_url}/ws/desk", headers={"Origin": office.desk_url})
    assert refusal.value.status == 401


async def test_signing_out_ends_the_page_and_the_cookie(office, crowd):
    http = await crowd.signed_in(office.desk_url)
    page = await crowd.page(office.desk_url, http)
    stolen = {cookie.key: cookie.value for cookie in http.cookie_jar}
    assert (await http.post(f"{office.desk_url}/api/sign-out")).status == 204
    assert await page.closed() == 4003
    other = await crowd.http()
    assert (await other.get(f"{office.desk_url}/api/me", cookies=stolen)).status == 401


async def test_a_newer_tab_takes_over_from_the_older(office, crowd):
    http = await crowd.signed_in(office.desk_url)
    older = await crowd.page(office.desk_url, http)
    newer = await crowd.page(office.desk_url, http, ready=False)
    assert await older.closed() == 4001
    await newer.send(SetReady("mine", False))
    await newer.expect(CommandDone)


@pytest.mark.parametrize("body", [b"", b"[]", b'{"login":1,"password":2}', b"\xff" * 100])
async def test_a_malformed_sign_in_is_one_clear_refusal(office, crowd, body):
    http = await crowd.http()
    answer = await http.post(f"{office.desk_url}/api/sign-in", data=body)
    assert (answer.status, (await answer.json())["error"]) == (400, "bad_request")


# --- the page's files ------------------------------------------------------------------------------------------------


async def test_pages_are_locked_down_and_every_address_of_the_page_is_its_index(office, crowd):
    http = await crowd.http()
    for path in ("/", "/operations"):
        answer = await http.get(office.desk_url + path)
        assert (answer.status, await answer.text()) == (200, "<title>desk</title>")
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert f"connect-src 'self' ws://{office.desk_url.partition('//')[2]}" in policy
    assert (await http.get(f"{office.desk_url}/assets/a.js")).status == 200
    for path in ("/assets/b.js", "/%2e%2e/office/office.db", "/../office/office.db", "/api/nothing"):
        assert (await http.get(office.desk_url + path)).status == 404
    assert await (await http.get(f"{office.desk_url}/healthz")).json() == {"status": "ok"}


# --- terminals -------------------------------------------------------------------------------------------------------


async def test_a_terminal_without_a_certificate_is_refused(office, crowd, tmp_path):
    identity = await enrol_terminal(tmp_path / "office", office.terminal_url, "t1")
    context = ssl.create_default_context(cafile=str(identity.folder / "authority.pem"))
    with pytest.raises(aiohttp.WSServerHandshakeError) as refusal:
        await (await crowd.http()).ws_connect(f"{office.terminal_url}/ws/terminal", ssl=context)
    assert refusal.value.status == 403


async def test_a_certificate_of_another_authority_does_not_pass_tls(office, crowd, tmp_path):
    identity = await enrol_terminal(tmp_path / "office", office.terminal_url, "t1")
    async with running_office(tmp_path / "elsewhere") as elsewhere:
        foreign = await enrol_terminal(tmp_path / "elsewhere", elsewhere.terminal_url, "t2")
    context = ssl.create_default_context(cafile=str(identity.folder / "authority.pem"))
    context.load_cert_chain(foreign.folder / "cert.pem", foreign.folder / "key.pem")
    with pytest.raises((aiohttp.ClientError, OSError)):
        await (await crowd.http()).ws_connect(f"{office.terminal_url}/ws/terminal", ssl=context)


async def test_a_certificate_of_ours_that_no_terminal_has_is_refused(office, crowd, tmp_path):
    identity = await enrol_terminal(tmp_path / "office", office.terminal_url, "t1")
    key = serialization.load_pem_private_key((identity.folder / "key.pem").read_bytes(), None)
    twin = open_authority(tmp_path / "office" / "authority").issue_terminal("ghost", key.public_key())
    (tmp_path / "ghost.pem").write_bytes(twin.public_bytes(serialization.Encoding.PEM))
    context = ssl.create_default_context(cafile=str(identity.folder / "authority.pem"))
    context.load_cert_chain(tmp_path / "ghost.pem", identity.folder / "key.pem")
    with pytest.raises(aiohttp.WSServerHandshakeError) as refusal:
        await (await crowd.http()).ws_connect(f"{office.terminal_url}/ws/terminal", ssl=context)
    assert refusal.value.status == 403


async def test_a_newer_connection_of_a_terminal_replaces_the_older_and_its_epoch_grows(office, crowd, tmp_path):
    identity = await enrol_terminal(tmp_path / "office", office.terminal_url, "t1")
    older = await crowd.terminal(office.terminal_url, identity)
    newer = await crowd.terminal(office.terminal_url, identity)
    assert await older.closed() == 4001
    assert newer.heard[0].epoch == older.heard[0].epoch + 1


@pytest.mark.parametrize(
    ("frame", "codes"),
    [
        ("garbage", {1007}),
        ('{"type":"Unknown"}', {1007}),
        ('{"type":"Heartbeat","sequence":"five"}', {1007}),
        (encode(TerminalHello("twice")).decode(), {1007}),
        (b"binary", {1003}),
        ("x" * 70_000, {1009, 1006}),  # the rest of the frame may meet a closed port before the reason is read
    ],
    ids=["no json", "unknown type", "wrong field", "second hello", "binary", "too long"],
)
async def test_a_bad_frame_closes_its_own_connection_with_a_reason(office, crowd, tmp_path, frame, codes):
    identities = [await enrol_terminal(tmp_path / "office", office.terminal_url, name) for name in ("t1", "t2")]
    bad, good = [await crowd.terminal(office.terminal_url, identity) for identity in identities]
    await (bad.socket.send_bytes(frame) if isinstance(frame, bytes) else bad.socket.send_str(frame))
    assert await bad.closed() in codes
    await good.send(Heartbeat(1))
    page = await crowd.page(office.desk_url, await crowd.signed_in(office.desk_url))
    await page.expect(AgentStateChanged)
    assert not good.socket.closed


async def test_a_terminal_must_say_hello_first(office, crowd, tmp_path):
    identity = await enrol_terminal(tmp_path / "office", office.terminal_url, "t1")
    http = await crowd.http()
    socket = await http.ws_connect(f"{office.terminal_url}/ws/terminal", ssl=identity.ssl_context())
    await socket.send_str(encode(Heartbeat(1)).decode())
    assert (await socket.receive()).data == 1002


async def test_random_frames_never_break_the_office(office, crowd):
    http = await crowd.signed_in(office.desk_url)
    dice = random.Random(7)
    valid = encode(SetReady("command", True))
    for _ in range(40):
        frame = bytearray(valid)
        for _ in range(dice.randrange(1, 6)):
            frame[dice.randrange(len(frame))] = dice.randrange(32, 127)
        page = await crowd.page(office.desk_url, http, ready=False)
        await page.socket.send_str(frame.decode())
        await page.socket.close()
    page = await crowd.page(office.desk_url, http, ready=False)
    await page.send(WELL)
    await page.send(SetReady("command", True))
    await page.expect(CommandDone)


async def test_a_flood_of_frames_is_cut_off(office, crowd):
    page = await crowd.page(office.desk_url, await crowd.signed_in(office.desk_url), ready=False)
    for sequence in range(1_000):
        if page.socket.closed:
            break
        await page.socket.send_str(f'{{"type":"AgentPing","sequence":{sequence}}}')
    assert await page.closed() == 1008


def test_who_does_not_read_what_he_is_sent_is_dropped_and_nobody_waits():
    class Transport:
        aborted = False

        def abort(self):
            self.aborted = True

    transport = Transport()
    slow = Connection(None, transport, "slow")
    for sequence in range(SEND_QUEUE_MAX):
        slow.send(Heartbeat(sequence))
    assert not transport.aborted
    slow.send(Heartbeat(0))
    assert transport.aborted
    assert slow.close_code is not None


@pytest.mark.parametrize("abrupt", [True, False])
async def test_closed_connections_leave_nothing_in_memory_without_the_garbage_collector(abrupt):
    async def handler(request):
        async with connection(request, "test") as link:
            while await link.receive(5.0) is not None:
                pass
        return link.response

    app = web.Application()
    app[CONNECTIONS] = Connections()
    app.add_routes([web.get("/", handler)])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    gc.collect()
    gc.disable()
    try:
        for _ in range(30):
            async with aiohttp.ClientSession() as http:
                socket = await http.ws_connect(f"http://127.0.0.1:{runner.addresses[0][1]}/")
                await socket.send_str("{}")
                if abrupt:  # a reset instead of a farewell, as when the power goes
                    transport = socket._response.connection.transport
                    linger = struct.pack("ii", 1, 0)
                    transport.get_extra_info("socket").setsockopt(SOL_SOCKET, SO_LINGER, linger)
                    transport.abort()
                await socket.close()

        async def all_gone():
            return not any(isinstance(thing, (Connection, web.WebSocketResponse)) for thing in gc.get_objects())

        await until(all_gone)
    finally:
        gc.enable()
        await runner.cleanup()


# --- the programs ----------------------------------------------------------------------------------------------------


async def test_a_port_in_use_is_one_sentence(office, tmp_path):
    port = office.desk_url.rpartition(":")[2]
    with pytest.raises(OfficeError, match=f"Порт {port} уже занят"):
        async with running_office(tmp_path / "second", desk_port=int(port)):
            pass


def test_agents_are_added_once_and_changed_only_on_request(tmp_path, monkeypatch, capsys):
    def add(*more, typed="верный пароль"):
        monkeypatch.setattr("sys.stdin", io.StringIO(typed + "\n"))
        words = ["agent", "add", "--data", str(tmp_path), "--login", "anna", "--last-name", "Соколова"]
        code = main([*words, "--first-name", "Анна", "--position", "консультант", *more])
        return code, capsys.readouterr().err

    assert add() == (0, "")
    code, said = add()
    assert (code, said.count("\n"), "уже занят" in said) == (2, 1, True)
    assert add("--replace") == (0, "")
    assert "от 8 до" in add("--replace", typed="short")[1]
    code, said = add("--replace", "--position", " ")
    assert (code, said.count("\n")) == (2, 1)


@pytest.mark.parametrize(
    ("settings", "says", "code"),
    [("company = 5", "Настройки", 2), ("unknown = 1", "Настройки", 2), ('database_url = "x"', "База", 1)],
)
def test_settings_that_cannot_be_used_are_one_sentence(tmp_path, capsys, settings, says, code):
    (tmp_path / "office.toml").write_text(settings)
    assert main(["migrate", "--data", str(tmp_path)]) == code
    said = capsys.readouterr().err
    assert said.startswith(says)
    assert said.count("\n") == 1


@pytest.mark.parametrize("port", ["99999", "-1", "http", "80.5"])
def test_a_port_that_cannot_be_is_refused_in_words(tmp_path, capsys, port):
    with pytest.raises(SystemExit) as end:
        main(["serve", "--data", str(tmp_path), f"--desk-port={port}"])
    assert end.value.code == 2
    assert "от 0 до 65535" in capsys.readouterr().err
