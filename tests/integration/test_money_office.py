"""A terminal's journal reaches a real office over its link; the page's HTTP finds the payment and guards the acts."""

from __future__ import annotations

import asyncio
import threading

import pytest

from payment.journal.journal import Journal
from payment.journal.rows import JournalRows
from signaling_server.contract import messages as office
from signaling_server.contract.money import JournalAcknowledged
from terminal_app.core.journal_upload import JournalUpload
from terminal_app.core.link import Link
from tests.integration import office_bench as bench

TXN = "261123141200000100"
SESSION = {"session_id": "s1"}
VISIT = [
    ("session_open", {**SESSION, "account": "001234567", "service": "electricity"}),
    ("stacked", {**SESSION, "value_minor": 50_000}),
    ("pay_intent", {**SESSION, "txn_id": TXN, "txn_date": "20261123141200", "account": "001234567"}),
    ("pay_result", {"txn_id": TXN, "outcome": "refused", "provider_txn": "", "result_code": 5}),
]


def write(journal: Journal, count: int, first: int = 0) -> None:
    """Visits without end: `count` records."""
    durable = threading.Semaphore(0)
    for number in range(first, first + count):
        kind, data = VISIT[number % len(VISIT)]
        amounts = {"amount_minor": 50_000, "fee_minor": 0} if "txn_id" in data else {}
        named = {"txn_id": f"{TXN}{number // len(VISIT):02d}"} if "txn_id" in data else {}
        journal.append(kind, {**data, **amounts, **named}, durable.release)
    for _ in range(count):
        assert durable.acquire(timeout=10)


class Terminal:
    """Link and upload as core has them."""

    def __init__(self, url: str, identity: object, rows: JournalRows) -> None:
        self.link = Link(
            url,
            identity.ssl_context(),  # type: ignore[attr-defined]
            hello=lambda: office.TerminalHello("1.0"),
            heartbeat=office.Heartbeat,
            on_message=self._heard,
            on_changed=lambda welcome: self.upload.link_changed(welcome is not None, self._now_s()),
        )
        self.upload = JournalUpload(rows, self.link.send)

    def _now_s(self) -> float:
        return asyncio.get_running_loop().time()

    def _heard(self, message: office.ServerToTerminal) -> None:
        if isinstance(message, JournalAcknowledged):
            self.upload.on_acknowledged(message, self._now_s())

    async def has_sent(self, sequence: int) -> None:
        async def reached() -> bool:
            self.upload.on_time(self._now_s())
            return self.upload.acknowledged == sequence

        await bench.until(reached)


async def test_a_journal_reaches_the_office_and_goes_on_after_its_restart(tmp_path):
    data = tmp_path / "office"
    path = tmp_path / "journal.sqlite"
    journal = Journal.open(path, post=lambda call: call(), on_failed=pytest.fail)
    write(journal, 240)
    rows = JournalRows(path)
    for login in ("orlova", "petrov"):
        await bench.add_agent(data, login, "Орлова", roles=("accountant",))
    await bench.add_agent(data, "anna")
    try:
        async with bench.running_office(data) as first, bench.Crowd():
            identity = await bench.enrol_terminal(data, first.terminal_url, "Терминал 1")
            port = int(first.terminal_url.rpartition(":")[2])
            terminal = Terminal(first.terminal_url, identity, rows)
            running = asyncio.create_task(terminal.link.run())
            await terminal.has_sent(240)
        write(journal, 60, first=240)  # while the office is away
        async with bench.running_office(data, terminal_port=port) as second, bench.Crowd() as crowd:
            await terminal.has_sent(300)
            running.cancel()
            await check_the_page(crowd, second.desk_url)
    finally:
        running.cancel()
        rows.close()
        journal.close()


async def check_the_page(crowd: bench.Crowd, url: str) -> None:
    anna, orlova, petrov = [await crowd.signed_in(url, login) for login in ("anna", "orlova", "petrov")]
    stranger = await crowd.http()
    async with stranger.get(f"{url}/api/money/payments?account=1") as answer:
        assert answer.status == 401
    async with anna.get(f"{url}/api/money/payments", params={"number": "26112314120000010000"}) as answer:
        (found,) = (await answer.json())["payments"]
        assert (found["account"], found["outcome"], found["amount_minor"]) == ("001234567", "refused", 50_000)
    for path in ("items", "collections"):
        async with anna.get(f"{url}/api/money/{path}") as answer:
            assert answer.status == 403
    async with orlova.get(f"{url}/api/money/items") as answer:
        items = (await answer.json())["items"]
    assert len(items) == 75  # 300 records are 75 refused visits
    form = {"item_id": items[0]["item_id"], "act": "refund", "reason": "Клиент просит вернуть", "account": ""}
    async with anna.post(f"{url}/api/money/propose", json=form) as answer:
        assert answer.status == 403
    async with orlova.post(f"{url}/api/money/propose", json=form) as answer:
        assert answer.status == 204
    async with petrov.get(f"{url}/api/money/items") as answer:
        proposal_id = (await answer.json())["items"][0]["proposals"][0]["proposal_id"]
    decision = {"proposal_id": proposal_id, "approve": True}
    async with orlova.post(f"{url}/api/money/decide", json=decision) as answer:
        assert (answer.status, (await answer.json())["error"]) == (409, "four_eyes")
    async with petrov.post(f"{url}/api/money/decide", json=decision) as answer:
        assert answer.status == 204
    async with petrov.post(f"{url}/api/money/decide", json=decision) as answer:
        assert answer.status == 409
    done = {"item_id": items[0]["item_id"], "resolution": "Выдано по ордеру 17"}
    async with orlova.post(f"{url}/api/money/close", json=done) as answer:
        assert answer.status == 204
    async with petrov.get(f"{url}/api/money/items?closed=1") as answer:
        assert (await answer.json())["items"][0]["resolution"] == "Выдано по ордеру 17"


@pytest.mark.parametrize(
    ("path", "error"),
    [
        ("payments", "nothing_asked"),
        ("payments?since=yesterday", "bad_request"),
        (f"payments?account={'1' * 65}", "bad_request"),
    ],
)
async def test_a_wrong_question_is_one_sentence(tmp_path, path, error):
    data = tmp_path / "office"
    await bench.add_agent(data, "anna")
    async with bench.running_office(data) as running, bench.Crowd() as crowd:
        anna = await crowd.signed_in(running.desk_url)
        async with anna.get(f"{running.desk_url}/api/money/{path}") as answer:
            assert answer.status == 400
            said = await answer.json()
            assert said["error"] == error
            assert said["message"][0].isupper()
