"""Watchdog (XFS4IoT Auxiliaries): restarts the computer when nobody feeds it. Verbs only queue.

The supervisor feeds it, and only while its health checks pass: a driver never feeds by itself. Started when the
application is up, stopped before a planned shutdown or update.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from device_drivers.contract.status import Identified, StatusChanged


@dataclass(frozen=True, slots=True)
class WatchdogStarted:
    """The timer runs: without a feed the computer restarts after `timeout_s`, as far as the device tells."""

    timeout_s: int


@dataclass(frozen=True, slots=True)
class WatchdogStopped:
    """The timer stands."""


@dataclass(frozen=True, slots=True)
class WatchdogUnreachable:
    """Feeds no longer reach the device while its timer runs: an alert, for it may restart the computer."""


@dataclass(frozen=True, slots=True)
class WatchdogSensors:
    """What a board with sensors sees; None: the board has no such sensor, or it is not connected."""

    door_open: bool | None = None
    too_hot: bool | None = None
    ups_battery_low: bool | None = None
    ups_voltage: bool | None = None
    computer_voltage: bool | None = None


WatchdogEvent = WatchdogStarted | WatchdogStopped | WatchdogUnreachable | WatchdogSensors | Identified | StatusChanged


class Watchdog(Protocol):
    """Verbs every watchdog has."""

    def start(self) -> None:
        """Run the timer; remembered over a lost line."""

    def stop(self) -> None:
        """Stop the timer, whoever started it."""

    def feed(self) -> None:
        """All is well now: said at least every 5 s, sent on as often as the device needs. Without `start` nothing."""


class PowerSwitch(Protocol):
    """What a watchdog board can do beside: it holds the supply of the modem and of the computer.

    Neither verb outlives a board that is not online: nobody wants his modem reset an hour later.
    """

    def reset_modem(self) -> None:
        """Take the modem's supply away for a moment."""

    def restart_computer(self) -> None:
        """Take the computer's supply away for a moment: only after the journal is closed."""
