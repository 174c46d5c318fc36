"""Power, door, SOS, presence: what money may do meanwhile, what the office is told, and when the computer goes off."""

from __future__ import annotations

import pytest

from device_drivers.contract.door import DoorChanged
from device_drivers.contract.lights import LightMode
from device_drivers.contract.presence import PresenceChanged
from device_drivers.contract.sos import SosPressed
from device_drivers.contract.status import DeviceState, Fault
from device_drivers.contract.storage import StorageStatus
from device_drivers.contract.ups import BatteryMeasured, Supply, SupplyChanged
from device_drivers.contract.watchdog import WatchdogSensors, WatchdogStarted, WatchdogStopped, WatchdogUnreachable
from payment.contract import CashInSnapshot
from terminal_app.core.cash_stop import Acceptor, cash_stop
from terminal_app.core.lights import lights_of
from terminal_app.core.site import SOS_S, AlarmKind, Effect, Now, Site, SiteRules, Tick, step
from terminal_app.ipc.messages import Availability, CashStop, CashView, Screen, TerminalState
from terminal_app.ipc.orders import ReceiptView

RULES = SiteRules(battery_cash_s=120.0, end_s_max=15.0)
MAINS, BATTERY, ENDING = (SupplyChanged(each) for each in (Supply.MAINS, Supply.BATTERY, Supply.SHUTDOWN_NOW))


class Story:
    """The site, its clock, and all effects so far."""

    def __init__(self) -> None:
        self.site, self.now_s, self.moves = Site(), 100.0, False

    def tell(self, *happened, after_s=0.0):
        """Events one after another, each so much later; the effects of all of them."""
        done = []
        for event in happened:
            self.now_s += after_s
            self.site, effects = step(self.site, event, RULES, Now(self.now_s, int(self.now_s * 1000), self.moves))
            done += effects
        return done

    @property
    def money(self):
        return "opens" if self.site.opens_cash else "pauses" if self.site.pauses_cash else "goes on"

    @property
    def alarms(self):
        return [kind for kind, _ in self.site.alarms]


@pytest.fixture
def story():
    return Story()


# --- power -----------------------------------------------------------------------------------------------------------


def test_on_battery_nobody_begins_who_pays_goes_on_for_a_while_and_mains_heal_it(story):
    assert story.tell(BATTERY) == [Effect.TELL_OFFICE]
    assert (story.money, story.alarms) == ("goes on", [AlarmKind.ON_BATTERY])
    assert story.tell(Tick(), after_s=119.0) == []
    assert story.money == "goes on"
    assert story.tell(Tick(), after_s=1.0) == []
    assert story.money == "pauses"
    assert story.tell(MAINS) == [Effect.TELL_OFFICE]
    assert (story.money, story.alarms) == ("opens", [])


def test_a_battery_that_is_nearly_empty_ends_the_visit_at_once_and_then_switches_off(story):
    story.tell(BATTERY)
    assert story.tell(ENDING) == [Effect.END_VISIT, Effect.TELL_OFFICE]
    assert (story.money, story.alarms) == ("pauses", [AlarmKind.POWER_ENDING])
    assert story.tell(Tick(), Tick(), Tick()) == [Effect.SHUT_DOWN]


def test_a_note_on_its_way_is_waited_for_but_not_for_ever(story):
    story.moves = True
    story.tell(ENDING)
    assert story.tell(Tick(), after_s=14.0) == []
    story.moves = False
    assert story.tell(Tick(), after_s=0.1) == [Effect.SHUT_DOWN]
    stuck = Story()
    stuck.moves = True
    stuck.tell(ENDING)
    assert stuck.tell(Tick(), after_s=15.0) == [Effect.SHUT_DOWN]


def test_a_shutdown_that_began_is_not_taken_back_by_the_mains(story):
    story.tell(ENDING)
    assert story.tell(MAINS, BATTERY) == []
    assert (story.money, story.site.ending) == ("pauses", True)
    assert story.tell(Tick()) == [Effect.SHUT_DOWN]


def test_an_old_battery_is_an_alarm_and_stops_nothing(story):
    assert story.tell(BatteryMeasured(80, 600, replace_battery=True)) == [Effect.TELL_OFFICE]
    assert (story.money, story.alarms) == ("opens", [AlarmKind.REPLACE_BATTERY])
    assert story.tell(BatteryMeasured(79, 600, replace_battery=True)) == []
    assert story.tell(BatteryMeasured(79, 600)) == [Effect.TELL_OFFICE]


# --- door, SOS, presence, watchdog -----------------------------------------------------------------------------------


def test_an_open_door_stops_cash_at_once_until_every_door_is_shut(story):
    assert story.tell(DoorChanged(open=False)) == []
    assert story.tell(DoorChanged(open=True)) == [Effect.TELL_OFFICE]
    assert (story.site.opens_cash, story.site.pauses_cash, story.alarms) == (False, True, [AlarmKind.DOOR_OPEN])
    assert story.tell(WatchdogSensors(door_open=True)) == []
    story.tell(DoorChanged(open=False))
    assert story.site.pauses_cash
    assert story.tell(WatchdogSensors(door_open=False)) == [Effect.TELL_OFFICE]
    assert story.money == "opens"


