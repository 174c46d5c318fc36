"""Simulated registers and bank terminals as real programs on real pseudo-terminals: paid, killed, found again."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import sys

from device_drivers.catalog import make_fiscal_printer, make_payment_card_reader, split_device_url
from device_drivers.contract.errors import LineBusyError, LineLostError
from device_drivers.contract.fiscal_printer import (
    DocumentAbsent,
    DocumentClosed,
    DocumentRefused,
    DocumentUnknown,
    FiscalDocument,
    FiscalItem,
    FiscalPayments,
)
from device_drivers.contract.payment_card_reader import CardAnswered, CardCaptured, CardOutcome, OperationNamed
from device_drivers.contract.status import DeviceState, StatusChanged
from device_drivers.pump import pump
from device_drivers.simulators.control import command
from device_drivers.transport.open import open_line

LIMIT_S = 60.0
ONLINE = StatusChanged(DeviceState.ONLINE)
ITEM = FiscalItem("Электроснабжение", 150000, 150000, vat=11, method=4, subject=4)


class Bench:
    """One simulator as a program of its own, and a session that a pump drives over its port."""

    def __init__(self, folder, tool, url, make):
        self.control, self.link = folder / "control.sock", folder / "port"
        self.memory = folder / "memory.json"
        self._tool, self._make = tool, make
        self._protocol, self._line = split_device_url(f"{url}+serial://{self.link}")
        self.session = make(self._protocol)
        self.events, self._changed = [], asyncio.Event()

    async def start_device(self):
        arguments = ["--link", str(self.link), "--control", str(self.control), "--memory", str(self.memory)]
        self.process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "device_drivers", "simulate", self._tool, *arguments, stdout=asyncio.subprocess.PIPE
        )
        async with asyncio.timeout(LIMIT_S):
            assert json.loads(await self.process.stdout.readline())["ready"] is True

    async def kill_device(self, number=signal.SIGKILL):
        self.link.unlink(missing_ok=True)  # as udev does: a killed one leaves it, and its number becomes another's port
        self.process.send_signal(number)
        await self.process.wait()

    async def run(self):
        """What a device manager does."""
        while True:
            with contextlib.suppress(LineLostError, LineBusyError):
                line = await open_line(self._line)
                try:
                    await pump(self.session, line, self._heard)
                finally:
                    line.close()
            await asyncio.sleep(0.05)

    def _heard(self, event):
        if isinstance(event, OperationNamed):
            self.session.proceed(event.operation_id)
        self.events.append(event)
        self._changed.set()

    async def hears(self, kind, seen=0):
        """The first event of this kind since `seen`."""
        async with asyncio.timeout(LIMIT_S):
            while not (found := [event for event in self.events[seen:] if isinstance(event, kind)]):
                self._changed.clear()
                await self._changed.wait()
            return found[0]

    async def closes(self, document):
        """What an owner does: a busy machine may lose an answer, which refuses a document or leaves it unknown."""
        self.session.print_document(document)
        while True:
            seen = len(self.events)
            told = await self.hears(DocumentClosed | DocumentRefused | DocumentAbsent | DocumentUnknown, seen)
            if isinstance(told, DocumentClosed):
                return told
            if isinstance(told, DocumentUnknown):
                self.session.ask_document(document.fiscal_id)
            else:
                self.session.print_document(document)

    async def is_online(self, seen=0):
        async with asyncio.timeout(LIMIT_S):
            while ONLINE not in self.events[seen:]:
                self._changed.clear()
                await self._changed.wait()


@contextlib.asynccontextmanager
async def running(folder, tool, url, make):
    bench = Bench(folder, tool, url, make)
    await bench.start_device()
    task = asyncio.create_task(bench.run())
    try:
        await bench.is_online()
        yield bench
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        if bench.process.returncode is None:
            await bench.kill_device(signal.SIGTERM)


async def register_is_killed_after_closing(folder, protocol):
    async with running(folder, protocol, protocol, make_fiscal_printer) as bench:
        closed = await bench.closes(FiscalDocument("p-1", (ITEM,), FiscalPayments(cash_minor=150000)))
        seen = len(bench.events)  # it may be online again before it says that it is ready
        await bench.kill_device()
        await bench.start_device()
        await bench.is_online(seen)
        bench.session.ask_document("p-1")
        assert await bench.hears(DocumentClosed, seen=seen) == closed
        bench.session.ask_document("p-2")
        assert await bench.hears(DocumentAbsent, seen=seen) == DocumentAbsent("p-2")
        assert (await command(bench.control, {"do": "state"}))["receipts"] == 1


async def card_is_taken(folder, tool, protocol):
    async with running(folder, tool, protocol, make_payment_card_reader) as bench:
        bench.session.authorize("op-1", 123450)
        answered = await bench.hears(CardAnswered)
        assert (answered.outcome, answered.amount_minor) == (CardOutcome.APPROVED, 123450)
        named = await bench.hears(OperationNamed)
        bench.session.capture("op-1", named.host_id, 123450)
        await bench.hears(CardCaptured)
        await bench.kill_device()
        await bench.start_device()
        assert (await command(bench.control, {"do": "state"}))["approved_minor"] == 123450


async def test_devices_on_real_lines_do_their_work_are_killed_and_remember(tmp_path):
    """All five at once: they wait for the same machine."""
    folders = [tmp_path / name for name in ("shtrih-m", "atol3", "vendotek", "inpas", "sberbank")]
    for folder in folders:
        folder.mkdir()
    await asyncio.gather(
        register_is_killed_after_closing(folders[0], "shtrih-m"),
        register_is_killed_after_closing(folders[1], "atol3"),
        card_is_taken(folders[2], "vendotek", "vendotek"),
        card_is_taken(folders[3], "inpas", "inpas"),
        card_is_taken(folders[4], "sberbank-frame", "sberbank"),
    )
