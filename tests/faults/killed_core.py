"""A core that is killed with -9 at random moments of a customer's payment, again and again, and the far ends around it.

The oracle is the simulated cassette (notes that really lie in it) against the credits of the billing sandbox and what
the journal holds in doubt.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from device_drivers.simulators.control import command
from payment.sandbox.seed import DEMO_ACCOUNT
from terminal_app.ipc import messages as ipc
from terminal_app.ipc.channel import Channel, connect
from terminal_app.ipc.messages import Screen, TerminalState

ROOT = Path(__file__).resolve().parents[2]
ATTRIBUTE = "4321"
OF_PAYMENTS = 0.8  # this share of the kills is timed from a note's insertion, the others from the start of core
PAYING_S_MAX = 8.0
PUSHES_MAX = 40
READY_S_MAX = 120.0  # a start takes 1 s of processor time, which a busy machine has not at once
SETTLE_S_MAX = 180.0
# One account pays again and again: the limits of a day would keep the slot shut.
ROOM_FOR_ALL = """[[money]]
starts_on = 2020-01-01
account_day_max_minor = 100_000_000_000
anonymous_cash_max_minor = 100_000_000_000
"""
NOTES_MINOR = (50_00, 100_00, 200_00, 500_00, 1000_00)


@dataclass
class Stand:
    """The far ends of one core: sandbox, validator, printer, each a process of its own."""

    place: Path
    port: int
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        with (self.place / "log").open("ab") as log:
            process = subprocess.Popen([sys.executable, "-m", *words], cwd=ROOT, stdout=log, stderr=log)
        self.processes.append(process)
        return process

    def start_core(self) -> subprocess.Popen[bytes]:
        words = ["terminal_app", "core", "--config", str(self.place / "terminal.toml"), "--run-dir", str(self.place)]
        return self.start(*words)

    async def validator(self, request: dict[str, object]) -> dict[str, Any]:
        return await command(self.place / "validator.sock", request)

    def credits(self) -> list[dict[str, Any]]:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/credits", timeout=5) as answer:
            return list(json.load(answer))

    def journal(self) -> list[dict[str, Any]]:
        words = [sys.executable, "-m", "payment", "journal", str(self.place / "data" / "journal.sqlite")]
        done = subprocess.run([*words, "list", "--json"], cwd=ROOT, capture_output=True, text=True, check=True)
        subprocess.run([*words, "verify"], cwd=ROOT, check=True, capture_output=True)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def books(self) -> dict[str, int]:
        words = [sys.executable, "-m", "payment", "journal", str(self.place / "data" / "journal.sqlite"), "books"]
        done = subprocess.run([*words, "--json"], cwd=ROOT, capture_output=True, text=True, check=True)
        return dict(json.loads(done.stdout))


@contextlib.contextmanager
def far_ends(tmp_path: Path) -> Iterator[Stand]:
    """A sandbox, a validator and a printer; whatever was started over them ends with them."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    (tmp_path / "terminal.toml").write_text(
        f"""data_dir = "data"
[devices]
bill_validator = "ccnet+serial://{tmp_path}/validator?baud=9600"
receipt_printer = "escpos+serial://{tmp_path}/printer?baud=115200"
camera = "camera://pattern"
[billing]
osmp_url = "http://127.0.0.1:{port}/osmp"
accounts_url = "http://127.0.0.1:{port}"
{ROOM_FOR_ALL}"""
    )
    built = Stand(tmp_path, port)
    place = str(tmp_path)
    built.start("payment", "sandbox", "--port", str(port), "--database", f"{place}/sandbox.sqlite")
    validator = ["ccnet", "--link", f"{place}/validator", "--control", f"{place}/validator.sock"]
    printer = ["escpos", "--link", f"{place}/printer", "--control", f"{place}/printer.sock", "--paper", place]
    built.start("device_drivers", "simulate", *validator)
    built.start("device_drivers", "simulate", *printer)
    try:
        yield built
    finally:
        for process in built.processes:
            process.kill()
            process.wait()


