"""What the devices of one terminal cost: `python -m tests.bench.bench_devices [--json] [--hours 24]`.

Decoding: frames a second of CPU out of a stream cut into reads of 64 bytes (registers and bank terminals; the cash
protocols have their own measurement). A day: five devices polled in virtual time, both ends, so the drivers' own share
is less; cash is taken ten minutes of each hour; growth is counted in Python's objects and in memory. Escrow to
decision: a real pseudo-terminal, the pump, the cashier and its journal with a real sync, from the bytes that tell of
the note to those of the decision; beside it the sync alone. CCNET itself demands silence first: 10 ms behind our ACK,
which takes 6 ms.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC
from pathlib import Path
from typing import Any

from device_drivers.atol import frames as atol
from device_drivers.catalog import (
    make_bill_validator,
    make_coin_acceptor,
    make_fiscal_printer,
    make_payment_card_reader,
    make_receipt_printer,
)
from device_drivers.ccnet import frames as ccnet
from device_drivers.ccnet.session import CcnetSession
from device_drivers.cctalk.coin_session import CctalkCoinSession
from device_drivers.contract.bill_validator import BillValidatorEvent
from device_drivers.contract.cash import CashItem
from device_drivers.id003 import frames as id003
from device_drivers.inpas import frames as inpas
from device_drivers.pump import pump
from device_drivers.sberbank import frames as sberbank
from device_drivers.shtrih_m import frames as shtrih_m
from device_drivers.simulators.ccnet import CcnetSimulator
from device_drivers.simulators.cctalk_coins import CctalkCoinSimulator
from device_drivers.simulators.core import DeviceSimulator
from device_drivers.simulators.escpos import EscposSimulator
from device_drivers.simulators.host import SimulatorHost
from device_drivers.simulators.id003 import Id003Simulator
from device_drivers.simulators.keep import MemoryKeeper
from device_drivers.simulators.ports import PtyPort
from device_drivers.simulators.shtrih_m import ShtrihMSimulator
from device_drivers.simulators.vendotek import VendotekSimulator
from device_drivers.simulators.virtual_time import VirtualWire
from device_drivers.tools.live import TracedLine
from device_drivers.tools.protocols import HOST_TO_DEVICE
from device_drivers.transport.open import open_line
from device_drivers.vendotek import frames as vendotek
from payment.cashier import Cashier
from payment.contract import CashSettings, PaymentOrder, PayRequest, Receipt
from payment.journal.journal import Journal
from terminal_app.core.cash_in import ValidatorAcceptor, to_payment
from terminal_app.core.till import SystemClock

FRAMES = 20_000
READ_SIZE = 64
HOUR_S = 3600.0
TAKING_S = 600.0  # of each hour
NOTES = 30
SYNCS = 60
RUB_10, RUB_100, RUB_500 = 1_000, 10_000, 50_000

# The device, how its bytes tell of a note in escrow, and those that decide: stack or return.
VALIDATORS: dict[str, tuple[Callable[[], DeviceSimulator], Callable[[bytes], bool], tuple[bytes, ...]]] = {
    "ccnet": (
        lambda: CcnetSimulator(initialize_s=0.1),
        lambda data: data[3:4] == b"\x80",
        tuple(ccnet.encode(ccnet.Frame(ccnet.BILL_VALIDATOR, code)) for code in (b"\x35", b"\x36")),
    ),
    "id003": (
        lambda: Id003Simulator(initialize_s=0.1),
        lambda data: data[2:3] == b"\x13",
        tuple(id003.encode(code) for code in (b"\x41", b"\x42", b"\x43")),
    ),
}
WIRES: dict[str, tuple[bytes, Callable[[], Any]]] = {
    "shtrih-m": (shtrih_m.encode(bytes.fromhex("10001e92020200009fe5180100890800")), shtrih_m.FrameReader),
    "atol3": (atol.encode(atol.Frame(1, b"\xa3" + bytes(20))), atol.FrameReader),
    "vendotek": (
        vendotek.encode(vendotek.Frame(vendotek.TERMINAL, bytes.fromhex("010349444c")), vendotek.Framing.SERIAL),
        lambda: vendotek.FrameReader(vendotek.Framing.SERIAL),
    ),
    "inpas": (inpas.encode(inpas.Frame(bytes.fromhex("1902003231"))), inpas.FrameReader),
    "sberbank": (sberbank.in_envelope(sberbank.encode(sberbank.Frame(0, bytes(11)))), sberbank.EnvelopeReader),
}


def frames_per_s(wire: bytes, make_reader: Callable[[], Any]) -> int:
    """Frames a second of CPU."""
    stream, reader, found = wire * FRAMES, make_reader(), 0
    began_s = time.process_time()
    for at in range(0, len(stream), READ_SIZE):
        found += len(reader.feed(stream[at : at + READ_SIZE]))
    assert found == FRAMES
    return round(FRAMES / (time.process_time() - began_s))


# --- a day ------------------------------------------------------------------------------------------------------------


def a_terminal() -> dict[str, VirtualWire[Any]]:
    """Five devices."""
    return {
        "ccnet": VirtualWire(make_bill_validator("ccnet"), CcnetSimulator()),
        "cctalk coins": VirtualWire(make_coin_acceptor("cctalk"), CctalkCoinSimulator()),
        "escpos": VirtualWire(make_receipt_printer("escpos"), EscposSimulator()),
        "shtrih-m": VirtualWire(make_fiscal_printer("shtrih-m"), ShtrihMSimulator()),
        "vendotek": VirtualWire(make_payment_card_reader("vendotek"), VendotekSimulator()),
    }


def a_day(hours: int) -> dict[str, Any]:
    """Each device's share of one core, the seconds a day takes here, and the growth after the first hour."""
    wires = a_terminal()
    shares = {name: round(_hour(wire) / HOUR_S * 100, 2) for name, wire in wires.items()}
    held, held_kib, began_s, began_cpu_s = _objects(), _memory_kib(), time.monotonic(), time.process_time()
    for _ in range(hours):
        for wire in wires.values():
            _hour(wire)
    took_s, took_cpu_s = time.monotonic() - began_s, time.process_time() - began_cpu_s
    return {
        "percent_of_a_core": shares,
        "five_devices_percent": round(sum(shares.values()), 2),
        "simulated_hours": hours,
        "simulated_in_s": round(took_s, 1),
        "of_one_core_s": round(took_cpu_s, 1),
        "more_objects_after": _objects() - held,
        "more_kib_after": _memory_kib() - held_kib,
    }


