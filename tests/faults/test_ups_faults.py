"""The UPS: what the words of upsd mean for a kiosk, and that a fault of the link is never taken for a power cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device_drivers.catalog import make_ups, split_device_url
from device_drivers.contract.errors import DeviceUrlError
from device_drivers.contract.status import DeviceState, Fault, Identified, StatusChanged
from device_drivers.contract.ups import BatteryMeasured, Supply, SupplyChanged
from device_drivers.simulators.nut import FAULTS, UpsdSimulator
from device_drivers.simulators.virtual_time import VirtualWire
from device_drivers.ups.frames import LINE_SIZE_MAX, LineError, LineReader, words_of
from device_drivers.ups.messages import answer_of, whole_number
from device_drivers.ups.session import ON_BATTERY_S, NutSession

ONLINE = StatusChanged(DeviceState.ONLINE)


@pytest.fixture
def wire():
    wire = VirtualWire(NutSession(), UpsdSimulator())
    assert set(wire.run(3.0)) == {
        ONLINE,
        SupplyChanged(Supply.MAINS, "OL CHRG"),
        BatteryMeasured(100, 1800),
        Identified('Back-UPS "650"', "AS1234"),
    }
    return wire


def say(wire, status):
    wire.hand(do="set", name="ups.status", value=status)


def test_a_flicker_of_the_mains_is_not_told_and_a_lasting_cut_is_told_once(wire):
    say(wire, "OB DISCHRG")
    assert wire.run(ON_BATTERY_S - 0.5) == []
    say(wire, "OL")
    assert wire.run(5.0) == []
    say(wire, "OB DISCHRG")
    assert wire.run(ON_BATTERY_S + 1.5) == [SupplyChanged(Supply.BATTERY, "OB DISCHRG")]
    assert wire.run(20.0) == []
    say(wire, "OL CHRG")
    assert wire.run(1.5) == [SupplyChanged(Supply.MAINS, "OL CHRG")]


@pytest.mark.parametrize("status", ["OB LB", "LB OB DISCHRG", "FSD OL", "FSD OB LB", "OB FSD"])
def test_an_empty_battery_or_a_forced_shutdown_is_told_at_once(wire, status):
    say(wire, status)
    assert wire.run(1.5) == [SupplyChanged(Supply.SHUTDOWN_NOW, status)]


@pytest.mark.parametrize("status", ["OL LB", "OL BYPASS", "OL TRIM", "OL BOOST", "OL CAL", "OFF", ""])
def test_other_words_are_no_power_cut(wire, status):
    say(wire, status or " ")
    assert not [event for event in wire.run(10.0) if isinstance(event, SupplyChanged)]


def test_a_battery_to_be_replaced_an_overload_and_the_charge_are_told_on_change(wire):
    say(wire, "OL RB")
    assert wire.run(1.5) == [BatteryMeasured(100, 1800, replace_battery=True)]
    say(wire, "OL OVER")
    assert wire.run(1.5) == [BatteryMeasured(100, 1800, overloaded=True)]
    say(wire, "OL")
    wire.hand(do="set", name="battery.charge", value="87.5")
    wire.hand(do="set", name="battery.runtime", value="")
    wire.run(12.0)
    assert wire.events[-1] == BatteryMeasured(87, None)


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("stale", StatusChanged(DeviceState.OFFLINE, Fault.NO_ANSWER, "DATA-STALE")),
        ("driver_gone", StatusChanged(DeviceState.OFFLINE, Fault.NO_ANSWER, "DRIVER-NOT-CONNECTED")),
        ("unknown_ups", StatusChanged(DeviceState.NO_DEVICE, Fault.NO_ANSWER, "UNKNOWN-UPS")),
        ("denied", StatusChanged(DeviceState.OFFLINE, Fault.FAILED, "ACCESS-DENIED")),
        ("lost_answer", StatusChanged(DeviceState.OFFLINE, Fault.NO_ANSWER)),
        ("cut_frame", StatusChanged(DeviceState.OFFLINE, Fault.NO_ANSWER)),
    ],
)
def test_a_fault_of_the_link_is_stated_once_is_no_power_cut_and_heals(wire, fault, told):
    wire.hand(do="fault", name=fault, count=1000)
    assert wire.run(60.0) == [told]
    wire.hand(do="fault", name=fault, count=0)
    assert wire.run(15.0) == [ONLINE]


@pytest.mark.parametrize("fault", sorted(FAULTS))
@pytest.mark.parametrize("chunk_size", [1, 512])
def test_a_power_cut_is_told_after_any_fault(fault, chunk_size):
    wire = VirtualWire(NutSession("kiosk"), UpsdSimulator(), chunk_size=chunk_size)
    wire.run(3.0)
    say(wire, "OB")
    wire.hand(do="fault", name=fault, count=5)
    wire.run(40.0)
    assert [event.supply for event in wire.events if isinstance(event, SupplyChanged)] == [Supply.MAINS, Supply.BATTERY]


def test_a_ups_whose_driver_knows_its_name_late_is_identified_then():
    wire = VirtualWire(NutSession("kiosk"), UpsdSimulator())
    for name in ("ups.model", "ups.serial"):
        wire.hand(do="set", name=name, value="")
    assert not [event for event in wire.run(5.0) if isinstance(event, Identified)]
    wire.hand(do="set", name="ups.model", value="Kiosk 650")
    assert [event for event in wire.run(15.0) if isinstance(event, Identified)] == [Identified("Kiosk 650", "")]


@pytest.mark.parametrize("fault", ["stale", "lost_answer", "line"])
def test_a_cut_seen_once_before_the_link_broke_does_not_ripen_into_a_power_cut(wire, fault):
    say(wire, "OB")
    wire.run_until(lambda: wire.session._on_battery_since_s is not None, 3.0)
    if fault == "line":
        wire.cut()
    else:
        wire.hand(do="fault", name=fault, count=1000)
    told = wire.run(20.0)
    assert not [event for event in told if isinstance(event, SupplyChanged)]
    assert wire.events[-1].state is DeviceState.OFFLINE
    wire.mend()
    wire.hand(do="fault", name="stale", count=0)
    wire.hand(do="fault", name="lost_answer", count=0)
    wire.run_until(lambda: wire.events[-1] == ONLINE, 10.0)
    assert wire.run(1.5) == []  # one sight and an old one are no power cut
    assert wire.run(5.0) == [SupplyChanged(Supply.BATTERY, "OB")]


def test_a_lost_upsd_is_stated_and_found_again_and_nothing_but_questions_was_said(wire):
    wire.cut()
    assert wire.events[-1] == StatusChanged(DeviceState.OFFLINE, Fault.LINE_LOST)
    say(wire, "OB")
    wire.run(30.0)
    wire.mend()
    assert wire.run(6.0) == [ONLINE, SupplyChanged(Supply.BATTERY, "OB")]
    assert {line.split()[0] for line in wire.simulator.heard} == {"LIST", "GET"}


def test_a_device_url_names_the_ups_and_nonsense_is_refused():
    assert split_device_url("nut+tcp://127.0.0.1:3493?ups=kiosk") == ("nut?ups=kiosk", "tcp://127.0.0.1:3493")
    assert make_ups("nut?ups=kiosk").bytes_to_send(0.0) == b"GET VAR kiosk ups.status\n"
    for wrong in ("nut?ups=a%20b", "nut?ups=a%0aINSTCMD", "nut?password=1", "ccnet"):
        with pytest.raises(DeviceUrlError):
            make_ups(wrong)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('VAR a b "OB LB"', ["VAR", "a", "b", "OB LB"]),
        (r'VAR a b "say \"no\" \\ yes"', ["VAR", "a", "b", 'say "no" \\ yes']),
        ('VAR a b ""', ["VAR", "a", "b", ""]),
        ("  OK  ", ["OK"]),
    ],
)
def test_words_and_quotes_are_read_as_the_protocol_says(line, words):
    assert words_of(line) == words


def test_an_open_quote_is_refused_and_answers_nothing():
    with pytest.raises(LineError):
        words_of('VAR a b "OB')
    assert answer_of('VAR a b "OB') is None


@given(st.lists(st.binary(max_size=600), max_size=12))
def test_any_bytes_give_lines_of_bounded_size_and_keep_nothing_else(chunks):
    reader = LineReader()
    for chunk in chunks:
        for line in reader.feed(chunk):
            assert len(line.encode("utf-8", errors="replace")) <= LINE_SIZE_MAX * 3
            answer_of(line)
            whole_number(line)
        assert len(reader._buffer) <= LINE_SIZE_MAX


def test_an_endless_line_is_dropped_and_the_next_one_is_read():
    reader = LineReader()
    assert reader.feed(b"x" * (LINE_SIZE_MAX + 1)) == []
    assert reader.feed(b"y" * 5 * LINE_SIZE_MAX + b"\nOK\n") == ["OK"]
    assert reader.lines_dropped == 1
