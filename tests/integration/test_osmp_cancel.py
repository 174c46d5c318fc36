"""Check, cancel and status of the OSMP client, in the dialects that know them, against the sandbox as a process."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Iterator

import aiohttp
import pytest
from billing_sandbox import SandboxProcess

from payment.billing.osmp import OsmpBilling, OsmpClient
from payment.billing.osmp_answers import CommandMissingError
from payment.billing.osmp_dialects import (
    DIALECTS,
    OSMP,
    OSMP_CANCEL,
    OSMP_REVERSE,
    CheckOutcome,
    PaymentStatus,
)
from payment.contract import CancelAnswered, CancelOutcome, PayAnswered, PayOutcome, PayRequest
from payment.sandbox.seed import ACCOUNTS, DEMO_ACCOUNT

CLOSED_ACCOUNT = next(seed.account for seed in ACCOUNTS.values() if not seed.active)
FAULTS = ["late", "commit_then_drop", "cut_body", "http_500", "html", "entity_bomb", "swapped", "down"]
_numbers = itertools.count(80_000_000_000)


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxProcess]:
    running = SandboxProcess(tmp_path_factory.mktemp("osmp-cancel") / "sandbox.sqlite").start()
    yield running
    assert running.stop() == 0


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as made:
        yield made


def request_of(amount_minor: int = 500_05, account: str = DEMO_ACCOUNT) -> PayRequest:
    return PayRequest(str(next(_numbers)), "20261123141200", account, amount_minor)


def client_of(sandbox, session, dialect, deadline_s: float = 5) -> OsmpClient:
    path = "/osmp/older" if dialect is OSMP_REVERSE else "/osmp"
    return OsmpClient(sandbox.url + path, session, dialect=dialect, deadline_s=deadline_s)


@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=lambda dialect: dialect.name)
async def test_every_dialect_checks_and_pays(sandbox, session, dialect):
    client, request = client_of(sandbox, session, dialect), request_of()
    checked = await client.check(request)
    assert (checked.outcome, dict(checked.details)["fio"]) == (CheckOutcome.MAY_PAY, "Бел•••••• И. П.")
    assert sandbox.credits(request.txn_id) == []
    first, repeat = await client.pay(request), await client.pay(request)
    (credit,) = sandbox.credits(request.txn_id)
    assert first == repeat
    assert (first.outcome, first.provider_txn, credit["amount_minor"]) == (
        PayOutcome.CREDITED,
        credit["prv_txn"],
        500_05,
    )


@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=lambda dialect: dialect.name)
async def test_every_dialect_hears_a_refusal(sandbox, session, dialect):
    client = client_of(sandbox, session, dialect)
    checked = await client.check(request_of(account=CLOSED_ACCOUNT))
    assert (checked.outcome, checked.result_code, checked.comment) == (CheckOutcome.REFUSED, 79, "Лицевой счёт закрыт")
    assert (await client.pay(request_of(account=CLOSED_ACCOUNT))).outcome is PayOutcome.REFUSED


@pytest.mark.parametrize("dialect", [OSMP_CANCEL, OSMP_REVERSE], ids=lambda dialect: dialect.name)
async def test_a_credit_is_undone_once_and_stays_undone(sandbox, session, dialect):
    client, request = client_of(sandbox, session, dialect), request_of()
    assert (await client.status(request)).status is PaymentStatus.NOT_FOUND
    paid = await client.pay(request)
    known = await client.status(request)
    assert (known.status, known.provider_txn) == (PaymentStatus.CREDITED, paid.provider_txn)
    assert (await client.cancel(request, paid.provider_txn)).outcome is CancelOutcome.CANCELLED
    assert (await client.cancel(request, paid.provider_txn)).outcome is CancelOutcome.CANCELLED
    assert (await client.status(request)).status is PaymentStatus.CANCELLED
    assert (await client.pay(request)).outcome is PayOutcome.REFUSED
    (credit,) = sandbox.credits(request.txn_id)
    assert credit["cancelled"] is True


@pytest.mark.parametrize("dialect", [OSMP_CANCEL, OSMP_REVERSE], ids=lambda dialect: dialect.name)
async def test_a_payment_is_undone_by_both_its_numbers_only(sandbox, session, dialect):
    client, request = client_of(sandbox, session, dialect), request_of()
    paid = await client.pay(request)
    assert (await client.cancel(request, str(int(paid.provider_txn) + 1))).outcome is CancelOutcome.REFUSED
    assert (await client.cancel(request_of(), paid.provider_txn)).outcome is CancelOutcome.REFUSED
    assert (await client.status(request)).status is PaymentStatus.CREDITED


@pytest.mark.parametrize("mode", FAULTS)
async def test_after_any_fault_a_repeated_cancel_finds_the_end(sandbox, session, mode):
    client = client_of(sandbox, session, OSMP_CANCEL, deadline_s=0.3 if mode == "late" else 5)
    request = request_of()
    paid = await client.pay(request)
    sandbox.fault(mode, api="cancel", delay_s=2)
    assert (await client.cancel(request, paid.provider_txn)).outcome is CancelOutcome.UNKNOWN
    assert (await client.cancel(request, paid.provider_txn)).outcome is CancelOutcome.CANCELLED
    sandbox.fault(mode, api="status", delay_s=2)
    assert (await client.status(request)).status is PaymentStatus.UNKNOWN
    assert (await client.status(request)).status is PaymentStatus.CANCELLED
    sandbox.fault(mode, api="check", delay_s=2)
    assert (await client.check(request)).outcome is CheckOutcome.UNKNOWN
    assert (await client.check(request)).outcome is CheckOutcome.MAY_PAY


async def test_a_provider_may_forbid_the_cancel(sandbox, session):
    client, request = client_of(sandbox, session, OSMP_CANCEL), request_of()
    paid = await client.pay(request)
    sandbox.fault("refuse", api="cancel")
    refused = await client.cancel(request, paid.provider_txn)
    assert (refused.outcome, refused.result_code) == (CancelOutcome.REFUSED, 7)
    assert (await client.status(request)).status is PaymentStatus.CREDITED


async def test_what_the_base_protocol_lacks_is_not_asked(sandbox, session):
    client = client_of(sandbox, session, OSMP)
    with pytest.raises(CommandMissingError):
        await client.cancel(request_of(), "1")
    with pytest.raises(CommandMissingError):
        await client.status(request_of())


# --- the port that the cashier has ------------------------------------------------------------------------------------


async def told(sandbox, session, dialect, verb) -> PayAnswered | CancelAnswered:
    events: asyncio.Queue[PayAnswered | CancelAnswered] = asyncio.Queue()
    port = OsmpBilling(f"{sandbox.url}/osmp", session=session, post_event=events.put_nowait, dialect=dialect)
    verb(port)
    async with asyncio.timeout(10):
        return await events.get()


@pytest.mark.parametrize(("dialect", "outcome"), [(OSMP, PayOutcome.UNKNOWN), (OSMP_CANCEL, PayOutcome.CREDITED)])
async def test_a_pay_whose_answer_is_lost_is_asked_for_its_status_where_there_is_one(
    sandbox, session, dialect, outcome
):
    request = request_of()
    sandbox.fault("commit_then_drop", api="pay")
    answer = await told(sandbox, session, dialect, lambda port: port.pay(request))
    assert isinstance(answer, PayAnswered)
    assert (answer.outcome, len(sandbox.credits(request.txn_id))) == (outcome, 1)
    if outcome is PayOutcome.CREDITED:
        assert answer.provider_txn == sandbox.credits(request.txn_id)[0]["prv_txn"]


async def test_a_pay_that_never_arrived_stays_unknown_whatever_the_status_says(sandbox, session):
    sandbox.fault("down", count=1)
    answer = await told(sandbox, session, OSMP_CANCEL, lambda port: port.pay(request_of()))
    assert isinstance(answer, PayAnswered)
    assert answer.outcome is PayOutcome.UNKNOWN


@pytest.mark.parametrize(
    ("dialect", "outcome"), [(OSMP, CancelOutcome.REFUSED), (OSMP_CANCEL, CancelOutcome.CANCELLED)]
)
async def test_the_port_cancels_where_the_contract_has_it(sandbox, session, dialect, outcome):
    request = request_of()
    paid = await client_of(sandbox, session, dialect).pay(request)
    answer = await told(sandbox, session, dialect, lambda port: port.cancel(request, paid.provider_txn))
    assert isinstance(answer, CancelAnswered)
    assert answer.outcome is outcome
    assert sandbox.credits(request.txn_id)[0]["cancelled"] is (outcome is CancelOutcome.CANCELLED)
