"""Watchdogs under faults: who is there, when they bite, and that a driver never feeds or starts one by itself."""

from __future__ import annotations

import os

import pytest

from device_drivers.catalog import make_watchdog, split_device_url
from device_drivers.contract.errors import DeviceUrlError
from device_drivers.contract.status import DeviceState, Fault, Identified, StatusChanged
from device_drivers.contract.watchdog import WatchdogSensors, WatchdogStarted, WatchdogStopped, WatchdogUnreachable
from device_drivers.linux_watchdog import LinuxWatchdog
from device_drivers.osmp_watchdog.session import OsmpWatchdogSession
from device_drivers.simulators.osmp_watchdog import FAULTS, NAMES, OsmpWatchdogSimulator
from device_drivers.simulators.virtual_time import VirtualWire

FOUND_S = 5.0  # three questions, each twice
ONLINE = StatusChanged(DeviceState.ONLINE)
NO_ANSWER = StatusChanged(DeviceState.OFFLINE, Fault.NO_ANSWER)
ACTS = ("03", "04", "0c", "OSP02", "OSP03", "OSP04", "OSPae", "OSTR")  # what changes something in a board


def wire_to(generation: str, chunk_size: int = 512) -> VirtualWire:
    return VirtualWire(OsmpWatchdogSession(), OsmpWatchdogSimulator(generation=generation), chunk_size=chunk_size)


def feed_for(wire: VirtualWire, for_s: float) -> list:
    """A healthy supervisor, once a second."""
    events = []
    for _ in range(int(for_s)):
        wire.session.feed()
        events += wire.run(1.0)
    return events


@pytest.mark.parametrize("chunk_size", [1, 512])
@pytest.mark.parametrize("generation", list(NAMES))
def test_each_generation_is_found_and_a_probe_changes_nothing(generation, chunk_size):
    wire = wire_to(generation, chunk_size)
    events = wire.run(FOUND_S)
    assert ONLINE in events
    assert Identified(NAMES[generation].decode(), "00123456" if generation == "2.5" else "") in events
    wire.session.feed()  # without start it does nothing
    wire.run(700.0)
    assert not [heard for heard in wire.simulator.heard if heard.startswith(ACTS) or heard in ("05", "OSP05")]
    assert wire.simulator.restarts == []


@pytest.mark.parametrize(("generation", "timeout_s"), [("2.5", 30), ("1", 1500), ("2", 1500), ("stod", 1500)])
def test_a_started_timer_bites_only_when_the_feeds_end(generation, timeout_s):
    wire = wire_to(generation)
    wire.session.start()
    assert WatchdogStarted(timeout_s) in wire.run(FOUND_S)
    assert not [event for event in feed_for(wire, timeout_s * 1.5) if not isinstance(event, WatchdogSensors)]
    assert wire.simulator.restarts == []
    wire.run(timeout_s + 6.0)  # the supervisor hangs, the session goes on
    assert len(wire.simulator.restarts) == 1


@pytest.mark.parametrize("generation", list(NAMES))
def test_a_stopped_timer_never_bites(generation):
    wire = wire_to(generation)
    wire.session.start()
    wire.run(FOUND_S)
    wire.session.stop()
    assert WatchdogStopped() in wire.run(FOUND_S)
    wire.session.feed()
    wire.run(1600.0)
    assert wire.simulator.restarts == []


@pytest.mark.parametrize("fault", sorted(FAULTS))
@pytest.mark.parametrize("generation", list(NAMES))
def test_a_fault_of_the_wire_ends_in_a_stated_state_and_heals_with_the_timer_running(generation, fault):
    wire = wire_to(generation)
    wire.session.start()
    wire.run(FOUND_S)
    wire.hand(do="fault", name=fault, count=7)
    wire.session.feed()
    feed_for(wire, 30)
    wire.hand(do="fault", name=fault, count=0)
    feed_for(wire, 15)
    told = [event for event in wire.events if isinstance(event, StatusChanged)]
    assert told[-1] == ONLINE
    assert set(told) <= {ONLINE, NO_ANSWER}
    feed_for(wire, 60)
    assert wire.simulator.restarts == []
    assert wire.simulator.control({"do": "state"}, wire.now_s)["running"]


@pytest.mark.parametrize("generation", list(NAMES))
def test_a_silent_board_is_told_once_while_its_timer_runs_and_started_again_when_it_is_back(generation):
    wire = wire_to(generation)
    wire.session.start()
    wire.run(FOUND_S)
    wire.hand(do="silent", silent=True)
    events = feed_for(wire, 40)
    assert events == [WatchdogUnreachable(), NO_ANSWER]
    wire.hand(do="silent", silent=False)
    events = feed_for(wire, 12)
    assert events[0] == ONLINE
    assert [event for event in events if isinstance(event, WatchdogStarted)]


