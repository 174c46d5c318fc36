"""The real core process brings its journal to a real office; after a kill nothing is applied twice."""

from __future__ import annotations

import asyncio
import sys
import threading
from pathlib import Path

import pytest

from payment.journal.journal import Journal
from tests.integration import office_bench as bench
from tests.integration.test_money_office import TXN, VISIT

ROOT = Path(__file__).resolve().parents[2]
AMOUNTS = {"amount_minor": 50_000, "fee_minor": 0}


def seed_journal(data: Path) -> None:
    """One whole visit whose money billing refused."""
    data.mkdir()
    journal = Journal.open(data / "journal.sqlite", post=lambda call: call(), on_failed=pytest.fail)
    done = threading.Semaphore(0)
    records = [(kind, {**record, **(AMOUNTS if "txn_id" in record else {})}) for kind, record in VISIT]
    records[0][1].update(service_title="Электроэнергия", asked_minor=0)
    for kind, record in [*records, ("session_closed", {"session_id": "s1"})]:
        journal.append(kind, record, done.release)
    for _ in range(len(records) + 1):
        assert done.acquire(timeout=10)
    journal.close()


async def test_core_sends_its_journal_and_a_killed_core_sends_nothing_twice(tmp_path):
    office_data = tmp_path / "office"
    await bench.add_agent(office_data, "orlova", roles=("accountant",))
    seed_journal(tmp_path / "data")
    async with bench.running_office(office_data) as office, bench.Crowd() as crowd:
        await bench.enrol_terminal(office_data, office.terminal_url, "Терминал 1")
        config = tmp_path / "terminal.toml"
        config.write_text(
            f'data_dir = "data"\n[devices]\ncamera = "camera://pattern"\n'
            f'[office]\nurl = "{office.terminal_url}"\nidentity_dir = "identity-Терминал 1"\n',
            "utf-8",
        )
        orlova = await crowd.signed_in(office.desk_url, "orlova")

        async def arrived() -> bool:
            assert core.returncode is None, (tmp_path / "core.log").read_text("utf-8")
            async with orlova.get(f"{office.desk_url}/api/money/payments?number={TXN}") as answer:
                return len((await answer.json())["payments"]) == 1

        for _ in range(2):
            core = await started_core(config, tmp_path)
            try:
                await bench.until(arrived, within_s=40)
                await asyncio.wait_for(linked(core), 40)
            finally:
                if core.returncode is None:
                    core.kill()
                await core.wait()
        async with orlova.get(f"{office.desk_url}/api/money/items") as answer:
            (item,) = (await answer.json())["items"]
        assert (item["kind"], item["reference"], item["amount_minor"]) == ("unallocated", TXN, 50_000)


async def started_core(config: Path, run_dir: Path) -> asyncio.subprocess.Process:
    words = ["-m", "terminal_app", "core", "--config", str(config), "--run-dir", str(run_dir)]
    with (run_dir / "core.log").open("ab") as log:
        return await asyncio.create_subprocess_exec(
            sys.executable, *words, cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=log
        )


async def linked(core: asyncio.subprocess.Process) -> None:
    """Waits until core says that its connection to the office stands."""
    assert core.stdout is not None
    while b'"link"' not in (line := await core.stdout.readline()):
        assert line, "core ended"
