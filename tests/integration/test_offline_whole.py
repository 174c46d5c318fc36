"""Billing goes away and comes back: what is told of it, money by the offline policy only, one credit when it is back.

The clients are the real ones, and billing is the sandbox as a process whose connections break.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import date

import aiohttp
import pytest
from billing_sandbox import SandboxProcess
from msgspec.structs import replace
from test_qr_payment_whole import Calendar

from payment.billing.accounts import AccountsClient
from payment.billing.osmp import OsmpBilling
from payment.billing.osmp_dialects import DIALECTS
from payment.cashier import Cashier
from payment.contract import AcceptorChanged, BillingChanged, CashierEvent, PaymentOrder, PayOutcome
from payment.money_rules import DatedRules, MoneyRules
from payment.sandbox.seed import DEMO_ACCOUNT
from tests.unit.payment.till_world import check_books

ORDER = PaymentOrder(DEMO_ACCOUNT, asked_minor=500_00)
DAYS_OF_SECONDS = iter(range(20_000, 80_000, 5_000))
WITHOUT_POLICY = DatedRules([MoneyRules(date(2001, 8, 7), offline_allowed=False)])


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxProcess]:
    running = SandboxProcess(tmp_path_factory.mktemp("offline") / "sandbox.sqlite").start()
    yield running
    assert running.stop() == 0


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as made:
        yield made


class Terminal:
    """A cashier at the real billing, and the probe that core has."""

    def __init__(self, sandbox, session, dialect: str = "osmp", rules: DatedRules | None = None) -> None:
        self.world = Calendar(now_s=next(DAYS_OF_SECONDS))
        self.accounts = AccountsClient(sandbox.url, session)
        self.billing = OsmpBilling(
            f"{sandbox.url}/osmp", session=session, post_event=self._told, dialect=DIALECTS[dialect], deadline_s=5
        )
        self.cashier = Cashier(
            journal=self.world,
            acceptor=self.world,
            billing=self.billing,
            printer=self.world,
            clock=self.world,
            settings=self.world.settings,
            tell=self.world.told.append,
            rules=rules,
        )
        self.cashier.on_event(AcceptorChanged(ready=True))

    def _told(self, event: CashierEvent) -> None:
        self.cashier.on_event(event)

    async def looks(self) -> bool:
        """What core does every 15 seconds, and what the till tells once a second."""
        reachable = await self.accounts.reachable()
        self.cashier.on_event(BillingChanged(reachable))
        return reachable

    def takes(self, order: PaymentOrder, value_minor: int = 500_00) -> bool:
        self.cashier.open_visit(order)
        self.world.put_in(self.cashier, value_minor)
        return self.cashier.snapshot.inserted_minor == value_minor

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(20):
            while not condition():
                self.world.now_s += 1
                self.cashier.on_time(self.world.now())
                await asyncio.sleep(0.01)


@pytest.mark.parametrize("dialect", ["osmp", "osmp-cancel"])
async def test_without_billing_an_account_it_knows_is_paid_and_delivered_once_when_it_is_back(
    sandbox, session, dialect
):
    terminal = Terminal(sandbox, session, dialect)
    assert await terminal.looks()
    sandbox.fault("down", count=100_000)
    assert not await terminal.looks()
    assert terminal.takes(ORDER)
    terminal.cashier.pay()
    await terminal.until(lambda: bool(terminal.world.receipts))
    assert terminal.world.receipts[0].outcome is PayOutcome.UNKNOWN
    terminal.world.print_out(terminal.cashier)
    terminal.cashier.close_visit()
    assert terminal.cashier.undelivered() == 1
    txn_id = terminal.world.receipts[0].txn_id
    assert sandbox.credits(txn_id) == []
    sandbox.fault("none")
    assert await terminal.looks()
    await terminal.until(lambda: terminal.cashier.undelivered() == 0)
    (credit,) = sandbox.credits(txn_id)
    assert (credit["account"], credit["amount_minor"]) == (DEMO_ACCOUNT, 500_00)
    check_books(terminal.world)
    await terminal.billing.close()


@pytest.mark.parametrize("why", ["nobody checked the account", "the policy forbids it"])
async def test_without_billing_no_other_note_is_kept(sandbox, session, why):
    unchecked = why == "nobody checked the account"
    terminal = Terminal(sandbox, session, rules=None if unchecked else WITHOUT_POLICY)
    order = replace(ORDER, checked=not unchecked)
    sandbox.fault("down", count=100_000)
    assert not await terminal.looks()
    assert not terminal.takes(order)
    terminal.cashier.leave()
    sandbox.fault("none")
    assert await terminal.looks()
    assert terminal.takes(order)
    await terminal.billing.close()
