"""Keeps every configured device talking: opens its line, pumps its session, reopens after a loss."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from device_drivers.contract.errors import DeviceError, LineBusyError
from device_drivers.contract.status import DeviceState, Fault, Identified, StatusChanged
from device_drivers.pump import pump
from device_drivers.session import Session
from device_drivers.transport.open import open_line
from signaling_server.contract.messages import DeviceReport

REOPEN_FIRST_S = 0.5
REOPEN_MAX_S = 5.0

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Health:
    """What the fleet is told of a device."""

    state: DeviceState = DeviceState.OFFLINE
    fault: Fault = Fault.STARTING
    detail: str = ""
    model: str = ""
    serial: str = ""


class DeviceManager:
    """One task a device; a dead device never stops the others."""

    def __init__(self, on_change: Callable[[], None]) -> None:
        self._health: dict[str, _Health] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._on_change = on_change

    def add(self, device_class: str, line_url: str, session: Session[Any], emit: Callable[[Any], None]) -> None:
        """Starts a device; its events go to `emit`, status and identity are remembered on the way."""
        self._health[device_class] = _Health()

        def watch(event: object) -> None:
            self.note(device_class, event)
            emit(event)

        self._tasks.append(asyncio.create_task(_keep_open(line_url, session, watch), name=device_class))

    def note(self, device_class: str, event: object) -> None:
        """Remembers a status or an identity; also for devices that media holds (camera, sound)."""
        before = self._health.setdefault(device_class, _Health())
        match event:
            case StatusChanged(state=state, fault=fault, detail=detail):
                after = replace(before, state=state, fault=fault, detail=detail)
            case Identified(model=model, serial=serial):
                after = replace(before, model=model, serial=serial)
            case _:
                return
        self._health[device_class] = after
        if after != before:
            self._on_change()

    def state(self, device_class: str) -> DeviceState:
        health = self._health.get(device_class)
        return DeviceState.NO_DEVICE if health is None else health.state

    def fault(self, device_class: str) -> Fault:
        health = self._health.get(device_class)
        return Fault.NONE if health is None else health.fault

    def reports(self) -> list[DeviceReport]:
        return [
            DeviceReport(name, health.state.value, health.fault.value, health.detail[:200], health.model, health.serial)
            for name, health in sorted(self._health.items())
        ]

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


async def _keep_open(line_url: str, session: Session[Any], emit: Callable[[Any], None]) -> None:
    wait_s = REOPEN_FIRST_S
    while True:
        try:
            line = await open_line(line_url)
        except DeviceError as error:
            fault = Fault.LINE_LOST
            state = DeviceState.DEVICE_BUSY if isinstance(error, LineBusyError) else DeviceState.NO_DEVICE
            emit(StatusChanged(state, fault, str(error)))
            _tell_lost(session, emit)  # what waits for the device is answered, not kept until the port is back
            await asyncio.sleep(wait_s)
            wait_s = min(REOPEN_MAX_S, wait_s * 2)
            continue
        wait_s = REOPEN_FIRST_S
        try:
            await pump(session, line, emit)
        except DeviceError as error:
            _log.warning("%s", error)
            emit(StatusChanged(DeviceState.OFFLINE, Fault.LINE_LOST, str(error)))
        finally:
            line.close()
        await asyncio.sleep(REOPEN_FIRST_S)


def _tell_lost(session: Session[Any], emit: Callable[[Any], None]) -> None:
    session.line_lost(time.monotonic())
    for event in session.take_events():
        emit(event)
