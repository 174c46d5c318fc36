"""The door of the case (XFS4IoT Auxiliaries, cabinet door)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DoorChanged:
    """The door was opened or closed; told at the start too. Watchdog boards tell it by `WatchdogSensors`."""

    open: bool
