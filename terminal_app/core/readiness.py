"""The readiness check of the terminal (clause 5.3.1): ready, partly, not ready, and what is lacking. Pure.

It runs by itself all the time, from what the devices say; nobody has to begin it. What the project of this terminal has
not is no lack. A note that a device is about to need a person (paper low) is none either: it serves.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from signaling_server.contract.messages import DeviceReport
from signaling_server.contract.readiness import Lack, Readiness, ReadinessReport
from terminal_app.ipc.messages import CashStop

VALIDATOR = "bill_validator"
_WELL = ("online", "device_busy")
_NO_LACK = (CashStop.NONE, CashStop.NOT_FITTED)


@dataclass(frozen=True, slots=True)
class Around:
    """What the readiness depends on beside the devices."""

    cash_stop: CashStop
    billing_up: bool
    linked: bool  # to the office
    ending: bool  # the power goes


def readiness(devices: Iterable[DeviceReport], around: Around) -> ReadinessReport:
    """Gravest first. Not ready: the power goes, or neither billing nor the office can be reached."""
    lacks = [Lack("power", CashStop.POWER.value)] if around.ending else []
    lacks += [Lack("billing", "no_answer")] if not around.billing_up else []
    lacks += [Lack("office", "no_answer")] if not around.linked else []
    broken = [device for device in devices if device.fitted and device.state not in _WELL]
    validator = [device for device in broken if device.device_class == VALIDATOR]
    if around.cash_stop not in _NO_LACK and not (around.cash_stop is CashStop.BILLING or validator):
        lacks.append(Lack("cash", around.cash_stop.value))
    lacks += [Lack(device.device_class, _why(device)) for device in broken]
    nobody = around.ending or not (around.billing_up or around.linked)
    return ReadinessReport(Readiness.NOT_READY if nobody else Readiness.PARTLY if lacks else Readiness.READY, lacks)


def _why(device: DeviceReport) -> str:
    """The fault where the device names one, else its state."""
    return device.state if device.fault in ("none", "") else device.fault
