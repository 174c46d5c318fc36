"""The OSMP client against the sandbox as a process and against peers that lie on a real socket."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

import aiohttp
import pytest
from billing_sandbox import SandboxProcess

from payment.billing.osmp import BODY_SIZE_MAX, OsmpBilling
from payment.billing.osmp_dialects import OSMP, OSMP_POST
from payment.contract import PayAnswered, PayOutcome, PayRequest
from payment.sandbox.seed import ACCOUNTS, DEMO_ACCOUNT

CREDITED, REFUSED, UNKNOWN = PayOutcome.CREDITED, PayOutcome.REFUSED, PayOutcome.UNKNOWN
CLOSED_ACCOUNT = next(seed.account for seed in ACCOUNTS.values() if not seed.active)
ANSWER_S_MAX = 10
_numbers = itertools.count(70_000_000_000)


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxProcess]:
    running = SandboxProcess(tmp_path_factory.mktemp("osmp") / "sandbox.sqlite").start()
    yield running
    assert running.stop() == 0


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as made:
        yield made


class Payer:
    """A billing port whose answers can be awaited."""

    def __init__(self, url: str, session: aiohttp.ClientSession, **options: object) -> None:
        self.answers: asyncio.Queue[PayAnswered] = asyncio.Queue()
        self.port = OsmpBilling(url, session=session, post_event=self.answers.put_nowait, **options)  # type: ignore[arg-type]

    async def pay(self, request: PayRequest) -> PayAnswered:
        self.port.pay(request)
        async with asyncio.timeout(ANSWER_S_MAX):
            answer = await self.answers.get()
        assert self.answers.empty()
        assert answer.txn_id == request.txn_id
        return answer


def request_of(amount_minor: int = 500_00, account: str = DEMO_ACCOUNT) -> PayRequest:
    return PayRequest(str(next(_numbers)), "20261123141200", account, amount_minor)


@pytest.mark.parametrize("dialect", [OSMP, OSMP_POST], ids=lambda dialect: dialect.name)
async def test_a_payment_is_credited_to_the_kopeck(sandbox, session, dialect):
    request = request_of(1136_85)
    answer = await Payer(f"{sandbox.url}/osmp", session, dialect=dialect).pay(request)
    (credit,) = sandbox.credits(request.txn_id)
    assert (answer.outcome, answer.result_code, answer.provider_txn) == (CREDITED, 0, credit["prv_txn"])
    assert (credit["account"], credit["amount_minor"], credit["txn_date"]) == (DEMO_ACCOUNT, 1136_85, "20261123141200")


@pytest.mark.parametrize(
    ("mode", "first", "credited_at_once"),
    [
        ("late", UNKNOWN, 1),
        ("commit_then_drop", UNKNOWN, 1),
        ("twice", CREDITED, 1),
        ("cut_body", UNKNOWN, 1),
        ("http_500", UNKNOWN, 1),
        ("html", UNKNOWN, 1),
        ("entity_bomb", UNKNOWN, 1),
        ("swapped", UNKNOWN, 1),
        ("down", UNKNOWN, 0),
    ],
)
@pytest.mark.parametrize("dialect", [OSMP, OSMP_POST], ids=lambda dialect: dialect.name)
async def test_after_any_fault_a_repeat_finds_the_one_credit(sandbox, session, dialect, mode, first, credited_at_once):
    payer = Payer(f"{sandbox.url}/osmp", session, dialect=dialect, deadline_s=0.7 if mode == "late" else 5)
    request = request_of()
    sandbox.fault(mode, count=1, delay_s=2)
    assert (await payer.pay(request)).outcome is first
    assert len(sandbox.credits(request.txn_id)) == credited_at_once
    assert sandbox.fault_now()["left"] == 0
    repeats = [await payer.pay(request) for _ in range(3)]
    (credit,) = sandbox.credits(request.txn_id)
    assert {(answer.outcome, answer.provider_txn) for answer in repeats} == {(CREDITED, credit["prv_txn"])}


async def test_answers_left_on_the_wire_never_reach_the_next_payment(sandbox, session):
    payer = Payer(f"{sandbox.url}/osmp", session)
    sandbox.fault("twice", count=20)
    requests = [request_of(amount_minor=100_00 + at) for at in range(20)]
    answers = [await payer.pay(request) for request in requests]
    by_txn = {credit["txn_id"]: credit["prv_txn"] for credit in sandbox.credits()}
    assert [answer.provider_txn for answer in answers] == [by_txn[request.txn_id] for request in requests]


async def test_payments_at_once_are_each_credited_once(sandbox, session):
    payer = Payer(f"{sandbox.url}/osmp", session)
    requests = [request_of() for _ in range(10)]
    for request in requests * 3:
        payer.port.pay(request)
    async with asyncio.timeout(ANSWER_S_MAX):
        answers = [await payer.answers.get() for _ in range(30)]
    assert {answer.outcome for answer in answers} == {CREDITED}
    assert all(len(sandbox.credits(request.txn_id)) == 1 for request in requests)


@pytest.mark.parametrize(
    ("account", "amount_minor", "result"),
    [
        (CLOSED_ACCOUNT, 100_00, 79),
        ("100000018", 100_00, 5),
        ("12", 100_00, 4),
        (DEMO_ACCOUNT, 1, 241),
        (DEMO_ACCOUNT, 100_000_01, 242),
    ],
)
async def test_a_final_refusal_credits_nothing(sandbox, session, account, amount_minor, result):
    request = request_of(amount_minor, account)
    answer = await Payer(f"{sandbox.url}/osmp", session).pay(request)
    assert (answer.outcome, answer.result_code) == (REFUSED, result)
    assert answer.comment
    assert sandbox.credits(request.txn_id) == []


async def test_a_provider_that_forbids_is_final(sandbox, session):
    sandbox.fault("refuse")
    request = request_of()
    answer = await Payer(f"{sandbox.url}/osmp", session).pay(request)
    assert (answer.outcome, answer.result_code, sandbox.credits(request.txn_id)) == (REFUSED, 7, [])


async def test_a_txn_id_is_never_used_for_another_payment(sandbox, session):
    payer = Payer(f"{sandbox.url}/osmp", session)
    request = request_of()
    assert (await payer.pay(request)).outcome is CREDITED
    for other in (
        PayRequest(request.txn_id, request.txn_date, request.account, request.amount_minor + 1),
        PayRequest(request.txn_id, request.txn_date, "100000025", request.amount_minor),
        PayRequest(request.txn_id, "20261124141200", request.account, request.amount_minor),
    ):
        assert (await payer.pay(other)).result_code == 300
    (credit,) = sandbox.credits(request.txn_id)
    assert (credit["account"], credit["amount_minor"]) == (request.account, request.amount_minor)


async def test_a_killed_billing_remembers_the_credit_it_could_not_tell(tmp_path, session):
    billing = SandboxProcess(tmp_path / "sandbox.sqlite").start()
    request = request_of()
    billing.fault("commit_then_drop")
    assert (await Payer(f"{billing.url}/osmp", session).pay(request)).outcome is UNKNOWN
    billing.kill()
    assert (await Payer(f"{billing.url}/osmp", session).pay(request)).outcome is UNKNOWN
    billing.start()
    answer = await Payer(f"{billing.url}/osmp", session).pay(request)
    (credit,) = billing.credits()
    assert (answer.outcome, answer.provider_txn) == (CREDITED, credit["prv_txn"])
    assert billing.stop() == 0


# --- peers that lie --------------------------------------------------------------------------------------------------

Peer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
TXN_ID = "41"
GOOD = "<response><osmp_txn_id>{}</osmp_txn_id><prv_txn>1</prv_txn><sum>500.00</sum><result>0</result></response>"


async def _outcome_with(peer: Peer, session: aiohttp.ClientSession, request: PayRequest) -> PayAnswered:
    async def served(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        try:
            await peer(reader, writer)
        except ConnectionError:
            pass  # the client hung up, as it should
        finally:
            writer.close()

    server = await asyncio.start_server(served, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        return await Payer(f"http://127.0.0.1:{port}/osmp", session, deadline_s=1).pay(request)


def _saying(wire: bytes) -> Peer:
    async def peer(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(wire)
        await writer.drain()

    return peer


def _http(body: bytes, status: str = "200 OK", more: str = "") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{more}\r\n".encode() + body


@pytest.mark.parametrize(
    "wire",
    [
        b"",
        b"\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        _http(b"", "302 Found", "Location: /osmp\r\n"),
        _http(b"", "204 No Content"),
        _http(GOOD.format(TXN_ID).encode(), "201 Created"),
        _http(GOOD.format(TXN_ID).encode(), "302 Found", "Location: /osmp\r\n"),
        _http(GOOD.format(TXN_ID).encode(), "500 Internal Server Error"),
        _http(b"\x1f\x8b\x08broken", more="Content-Encoding: gzip\r\n"),
        _http(GOOD.format(TXN_ID).encode())[:-9],
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n<response>",
        b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"a" * 100_000,
    ],
)
async def test_a_peer_that_speaks_no_osmp_leaves_the_payment_unknown(session, wire):
    request = PayRequest(TXN_ID, "20261123141200", DEMO_ACCOUNT, 500_00)
    assert (await _outcome_with(_saying(wire), session, request)).outcome is UNKNOWN


async def test_the_good_answer_of_the_same_peer_is_a_credit(session):
    request = request_of()
    answer = await _outcome_with(_saying(_http(GOOD.format(request.txn_id).encode())), session, request)
    assert answer.outcome is CREDITED


async def test_a_way_round_by_another_address_is_not_taken(session):
    asked = 0

    async def peer(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal asked
        asked += 1
        moved = _http(b"", "302 Found", "Location: /there\r\n")
        writer.write(moved if asked == 1 else _http(GOOD.format(TXN_ID).encode()))
        await writer.drain()

    request = PayRequest(TXN_ID, "20261123141200", DEMO_ACCOUNT, 500_00)
    assert (await _outcome_with(peer, session, request)).comment == "HTTP 302"
    assert asked == 1


async def test_a_password_of_the_address_is_sent_as_http_basic_and_not_said(session, caplog):
    heads: list[bytes] = []

    async def peer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append(await reader.readuntil(b"\r\n\r\n"))
        writer.close()

    server = await asyncio.start_server(peer, "127.0.0.1", 0)
    async with server:
        url = f"http://kiosk:secret@127.0.0.1:{server.sockets[0].getsockname()[1]}/osmp"
        answer = await Payer(url, session).pay(request_of())
    assert b"\r\nAuthorization: Basic a2lvc2s6c2VjcmV0\r\n" in heads[0]
    assert b"secret" not in heads[0]
    assert "secret" not in answer.comment + caplog.text


async def test_a_second_answer_in_a_kept_connection_credits_no_other_payment(session):
    heads: list[bytes] = []

    async def doubling(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                heads.append(await reader.readuntil(b"\r\n\r\n"))
                for _ in range(2):  # the second one comes when the client is done with the first
                    writer.write(_http(GOOD.format(TXN_ID).encode()))
                    await writer.drain()
                    await asyncio.sleep(0.1)
        writer.close()

    server = await asyncio.start_server(doubling, "127.0.0.1", 0)
    async with server:
        payer = Payer(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/", session)
        assert (await payer.pay(PayRequest(TXN_ID, "20261123141200", DEMO_ACCOUNT, 500_00))).outcome is CREDITED
        await asyncio.sleep(0.2)
        assert (await payer.pay(request_of())).outcome is UNKNOWN
    assert heads
    assert all(b"\r\nConnection: close\r\n" in head for head in heads)


async def test_an_answer_without_end_is_cut_at_the_cap(session):
    sent = 0

    async def endless(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n<response>")
        while True:
            writer.write(b" " * 65536)
            sent += 65536
            await writer.drain()

    answer = await _outcome_with(endless, session, request_of())
    assert (answer.outcome, answer.comment) == (UNKNOWN, f"the answer is larger than {BODY_SIZE_MAX} bytes")
    assert sent < 100 * BODY_SIZE_MAX


async def test_an_answer_that_drips_ends_at_the_total_deadline(session):
    async def dripping(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n<response>")
        while True:  # every byte comes in time for a deadline between bytes
            writer.write(b" ")
            await writer.drain()
            await asyncio.sleep(0.05)

    began_s = asyncio.get_running_loop().time()
    answer = await _outcome_with(dripping, session, request_of())
    assert (answer.outcome, answer.comment) == (UNKNOWN, "no answer in 1 s")
    assert asyncio.get_running_loop().time() - began_s < 5


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/osmp", "", "not a url", "http://"])
async def test_an_address_where_nobody_is_leaves_the_payment_unknown(session, url):
    assert (await Payer(url, session).pay(request_of())).outcome is UNKNOWN


async def test_a_closed_port_says_nothing_more(sandbox, session):
    payer = Payer(f"{sandbox.url}/osmp", session)
    sandbox.fault("late", delay_s=60)
    request = request_of()
    payer.port.pay(request)
    async with asyncio.timeout(ANSWER_S_MAX):
        while not sandbox.credits(request.txn_id):  # noqa: ASYNC110 (another process: there is no event)
            await asyncio.sleep(0.02)
        await payer.port.close()
    assert payer.answers.empty()
