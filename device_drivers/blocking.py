"""Drivers whose ports block (PC/SC, a print service): each is stepped in a thread of its own and speaks in it."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from device_drivers.contract.status import DeviceState, Fault, StatusChanged

WAIT_S_MAX = 0.25  # a queued command leaves within this time
FAILED_WAIT_S = 5.0

_log = logging.getLogger(__name__)


class Blocking(Protocol):
    """A driver that waits inside `step`, for a bounded time."""

    def step(self, now_s: float) -> Sequence[Any]:
        """Does what is due; the events of it."""

    def wakes_at_s(self) -> float:
        """When `step` does something next."""

    def close(self) -> None:
        """Gives the device back."""


def watch(device: Blocking, emit: Callable[[Any], None], stopped: threading.Event) -> None:
    """The body of the thread. A driver with a bug starts anew after a while; the others are none the wiser."""
    while not stopped.is_set():
        try:
            for event in device.step(time.monotonic()):
                emit(event)
        except Exception:
            _log.critical("a driver failed and is stepped on", exc_info=True)
            emit(StatusChanged(DeviceState.OFFLINE, Fault.FAILED, "the driver failed"))
            stopped.wait(FAILED_WAIT_S)
        else:
            stopped.wait(min(WAIT_S_MAX, max(0.0, device.wakes_at_s() - time.monotonic())))
    device.close()
