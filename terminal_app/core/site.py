"""What goes on around the terminal: mains and battery, door, SOS button, presence, watchdog. Pure, told the time.

Source: UPS paper, "Kiosk policy"; watchdog paper, "Rules for a driver"; clause 9.7.3. What the door and the battery ask
of money: nothing new is taken, what is inside is brought to its end.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace

from device_drivers.contract.door import DoorChanged
from device_drivers.contract.presence import PresenceChanged
from device_drivers.contract.sos import SosPressed
from device_drivers.contract.ups import BatteryMeasured, Supply, SupplyChanged
from device_drivers.contract.watchdog import WatchdogSensors, WatchdogStarted, WatchdogStopped, WatchdogUnreachable

SOS_S = 600.0  # a press is told to the office so long
AUXILIARIES, WATCHDOG = "auxiliaries", "watchdog"  # who sees a door


class AlarmKind(enum.StrEnum):
    """Words of `signaling_server.contract.messages.AlarmReport`."""

    SOS = "sos"
    DOOR_OPEN = "door_open"
    ON_BATTERY = "on_battery"
    POWER_ENDING = "power_ending"
    WATCHDOG_UNREACHABLE = "watchdog_unreachable"
    TOO_HOT = "too_hot"
    REPLACE_BATTERY = "replace_battery"


class Effect(enum.Enum):
    """What core does."""

    END_VISIT = "end_visit"  # money inside is paid to the account of the visit
    SHUT_DOWN = "shut_down"  # close the journal, then switch the computer off
    TELL_OFFICE = "tell_office"


@dataclass(frozen=True, slots=True)
class SiteRules:
    """Settings."""

    battery_cash_s: float = 120.0  # who pays when the mains go may go on so long
    end_s_max: float = 15.0  # the note on its way gets so long before the computer is switched off


@dataclass(frozen=True, slots=True)
class Now:
    """Both clocks; and whether money is on its way: a note moves or a record is awaited."""

    monotonic_s: float
    wall_ms: int
    money_moves: bool = False


@dataclass(frozen=True, slots=True)
class Tick:
    """Time passed; about four times a second."""


@dataclass(frozen=True, slots=True)
class Site:
    """`Site()`: nothing is known to be wrong."""

    alarms: tuple[tuple[AlarmKind, int], ...] = ()  # and since when, in UTC milliseconds
    supply: Supply = Supply.MAINS
    supply_since_s: float = 0.0
    open_doors: frozenset[str] = frozenset()
    present: bool = False
    sos_at_s: float = 0.0
    shut_down: bool = False
    pauses_cash: bool = False  # a running payment takes no note now
    opens_cash: bool = True  # a payment by cash may begin

    def has(self, kind: AlarmKind) -> bool:
        return any(kind is each for each, _ in self.alarms)

    @property
    def ending(self) -> bool:
        """The power goes: nothing new is begun with anybody."""
        return self.supply is Supply.SHUTDOWN_NOW


Event = (
    Tick
    | SupplyChanged
    | BatteryMeasured
    | DoorChanged
    | PresenceChanged
    | SosPressed
    | WatchdogSensors
    | WatchdogStarted
    | WatchdogStopped
    | WatchdogUnreachable
)


def step(site: Site, event: Event, rules: SiteRules, now: Now) -> tuple[Site, list[Effect]]:
    """One event of a device, or time."""
    after, effects = _take(site, event, rules, now)
    on_battery = after.supply is Supply.BATTERY
    used_up = on_battery and now.monotonic_s >= after.supply_since_s + rules.battery_cash_s
    after = replace(
        after,
        opens_cash=after.supply is Supply.MAINS and not after.open_doors,
        pauses_cash=bool(after.open_doors) or after.ending or used_up,
    )
    if after.alarms != site.alarms:
        effects.append(Effect.TELL_OFFICE)
    return after, effects


def _take(site: Site, event: Event, rules: SiteRules, now: Now) -> tuple[Site, list[Effect]]:
    match event:
        case Tick():
            return _time_passed(site, rules, now)
        case SupplyChanged(supply=supply):
            return _supplied(site, supply, now)
        case BatteryMeasured(replace_battery=old):
            return _alarm(site, AlarmKind.REPLACE_BATTERY, old, now), []
        case DoorChanged(open=is_open):
            return _door(site, AUXILIARIES, is_open, now), []
        case PresenceChanged(present=present):
            return replace(site, present=present), []
        case SosPressed():
            pressed = replace(_alarm(site, AlarmKind.SOS, False, now), sos_at_s=now.monotonic_s)
            return _alarm(pressed, AlarmKind.SOS, True, now), []
        case WatchdogSensors(door_open=is_open, too_hot=too_hot):
            return _alarm(_door(site, WATCHDOG, bool(is_open), now), AlarmKind.TOO_HOT, bool(too_hot), now), []
        case WatchdogUnreachable():
            return _alarm(site, AlarmKind.WATCHDOG_UNREACHABLE, True, now), []
        case WatchdogStarted() | WatchdogStopped():
            return _alarm(site, AlarmKind.WATCHDOG_UNREACHABLE, False, now), []


def _supplied(site: Site, supply: Supply, now: Now) -> tuple[Site, list[Effect]]:
    """A shutdown that has begun is not taken back: the UPS may cut the power at any moment."""
    if site.ending or supply is site.supply:
        return site, []
    after = replace(site, supply=supply, supply_since_s=now.monotonic_s)
    after = _alarm(after, AlarmKind.ON_BATTERY, supply is Supply.BATTERY, now)
    after = _alarm(after, AlarmKind.POWER_ENDING, after.ending, now)
    return after, [Effect.END_VISIT] if after.ending else []


def _time_passed(site: Site, rules: SiteRules, now: Now) -> tuple[Site, list[Effect]]:
    if site.has(AlarmKind.SOS) and now.monotonic_s >= site.sos_at_s + SOS_S:
        site = _alarm(site, AlarmKind.SOS, False, now)
    if not site.ending or site.shut_down:
        return site, []
    waited_s = now.monotonic_s - site.supply_since_s
    if now.money_moves and waited_s < rules.end_s_max:
        return site, []
    return replace(site, shut_down=True), [Effect.SHUT_DOWN]


def _door(site: Site, who: str, is_open: bool, now: Now) -> Site:
    doors = site.open_doors | {who} if is_open else site.open_doors - {who}
    return _alarm(replace(site, open_doors=doors), AlarmKind.DOOR_OPEN, bool(doors), now)


def _alarm(site: Site, kind: AlarmKind, holds: bool, now: Now) -> Site:
    if site.has(kind) is holds:
        return site
    if holds:
        return replace(site, alarms=(*site.alarms, (kind, now.wall_ms)))
    return replace(site, alarms=tuple(alarm for alarm in site.alarms if alarm[0] is not kind))
