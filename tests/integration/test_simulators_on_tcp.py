"""Every simulated device on a listening socket, as behind a serial server: found, pulled, found again, scripted."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import sys

import pytest

from device_drivers import catalog
from device_drivers.__main__ import _parser
from device_drivers.contract.bill_validator import NoteEscrowed
from device_drivers.contract.cash import CashItem
from device_drivers.contract.errors import LineLostError
from device_drivers.contract.status import DeviceState, Fault, StatusChanged
from device_drivers.pump import pump
from device_drivers.simulators.ccnet import CcnetSimulator
from device_drivers.simulators.core import SimulatorError
from device_drivers.simulators.host import SimulatorHost
from device_drivers.simulators.ports import TcpPort
from device_drivers.simulators.script import read_script
from device_drivers.simulators.virtual_time import VirtualWire
from device_drivers.tools.protocols import TOOLS
from device_drivers.transport.open import open_line

LIMIT_S = 20.0
ONLINE = StatusChanged(DeviceState.ONLINE)
# What is simulated, with its arguments -> the device in a terminal's settings, and who makes its session.
DEVICES = {
    "ccnet": ("ccnet", catalog.make_bill_validator),
    "id003 --echo": ("id003", catalog.make_bill_validator),
    "cctalk": ("cctalk", catalog.make_bill_validator),
    "cctalk --coins": ("cctalk", catalog.make_coin_acceptor),
    "essp": ("essp", catalog.make_bill_validator),
    "escpos": ("escpos", catalog.make_receipt_printer),
    "shtrih-m": ("shtrih-m", catalog.make_fiscal_printer),
    "atol3": ("atol3", catalog.make_fiscal_printer),
    "vendotek --variant tcp": ("vendotek", catalog.make_payment_card_reader),
    "inpas": ("inpas", catalog.make_payment_card_reader),
    "sberbank-frame": ("sberbank", catalog.make_payment_card_reader),
    "osmp-watchdog": ("osmp-watchdog", catalog.make_watchdog),
    "nut": ("nut", catalog.make_ups),
    "scanner": ("scanner", catalog.make_barcode_reader),
    "keyboard-scanner": ("keyboard-scanner", catalog.make_barcode_reader),
    "switches": ("switches?sos=key148&door=sw0&presence=key149", catalog.make_auxiliaries),
}


class Owner:
    """Opens the line again whenever it is lost, as a device manager does."""

    def __init__(self, session, url):
        self.session, self.events, self._changed = session, [], asyncio.Event()
        self._url = url

    async def run(self):
        while True:
            try:
                line = await open_line(self._url)
            except LineLostError:
                self.session.line_lost(asyncio.get_running_loop().time())
            else:
                with contextlib.suppress(LineLostError):
                    await pump(self.session, line, self._heard)
                line.close()
            await asyncio.sleep(0.02)

    def _heard(self, event):
        self.events.append(event)
        self._changed.set()

    async def hears(self, wanted, seen):
        async with asyncio.timeout(LIMIT_S):
            while not any(wanted(event) for event in self.events[seen:]):
                self._changed.clear()
                await self._changed.wait()


def is_online(event):
    return event == ONLINE


def is_cut_off(event):
    return isinstance(event, StatusChanged) and event.fault is Fault.LINE_LOST


@contextlib.asynccontextmanager
async def owned(url, make):
    protocol, line = catalog.split_device_url(url)
    owner = Owner(make(protocol), line)
    task = asyncio.create_task(owner.run())
    try:
        yield owner
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def simulated(said, folder):
    """The arguments of `simulate` as they are read from a command line."""
    words = ["simulate", *said.split(), "--listen", "127.0.0.1:0", "--control", str(folder / "hand")]
    return _parser().parse_args([*words, "--initialize-s", "0.1", "--paper", str(folder / "paper")])


def test_each_protocol_that_is_simulated_stands_here():
    assert {said.split()[0] for said in DEVICES} == {name for name, tools in TOOLS.items() if tools.simulate}


@pytest.mark.parametrize("said", DEVICES)
async def test_a_device_on_tcp_is_found_pulled_and_found_again(said, tmp_path):
    options = simulated(said, tmp_path)
    port = TcpPort("127.0.0.1", 0)
    host = SimulatorHost(*TOOLS[options.protocol].simulate(options), port, options.control)
    (protocol, _, query), make = DEVICES[said][0].partition("?"), DEVICES[said][1]
    async with host.running(), owned(f"{protocol}+tcp://{host.where()['listen']}?{query}", make) as owner:
        await owner.hears(is_online, 0)
        seen = len(owner.events)
        port.pull()
        await owner.hears(is_cut_off, seen)
        seen = len(owner.events)
        port.plug(host._step)
        await owner.hears(is_online, seen)


async def test_the_command_plays_a_script_on_tcp(tmp_path):
    script = tmp_path / "script.jsonl"
    script.write_text('# a note\n{"at_s": 0.3, "do": "insert", "value_minor": 7}\n')
    arguments = ["--listen", "127.0.0.1:0", "--control", str(tmp_path / "hand"), "--initialize-s", "0.1"]
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "device_drivers", "simulate", "ccnet", *arguments, "--script", str(script)),
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(LIMIT_S):
            ready = json.loads(await process.stdout.readline())
            played = json.loads(await process.stdout.readline())
    finally:
        process.send_signal(signal.SIGTERM)
        await process.wait()
    assert ready["ready"] is True
    assert ready["listen"].startswith("127.0.0.1:")
    assert played == {"at_s": 0.3, "did": "insert", "ok": False, "error": "there is no note of 0.07 rubles"}


async def test_a_second_host_takes_the_port_over_as_after_one_that_died_unheard(tmp_path):
    options = simulated("ccnet", tmp_path)
    host = SimulatorHost(*TOOLS["ccnet"].simulate(options), TcpPort("127.0.0.1", 0), options.control)
    async with host.running():
        first = await open_line(f"tcp://{host.where()['listen']}")
        second = await open_line(f"tcp://{host.where()['listen']}")
        await second.write(bytes.fromhex("02030633da81"))
        assert await second.read(64, timeout_s=LIMIT_S)
        with pytest.raises(LineLostError):
            await first.read(64, timeout_s=LIMIT_S)
        second.close()


async def test_a_taken_address_is_one_clear_error(tmp_path):
    taken = TcpPort("127.0.0.1", 0)
    taken.plug(lambda data: None)
    port = int(taken.describe()["listen"].rpartition(":")[2])
    with pytest.raises(SimulatorError, match=f"nobody can listen at 127.0.0.1:{port}"):
        TcpPort("127.0.0.1", port).plug(lambda data: None)
    taken.pull()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"at_s": 1, "do": "jam"}\n{"at_s": 0.5, "do": "clear"}', "line 2 of the script comes at 0.5 s"),
        ('\n{"at_s": "soon", "do": "jam"}', "line 2 of the script: at_s is a number"),
        ('{"do": "jam"}', "line 1 of the script: at_s is a number"),
        ("[1]", "line 1 of the script: a step is"),
        ("jam", "line 1 of the script is no JSON object"),
    ],
)
def test_a_script_that_makes_no_sense_is_refused_by_its_line(text, words):
    with pytest.raises(SimulatorError, match=words):
        read_script(text)


async def test_a_script_in_virtual_time_is_the_same_script():
    session = catalog.make_bill_validator("ccnet")
    session.enable(frozenset({CashItem(50000)}))
    wire = VirtualWire(session, CcnetSimulator(initialize_s=0.5))
    script = '{"at_s": 5, "do": "insert", "value_minor": 50000}\n{"at_s": 7, "do": "pull"}\n{"at_s": 9, "do": "plug"}'
    events = wire.play(read_script(script))
    assert NoteEscrowed(CashItem(50000)) in events
    assert events[-1] == StatusChanged(DeviceState.OFFLINE, Fault.LINE_LOST)
