"""Keeps one device talking: opens its line, pumps its session, opens again with backoff after whatever went wrong."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any, NoReturn

from device_drivers.contract.errors import DeviceError, LineBusyError
from device_drivers.contract.status import DeviceState, Fault, StatusChanged
from device_drivers.pump import pump
from device_drivers.session import Session
from device_drivers.transport.line import Line

REOPEN_FIRST_S = 0.5
REOPEN_MAX_S = 5.0
STEADY_S = 10.0  # a line that held so long was a good one: the next wait is the first again

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Counters:
    """Since core's start. Failures are exceptions that no driver and no owner of its events may raise: our own bugs."""

    opens: int = 0
    vain_opens: int = 0
    losses: int = 0
    driver_failures: int = 0
    owner_failures: int = 0
    events: int = 0
    bytes_read: int = 0
    bytes_written: int = 0


def _as_task(work: Coroutine[Any, Any, NoReturn], name: str) -> asyncio.Task[NoReturn] | None:
    return asyncio.create_task(work, name=name)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a keeper needs of the world; tests and the simulation give another one."""

    open_line: Callable[[str], Awaitable[Line]]
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    clock_s: Callable[[], float] = time.monotonic
    start: Callable[[Coroutine[Any, Any, NoReturn], str], asyncio.Task[NoReturn] | None] = _as_task
    """Sets a keeper going under a name; None: whoever runs it ends it too."""


class CountedLine:
    """A `Line` whose bytes are counted."""

    def __init__(self, line: Line, counters: Counters) -> None:
        self._line = line
        self._counters = counters

    async def read(self, size_max: int, *, timeout_s: float) -> bytes:
        """As the line's."""
        data = await self._line.read(size_max, timeout_s=timeout_s)
        self._counters.bytes_read += len(data)
        return data

    async def write(self, data: bytes) -> None:
        """As the line's."""
        await self._line.write(data)
        self._counters.bytes_written += len(data)

    def close(self) -> None:
        """As the line's."""
        self._line.close()


class DeviceKeeper:
    """One device. Ends only when cancelled: no failure of it, or of what its events set off, ends it."""

    def __init__(
        self,
        line_url: str,
        session: Session[Any],
        emit: Callable[[Any], None],
        world: Surroundings,
        *,
        opened: Callable[[], None] = lambda: None,
        hint: Callable[[], str] = lambda: "",
    ) -> None:
        """`opened` is called with each line that opens; `hint` says more of a port that does not."""
        self.counters = Counters()
        self._line_url = line_url
        self._session = session
        self._emit = emit
        self._world = world
        self._opened = opened
        self._hint = hint
        self._wait_s = REOPEN_FIRST_S
        self._told: StatusChanged | None = None  # the last state that we said, not the session

    async def run(self) -> NoReturn:
        """Opens and pumps for ever."""
        while True:
            await self._once()
            await self._world.sleep(self._wait_s)
            self._wait_s = min(REOPEN_MAX_S, self._wait_s * 2)

    async def _once(self) -> None:
        try:
            line = await self._world.open_line(self._line_url)
        except DeviceError as error:
            self.counters.vain_opens += 1
            self._not_opened(error)
            return
        self.counters.opens += 1
        began_s = self._world.clock_s()
        try:
            self._opened()
            await pump(self._session, CountedLine(line, self.counters), self._tell, self._world.clock_s)
        except DeviceError as error:
            self.counters.losses += 1
            _log.warning("%s; %s", error, self.counters)
            self._say(StatusChanged(DeviceState.OFFLINE, Fault.LINE_LOST, str(error)))
        except Exception:
            self._failed()
        finally:
            line.close()
        if self._world.clock_s() - began_s >= STEADY_S:
            self._wait_s = REOPEN_FIRST_S

    def _not_opened(self, error: DeviceError) -> None:
        """What waits for the device is answered, not kept until the port is back."""
        self._session_lost()
        if isinstance(error, LineBusyError):
            self._say(StatusChanged(DeviceState.DEVICE_BUSY, Fault.LINE_LOST, str(error)))
            return
        hint = self._hint()
        self._say(StatusChanged(DeviceState.NO_DEVICE, Fault.LINE_LOST, f"{error}; {hint}" if hint else str(error)))

    def _failed(self) -> None:
        """A bug of ours in the driver: the device starts anew, the others go on."""
        self.counters.driver_failures += 1
        _log.critical("the driver at %s failed and starts anew", self._line_url, exc_info=True)
        self._session_lost()
        self._say(StatusChanged(DeviceState.OFFLINE, Fault.FAILED, "the driver failed"))

    def _session_lost(self) -> None:
        try:
            self._session.line_lost(self._world.clock_s())
            for event in self._session.take_events():
                self._tell(event)
        except Exception:
            self.counters.driver_failures += 1
            _log.critical("the driver at %s cannot even end", self._line_url, exc_info=True)

    def _tell(self, event: object) -> None:
        """What the session says; its word on its state supersedes ours."""
        self.counters.events += 1
        if isinstance(event, StatusChanged):
            self._told = None
        self._hand_over(event)

    def _say(self, status: StatusChanged) -> None:
        """Our own word, on the edge only."""
        if status == self._told:
            return
        self._told = status
        self._hand_over(status)

    def _hand_over(self, event: object) -> None:
        """An event whose owner fails costs that event alone: those behind it may be of money."""
        try:
            self._emit(event)
        except Exception:
            self.counters.owner_failures += 1
            _log.critical("what follows from %s failed", type(event).__name__, exc_info=True)
