"""A decision at the office's page, carried out by the real core at a billing with faults, cores killed meanwhile.

The oracle is the sandbox: each payment's money stands once, on the account that two people named.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from pathlib import Path

import aiohttp
import pytest
from billing_sandbox import SandboxProcess
from test_core_uploads_journal import linked, started_core

from payment.billing.osmp import OsmpClient
from payment.billing.osmp_dialects import OSMP_CANCEL
from payment.contract import PayRequest
from payment.journal.journal import Journal, read_journal
from payment.ledger import Books, Place
from payment.local_time import TIME_ZONE, local_stamp, zone_of
from payment.sandbox.seed import ACCOUNTS
from tests.integration import office_bench as bench

CLOSED = next(seed.account for seed in ACCOUNTS.values() if not seed.active)
WRONG, RIGHT, *_ = (seed.account for seed in ACCOUNTS.values() if seed.active)
REFUSED_TXN, CREDITED_TXN = "26112609000000000001", "26112609000000000002"
SUM_MINOR = 500_00


def visit(number: int, account: str, txn_id: str, txn_date: str, result: dict[str, object]) -> list[tuple[str, dict]]:
    session = {"session_id": f"s{number}"}
    known = {"txn_id": txn_id, "amount_minor": SUM_MINOR, "fee_minor": 0}
    line = {"account": account, "service": "electricity", "service_title": "Электроэнергия", "asked_minor": 0}
    return [
        ("session_open", {**session, **line}),
        ("escrow_seen", {**session, "value_minor": SUM_MINOR}),
        ("stacked", {**session, "value_minor": SUM_MINOR}),
        ("pay_intent", {**session, **line, **known, "txn_date": txn_date, "means": "cash"}),
        ("pay_result", {**session, **known, **result}),
        ("session_closed", session),
    ]


async def credited_at_billing(sandbox: SandboxProcess, txn_date: str) -> str:
    """The wrong account has its money at billing too; gives the provider's number."""
    async with aiohttp.ClientSession() as http:
        client = OsmpClient(sandbox.url + "/osmp", http, dialect=OSMP_CANCEL)
        return (await client.pay(PayRequest(CREDITED_TXN, txn_date, WRONG, SUM_MINOR))).provider_txn


def seed(data: Path, records: list[tuple[str, dict]]) -> None:
    data.mkdir()
    journal = Journal.open(data / "journal.sqlite", post=lambda call: call(), on_failed=pytest.fail)
    done = threading.Semaphore(0)
    for kind, record in records:
        journal.append(kind, record, done.release)
    for _ in records:
        assert done.acquire(timeout=10)
    journal.close()


class Page:
    """Two people at the page «Деньги»."""

    def __init__(self, url: str, orlova: aiohttp.ClientSession, petrov: aiohttp.ClientSession) -> None:
        self._url, self._orlova, self._petrov = url, orlova, petrov

    async def items(self, *, closed: bool = False) -> dict[str, dict]:
        async with self._orlova.get(f"{self._url}/api/money/items?closed={int(closed)}") as answer:
            return {item["kind"]: item for item in (await answer.json())["items"]}

    async def post(self, act: str, form: dict[str, object], *, second: bool = False) -> None:
        who = self._petrov if second else self._orlova
        async with who.post(f"{self._url}/api/money/{act}", json=form) as answer:
            assert answer.status == 204, await answer.text()

    async def readdressed(self, kind: str) -> None:
        item_id = (await self.items())[kind]["item_id"]
        form = {"item_id": item_id, "act": "readdress", "reason": "Клиент ошибся цифрой", "account": RIGHT}
        await self.post("propose", form)
        proposal = (await self.items())[kind]["proposals"][-1]
        await self.post("decide", {"proposal_id": proposal["proposal_id"], "approve": True}, second=True)


@contextlib.asynccontextmanager
async def running_core(config: Path, folder: Path):
    core = await started_core(config, folder)
    try:
        await asyncio.wait_for(linked(core), 40)
        yield
    finally:
        core.kill()
        await core.wait()


async def test_decisions_are_carried_out_once_at_a_faulty_billing_by_cores_that_are_killed(tmp_path):
    now = local_stamp(time.time(), zone_of(TIME_ZONE))
    sandbox = SandboxProcess(tmp_path / "billing.sqlite").start()
    provider_txn = await credited_at_billing(sandbox, now)
    refused = {"outcome": "refused", "provider_txn": "", "result_code": 79}
    credited = {"outcome": "credited", "provider_txn": provider_txn, "result_code": 0}
    records = visit(1, CLOSED, REFUSED_TXN, now, refused) + visit(2, WRONG, CREDITED_TXN, now, credited)
    seed(tmp_path / "data", records)
    office_data = tmp_path / "office"
    for login in ("orlova", "petrov"):
        await bench.add_agent(office_data, login, roles=("accountant",))
    async with bench.running_office(office_data) as office, bench.Crowd() as crowd:
        await bench.enrol_terminal(office_data, office.terminal_url, "Терминал 1")
        config = tmp_path / "terminal.toml"
        config.write_text(
            f'data_dir = "data"\n[devices]\ncamera = "camera://pattern"\n'
            f'[office]\nurl = "{office.terminal_url}"\nidentity_dir = "identity-Терминал 1"\n'
            f'[billing]\nosmp_url = "{sandbox.url}/osmp"\nosmp_dialect = "osmp-cancel"\n',
            "utf-8",
        )
        logins = [await crowd.signed_in(office.desk_url, login) for login in ("orlova", "petrov")]
        page = Page(office.desk_url, *logins)

        async def arrived() -> bool:
            return "unallocated" in await page.items()

        async def begun() -> bool:
            kinds = [record.kind for record in read_journal(tmp_path / "data" / "journal.sqlite")]
            return kinds.count("move_ordered") == 2

        async def ended() -> bool:
            return set(await page.items(closed=True)) == {"unallocated", "wrong_account"}

        async with running_core(config, tmp_path):
            await bench.until(arrived, within_s=40)
        (terminal_id,) = {item["terminal_id"] for item in (await page.items()).values()}
        await page.post("claim", {"terminal_id": terminal_id, "txn_id": CREDITED_TXN, "reason": "Не та квартира"})
        sandbox.fault("commit_then_drop", api="pay", count=2)
        for kind in ("unallocated", "wrong_account"):
            await page.readdressed(kind)
        async with running_core(config, tmp_path):
            await bench.until(begun, within_s=40)
        sandbox.fault("cut_body", api="cancel", count=1)
        async with running_core(config, tmp_path):
            await bench.until(ended, within_s=60)
    standing = [(credit["account"], credit["amount_minor"]) for credit in sandbox.credits() if not credit["cancelled"]]
    assert standing == [(RIGHT, SUM_MINOR)] * 2
    assert sandbox.credits(CREDITED_TXN)[0]["cancelled"] is True
    books = Books((record.kind, record.data) for record in read_journal(tmp_path / "data" / "journal.sqlite"))
    assert books.faults() == []
    assert (books.balance(Place.CREDITED), books.balance(Place.UNALLOCATED)) == (2 * SUM_MINOR, 0)
    assert sandbox.stop() == 0