def test_a_board_without_a_door_sensor_says_nothing_of_the_door(story):
    story.tell(DoorChanged(open=True))
    story.tell(WatchdogSensors(door_open=None, too_hot=True))
    assert story.alarms == [AlarmKind.DOOR_OPEN, AlarmKind.TOO_HOT]


@pytest.mark.clause("9.7.3", owner="device_drivers")
def test_sos_is_told_at_once_each_time_and_stands_for_ten_minutes(story):
    assert story.tell(SosPressed()) == [Effect.TELL_OFFICE]
    assert story.site.alarms == ((AlarmKind.SOS, 100_000),)
    assert story.tell(Tick(), after_s=60.0) == []
    assert story.tell(SosPressed()) == [Effect.TELL_OFFICE]
    assert story.site.alarms == ((AlarmKind.SOS, 160_000),)
    assert story.tell(Tick(), after_s=SOS_S - 1.0) == []
    assert story.tell(Tick(), after_s=1.0) == [Effect.TELL_OFFICE]
    assert (story.alarms, story.money) == ([], "opens")


def test_presence_is_known_and_no_alarm(story):
    assert story.tell(PresenceChanged(present=True)) == []
    assert story.site.present
    story.tell(PresenceChanged(present=False))
    assert not story.site.present


def test_a_watchdog_that_is_not_reached_is_an_alarm_until_its_timer_is_ours_again(story):
    for healed in (WatchdogStarted(30), WatchdogStopped()):
        assert story.tell(WatchdogStarted(30), WatchdogUnreachable()) == [Effect.TELL_OFFICE]
        assert story.alarms == [AlarmKind.WATCHDOG_UNREACHABLE]
        assert story.tell(healed) == [Effect.TELL_OFFICE]


# --- why no cash is taken --------------------------------------------------------------------------------------------

WELL_SITE, NOTHING_INSIDE = Site(), CashInSnapshot()
WELL = Acceptor(True, DeviceState.ONLINE, Fault.NONE, StorageStatus.OK)


def stop(*, site=WELL_SITE, acceptor=WELL, cash=NOTHING_INSIDE, writable=True, billing_up=True):
    return cash_stop(cash, site, acceptor, writable=writable, billing_up=billing_up)


def broken(state, fault=Fault.NONE):
    return Acceptor(True, state, fault, StorageStatus.OK)


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({}, CashStop.NONE),
        ({"acceptor": broken(DeviceState.DEVICE_BUSY)}, CashStop.NONE),
        ({"acceptor": Acceptor(True, DeviceState.ONLINE, Fault.NONE, StorageStatus.HIGH)}, CashStop.NONE),
        ({"acceptor": Acceptor(False, DeviceState.NO_DEVICE, Fault.NONE, StorageStatus.OK)}, CashStop.NOT_FITTED),
        ({"site": Site(opens_cash=False, open_doors=frozenset({"auxiliaries"}))}, CashStop.DOOR),
        ({"site": Site(opens_cash=False, supply=Supply.BATTERY)}, CashStop.POWER),
        ({"writable": False}, CashStop.JOURNAL),
        ({"acceptor": broken(DeviceState.HARDWARE_ERROR, Fault.JAMMED)}, CashStop.JAMMED),
        ({"acceptor": broken(DeviceState.USER_ERROR, Fault.CASSETTE_REMOVED)}, CashStop.CASSETTE_REMOVED),
        ({"acceptor": broken(DeviceState.OFFLINE, Fault.NO_ANSWER)}, CashStop.ACCEPTOR),
        ({"acceptor": Acceptor(True, DeviceState.ONLINE, Fault.NONE, StorageStatus.FULL)}, CashStop.CASSETTE_FULL),
        ({"cash": CashInSnapshot(fiscal_ready=False)}, CashStop.FISCAL),
        ({"billing_up": False}, CashStop.BILLING),
    ],
    ids=lambda value: value.name if isinstance(value, CashStop) else "",
)
def test_each_reason_has_its_word(changed, word):
    assert stop(**changed) is word


def test_the_gravest_reason_is_told():
    door = Site(opens_cash=False, open_doors=frozenset({"watchdog"}), supply=Supply.BATTERY)
    assert stop(site=door, writable=False, billing_up=False) is CashStop.DOOR


# --- lights ----------------------------------------------------------------------------------------------------------


def shown(screen, **more):
    return TerminalState(revision=1, screen=screen, availability=Availability(), **more)


@pytest.mark.parametrize(
    ("state", "name"),
    [
        (shown(Screen.ATTRACT), ""),
        (shown(Screen.CASH_IN, cash=CashView(acceptor_ready=True)), "bill_validator"),
        (shown(Screen.CASH_IN, cash=CashView(acceptor_ready=False)), ""),
        (shown(Screen.BILL_SCAN), "barcode_reader"),
        (shown(Screen.RECEIPT, receipt=ReceiptView("1", 1, True, None)), "receipt_printer"),
        (shown(Screen.RECEIPT, receipt=ReceiptView("1", 1, True, False)), ""),
    ],
)
def test_a_light_leads_to_the_device_that_waits_for_the_customer(state, name):
    assert lights_of(state) == ({name: LightMode.FLASH} if name else {})
