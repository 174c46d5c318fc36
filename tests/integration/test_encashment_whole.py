"""A collector empties a running terminal: told to it by the office, signed in without a network, slips on paper."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from test_money_moves_whole import CREDITED_TXN, seed, visit

from device_drivers.simulators.control import command
from payment.encashment.collections import CollectionState, collections
from payment.journal.journal import read_journal
from tests.integration import office_bench as bench

ROOT = Path(__file__).resolve().parents[2]
CARD, PIN, SEAL = "04A1B2C3", "7351", "А 0012345"
CONFIG = """data_dir = "data"
[devices]
bill_validator = "ccnet+serial://{place}/validator?baud=9600"
receipt_printer = "escpos+serial://{place}/printer?baud=115200"
camera = "camera://pattern"
[office]
url = "{url}"
identity_dir = "identity-Терминал 1"
"""


class Place:
    """The simulated devices of one terminal, and its core."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.config = folder / "terminal.toml"
        self._processes: list[subprocess.Popen[bytes]] = []

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        with (self.folder / "log").open("ab") as log:
            process = subprocess.Popen([sys.executable, "-m", *words], cwd=ROOT, stdout=log, stderr=log)
        self._processes.append(process)
        return process

    def start_devices(self) -> None:
        place = str(self.folder)
        validator = ["ccnet", "--link", f"{place}/validator", "--control", f"{place}/validator.sock"]
        printer = ["escpos", "--link", f"{place}/printer", "--control", f"{place}/printer.sock", "--paper", place]
        self.start("device_drivers", "simulate", *validator)
        self.start("device_drivers", "simulate", *printer)

    def start_core(self) -> subprocess.Popen[bytes]:
        return self.start("terminal_app", "core", "--config", str(self.config), "--run-dir", str(self.folder))

    async def cassette(self, where: str) -> None:
        await command(self.folder / "validator.sock", {"do": "cassette", "present": where == "in"})

    def journal(self) -> list[str]:
        return [record.kind for record in read_journal(self.folder / "data" / "journal.sqlite")]

    def end(self) -> None:
        for process in self._processes:
            process.kill()
            process.wait()


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    made = Place(tmp_path)
    yield made
    made.end()


