"""UPS (XFS4IoT Auxiliaries): whether the mains are there, and how long the battery holds. It has no verbs.

What follows from an event is decided by the owner: BATTERY lets the running operation finish and takes no more money
after a while; SHUTDOWN_NOW stops at once, with the note in hand and the journal brought to their ends first.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from device_drivers.contract.status import Identified, StatusChanged


class Supply(enum.Enum):
    """Where the power comes from."""

    MAINS = "mains"
    BATTERY = "battery"  # for some seconds already: a flicker of the mains is not told
    SHUTDOWN_NOW = "shutdown_now"  # the battery is nearly empty, or the UPS is about to switch off


@dataclass(frozen=True, slots=True)
class SupplyChanged:
    """Told on the edge. A lost link to the UPS changes nothing here: it is a fault, and no power cut."""

    supply: Supply
    detail: str = ""  # the words of the UPS


@dataclass(frozen=True, slots=True)
class BatteryMeasured:
    """Told when the charge or a warning changed; None where the UPS does not measure it."""

    charge_percent: int | None
    runtime_s: int | None
    replace_battery: bool = False
    overloaded: bool = False


UpsEvent = SupplyChanged | BatteryMeasured | Identified | StatusChanged
