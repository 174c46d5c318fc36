"""Every driver that asks its device, against every lie of a wire: a stated state within its limit, and then it heals.

One table for all classes of device; what becomes of money, documents and slips meanwhile stands in their own files.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from device_drivers import catalog
from device_drivers.contract.cash import CashItem
from device_drivers.contract.status import DeviceState, Fault, StatusChanged
from device_drivers.simulators.atol import AtolSimulator
from device_drivers.simulators.ccnet import CcnetSimulator
from device_drivers.simulators.cctalk_bills import CctalkBillSimulator
from device_drivers.simulators.cctalk_coins import CctalkCoinSimulator
from device_drivers.simulators.core import DeviceSimulator
from device_drivers.simulators.escpos import EscposSimulator
from device_drivers.simulators.essp import EsspSimulator
from device_drivers.simulators.id003 import Id003Simulator
from device_drivers.simulators.inpas import InpasSimulator
from device_drivers.simulators.nut import UpsdSimulator
from device_drivers.simulators.osmp_watchdog import OsmpWatchdogSimulator
from device_drivers.simulators.outbox import WIRE_FAULTS
from device_drivers.simulators.sberbank import SberbankSimulator
from device_drivers.simulators.script import read_script
from device_drivers.simulators.shtrih_m import ShtrihMSimulator
from device_drivers.simulators.vendotek import VendotekSimulator
from device_drivers.simulators.virtual_time import VirtualWire

ONLINE = StatusChanged(DeviceState.ONLINE)
# What a device may be said to be while nothing it says can be believed.
STATED = {
    ONLINE,
    StatusChanged(DeviceState.OFFLINE, Fault.NO_ANSWER),
    StatusChanged(DeviceState.DEVICE_BUSY, Fault.STARTING),
}


@dataclass(frozen=True)
class Driver:
    """Both ends, how long a device may be silent before it is told offline, and how soon it is online again."""

    session: Callable[[], Any]
    simulator: Callable[[], DeviceSimulator]
    stated_s: float = 15.0
    heals_s: float = 30.0
    answers: bool = True  # False: its acknowledgements alone are its sign of life


DRIVERS = {
    "ccnet": Driver(lambda: taking(catalog.make_bill_validator("ccnet")), lambda: CcnetSimulator(initialize_s=1.0)),
    "id003": Driver(lambda: taking(catalog.make_bill_validator("id003")), lambda: Id003Simulator(initialize_s=1.0)),
    "cctalk": Driver(
        lambda: taking(catalog.make_bill_validator("cctalk")), lambda: CctalkBillSimulator(initialize_s=1.0)
    ),
    "cctalk coins": Driver(lambda: taking(catalog.make_coin_acceptor("cctalk")), CctalkCoinSimulator),
    "essp": Driver(
        lambda: taking(catalog.make_bill_validator("essp")), lambda: EsspSimulator(initialize_s=1.0), stated_s=25.0
    ),
    "escpos": Driver(lambda: catalog.make_receipt_printer("escpos"), EscposSimulator),
    "shtrih-m": Driver(lambda: catalog.make_fiscal_printer("shtrih-m"), ShtrihMSimulator, stated_s=60.0),
    "atol3": Driver(lambda: catalog.make_fiscal_printer("atol3"), AtolSimulator, stated_s=60.0),
    "vendotek": Driver(
        lambda: catalog.make_payment_card_reader("vendotek"), VendotekSimulator, stated_s=60.0, heals_s=60.0
    ),
    "inpas": Driver(lambda: catalog.make_payment_card_reader("inpas"), InpasSimulator, answers=False),
    "sberbank": Driver(
        lambda: catalog.make_payment_card_reader("sberbank"), SberbankSimulator, stated_s=60.0, heals_s=60.0
    ),
    "osmp-watchdog": Driver(lambda: catalog.make_watchdog("osmp-watchdog"), OsmpWatchdogSimulator),
    "nut": Driver(lambda: catalog.make_ups("nut"), UpsdSimulator, stated_s=60.0, heals_s=60.0),
}


def taking(session):
    session.enable(frozenset({CashItem(50_000), CashItem(1_000)}))
    return session


def online(name):
    driver = DRIVERS[name]
    wire = VirtualWire(driver.session(), driver.simulator())
    wire.run_until(lambda: ONLINE in wire.events, 60.0)
    assert ONLINE in wire.events
    return wire, driver


def status(wire):
    return next(event for event in reversed(wire.events) if isinstance(event, StatusChanged))


def stated(event):
    return StatusChanged(event.state, event.fault) in STATED


@pytest.mark.parametrize("fault", sorted(WIRE_FAULTS))
@pytest.mark.parametrize("name", DRIVERS)
def test_a_wire_that_lies_for_long_leaves_a_stated_state_and_heals(name, fault):
    wire, driver = online(name)
    seen = len(wire.events)
    script = f'{{"at_s": 1, "do": "fault", "name": "{fault}", "count": 100000}}'
    wire.play(read_script(script))
    wire.run(driver.stated_s)
    told = [event for event in wire.events[seen:] if isinstance(event, StatusChanged)]
    assert all(stated(event) for event in told)
    if fault == "lost_answer" and driver.answers:
        assert told, "a device that never answers is told"
        assert told[-1] != ONLINE
    wire.hand(do="fault", name=fault, count=0)
    wire.run(driver.heals_s)
    assert status(wire) == ONLINE
    quiet = len(wire.events)
    wire.run(20.0)
    assert [event for event in wire.events[quiet:] if isinstance(event, StatusChanged)] == []


@pytest.mark.parametrize("fault", sorted(WIRE_FAULTS))
@pytest.mark.parametrize("name", DRIVERS)
def test_one_lie_of_a_wire_heals_by_itself(name, fault):
    wire, driver = online(name)
    wire.run(driver.heals_s)
    seen = len(wire.events)
    wire.hand(do="fault", name=fault)
    wire.run(driver.stated_s + driver.heals_s)
    assert all(stated(event) for event in wire.events[seen:] if isinstance(event, StatusChanged))
    assert status(wire) == ONLINE


@pytest.mark.parametrize("away_s", [0.05, 40.0], ids=["a moment", "long"])
@pytest.mark.parametrize("name", DRIVERS)
def test_a_pulled_port_is_told_at_once_and_the_device_is_online_again_when_it_is_back(name, away_s):
    wire, driver = online(name)
    seen = len(wire.events)
    wire.play(read_script('{"at_s": 0.03, "do": "pull"}'))
    assert [event for event in wire.events[seen:] if isinstance(event, StatusChanged)] == [
        StatusChanged(DeviceState.OFFLINE, Fault.LINE_LOST)
    ]
    wire.run(away_s)
    wire.mend()
    wire.run(driver.heals_s)
    assert status(wire) == ONLINE


@pytest.mark.parametrize("name", DRIVERS)
def test_one_lost_answer_takes_no_device_out_of_service(name):
    wire, driver = online(name)
    wire.run(driver.heals_s)
    seen = len(wire.events)
    wire.hand(do="fault", name="lost_answer")
    wire.run(driver.stated_s + driver.heals_s)
    assert [event for event in wire.events[seen:] if isinstance(event, StatusChanged)] == []
