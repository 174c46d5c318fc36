"""The shell around a simulated device: a port for its bytes, a socket for the hand that moves it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import socket
import time
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import Any

from device_drivers.simulators.control import LINE_SIZE_MAX
from device_drivers.simulators.core import DeviceSimulator, SimulatorError
from device_drivers.simulators.keep import Keeper
from device_drivers.simulators.ports import Port
from device_drivers.simulators.script import ScriptStep
from device_drivers.transport.socket_place import SocketPlaceError, clear_socket_place

WAKE_S_MAX = 1.0
HAND_VERBS = ("pull", "plug")


def stop_signal() -> asyncio.Event:
    """Set by SIGTERM or SIGINT from now on."""
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    return stopped


class SimulatorHost:
    """Runs one simulator at its port, moved through `control`."""

    def __init__(self, simulator: DeviceSimulator, keeper: Keeper, port: Port, control: Path) -> None:
        self._simulator = simulator
        self._keeper = keeper
        self._port = port
        self._control = control
        self._timer: asyncio.TimerHandle | None = None

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Plugged in and answering.

        Raises:
            SimulatorError: the port or the socket is taken or cannot be made.
        """
        server = await self._listen()
        try:
            self._port.plug(self._step)
            self._step(b"")
            yield
        finally:
            if self._timer is not None:
                self._timer.cancel()
            self._port.pull()
            server.close()
            self._control.unlink(missing_ok=True)

    def where(self) -> dict[str, str]:
        """Where the host of the device finds it: `link` or `listen`."""
        return self._port.describe()

    # --- the wire ----------------------------------------------------------------------------------------------

    def _step(self, chunk: bytes) -> None:
        out = self._simulator.feed(chunk, time.monotonic())
        self._keeper.keep()
        if out:
            self._port.write(out)
        self._set_timer()

    def _set_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        wait_s = min(WAKE_S_MAX, max(0.0, self._simulator.wakes_at_s() - time.monotonic()))
        self._timer = asyncio.get_running_loop().call_later(wait_s, self._on_timer)

    def _on_timer(self) -> None:
        self._port.time_passed()
        self._step(b"")

    # --- the script --------------------------------------------------------------------------------------------

    async def play(self, script: Sequence[ScriptStep], tell: Callable[[dict[str, Any]], None]) -> None:
        """Does each step at its time, from now on, and tells what came of it; a step refused stops nothing."""
        began_s = time.monotonic()
        for step in script:
            await asyncio.sleep(max(0.0, began_s + step.at_s - time.monotonic()))
            tell({"at_s": step.at_s, "did": step.request["do"], **self._try(step.request)})

    # --- the hand ----------------------------------------------------------------------------------------------

    async def _listen(self) -> asyncio.AbstractServer:
        if self._control.exists() and _answers(self._control):
            raise SimulatorError(f"another simulator answers at {self._control}")
        try:
            self._control.parent.mkdir(parents=True, exist_ok=True)
            clear_socket_place(self._control)
            return await asyncio.start_unix_server(self._serve, str(self._control), limit=LINE_SIZE_MAX)
        except SocketPlaceError as error:
            raise SimulatorError(str(error)) from error
        except OSError as error:
            raise SimulatorError(f"the socket {self._control} cannot be made: {error.strerror or error}") from error

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := await reader.readline():
                writer.write(json.dumps(self._answer(line), ensure_ascii=False).encode() + b"\n")
                await writer.drain()
        except (ValueError, ConnectionError):
            pass  # a line without end, or the hand went away
        finally:
            writer.close()

    def _answer(self, line: bytes) -> dict[str, Any]:
        try:
            request = json.loads(line)
        except ValueError:
            return {"ok": False, "error": "a request is one JSON object a line"}
        if not isinstance(request, dict):
            return {"ok": False, "error": "a request is one JSON object a line"}
        return self._try(request)

    def _try(self, request: dict[str, Any]) -> dict[str, Any]:
        try:
            return self._do(request)
        except SimulatorError as error:
            return {"ok": False, "error": str(error)}

    def _do(self, request: dict[str, Any]) -> dict[str, Any]:
        if request.get("do") in HAND_VERBS:
            plug = request["do"] == "plug"
            if plug is self._port.plugged:
                raise SimulatorError("the port is already " + ("plugged in" if plug else "pulled"))
            if plug:
                self._port.plug(self._step)
            else:
                self._port.pull()
            request = {"do": "state"}
        answer = self._simulator.control(request, time.monotonic())
        self._step(b"")
        return {**answer, "plugged": self._port.plugged, **self._port.describe(), **self._keeper.describe()}


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(path))
        except OSError:
            return False
    return True