def _hour(wire: VirtualWire[Any]) -> float:
    """CPU seconds of an hour; what the measurement itself keeps is thrown away."""
    began_s = time.process_time()
    session = wire.session
    cash = session if isinstance(session, CcnetSession | CctalkCoinSession) else None
    if cash is not None:
        cash.enable(frozenset({CashItem(RUB_500), CashItem(RUB_10)}))
    wire.run(TAKING_S)
    if cash is not None:
        cash.disable()
    wire.run(HOUR_S - TAKING_S)
    spent_s = time.process_time() - began_s
    wire.wire_log.clear()
    wire.events.clear()
    return spent_s


def _objects() -> int:
    gc.collect()
    return len(gc.get_objects())


def _memory_kib() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() // 1024


# --- from the escrow to the decision ----------------------------------------------------------------------------------


class Quiet:
    """Billing and printer that are never needed here."""

    def pay(self, request: PayRequest) -> None:
        """Nobody pays."""

    def cancel(self, request: PayRequest, provider_txn: str) -> None:
        """Nothing is undone."""

    def print_receipt(self, receipt: Receipt) -> None:
        """Nothing is printed."""


def _in(loop: asyncio.AbstractEventLoop) -> Callable[[Callable[[], None]], None]:
    """From the journal's thread into the loop, as core does."""

    def post(act: Callable[[], None]) -> None:
        loop.call_soon_threadsafe(act)

    return post


