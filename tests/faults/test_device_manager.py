"""One dead, replaced or moved device: told, opened again with backoff, and no trouble to the others."""

from __future__ import annotations

import asyncio
import json

import pytest

from device_drivers.contract.errors import LineBusyError, LineLostError
from device_drivers.contract.status import DeviceState, Fault, Identified, StatusChanged
from terminal_app.core.device_keeper import REOPEN_FIRST_S, REOPEN_MAX_S, STEADY_S, Surroundings
from terminal_app.core.device_manager import DeviceManager
from terminal_app.core.inventory import Inventory
from terminal_app.core.serial_ports import SerialPorts

ONLINE = StatusChanged(DeviceState.ONLINE)
TURNS = 200  # of the event loop; far more than any story here needs


class World:
    """Lines by a script, and a clock that only sleeping and reading move."""

    def __init__(self, *story):
        self.story = list(story)  # of openings: an error, or how the line ends
        self.waits = []
        self.closed = 0
        self.now_s = 0.0
        self.surroundings = Surroundings(self.open_line, self.sleep, lambda: self.now_s)

    async def open_line(self, url):
        if not self.story:
            await asyncio.Event().wait()
        step = self.story.pop(0)
        if isinstance(step, Exception):
            raise step
        return FakeLine(self, step)

    async def sleep(self, wait_s):
        self.waits.append(wait_s)
        self.now_s += wait_s
        await asyncio.sleep(0)


class FakeLine:
    """Holds for so long, then is lost; every read gives one byte."""

    def __init__(self, world, holds_s):
        self.world, self.left_s = world, holds_s

    async def read(self, size_max, *, timeout_s):
        await asyncio.sleep(0)
        if self.left_s <= 0:
            raise LineLostError("the port is gone", device="x")
        self.left_s -= 5.0
        self.world.now_s += 5.0
        return b"!"

    async def write(self, data):
        await asyncio.sleep(0)

    def close(self):
        self.world.closed += 1


class FakeSession:
    """Says `?` and what it is told to say as events; may fail where told."""

    def __init__(self, *events, fails=None):
        self.events, self.fails, self.lost = list(events), fails, 0

    def bytes_to_send(self, now_s):
        return b"?"

    def receive(self, chunk, now_s):
        if self.fails is not None:
            error, self.fails = self.fails, None
            raise error

    def take_events(self):
        events, self.events = self.events, []
        return events

    def wakes_at_s(self):
        return 0.0

    def line_lost(self, now_s):
        self.lost += 1


async def told(world, session=None, *, manager=None, emit=None, url="tcp://x:1"):
    manager = manager or DeviceManager(lambda: None, world=world.surroundings)
    events = []
    manager.add("bill_validator", url, session or FakeSession(), emit or events.append)
    for _ in range(TURNS):
        await asyncio.sleep(0)
    await manager.close()
    return manager, events


async def test_a_port_that_is_not_there_is_asked_for_ever_slower_and_told_once():
    world = World(*[LineLostError("there is no such port", device="x")] * 6)
    manager, events = await told(world)
    assert world.waits == [0.5, 1.0, 2.0, 4.0, REOPEN_MAX_S, REOPEN_MAX_S]
    assert [event.state for event in events] == [DeviceState.NO_DEVICE]
    assert manager.counters()["bill_validator"].vain_opens == 6


async def test_a_line_that_falls_at_once_each_time_is_not_opened_in_a_storm():
    world = World(*[0.0] * 5)
    await told(world)
    assert world.waits == [0.5, 1.0, 2.0, 4.0, 5.0]
    assert world.closed == 5


async def test_a_line_that_held_is_opened_again_soon():
    world = World(0.0, 0.0, STEADY_S, 0.0)
    await told(world)
    assert world.waits == [0.5, 1.0, REOPEN_FIRST_S, 1.0]


async def test_a_port_of_another_program_is_busy_not_absent():
    manager, _ = await told(World(LineBusyError("another program holds the port", device="x")))
    assert manager.state("bill_validator") is DeviceState.DEVICE_BUSY


async def test_what_waits_for_a_device_is_answered_while_its_port_is_away():
    session = FakeSession()
    await told(World(LineLostError("no port", device="x"), LineLostError("no port", device="x")), session)
    assert session.lost == 2


async def test_a_driver_with_a_bug_starts_anew_and_the_others_go_on():
    world, sound = World(5.0, 5.0), World(1000.0)
    manager = DeviceManager(lambda: None, world=world.surroundings)
    broken, events, others = FakeSession(fails=ZeroDivisionError("a bug")), [], []
    manager.add("fiscal_printer", "tcp://x:1", broken, events.append)
    for _ in range(TURNS):
        await asyncio.sleep(0)
    world.story = sound.story
    manager.add("bill_validator", "tcp://x:2", FakeSession(ONLINE), others.append)
    for _ in range(TURNS):
        await asyncio.sleep(0)
    await manager.close()
    counters = manager.counters()["fiscal_printer"]
    assert (counters.driver_failures, counters.opens) == (1, 2)
    assert StatusChanged(DeviceState.OFFLINE, Fault.FAILED, "the driver failed") in events
    assert broken.lost >= 1
    assert others == [ONLINE]


