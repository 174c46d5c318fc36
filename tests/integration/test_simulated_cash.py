"""The cash simulators as real programs on pseudo-terminals, driven by real sessions over real serial lines."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import sys

import pytest

from device_drivers.catalog import make_bill_validator, make_coin_acceptor, split_device_url
from device_drivers.contract.bill_validator import NoteEscrowed, NoteStacked, PoweredUp, PowerUpNote
from device_drivers.contract.cash import CashItem
from device_drivers.contract.coin_acceptor import CoinAccepted
from device_drivers.contract.errors import LineBusyError, LineLostError
from device_drivers.contract.status import DeviceState, StatusChanged
from device_drivers.pump import pump
from device_drivers.simulators.control import command
from device_drivers.transport.open import open_line

LIMIT_S = 20.0
ONLINE = StatusChanged(DeviceState.ONLINE)
FIVE_HUNDRED = CashItem(50000)

# Protocol of the URL with its options, and the simulator's arguments.
BILLS = {
    "id003": ("id003", ["id003", "--echo"]),
    "cctalk enciphered": ("cctalk?key=908172", ["cctalk", "--key", "908172", "--echo"]),
    "essp": ("essp?encrypted=1", ["essp"]),
}


@contextlib.asynccontextmanager
async def simulated(folder, arguments):
    """`python -m device_drivers simulate ...`; gives its link, its control socket and its process."""
    link, control = folder / "tty", folder / "hand"
    words = [
        sys.executable,
        "-m",
        "device_drivers",
        "simulate",
        *arguments,
        "--link",
        str(link),
        "--control",
        str(control),
    ]
    words += ["--initialize-s", "0.2", "--memory", str(folder / "memory.json")]
    process = await asyncio.create_subprocess_exec(*words, stdout=asyncio.subprocess.PIPE)
    try:
        async with asyncio.timeout(LIMIT_S):
            assert json.loads(await process.stdout.readline())["ready"] is True
        yield link, control, process
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        await process.wait()


class Driver:
    """A session, its line, and the line opened again when it is lost."""

    def __init__(self, session, url):
        self.session = session
        self.events = []
        self._changed = asyncio.Event()
        self._task = asyncio.ensure_future(self._keep(url))

    def _emit(self, event):
        self.events.append(event)
        if isinstance(event, NoteEscrowed):
            self.session.stack()
        self._changed.set()

    async def _keep(self, url):
        while True:
            line = None
            try:
                line = await open_line(url)
                await pump(self.session, line, self._emit)
            except (LineLostError, LineBusyError):
                await asyncio.sleep(0.1)
            finally:
                if line is not None:
                    line.close()

    async def until(self, wanted):
        async with asyncio.timeout(LIMIT_S):
            while not wanted(self.events):
                self._changed.clear()
                await self._changed.wait()

    async def stop(self):
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task


def url_of(protocol, link):
    name, _, options = protocol.partition("?")
    return f"{name}+serial://{link}" + (f"?{options}" if options else "")


async def insert(control, **request):
    async with asyncio.timeout(LIMIT_S):
        while not (await command(control, {"do": "insert", **request}))["ok"]:  # noqa: ASYNC110 - another program's state
            await asyncio.sleep(0.02)


async def until_state(control, name):
    async with asyncio.timeout(LIMIT_S):
        while (await command(control, {"do": "state"}))["state"] != name:  # noqa: ASYNC110 - another program's state
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("name", BILLS)
async def test_a_note_is_taken_over_a_real_port_and_the_pulled_port_heals(tmp_path, name):
    protocol, arguments = BILLS[name]
    async with simulated(tmp_path, arguments) as (link, control, _):
        spoken, line_url = split_device_url(url_of(protocol, link))
        session = make_bill_validator(spoken)
        session.enable(frozenset({FIVE_HUNDRED}))
        driver = Driver(session, line_url)
        try:
            await driver.until(lambda events: ONLINE in events)
            await insert(control, value_minor=50000)
            await driver.until(lambda events: NoteStacked(FIVE_HUNDRED) in events)
            await command(control, {"do": "pull"})
            await driver.until(lambda events: any(getattr(e, "state", None) is DeviceState.OFFLINE for e in events))
            await command(control, {"do": "plug"})
            await driver.until(lambda events: events[-1] == ONLINE)
        finally:
            await driver.stop()
        assert (await command(control, {"do": "state"}))["cassette"]["total_minor"] == 50000
        assert driver.events.count(NoteStacked(FIVE_HUNDRED)) == 1


async def test_a_killed_validator_remembers_where_the_note_lay(tmp_path):
    async with simulated(tmp_path, ["id003"]) as (link, control, process):
        spoken, line_url = split_device_url(url_of("id003", link))
        session = make_bill_validator(spoken)
        session.enable(frozenset({FIVE_HUNDRED}))
        driver = Driver(session, line_url)
        await driver.until(lambda events: ONLINE in events)
        await insert(control, value_minor=50000)
        await driver.until(lambda events: NoteEscrowed(FIVE_HUNDRED) in events)
        await until_state(control, "stacking")
        link.unlink()  # a killed one cannot, and its number may become another program's port
        process.kill()
        await process.wait()
        async with simulated(tmp_path, ["id003"]) as (_, control, _):
            await driver.until(lambda events: PoweredUp(PowerUpNote.IN_STACKER) in events)
            await driver.until(lambda events: events[-1] == ONLINE)
            assert (await command(control, {"do": "state"}))["cassette"]["count"] == 1
        await driver.stop()
    assert NoteStacked(FIVE_HUNDRED) not in driver.events


async def test_coins_are_counted_over_a_real_port(tmp_path):
    async with simulated(tmp_path, ["cctalk", "--coins", "--variant", "crc16"]) as (link, control, _):
        spoken, line_url = split_device_url(url_of("cctalk?variant=crc16", link))
        session = make_coin_acceptor(spoken)
        session.enable(frozenset({CashItem(1000)}))
        driver = Driver(session, line_url)
        try:
            await driver.until(lambda events: ONLINE in events)
            await until_state(control, "idling")
            for _ in range(2):
                await insert(control, value_minor=1000)
            await driver.until(lambda events: CoinAccepted(CashItem(1000), 2) in events)
        finally:
            await driver.stop()
    assert [event.counter for event in driver.events if isinstance(event, CoinAccepted)] == [1, 2]
