"""Devices that open what they need by themselves, for probe and test: print service, card reader, lights, camera.

The watchdog of Linux is left alone: opening it starts its timer.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from device_drivers.blocking import watch
from device_drivers.contract.card_reader import CardInserted
from device_drivers.contract.status import DeviceState, Fault, Identified, StatusChanged
from device_drivers.own_ports import OWN_PORTS, make_linux_watchdog
from device_drivers.switches.leds import LedLights
from device_drivers.tools.camera_watch import CameraWatch
from device_drivers.tools.probe import Told
from device_drivers.tools.protocols import UsageError
from device_drivers.transport.open import options_of

# Class -> scheme of the URL -> how it is made.
OWN_DEVICES: Mapping[str, Mapping[str, Callable[[str], Any]]] = {**OWN_PORTS, "camera": {"camera": CameraWatch}}
ANSWER_S = 10.0
SETTLE_S = 0.5  # what comes with the first answer: who it is, a card that lies there
_AWAY = frozenset({DeviceState.NO_DEVICE, DeviceState.OFFLINE})


@dataclass(frozen=True, slots=True)
class OwnDevice:
    """One of `OWN_DEVICES`, made and not yet opened."""

    device_class: str
    device: Any
    options: dict[str, str]


def own_device(url: str) -> OwnDevice | None:
    """The device of a URL; None when it is one of a protocol and a line.

    Raises:
        DeviceUrlError: the URL makes no sense.
        UsageError: a look at the device would change it.
    """
    scheme = url.partition("://")[0]
    if scheme == "linux-watchdog":
        make_linux_watchdog(url)  # opens nothing: a wrong URL is told first
        raise UsageError("opening the watchdog of Linux starts its timer; what it is stands in /sys/class/watchdog")
    for device_class, makers in OWN_DEVICES.items():
        if scheme in makers:
            return OwnDevice(device_class, makers[scheme](url), options_of(url.partition("?")[2]))
    return None


@contextlib.asynccontextmanager
async def stepped(device: Any, emit: Callable[[Any], None]) -> AsyncIterator[asyncio.Future[None]]:
    """The device works, and tells its events in this loop; the future never ends, as a line of its own cannot."""
    loop, stopped = asyncio.get_running_loop(), threading.Event()
    if isinstance(device, LedLights):
        emit(lights_there(device))
        yield loop.create_future()
        return

    def tell(event: object) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is over
            loop.call_soon_threadsafe(emit, event)

    thread = threading.Thread(target=watch, args=(device, tell, stopped), daemon=True)
    thread.start()
    try:
        yield loop.create_future()
    finally:
        stopped.set()
        await asyncio.to_thread(thread.join)


def lights_there(lights: LedLights) -> StatusChanged:
    """Whether every light is there; none of them changes."""
    if missing := lights.missing():
        return StatusChanged(DeviceState.NO_DEVICE, Fault.LINE_LOST, f"no light {', '.join(missing)}")
    return StatusChanged(DeviceState.ONLINE)


async def look(own: OwnDevice) -> tuple[bool, list[Told]]:
    """Whether the device is there, and what it says of itself; of a card only that it lies there."""
    told: list[Told] = []
    states: list[DeviceState] = []
    answered = asyncio.Event()

    def hear(event: object) -> None:
        match event:
            case StatusChanged(state=state, fault=fault, detail=detail):
                states.append(state)
                told.append(Told("STATUS", {"state": state.value, "fault": fault.value, "detail": detail}))
                answered.set()
            case Identified(model=model, serial=serial):
                told.append(Told("IDENTIFICATION", {"model": model, "serial": serial}))
            case CardInserted():
                told.append(Told("CARD", {}))
            case _:
                pass

    async with stepped(own.device, hear):
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(answered.wait(), ANSWER_S)
            await asyncio.sleep(SETTLE_S)
    return bool(states) and states[-1] not in _AWAY, told