@pytest.mark.parametrize("off_s", [0.5, 40.0], ids=["a moment", "long"])
@pytest.mark.parametrize(("generation", "feed_s"), [("2.5", 10), ("1", 420), ("2", 420), ("stod", 420)])
def test_a_board_that_lost_its_power_has_its_timer_running_again_with_the_next_feed(generation, feed_s, off_s):
    wire = wire_to(generation)
    wire.session.start()
    wire.run(FOUND_S)
    feed_for(wire, 10)
    wire.hand(do="power_cut", off_s=off_s)
    assert not wire.hand(do="state")["running"]
    events = feed_for(wire, off_s + feed_s + 15)
    assert wire.hand(do="state")["running"]
    assert (WatchdogUnreachable() in events) is (off_s > FOUND_S)
    assert wire.simulator.restarts == []


def test_a_stop_said_while_the_port_was_gone_is_obeyed_when_it_is_back():
    wire = wire_to("2.5")
    wire.session.start()
    wire.run(FOUND_S)
    wire.cut()
    assert wire.events[-2:] == [WatchdogUnreachable(), StatusChanged(DeviceState.OFFLINE, Fault.LINE_LOST)]
    wire.session.stop()
    wire.session.reset_modem()  # nobody wants it an hour later
    wire.mend()
    assert WatchdogStopped() in wire.run(FOUND_S)
    assert "02" not in wire.simulator.heard
    wire.run(60.0)
    assert wire.simulator.restarts == []


@pytest.mark.parametrize("generation", list(NAMES))
def test_the_supply_of_modem_and_computer_is_switched_when_asked(generation):
    wire = wire_to(generation)
    wire.run(FOUND_S)
    wire.session.reset_modem()
    wire.session.restart_computer()
    wire.run(3.0)
    assert ("02" if generation == "2.5" else "OSP02") in wire.simulator.heard
    assert len(wire.simulator.restarts) == 1


def test_a_door_is_told_on_the_edge_and_one_wrong_byte_opens_no_door():
    wire = wire_to("2")
    seen = [event for event in wire.run(FOUND_S) if isinstance(event, WatchdogSensors)]
    assert [sensors.door_open for sensors in seen] == [False]
    wire.hand(do="door", open=True)
    wire.run_until(
        lambda: bool(wire.simulator.control({"do": "state"}, 0)["ok"]) and "OSP07" in wire.simulator.heard, 1
    )
    opened = [event for event in wire.run(2.0) if isinstance(event, WatchdogSensors)]
    assert [sensors.door_open for sensors in opened] == [True]
    session = OsmpWatchdogSession()
    session._see_sensors(WatchdogSensors(door_open=False))
    session._see_sensors(WatchdogSensors(door_open=False))
    session._see_sensors(WatchdogSensors(door_open=True))
    session._see_sensors(WatchdogSensors(door_open=False))
    assert session.take_events() == [WatchdogSensors(door_open=False)]


def test_a_device_url_sets_the_timeout_and_nonsense_is_refused():
    protocol, line_url = split_device_url("osmp-watchdog+serial:///dev/ttyUSB3?timeout=60")
    assert line_url == "serial:///dev/ttyUSB3?baud=9600"
    wire = VirtualWire(make_watchdog(protocol), OsmpWatchdogSimulator())
    wire.session.start()
    assert WatchdogStarted(60) in wire.run(FOUND_S)
    for wrong in ("osmp-watchdog?timeout=5", "osmp-watchdog?timeout=x", "osmp-watchdog?period=1", "ccnet"):
        with pytest.raises(DeviceUrlError):
            make_watchdog(wrong)


# --- /dev/watchdog: here a file stands in its place ---------------------------------------------------------------


@pytest.fixture
def device(tmp_path):
    path = tmp_path / "watchdog"
    path.write_bytes(b"")
    return path


def test_the_kernels_watchdog_is_opened_by_start_alone_and_closed_by_the_magic_letter(device):
    watchdog = LinuxWatchdog(device, 45)
    watchdog.feed()
    assert watchdog.take_events() == []
    assert device.read_bytes() == b""
    watchdog.start()
    watchdog.feed()
    watchdog.feed()
    assert watchdog.take_events() == [ONLINE, WatchdogStarted(45)]
    watchdog.stop()
    assert device.read_bytes() == b"\x00\x00V"
    assert watchdog.take_events() == [WatchdogStopped()]
    watchdog.feed()
    assert device.read_bytes() == b"\x00\x00V"


def test_a_missing_watchdog_is_stated_and_taken_when_it_comes(tmp_path):
    watchdog = LinuxWatchdog(tmp_path / "watchdog")
    watchdog.start()
    watchdog.feed()
    assert [event.state for event in watchdog.take_events()] == [DeviceState.NO_DEVICE]
    (tmp_path / "watchdog").write_bytes(b"")
    watchdog.feed()
    assert watchdog.take_events() == [ONLINE, WatchdogStarted(60)]


def test_a_watchdog_that_takes_no_feed_is_an_alert_and_is_opened_anew(tmp_path):
    path = tmp_path / "watchdog"
    os.mkfifo(path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    watchdog = LinuxWatchdog(path)
    watchdog.start()
    watchdog.take_events()
    os.close(reader)
    watchdog.feed()
    assert watchdog.take_events() == [
        WatchdogUnreachable(),
        StatusChanged(DeviceState.OFFLINE, Fault.LINE_LOST, "Broken pipe"),
    ]
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    watchdog.feed()
    assert watchdog.take_events() == [ONLINE, WatchdogStarted(60)]
    os.close(reader)
