"""States and faults every device reports. Words: XFS4IoT, Common.Status."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class DeviceState(enum.Enum):
    """What a device is able to do right now."""

    ONLINE = "online"
    OFFLINE = "offline"
    POWER_OFF = "power_off"
    NO_DEVICE = "no_device"
    HARDWARE_ERROR = "hardware_error"
    USER_ERROR = "user_error"  # a person must put something right: paper, cassette, cover
    DEVICE_BUSY = "device_busy"
    FRAUD_ATTEMPT = "fraud_attempt"


class Fault(enum.Enum):
    """Why a device is not online, as far as the device can tell."""

    NONE = "none"
    LINE_LOST = "line_lost"
    NO_ANSWER = "no_answer"
    STARTING = "starting"
    JAMMED = "jammed"
    CASSETTE_FULL = "cassette_full"
    CASSETTE_JAMMED = "cassette_jammed"
    CASSETTE_REMOVED = "cassette_removed"
    CHEATED = "cheated"
    PAUSED = "paused"
    FAILED = "failed"
    PAPER_OUT = "paper_out"
    PAPER_LOW = "paper_low"  # a warning: the device stays online
    COVER_OPEN = "cover_open"
    CUTTER = "cutter"
    HEAD = "head"


@dataclass(frozen=True, slots=True)
class StatusChanged:
    """A device entered another state. Sent on the edge only, never repeated."""

    state: DeviceState
    fault: Fault = Fault.NONE
    detail: str = ""  # the device's own code, for the technician


@dataclass(frozen=True, slots=True)
class Identified:
    """A device told who it is."""

    model: str
    serial: str