class Shell:
    """`python -m terminal_app service encash` and the hands at its keyboard."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.said = ""

    @classmethod
    async def opened(cls, place: Place) -> Shell:
        words = ["-m", "terminal_app", "service", "encash", "--run-dir", str(place.folder)]
        pipe = asyncio.subprocess.PIPE
        return cls(
            await asyncio.create_subprocess_exec(sys.executable, *words, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=pipe)
        )

    def types(self, *lines: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write("".join(f"{line}\n" for line in lines).encode())

    async def reads(self, words: str) -> None:
        assert self._process.stdout is not None
        async with asyncio.timeout(40):
            while words not in self.said:
                chunk = await self._process.stdout.read(4096)
                assert chunk, f"the program ended: {self.said}"
                self.said += chunk.decode()

    async def ended(self) -> int:
        async with asyncio.timeout(20):
            assert self._process.stdout is not None
            self.said += (await self._process.stdout.read()).decode()
            return await self._process.wait()

    async def killed(self) -> None:
        self._process.kill()
        await self._process.wait()


def office_command(data: Path, *words: str, pin: str = "") -> str:
    argv = [sys.executable, "-m", "signaling_server", "collector", words[0], "--data", str(data), *words[1:]]
    return subprocess.run(argv, cwd=ROOT, input=pin, capture_output=True, text=True, check=True).stdout


async def test_a_collector_empties_the_cassette_of_a_running_terminal_without_a_network(tmp_path, place):
    office_data = tmp_path / "office"
    await bench.add_agent(office_data, "orlova", roles=("accountant",))
    place.start_devices()
    async with bench.running_office(office_data) as office, bench.Crowd():
        await bench.enrol_terminal(office_data, office.terminal_url, "Терминал 1")
        place.config.write_text(CONFIG.format(place=tmp_path, url=office.terminal_url), "utf-8")
        assert "записан" in office_command(office_data, "add", "--name", "Петров П. П.", "--card", CARD, pin=f"{PIN}\n")
        core = place.start_core()
        collectors = tmp_path / "data" / "collectors.json"

        async def told() -> bool:
            return collectors.exists() and CARD in collectors.read_text("utf-8")

        await bench.until(told, within_s=40)
    core.kill()  # a new core, and no office: the card is known all the same
    core.wait()
    place.start_core()
    assert PIN not in collectors.read_text("utf-8")
    assert collectors.stat().st_mode & 0o077 == 0

    shell = await Shell.opened(place)
    await shell.reads("Приложите карту")
    shell.types(CARD, "0000")
    await shell.reads("Карта или ПИН-код не подходят")
    shell.types(CARD, PIN)
    await shell.reads("Введите номер сумки")
    shell.types(SEAL)
    await shell.reads("Инкассация: до изъятия")
    await shell.reads("Выньте кассету")
    assert place.journal().count("collection_open") == 1
    await place.cassette("out")
    await shell.reads("Вставьте пустую кассету")
    await shell.killed()  # the program falls with the cassette out

    again = await Shell.opened(place)
    await again.reads("Приложите карту")
    again.types(CARD, PIN)
    await again.reads("Вставьте пустую кассету")
    await place.cassette("in")
    await again.reads("Инкассация закончена")
    assert await again.ended() == 0
    assert "Петров П. П." in again.said
    assert "Инкассация: завершена" in again.said
    (collection,) = collections(read_journal(tmp_path / "data" / "journal.sqlite"))
    assert (collection.state, collection.authorised) == (CollectionState.CLOSED, True)
    assert (collection.collector, collection.seal) == ("Петров П. П.", SEAL)
    kinds = [kind for kind in place.journal() if kind in ("cassette_out", "cassette_in", "counters_reset")]
    assert kinds == ["cassette_out", "cassette_in", "counters_reset"]
    printed = "\n".join(path.read_text("utf-8") for path in tmp_path.glob("*.txt"))
    assert "до изъятия" in printed.replace("\n", " ")


async def test_without_a_terminal_the_command_says_so(tmp_path, place):
    shell = await Shell.opened(place)
    assert await shell.ended() == 1


async def test_the_office_has_the_slip_of_any_payment_printed_again_as_a_copy(tmp_path, place):
    credited = {"outcome": "credited", "provider_txn": "2016", "result_code": 0}
    seed(tmp_path / "data", visit(1, "100000017", CREDITED_TXN, "20261123141200", credited))
    office_data = tmp_path / "office"
    await bench.add_agent(office_data, "anna")
    place.start_devices()
    async with bench.running_office(office_data) as office, bench.Crowd() as crowd:
        await bench.enrol_terminal(office_data, office.terminal_url, "Терминал 1")
        place.config.write_text(CONFIG.format(place=tmp_path, url=office.terminal_url), "utf-8")
        anna = await crowd.signed_in(office.desk_url, "anna")
        place.start_core()
        found: list[dict[str, str]] = []

        async def arrived() -> bool:
            async with anna.get(f"{office.desk_url}/api/money/payments?number={CREDITED_TXN}") as answer:
                found[:] = (await answer.json())["payments"]
            return len(found) == 1

        await bench.until(arrived, within_s=40)
        form = {"terminal_id": found[0]["terminal_id"], "txn_id": CREDITED_TXN}

        async def printed() -> bool:
            async with anna.post(f"{office.desk_url}/api/money/reprint", json=form) as answer:
                assert answer.status == 204
            await asyncio.sleep(2)
            texts = [path.read_text("utf-8") for path in tmp_path.glob("*.txt")]
            return any("КОПИЯ" in text and "100 000 017" in text for text in texts)

        await bench.until(printed, within_s=40)
        unknown = {**form, "txn_id": "1"}
        async with anna.post(f"{office.desk_url}/api/money/reprint", json=unknown) as answer:
            assert (answer.status, (await answer.json())["error"]) == (404, "unknown_payment")
        away = {**form, "terminal_id": "nobody"}
        async with anna.post(f"{office.desk_url}/api/money/reprint", json=away) as answer:
            assert (answer.status, (await answer.json())["error"]) == (409, "terminal_away")
