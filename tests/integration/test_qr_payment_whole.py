"""A payment by QR from the screen to the account: the production cashier and clients against the sandbox."""

from __future__ import annotations

import asyncio
import itertools
import random
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from billing_sandbox import SandboxProcess

from payment.billing.osmp import OsmpBilling
from payment.billing.sbp import SbpAcquirer
from payment.billing.sbp_dialects import ACQUIRERS, ORDERS
from payment.cashier import Cashier
from payment.contract import CashierEvent, CashPhase, Means, Moment, PaymentOrder, PayOutcome, ReceiptPrinted
from payment.ledger import Place
from tests.unit.payment.till_world import TillWorld, check_books

ACCOUNT, SUM_MINOR = "100000017", 1_543_21
ORDER = PaymentOrder(ACCOUNT, asked_minor=SUM_MINOR, means=Means.QR)
WAIT_S_MAX = 15
_mornings = itertools.count(5_000, 10_000)


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxProcess]:
    running = SandboxProcess(tmp_path_factory.mktemp("qr") / "sandbox.sqlite").start()
    yield running
    assert running.stop() == 0


class Calendar(TillWorld):
    """Billing refuses a date that is none, so the wall clock is a real one."""

    def now(self) -> Moment:
        local = datetime(2026, 11, 23, tzinfo=UTC) + timedelta(seconds=self.now_s)
        return Moment(int(local.timestamp()) * 1000, self.now_s, local.strftime("%Y%m%d%H%M%S"))


class Hall:
    """One terminal, its customer with a telephone, and a clock that the test moves."""

    def __init__(self, sandbox: SandboxProcess, session: aiohttp.ClientSession, dialect) -> None:
        self.sandbox = sandbox
        self.world = Calendar(now_s=next(_mornings))  # numbers follow the clock and are never used twice
        url = f"{sandbox.url}/sbp/{dialect.name}"
        self.acquirer = SbpAcquirer(url, session=session, post_event=self.on_event, dialect=dialect, deadline_s=5)
        self.billing = OsmpBilling(f"{sandbox.url}/osmp", session=session, post_event=self.on_event, deadline_s=5)
        self.cashier = self.started()

    def started(self) -> Cashier:
        """A cashier over what is on disk, as after a restart."""
        return Cashier(
            journal=self.world,
            acceptor=self.world,
            billing=self.billing,
            printer=self.world,
            clock=self.world,
            settings=self.world.settings,
            tell=self.world.told.append,
            records=self.world.records,
            acquirer=self.acquirer,
        )

    def on_event(self, event: CashierEvent) -> None:
        self.cashier.on_event(event)

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(WAIT_S_MAX):
            while not condition():
                self.world.now_s += 1
                self.cashier.on_time(self.world.now())
                await asyncio.sleep(0.01)

    async def shown(self) -> str:
        """The QR stands on the screen; the order's number at the bank."""
        self.cashier.open_visit(ORDER)
        await self.until(lambda: self.cashier.snapshot.qr_payload != "")
        return str(self.world.data("qr_intent")["operation_id"])

    def credited_minor(self, txn_ids: set[str]) -> int:
        return sum(credit["amount_minor"] for credit in self.sandbox.credits() if credit["txn_id"] in txn_ids)

    def asked(self) -> set[str]:
        return {str(record.data["txn_id"]) for record in self.world.records if record.kind == "pay_intent"}


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as made:
        yield made


@pytest.fixture
async def hall(sandbox, session) -> AsyncIterator[Hall]:
    made = Hall(sandbox, session, ORDERS)
    yield made
    await made.acquirer.close()
    await made.billing.close()


@pytest.mark.clause("8.1.1d", owner="payment")
@pytest.mark.parametrize("dialect", ACQUIRERS.values(), ids=lambda dialect: dialect.name)
async def test_a_paid_qr_is_credited_to_the_account(sandbox, session, dialect):
    hall = Hall(sandbox, session, dialect)
    order = await hall.shown()
    assert hall.cashier.snapshot.qr_payload.startswith("https://qr.nspk.ru/")
    sandbox.press_qr(order, "begin")
    sandbox.press_qr(order, "pay")
    await hall.until(lambda: hall.cashier.snapshot.outcome is PayOutcome.CREDITED)
    assert hall.credited_minor(hall.asked()) == SUM_MINOR
    await hall.until(lambda: bool(hall.world.receipts))
    hall.cashier.on_event(ReceiptPrinted(hall.world.receipts[-1].txn_id))
    assert check_books(hall.world).balances()[Place.CREDITED] == SUM_MINOR
    await hall.acquirer.close()
    await hall.billing.close()


async def test_a_qr_paid_after_the_customer_left_is_credited_all_the_same(hall, sandbox):
    order = await hall.shown()
    sandbox.press_qr(order, "begin")
    hall.cashier.leave()
    await hall.until(lambda: hall.cashier.snapshot.phase in (CashPhase.IDLE, CashPhase.DONE))
    sandbox.press_qr(order, "pay")
    await hall.until(lambda: hall.credited_minor(hall.asked()) == SUM_MINOR)
    check_books(hall.world)


async def test_a_qr_paid_while_the_terminal_was_dead_is_credited_once(hall, sandbox):
    order = await hall.shown()
    sandbox.press_qr(order, "pay")
    hall.cashier = hall.started()
    sandbox.fault("commit_then_drop", api="pay")
    await hall.until(lambda: "pay_result" in hall.world.kinds() and hall.cashier.undelivered() == 0)
    assert hall.credited_minor(hall.asked()) == SUM_MINOR
    assert len([credit for credit in sandbox.credits() if credit["txn_id"] in hall.asked()]) == 1


async def test_a_declined_qr_takes_nothing(hall, sandbox):
    order = await hall.shown()
    sandbox.press_qr(order, "decline")
    await hall.until(lambda: hall.cashier.snapshot.payment_failed)
    assert hall.asked() == set()
    check_books(hall.world)


FAULTS = ["late", "commit_then_drop", "twice", "cut_body", "http_500", "html", "entity_bomb", "swapped", "down"]


async def test_whatever_breaks_on_the_way_a_paid_qr_is_credited_once(sandbox, session):
    """Bank and billing lie in turn, the terminal dies in between; the sandbox counts."""
    chance = random.Random(11)
    for dialect in list(ACQUIRERS.values()) * 3:
        hall = Hall(sandbox, session, dialect)
        sandbox.fault("none")
        order = await hall.shown()
        sandbox.fault(chance.choice(FAULTS), api="sbp", count=chance.randint(1, 3), delay_s=1)
        sandbox.press_qr(order, "pay")
        later_s = hall.world.now_s + chance.randint(0, 30)
        await hall.until(lambda hall=hall, s=later_s: "qr_result" in hall.world.kinds() or hall.world.now_s > s)
        sandbox.fault(chance.choice(FAULTS), api="pay", count=chance.randint(1, 3), delay_s=1)
        if chance.random() < 0.5:
            hall.cashier = hall.started()
        await hall.until(lambda hall=hall: "pay_result" in hall.world.kinds() and hall.cashier.undelivered() == 0)
        credited = [credit for credit in sandbox.credits() if credit["txn_id"] in hall.asked()]
        assert [credit["amount_minor"] for credit in credited] == [SUM_MINOR]
        check_books(hall.world)
        await hall.acquirer.close()
        await hall.billing.close()
