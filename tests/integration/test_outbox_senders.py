"""Readings and registers of the day on their way through the outbox to the sandbox."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import date, timedelta

import aiohttp
import pytest
from billing_sandbox import SandboxProcess

from payment.billing.account_values import Readings, ZoneReading
from payment.billing.accounts import AccountsClient
from payment.billing.osmp import OsmpClient
from payment.billing.outbox import Outbox
from payment.billing.outbox_senders import READINGS, REGISTER, readings_parcel, readings_sender, register_sender
from payment.billing.register import write_changed
from payment.contract import PayOutcome, PayRequest
from payment.reconciliation.daily_totals import JournalSummary
from payment.reconciliation.register_layouts import BILLING_DAY
from payment.reconciliation.registers import read_register
from payment.sandbox.clock import today
from payment.sandbox.seed import DEMO_ACCOUNT

TODAY = today()
YESTERDAY = TODAY - timedelta(days=1)
DAY = YESTERDAY.strftime("%Y%m%d")
LAST_DRAW = 0  # the shortest wait: one millisecond


@pytest.fixture
def sandbox(tmp_path) -> Iterator[SandboxProcess]:
    running = SandboxProcess(tmp_path / "sandbox.sqlite").start()
    yield running
    assert running.stop() == 0


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as made:
        yield made


class Terminal:
    """An outbox with the real senders and a clock that the test moves."""

    def __init__(self, path, sandbox, session) -> None:
        self.now_ms = 0
        client = AccountsClient(sandbox.url, session, deadline_s=5)
        senders = {READINGS: readings_sender(client), REGISTER: register_sender(sandbox.url, session)}
        self.box = Outbox(path, senders, now_ms=lambda: self.now_ms, draw=lambda: LAST_DRAW)

    async def deliver(self) -> None:
        self.now_ms += 10
        await self.box.deliver_due()


@pytest.fixture
async def terminal(tmp_path, sandbox, session) -> AsyncIterator[Terminal]:
    made = Terminal(tmp_path / "outbox.sqlite", sandbox, session)
    yield made
    await made.box.close()


def readings(value: int) -> Readings:
    values = (ZoneReading("T1", value), ZoneReading("T2", 5_950))
    return Readings("reading-0001", DEMO_ACCOUNT, "37204816", TODAY, values)


async def test_readings_given_without_a_network_arrive_once_when_it_is_back(terminal, sandbox):
    sandbox.fault("down", count=2)
    await terminal.box.put(*readings_parcel(readings(12_500)))
    await terminal.deliver()
    await terminal.deliver()
    assert sandbox.readings("reading-0001") == []
    sandbox.fault("commit_then_drop", api="readings")
    for _ in range(4):
        await terminal.deliver()
    (kept,) = sandbox.readings("reading-0001")
    assert (kept["accepted"], kept["values"][0]["value"]) == (True, 12_500)
    assert (await terminal.box.state()).waiting == 0


async def test_readings_that_billing_refuses_are_kept_for_a_person(terminal):
    await terminal.box.put(*readings_parcel(readings(1)))
    await terminal.deliver()
    (kept,) = await terminal.box.refused()
    assert kept.refused == "less_than_previous"


async def pay(sandbox, session, summary: JournalSummary, txn_id: str, amount_minor: int) -> None:
    """One payment, as billing has it and as the journal tells it."""
    request = PayRequest(txn_id, f"{DAY}120000", DEMO_ACCOUNT, amount_minor)
    answer = await OsmpClient(f"{sandbox.url}/osmp", session, deadline_s=5).pay(request)
    assert answer.outcome is PayOutcome.CREDITED
    paid = {"txn_id": txn_id, "account": DEMO_ACCOUNT, "amount_minor": amount_minor}
    summary.add("pay_intent", paid | {"txn_date": request.txn_date, "fee_minor": 0})
    summary.add("pay_result", paid | {"outcome": "credited", "provider_txn": answer.provider_txn})


async def tell(terminal, tmp_path, summary: JournalSummary) -> None:
    (register,) = write_changed(tmp_path, summary, "T-1", YESTERDAY, TODAY)
    await terminal.box.put(REGISTER, register.key, register.path.read_bytes())
    for _ in range(3):
        await terminal.deliver()


@pytest.mark.parametrize("mode", ["none", "commit_then_drop", "http_500", "html", "entity_bomb", "cut_body"])
async def test_a_register_that_agrees_is_delivered(terminal, sandbox, session, tmp_path, mode):
    summary = JournalSummary()
    await pay(sandbox, session, summary, "1", 1_136_85)
    await pay(sandbox, session, summary, "2", 5_00)
    sandbox.fault(mode, api="registers")
    await tell(terminal, tmp_path, summary)
    state = await terminal.box.state()
    assert (state.waiting, state.refused) == (0, 0)


async def test_a_register_that_differs_is_kept_for_a_person(terminal, sandbox, session, tmp_path):
    summary = JournalSummary()
    await pay(sandbox, session, summary, "1", 100_00)
    await pay(sandbox, session, JournalSummary(), "2", 100_00)  # billing has what our journal lost
    lost = {"txn_id": "3", "account": DEMO_ACCOUNT, "amount_minor": 5_00, "txn_date": f"{DAY}120000", "fee_minor": 0}
    summary.add("pay_intent", lost)
    summary.add("pay_result", lost | {"outcome": "credited", "provider_txn": "7"})
    await tell(terminal, tmp_path, summary)
    (kept,) = await terminal.box.refused()
    assert kept.refused == "missing here 1, missing there 1, different 0"


async def test_billings_own_register_of_an_empty_day_is_a_file_and_of_today_there_is_none(sandbox, session, tmp_path):
    async with session.get(f"{sandbox.url}/registers/{DAY}") as answer:
        (tmp_path / "theirs.csv").write_bytes(await answer.read())
    assert list(read_register(tmp_path / "theirs.csv", BILLING_DAY, ("txn_id", "amount_minor"))) == []
    async with session.get(f"{sandbox.url}/registers/{today():%Y%m%d}") as answer:
        assert answer.status == 404


async def test_billings_own_register_is_of_the_agreed_layout(sandbox, session, tmp_path):
    await pay(sandbox, session, JournalSummary(), "1", 1_136_05)
    async with session.get(f"{sandbox.url}/registers/{DAY}") as answer:
        (tmp_path / "theirs.csv").write_bytes(await answer.read())
    rows = list(read_register(tmp_path / "theirs.csv", BILLING_DAY, ("txn_id", "txn_date", "amount_minor")))
    assert rows == [("1", f"{DAY}120000", 1_136_05)]


async def test_half_a_register_is_refused(terminal):
    await terminal.box.put(REGISTER, f"register-{date(2026, 11, 1):%Y%m%d}-{'a' * 16}", b"txn_id;txn_date\n1;2\n")
    await terminal.deliver()
    assert [parcel.refused for parcel in await terminal.box.refused()] == ["HTTP 400"]