async def test_an_owner_who_fails_at_one_event_gets_the_next_one():
    got = []

    def owner(event):
        got.append(event)
        if event == 1:
            raise KeyError("a bug of the owner")

    manager, _ = await told(World(50.0), FakeSession(1, 2, 3), emit=owner)
    assert got[:3] == [1, 2, 3]
    assert manager.counters()["bill_validator"].owner_failures == 1


async def test_bytes_events_and_losses_are_counted():
    manager, _ = await told(World(10.0), FakeSession(ONLINE))
    counters = manager.counters()["bill_validator"]
    assert (counters.opens, counters.losses, counters.events) == (1, 1, 1)
    assert (counters.bytes_read, counters.bytes_written) == (2, 3)


async def test_a_change_of_health_is_told_on_the_edge_only():
    changes = []
    manager = DeviceManager(lambda: changes.append(1), world=World().surroundings)
    for event in (ONLINE, ONLINE, Identified("M", "1"), Identified("M", "1"), "not a status"):
        manager.note("camera", event)
    assert len(changes) == 2


# --- replaced and moved ---------------------------------------------------------------------------------------------


@pytest.fixture
def links(tmp_path):
    """`/dev` of a terminal: `plug(adapter, socket)` and `pull()`."""

    class Links:
        folder = tmp_path / "serial"
        count = 0

        def plug(self, adapter, socket):
            self.count += 1
            device = tmp_path / f"ttyUSB{self.count}"
            device.touch()
            for kind, name in (("by-id", adapter), ("by-path", socket)):
                (self.folder / kind).mkdir(parents=True, exist_ok=True)
                (self.folder / kind / name).unlink(missing_ok=True)
                (self.folder / kind / name).symlink_to(device)

        def pull(self, adapter, socket):
            (self.folder / "by-id" / adapter).unlink()
            (self.folder / "by-path" / socket).unlink()

        def url(self, socket):
            return f"serial://{self.folder / 'by-path' / socket}"

    return Links()


async def run_at(links, tmp_path, world, session):
    manager = DeviceManager(
        lambda: None, tmp_path / "devices.json", ports=SerialPorts(links.folder), world=world.surroundings
    )
    await told(world, session, manager=manager, url=links.url("usb-1"))
    (report,) = manager.reports()
    return report


async def test_a_device_with_another_serial_is_reported_also_after_a_restart(links, tmp_path):
    links.plug("FTDI_A", "usb-1")
    first = await run_at(links, tmp_path, World(50.0), FakeSession(Identified("M", "111"), ONLINE))
    assert first.serial == "111"
    assert "another" not in first.detail
    second = await run_at(links, tmp_path, World(1e9), FakeSession(Identified("M", "222"), ONLINE))
    assert (second.state, second.serial) == ("online", "222")
    assert second.detail == "another device: serial 222, before 111"
    third = await run_at(links, tmp_path, World(1e9), FakeSession(Identified("M", "222"), ONLINE))
    assert third.detail == ""


async def test_another_adapter_at_this_place_is_reported(links, tmp_path):
    links.plug("FTDI_A", "usb-1")
    await run_at(links, tmp_path, World(1e9), FakeSession(ONLINE))
    links.pull("FTDI_A", "usb-1")
    links.plug("CH340", "usb-1")
    report = await run_at(links, tmp_path, World(1e9), FakeSession(ONLINE))
    assert report.detail == "another adapter at this place: CH340, before FTDI_A"


async def test_the_same_adapter_elsewhere_is_named_to_the_technician(links, tmp_path):
    links.plug("FTDI_A", "usb-1")
    await run_at(links, tmp_path, World(1e9), FakeSession(ONLINE))
    links.pull("FTDI_A", "usb-1")
    links.plug("FTDI_A", "usb-2")
    lost = LineLostError("there is no such port", device="x")
    report = await run_at(links, tmp_path, World(lost), FakeSession())
    assert report.state == "no_device"
    assert report.detail == "x: there is no such port; its adapter FTDI_A stands at usb-2 now"


async def test_a_socket_that_is_empty_names_what_is_plugged_in(links, tmp_path):
    links.plug("CH340", "usb-3")
    lost = LineLostError("there is no such port", device="x")
    assert (await run_at(links, tmp_path, World(lost), FakeSession())).detail.endswith("adapters stand at: usb-3")


def test_no_links_at_all_is_no_error(tmp_path):
    ports = SerialPorts(tmp_path / "nothing")
    assert (ports.all(), ports.at("/dev/nothing"), ports.hint("")) == ([], None, "there is no serial adapter at all")
    assert ports.hint("FTDI_A") == "its adapter FTDI_A is nowhere"


@pytest.mark.parametrize("text", ["", "[]", "{", '{"a": 1}', '{"a": {"colour": "red"}}'])
def test_a_damaged_inventory_costs_one_report_and_nothing_else(tmp_path, text):
    path = tmp_path / "devices.json"
    path.write_text(text)
    inventory = Inventory(path)
    assert inventory.saw_device("bill_validator", "M", "1") == ""
    assert json.loads(path.read_text())["bill_validator"]["serial"] == "1"


def test_an_inventory_that_cannot_be_written_still_compares(tmp_path):
    inventory = Inventory(tmp_path / "no folder" / "devices.json")
    inventory.saw_device("bill_validator", "M", "1")
    assert inventory.saw_device("bill_validator", "M", "2") == "another device: serial 2, before 1"