class Bench:
    """One validator on a pseudo-terminal, and the cashier with its journal."""

    def __init__(self, folder: Path, protocol: str) -> None:
        self.folder = folder
        make, self.tells_of_escrow, self.decisions = VALIDATORS[protocol]
        self.simulator = make()
        self.session = make_bill_validator(protocol)
        self.heard_s = 0.0  # when the bytes came that tell of the note
        self.waits_ms: list[float] = []
        loop = asyncio.get_running_loop()
        self.journal = Journal.open(folder / "journal.sqlite", post=_in(loop), on_failed=print)
        quiet, settings = Quiet(), CashSettings(terminal_id="T1")
        self.cashier = Cashier(
            journal=self.journal,
            acceptor=ValidatorAcceptor(self.session, settings.denominations_minor),
            billing=quiet,
            printer=quiet,
            clock=SystemClock(UTC),
            settings=settings,
            tell=lambda snapshot: None,
        )

    def on_event(self, event: BillValidatorEvent) -> None:
        """As core does."""
        if (told := to_payment(event)) is not None:
            self.cashier.on_event(told)

    def on_wire(self, direction: str, data: bytes) -> None:
        """Takes the time from one to the other."""
        if direction != HOST_TO_DEVICE and self.tells_of_escrow(data):
            self.heard_s = self.heard_s or time.monotonic()
        elif direction == HOST_TO_DEVICE and self.heard_s and any(code in data for code in self.decisions):
            self.waits_ms.append((time.monotonic() - self.heard_s) * 1000)
            self.heard_s = 0.0

    async def measure(self) -> list[float]:
        """The waits of all notes, in milliseconds."""
        link = self.folder / "tty"
        host = SimulatorHost(self.simulator, MemoryKeeper(self.simulator, None), PtyPort(link), self.folder / "hand")
        async with host.running():
            line = TracedLine(await open_line(f"serial://{link}"), self.on_wire)
            pumping = asyncio.create_task(pump(self.session, line, self.on_event))
            self.cashier.open_visit(PaymentOrder(account="1001"))
            while len(self.waits_ms) < NOTES:
                await asyncio.sleep(0.02)
                if self.simulator.control({"do": "state"}, time.monotonic())["state"] == "idling":
                    self.simulator.control({"do": "insert", "value_minor": RUB_100}, time.monotonic())
            pumping.cancel()
            await asyncio.gather(pumping, return_exceptions=True)
            line.close()
        self.journal.close()
        return self.waits_ms


def syncs_ms(folder: Path) -> list[float]:
    """What one write and sync takes on this disk."""
    waits = []
    with (folder / "sync").open("wb") as file:
        for _ in range(SYNCS):
            began_s = time.monotonic()
            file.write(b"x" * 4096)
            file.flush()
            os.fsync(file.fileno())
            waits.append((time.monotonic() - began_s) * 1000)
    return waits


def _p99(waits: list[float]) -> float:
    return round(statistics.quantiles(waits, n=100)[98], 2)


def escrow_to_decision() -> dict[str, tuple[float, float]]:
    """Median and 99th percentile in milliseconds, of each protocol and of the disk's sync."""
    found = {}
    for protocol in VALIDATORS:
        with tempfile.TemporaryDirectory() as name:

            async def measured(folder: Path, protocol: str) -> list[float]:
                return await Bench(folder, protocol).measure()

            waits = asyncio.run(measured(Path(name), protocol))
            found[protocol] = (round(statistics.median(waits), 2), _p99(waits))
            syncs = syncs_ms(Path(name))
    return found | {"sync alone": (round(statistics.median(syncs), 2), _p99(syncs))}


def measure(hours: int) -> dict[str, Any]:
    """All figures."""
    return {
        "frames_per_s": {name: frames_per_s(*row) for name, row in WIRES.items()},
        "a_day": a_day(hours),
        "escrow_to_decision": escrow_to_decision(),
    }


def main() -> int:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--hours", type=int, default=24, help="how much polling is simulated")
    options = parser.parse_args()
    found = measure(options.hours)
    if options.json:
        print(json.dumps(found))
        return 0
    for name, figures in found.items():
        print(name)
        for row, figure in figures.items():
            print(f"  {row:24} {figure}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
