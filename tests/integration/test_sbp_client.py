"""The acquirer's client against the sandbox as a process, where a person pays by the buttons of a page."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Iterator

import aiohttp
import pytest
from billing_sandbox import SandboxProcess

from payment.billing.sbp import AcquirerEvent, SbpAcquirer
from payment.billing.sbp_dialects import ACQUIRERS, RUBLES
from payment.contract import QrAnswered, QrNotRegistered, QrRefundAnswered, QrRegistered, QrState
from payment.sandbox.seed import DEMO_ACCOUNT

ANSWER_S_MAX = 10
SUM_MINOR = 1_543_21
_numbers = itertools.count(1)
DIALECTS = pytest.mark.parametrize("dialect", ACQUIRERS.values(), ids=lambda dialect: dialect.name)


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxProcess]:
    running = SandboxProcess(tmp_path_factory.mktemp("sbp") / "sandbox.sqlite").start()
    yield running
    assert running.stop() == 0


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as made:
        yield made


class Shop:
    """An acquirer port whose events can be awaited, and the customer with his telephone."""

    def __init__(self, sandbox: SandboxProcess, session: aiohttp.ClientSession, dialect, **options: float) -> None:
        self.events: asyncio.Queue[AcquirerEvent] = asyncio.Queue()
        self.sandbox = sandbox
        self.order = f"order-{next(_numbers)}"
        self.port = SbpAcquirer(
            f"{sandbox.url}/sbp/{dialect.name}",
            session=session,
            post_event=self.events.put_nowait,
            dialect=dialect,
            **options,  # type: ignore[arg-type]
        )

    async def event(self) -> AcquirerEvent:
        async with asyncio.timeout(ANSWER_S_MAX):
            told = await self.events.get()
        assert self.events.empty()
        assert told.operation_id == self.order
        return told

    async def register(self, amount_minor: int = SUM_MINOR, account: str = DEMO_ACCOUNT) -> AcquirerEvent:
        self.port.register(self.order, amount_minor, account)
        return await self.event()

    async def state(self) -> QrState:
        self.port.ask(self.order)
        told = await self.event()
        assert isinstance(told, QrAnswered)
        return told.state

    async def cancelled(self) -> QrState:
        self.port.cancel(self.order)
        told = await self.event()
        assert isinstance(told, QrAnswered)
        return told.state

    def press(self, button: str) -> None:
        self.sandbox.press_qr(self.order, button)


@DIALECTS
async def test_a_customer_pays_the_qr_with_his_telephone(sandbox, session, dialect):
    shop = Shop(sandbox, session, dialect)
    shown = await shop.register()
    assert isinstance(shown, QrRegistered)
    assert shown.payload.startswith(f"https://qr.nspk.ru/{shown.qrc_id}?type=02&bank=")
    assert await shop.state() is QrState.NEW
    shop.press("begin")
    assert await shop.state() is QrState.IN_PROGRESS
    shop.press("pay")
    shop.port.ask(shop.order)
    paid = await shop.event()
    assert isinstance(paid, QrAnswered)
    assert (paid.state, paid.amount_minor, bool(paid.provider_id)) == (QrState.PAID, SUM_MINOR, True)
    shop.press("refund")
    assert await shop.state() is QrState.REFUNDED


@DIALECTS
async def test_a_repeat_shows_the_same_qr(sandbox, session, dialect):
    shop = Shop(sandbox, session, dialect)
    first = await shop.register()
    assert isinstance(first, QrRegistered)
    assert await shop.register() == first
    assert len(sandbox.qrs(shop.order)) == 1


async def test_a_number_is_never_used_for_another_sum(sandbox, session):
    shop = Shop(sandbox, session, RUBLES)
    await shop.register()
    assert isinstance(await shop.register(amount_minor=SUM_MINOR + 1), QrNotRegistered)
    assert isinstance(await shop.register(account="100000025"), QrNotRegistered)
    (kept,) = sandbox.qrs(shop.order)
    assert kept["amount_minor"] == SUM_MINOR


@DIALECTS
async def test_a_cancelled_qr_takes_no_money(sandbox, session, dialect):
    shop = Shop(sandbox, session, dialect)
    await shop.register()
    assert await shop.cancelled() is QrState.DECLINED
    shop.press("pay")
    assert await shop.state() is QrState.DECLINED
    assert isinstance(await shop.register(), QrNotRegistered)


@DIALECTS
async def test_money_under_way_is_not_stopped_by_a_cancel(sandbox, session, dialect):
    shop = Shop(sandbox, session, dialect)
    await shop.register()
    shop.press("begin")
    assert await shop.cancelled() is QrState.IN_PROGRESS
    shop.press("pay")
    assert await shop.state() is QrState.PAID
    assert await shop.cancelled() is QrState.PAID


async def test_a_declined_qr_is_final(sandbox, session):
    shop = Shop(sandbox, session, RUBLES)
    await shop.register()
    shop.press("decline")
    assert await shop.state() is QrState.DECLINED


async def test_an_order_that_the_bank_does_not_know_is_unknown(sandbox, session):
    assert await Shop(sandbox, session, RUBLES).state() is QrState.UNKNOWN


@pytest.mark.parametrize(
    "mode",
    ["late", "commit_then_drop", "cut_body", "http_500", "html", "entity_bomb", "swapped", "refuse", "down"],
)
@DIALECTS
async def test_after_any_fault_the_next_question_finds_the_truth(sandbox, session, dialect, mode):
    shop = Shop(sandbox, session, dialect, deadline_s=0.3 if mode == "late" else 5)
    sandbox.fault(mode, api="sbp", delay_s=2)
    assert isinstance(await shop.register(), QrNotRegistered)
    shown = await shop.register()
    assert isinstance(shown, QrRegistered)
    assert len(sandbox.qrs(shop.order)) == 1
    shop.press("pay")
    sandbox.fault(mode, api="sbp", delay_s=2)
    assert await shop.state() is QrState.UNKNOWN
    assert await shop.state() is QrState.PAID


async def test_two_answers_on_the_wire_are_one_event(sandbox, session):
    shop = Shop(sandbox, session, RUBLES)
    sandbox.fault("twice", api="sbp", count=2)
    assert isinstance(await shop.register(), QrRegistered)
    assert await shop.state() is QrState.NEW


async def test_nobody_at_the_address_is_no_qr(session, sandbox):
    shop = Shop(sandbox, session, RUBLES)
    shop.port = SbpAcquirer("http://127.0.0.1:1", session=session, post_event=shop.events.put_nowait, dialect=RUBLES)
    assert isinstance(await shop.register(), QrNotRegistered)
    assert await shop.state() is QrState.UNKNOWN


async def test_a_closed_port_says_nothing_more(sandbox, session):
    shop = Shop(sandbox, session, RUBLES)
    sandbox.fault("late", api="sbp", delay_s=60)
    shop.port.register(shop.order, SUM_MINOR, DEMO_ACCOUNT)
    async with asyncio.timeout(ANSWER_S_MAX):
        while not sandbox.qrs(shop.order):  # noqa: ASYNC110 (another process: there is no event)
            await asyncio.sleep(0.02)
        await shop.port.close()
    assert shop.events.empty()


# --- money goes back --------------------------------------------------------------------------------------------------


async def refunded(shop: Shop, amount_minor: int = SUM_MINOR) -> QrRefundAnswered:
    shop.port.refund(shop.order, amount_minor)
    told = await shop.event()
    assert isinstance(told, QrRefundAnswered)
    return told


@DIALECTS
async def test_a_paid_qr_is_given_back_once_in_the_unit_of_its_bank(sandbox, session, dialect):
    shop = Shop(sandbox, session, dialect)
    await shop.register()
    assert (await refunded(shop)).done is False, "nothing was paid"
    shop.press("pay")
    assert (await refunded(shop, SUM_MINOR - 1)).done is False, "all or nothing"
    assert (await refunded(shop)).done is True
    assert (await refunded(shop)).done is True
    (qr,) = sandbox.qrs(shop.order)
    assert qr["state"] == "REFUNDED"


@pytest.mark.parametrize("mode", ["late", "commit_then_drop", "cut_body", "http_500", "html", "entity_bomb", "swapped"])
async def test_after_any_fault_a_repeated_refund_finds_its_end(sandbox, session, mode):
    shop = Shop(sandbox, session, RUBLES, deadline_s=0.3 if mode == "late" else 5)
    await shop.register()
    shop.press("pay")
    sandbox.fault(mode, api="refund", delay_s=2)
    assert (await refunded(shop)).done is None
    assert (await refunded(shop)).done is True


async def test_a_bank_may_refuse_to_give_back(sandbox, session):
    shop = Shop(sandbox, session, RUBLES)
    await shop.register()
    shop.press("pay")
    sandbox.fault("refuse", api="refund")
    assert (await refunded(shop)).done is False
    assert await shop.state() is QrState.PAID
