"""The accounts client against the sandbox as a process and against peers that break the agreement."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Iterator

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from billing_sandbox import SandboxProcess

from payment.billing.accounts import BODY_SIZE_MAX, AccountsClient, AccountsUnavailableError
from payment.billing.osmp import OsmpBilling
from payment.contract import PayAnswered, PayOutcome, PayRequest
from payment.sandbox.seed import ACCOUNTS, DEMO_ACCOUNT, FAMILY_PHONE

SUMMARY = {"account": "1", "name_masked": "Б•• И. П.", "address_masked": "г. Санкт-Петербург"}
DETAILS = {
    "account": "1",
    "due_minor": 5,
    "debt_minor": 7,
    "penalty_minor": 1,
    "advance_minor": 3,
    "period": "ноябрь 2026",
    "month": "2026-11",
    "charges": [],
    "as_of": "23.11.2026",
}


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxProcess]:
    running = SandboxProcess(tmp_path_factory.mktemp("accounts") / "sandbox.sqlite").start()
    yield running
    assert running.stop() == 0


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as made:
        yield made


@pytest.fixture
def client(sandbox, session) -> AccountsClient:
    return AccountsClient(f"{sandbox.url}/", session)


async def test_a_found_account_is_masked(client):
    found = await client.find(DEMO_ACCOUNT)
    assert found is not None
    assert found.account == DEMO_ACCOUNT
    assert found.name_masked == "Бел•••••• И. П."
    assert found.address_masked == "г. Санкт-Петербург, Невский пр., д. 1••, кв. ••"


async def test_no_summary_gives_a_person_away(client):
    for seed in ACCOUNTS.values():
        found = await client.find(seed.account)
        assert found is not None
        shown = found.name_masked + found.address_masked
        assert not [secret for secret in (seed.last_name, seed.first_name, seed.patronymic) if secret in shown]
        assert re.search(r"кв\. •+$", found.address_masked)


@pytest.mark.parametrize("account", ["100000018", "0", "", "../credits", "1/verify", "%2e%2e", "счёт", "a b?c=1#d"])
async def test_an_account_that_does_not_exist_is_none_or_an_error_but_never_another(client, account):
    try:
        assert await client.find(account) is None
        assert await client.details_by_bill(account) is None
    except AccountsUnavailableError:
        assert account in ("", "%2e%2e", "../credits", "1/verify")  # addresses of no account at all


@pytest.mark.clause("8.1.4b")
async def test_the_second_attribute_opens_what_is_owed(client):
    details = await client.verify(DEMO_ACCOUNT, "4321")
    assert details is not None
    assert details.due_minor == 1_543_21 == sum(charge.amount_minor for charge in details.charges)
    assert re.fullmatch(r"[а-я]+ 20\d\d", details.period)
    assert details == await client.details_by_bill(DEMO_ACCOUNT)


async def test_a_proved_phone_opens_the_accounts_that_name_it_and_no_other(client):
    own = await client.of_phone("+79990004321")
    assert own.accounts == (await client.find(DEMO_ACCOUNT),)
    assert await client.details_by_phone(DEMO_ACCOUNT, "+79990004321") == await client.verify(DEMO_ACCOUNT, "4321")
    family = await client.of_phone(FAMILY_PHONE)
    assert [account.account for account in family.accounts] == ["100000090", "100000116"]
    assert await client.details_by_phone(DEMO_ACCOUNT, FAMILY_PHONE) is None
    assert (await client.of_phone("+79217654321")).accounts == ()


@pytest.mark.parametrize("phone", ["", "4321", "89990004321", "+7999000432", "+799900043210"])
async def test_what_is_no_whole_phone_is_bound_to_nothing(client, phone):
    assert (await client.of_phone(phone)).accounts == ()
    assert await client.details_by_phone(DEMO_ACCOUNT, phone) is None


@pytest.mark.parametrize("attribute", ["4322", "", "43210", "٤٣٢١", "0615"])
async def test_a_wrong_second_attribute_opens_nothing(client, attribute):
    assert await client.verify(DEMO_ACCOUNT, attribute) is None
    assert await client.verify("100000018", attribute) is None


async def test_the_balance_moves_with_a_credit(client, sandbox, session):
    account = "100000074"
    before = await client.details_by_bill(account)
    answers: asyncio.Queue[PayAnswered] = asyncio.Queue()
    port = OsmpBilling(f"{sandbox.url}/osmp", session=session, post_event=answers.put_nowait)
    port.pay(PayRequest("555", "20261123141200", account, 2_000_05))
    assert (await asyncio.wait_for(answers.get(), 10)).outcome is PayOutcome.CREDITED
    after = await client.details_by_bill(account)
    assert before is not None
    assert after is not None
    assert after.due_minor == before.due_minor - 2_000_05 < 0
    assert sum(charge.amount_minor for charge in after.charges) == after.due_minor


async def test_a_billing_that_is_down_is_unreachable_and_comes_back(client, sandbox):
    assert await client.reachable()
    sandbox.fault("down", count=1000)
    assert not await client.reachable()
    with pytest.raises(AccountsUnavailableError):
        await client.find(DEMO_ACCOUNT)
    with pytest.raises(AccountsUnavailableError):
        await client.verify(DEMO_ACCOUNT, "4321")
    sandbox.fault("none")
    assert await client.reachable()


@pytest.mark.parametrize("url", ["", "http://127.0.0.1:1", "not a url"])
async def test_nobody_at_the_address_is_unavailable(session, url):
    client = AccountsClient(url, session)
    assert not await client.reachable()
    with pytest.raises(AccountsUnavailableError):
        await client.find(DEMO_ACCOUNT)


# --- peers that break the agreement ----------------------------------------------------------------------------------


async def _ask(session: aiohttp.ClientSession, answer: web.Response, *, details: bool = False) -> object:
    async def handler(_request: web.Request) -> web.Response:
        return answer

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handler)
    async with TestServer(app) as server:
        client = AccountsClient(str(server.make_url("/")), session, deadline_s=5)
        return await (client.verify("1", "2") if details else client.find("1"))


def _json(body: object, status: int = 200) -> web.Response:
    return web.Response(body=json.dumps(body).encode(), status=status)


async def test_an_agreed_answer_of_the_same_peer_is_read(session):
    assert await _ask(session, _json(SUMMARY | {"later_field": 1})) is not None
    assert await _ask(session, _json(DETAILS), details=True) is not None
    assert await _ask(session, _json({"error": "account_not_found"}, 404)) is None
    assert await _ask(session, _json({"error": "attribute_refused"}, 403), details=True) is None


@pytest.mark.parametrize(
    ("answer", "details"),
    [
        (lambda: web.Response(text="<h1>404</h1>", status=404), False),
        (lambda: _json({"error": "blocked by proxy"}, 403), True),
        (lambda: web.Response(text="<h1>works</h1>"), False),
        (lambda: web.Response(status=302, headers={"Location": "/"}), False),
        (lambda: _json({}, 500), False),
        (lambda: _json(SUMMARY | {"account": "2"}), False),
        (lambda: _json(SUMMARY | {"name_masked": "x" * 201}), False),
        (lambda: _json({"account": "1"}), False),
        (lambda: web.Response(body=b'{"account": "\xff"}'), False),
        (lambda: web.Response(body=b" " * (BODY_SIZE_MAX + 1)), False),
        (lambda: _json(DETAILS | {"due_minor": 15.5}), True),
        (lambda: _json(DETAILS | {"due_minor": "5"}), True),
        (lambda: _json(DETAILS | {"due_minor": True}), True),
        (lambda: _json(DETAILS | {"due_minor": 10**13}), True),
        (lambda: _json(DETAILS | {"as_of": "2026-11-23"}), True),
        (lambda: _json(DETAILS | {"charges": [{"title": "x", "amount_minor": None}]}), True),
        (lambda: _json(DETAILS | {"charges": [{"title": "x", "amount_minor": 1}] * 51}), True),
    ],
)
async def test_a_broken_answer_is_unavailable_and_never_a_verdict(session, answer, details):
    with pytest.raises(AccountsUnavailableError):
        await _ask(session, answer(), details=details)


@pytest.mark.parametrize(
    "answer",
    [
        lambda: web.Response(text="<h1>404</h1>", status=404),
        lambda: _json({}),
        lambda: _json({"accounts": [SUMMARY, SUMMARY]}),
        lambda: _json({"accounts": [SUMMARY | {"account": str(number)} for number in range(21)]}),
    ],
)
async def test_accounts_of_a_phone_are_told_as_agreed_or_not_at_all(session, answer):
    async def handler(_request: web.Request) -> web.Response:
        return answer()

    app = web.Application()
    app.router.add_post("/phones/accounts", handler)
    async with TestServer(app) as server:
        with pytest.raises(AccountsUnavailableError):
            await AccountsClient(str(server.make_url("/")), session).of_phone("+79990004321")


async def test_a_silent_peer_is_left_at_the_deadline(session):
    async def silent(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _reader.read()
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    async with server:
        client = AccountsClient(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", session, deadline_s=0.3)
        with pytest.raises(AccountsUnavailableError, match=r"no answer in 0\.3 s"):
            await client.find("1")