class Customer:
    """Walks through the payment as ui's commands, whatever screen core is on."""

    def __init__(self, stand: Stand, chance: random.Random) -> None:
        self._stand = stand
        self._chance = chance
        self.inserted = 0
        self.receipts = 0
        self.paying = asyncio.Event()  # this life's first note is inside

    async def live(self) -> None:
        """Until the connection breaks: core was killed."""
        channel: Channel[TerminalState] = await connect(self._stand.place / "core.sock", TerminalState)
        inserting: asyncio.Task[None] | None = None
        try:
            channel.send(ipc.UiHello(os.getpid()))
            while (state := await channel.receive()) is not None:
                if self._may_insert(state) and (inserting is None or inserting.done()):
                    inserting = asyncio.create_task(self._insert(channel))
                elif (press := self._press(state)) is not None:
                    channel.send(press)
        finally:
            if inserting is not None:
                inserting.cancel()
                await asyncio.gather(inserting, return_exceptions=True)
            await channel.close()

    def _may_insert(self, state: TerminalState) -> bool:
        return state.screen is Screen.CASH_IN and state.cash is not None and state.cash.acceptor_ready

    def _press(self, state: TerminalState) -> ipc.UiToCore | None:
        if state.busy:
            return None
        match state.screen:
            case Screen.ATTRACT:
                return ipc.StartPayment()
            case Screen.ACCOUNT_ENTRY:
                return ipc.SubmitAccount(DEMO_ACCOUNT)
            case Screen.ACCOUNT_CONFIRM:
                return ipc.ConfirmAccount()
            case Screen.SECOND_ATTRIBUTE:
                return ipc.SubmitSecondAttribute(ATTRIBUTE)
            case Screen.BALANCE:
                return ipc.ChooseAmount(0)
            case Screen.AMOUNT:
                return ipc.ChooseAmount(500_00)
            case Screen.RECEIPT:
                self.receipts += 1
                return ipc.Dismiss()
            case Screen.NOTICE if state.notice is ipc.Notice.PAY_LESS:
                return ipc.PressPay()
            case Screen.NOTICE:
                return ipc.Dismiss()
            case _:
                return None

    async def _insert(self, channel: Channel[TerminalState]) -> None:
        """Some notes, then Pay."""
        for _ in range(self._chance.randint(1, 2)):
            await self._push_in(self._chance.choice(NOTES_MINOR))
            await asyncio.sleep(self._chance.uniform(0.0, 0.5))
        await asyncio.sleep(self._chance.uniform(0.0, 0.4))
        channel.send(ipc.PressPay())
        await asyncio.sleep(0.3)

    async def _push_in(self, value_minor: int) -> None:
        """The slot refuses a note while it is shut or another is inside: a person pushes it again."""
        for _ in range(PUSHES_MAX):
            answer = await self._stand.validator({"do": "insert", "value_minor": value_minor})
            if answer.get("ok"):
                self.inserted += 1
                self.paying.set()
                return
            await asyncio.sleep(0.1)


async def _until(what: str, holds: Any, limit_s: float) -> None:
    deadline_s = time.monotonic() + limit_s
    while not await holds():
        assert time.monotonic() < deadline_s, f"{what} within {limit_s} s"
        await asyncio.sleep(0.1)


async def _far_ends_answer(stand: Stand) -> bool:
    with contextlib.suppress(OSError):
        await stand.validator({"do": "state"})
        await asyncio.to_thread(stand.credits)
        return True
    return False


async def kill_again_and_again(place: Path, seed: int, kills: int) -> None:
    """So many kills, then the books against the cassette and billing."""
    with far_ends(place) as stand:
        await _kill_all(stand, random.Random(seed), kills)


async def _kill_all(stand: Stand, chance: random.Random, kills: int) -> None:
    await _until("the far ends answer", lambda: _far_ends_answer(stand), READY_S_MAX)
    customer = Customer(stand, chance)
    for _ in range(kills):
        customer.paying.clear()
        core = stand.start_core()
        living = asyncio.create_task(customer.live())
        await _until("core listens", lambda: asyncio.to_thread((stand.place / "core.sock").exists), READY_S_MAX)
        if chance.random() < OF_PAYMENTS:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(customer.paying.wait(), PAYING_S_MAX)
            await asyncio.sleep(chance.uniform(0.0, 1.5))
        else:
            await asyncio.sleep(chance.uniform(0.0, 2.5))
        core.send_signal(signal.SIGKILL)
        core.wait()
        (stand.place / "core.sock").unlink(missing_ok=True)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(living, 5)
    core = stand.start_core()
    totals: dict[str, Any] = {}

    async def settled() -> bool:
        state = await stand.validator({"do": "state"})
        credited = sum(credit["amount_minor"] for credit in await asyncio.to_thread(stand.credits))
        books = await asyncio.to_thread(stand.books)
        totals.update(cassette=state["cassette"]["total_minor"], credited=credited, books=books)
        held = books.get("in_doubt", 0) + books.get("unallocated", 0)
        return books.get("payable", 0) == 0 and credited <= state["cassette"]["total_minor"] <= credited + held

    try:
        await _until("the books close", settled, SETTLE_S_MAX)
    except AssertionError as error:
        raise AssertionError(f"{error}: {totals}") from None
    core.terminate()
    core.wait()
    records = stand.journal()
    credits = stand.credits()
    intents = {record["data"]["txn_id"] for record in records if record["kind"] == "pay_intent"}
    assert {credit["txn_id"] for credit in credits} == intents
    assert len(credits) == len(intents)
    assert customer.inserted >= kills // 2, "the kills fell into payments"
    assert totals["credited"] > 0
