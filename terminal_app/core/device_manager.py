"""Every configured device, each kept by its own task, and what the fleet is told of their health."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit

from device_drivers.blocking import Blocking
from device_drivers.contract.status import DeviceState, Fault, Identified, StatusChanged
from device_drivers.session import Session
from device_drivers.transport.open import open_line
from signaling_server.contract.messages import DeviceReport, StorageReport
from terminal_app.core.device_keeper import Counters, DeviceKeeper, Surroundings
from terminal_app.core.inventory import Inventory
from terminal_app.core.serial_ports import SerialPorts
from terminal_app.core.thread_keeper import ThreadKeeper

DETAIL_SIZE_MAX = 200

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Health:
    """What the fleet is told of a device."""

    state: DeviceState = DeviceState.OFFLINE
    fault: Fault = Fault.STARTING
    detail: str = ""
    model: str = ""
    serial: str = ""
    fitted: bool = True  # False: the project has none
    changes: tuple[str, ...] = ()  # what is another one than before; stands until core's next start

    def words(self) -> str:
        """The detail as the office shows it."""
        return "; ".join(filter(None, (*self.changes, self.detail)))[:DETAIL_SIZE_MAX]


class DeviceManager:
    """One task a device; a dead device never stops the others."""

    def __init__(
        self,
        on_change: Callable[[], None],
        inventory: Path | None = None,
        *,
        ports: SerialPorts | None = None,
        world: Surroundings | None = None,
    ) -> None:
        """`inventory`: the file in which the devices are known again after a restart."""
        self._health: dict[str, _Health] = {}
        self._storage: dict[str, StorageReport] = {}
        self._threads: list[ThreadKeeper] = []
        self._keepers: dict[str, DeviceKeeper] = {}
        self._tasks: list[asyncio.Task[NoReturn]] = []
        self._on_change = on_change
        self._inventory = Inventory(inventory)
        self._ports = SerialPorts() if ports is None else ports
        self._world = Surroundings(open_line) if world is None else world

    def add(self, device_class: str, line_url: str, session: Session[Any], emit: Callable[[Any], None]) -> None:
        """Starts a device; its events go to `emit`, status and identity are remembered on the way."""
        self._health[device_class] = _Health()
        place = _serial_path(line_url)
        keeper = DeviceKeeper(
            line_url,
            session,
            self._noting(device_class, emit),
            self._world,
            opened=lambda: self._opened(device_class, place),
            hint=lambda: self._ports.hint(self._inventory.known(device_class).adapter) if place else "",
        )
        self._keepers[device_class] = keeper
        if (task := self._world.start(keeper.run(), device_class)) is not None:
            self._tasks.append(task)

    def add_blocking(self, device_class: str, device: Blocking, emit: Callable[[Any], None]) -> None:
        """Starts a device whose driver opens its port by itself and blocks in it."""
        self._health[device_class] = _Health()
        self._threads.append(ThreadKeeper(device_class, device, self._noting(device_class, emit)))

    def absent(self, device_class: str) -> None:
        """The project of this terminal has none: told as that, not as a fault."""
        self._health[device_class] = _Health(DeviceState.NO_DEVICE, Fault.NONE, fitted=False)

    def store(self, device_class: str, unit: StorageReport) -> None:
        """What a device's cassette or box holds now."""
        before, self._storage[device_class] = self._storage.get(device_class), unit
        if before is not None and before.status != unit.status:
            self._on_change()

    def note(self, device_class: str, event: object) -> None:
        """Remembers a status or an identity; also for devices that media holds (camera, sound)."""
        before = self._health.setdefault(device_class, _Health())
        match event:
            case StatusChanged(state=state, fault=fault, detail=detail):
                after = replace(before, state=state, fault=fault, detail=detail)
            case Identified(model=model, serial=serial):
                change = self._inventory.saw_device(device_class, model, serial)
                after = _changed(replace(before, model=model, serial=serial), device_class, change)
            case _:
                return
        self._remember(device_class, before, after)

    def state(self, device_class: str) -> DeviceState:
        health = self._health.get(device_class)
        return DeviceState.NO_DEVICE if health is None else health.state

    def fault(self, device_class: str) -> Fault:
        health = self._health.get(device_class)
        return Fault.NONE if health is None else health.fault

    def fitted(self, device_class: str) -> bool:
        """False for one that the project of this terminal has not."""
        health = self._health.get(device_class)
        return health is not None and health.fitted

    def reports(self) -> list[DeviceReport]:
        """The health of all devices, for the heartbeat."""
        return [
            DeviceReport(
                name,
                health.state.value,
                health.fault.value,
                health.words(),
                health.model,
                health.serial,
                health.fitted,
                [self._storage[name]] if name in self._storage else [],
            )
            for name, health in sorted(self._health.items())
        ]

    def counters(self) -> Mapping[str, Counters]:
        """What each line has seen since core's start, for telemetry."""
        return {name: keeper.counters for name, keeper in sorted(self._keepers.items())}

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, *(thread.close() for thread in self._threads), return_exceptions=True)
        for name, counters in self.counters().items():
            _log.info("%s: %s", name, counters)

    def _noting(self, device_class: str, emit: Callable[[Any], None]) -> Callable[[Any], None]:
        def watch(event: object) -> None:
            self.note(device_class, event)
            emit(event)

        return watch

    def _opened(self, device_class: str, place: str) -> None:
        port = self._ports.at(place)
        before = self._health[device_class]
        change = self._inventory.saw_adapter(device_class, port.adapter) if port is not None else ""
        self._remember(device_class, before, _changed(before, device_class, change))

    def _remember(self, device_class: str, before: _Health, after: _Health) -> None:
        self._health[device_class] = after
        if after != before:
            self._on_change()


def _changed(health: _Health, device_class: str, change: str) -> _Health:
    if not change or change in health.changes:
        return health
    _log.warning("%s: %s", device_class, change)
    return replace(health, changes=(*health.changes, change))


def _serial_path(line_url: str) -> str:
    """The path of a serial port, "" of any other line."""
    parts = urlsplit(line_url)
    return parts.path if parts.scheme == "serial" else ""
