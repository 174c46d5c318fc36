"""The shell around a simulated device: a pseudo-terminal for its bytes, a socket for the hand that moves it."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import json
import os
import pty
import signal
import socket
import termios
import time
import tty
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from device_drivers.simulators.control import LINE_SIZE_MAX
from device_drivers.simulators.core import DeviceSimulator, SimulatorError
from device_drivers.simulators.keep import Keeper

READ_SIZE_MAX = 4096
WAKE_S_MAX = 1.0
HAND_VERBS = ("pull", "plug")


def stop_signal() -> asyncio.Event:
    """Set by SIGTERM or SIGINT from now on."""
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    return stopped


class SimulatorHost:
    """Runs one simulator at `link`, moved through `control`."""

    def __init__(self, simulator: DeviceSimulator, keeper: Keeper, link: Path, control: Path) -> None:
        self._simulator = simulator
        self._keeper = keeper
        self._link = link
        self._control = control
        self._ends: tuple[int, int] | None = None  # master, slave
        self._timer: asyncio.TimerHandle | None = None

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Plugged in and answering.

        Raises:
            SimulatorError: the link or the socket is taken or cannot be made.
        """
        server = await self._listen()
        try:
            self._plug()
            self._step(b"")
            yield
        finally:
            if self._timer is not None:
                self._timer.cancel()
            self._pull()
            server.close()
            self._control.unlink(missing_ok=True)

    # --- the port ----------------------------------------------------------------------------------------------

    def _plug(self) -> None:
        """A fresh pseudo-terminal. Our own open of the slave keeps it alive while the host closes and opens it."""
        master, slave = pty.openpty()
        tty.setraw(slave)
        os.set_blocking(master, False)
        fresh = self._link.with_name(f".{self._link.name}.new")
        try:
            if self._link.exists() and not self._link.is_symlink():
                raise SimulatorError(f"{self._link} is a file: a link to the port would overwrite it")
            self._link.parent.mkdir(parents=True, exist_ok=True)
            fresh.unlink(missing_ok=True)
            fresh.symlink_to(os.ttyname(slave))
            os.replace(fresh, self._link)
        except OSError as error:
            raise SimulatorError(f"the link {self._link} cannot be made: {error.strerror}") from error
        self._ends = master, slave
        asyncio.get_running_loop().add_reader(master, self._readable)

    def _pull(self) -> None:
        """The adapter is gone: the host's next read or write fails."""
        if self._ends is None:
            return
        asyncio.get_running_loop().remove_reader(self._ends[0])
        self._link.unlink(missing_ok=True)
        for end in self._ends:
            os.close(end)
        self._ends = None

    def _readable(self) -> None:
        if self._ends is None:
            return
        with contextlib.suppress(BlockingIOError):
            self._step(os.read(self._ends[0], READ_SIZE_MAX))

    def _step(self, chunk: bytes) -> None:
        out = self._simulator.feed(chunk, time.monotonic())
        self._keeper.keep()
        if out and self._ends is not None:
            with contextlib.suppress(BlockingIOError):  # nobody reads the wire: bytes fall off its end
                os.write(self._ends[0], out)
        self._set_timer()

    def _set_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        wait_s = min(WAKE_S_MAX, max(0.0, self._simulator.wakes_at_s() - time.monotonic()))
        self._timer = asyncio.get_running_loop().call_later(wait_s, self._on_timer)

    def _on_timer(self) -> None:
        if self._ends is not None:
            # A killed host leaves its TIOCEXCL on the pair, since we hold it open; a real port forgets it.
            fcntl.ioctl(self._ends[1], termios.TIOCNXCL)
        self._step(b"")

    # --- the hand ----------------------------------------------------------------------------------------------

    async def _listen(self) -> asyncio.AbstractServer:
        if self._control.exists() and _answers(self._control):
            raise SimulatorError(f"another simulator answers at {self._control}")
        try:
            self._control.parent.mkdir(parents=True, exist_ok=True)
            self._control.unlink(missing_ok=True)
            return await asyncio.start_unix_server(self._serve, str(self._control), limit=LINE_SIZE_MAX)
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
        try:
            return self._do(request)
        except SimulatorError as error:
            return {"ok": False, "error": str(error)}

    def _do(self, request: dict[str, Any]) -> dict[str, Any]:
        if request.get("do") in HAND_VERBS:
            plug = request["do"] == "plug"
            if plug is (self._ends is not None):
                raise SimulatorError("the port is already " + ("plugged in" if plug else "pulled"))
            if plug:
                self._plug()
            else:
                self._pull()
            request = {"do": "state"}
        answer = self._simulator.control(request, time.monotonic())
        self._step(b"")
        return {**answer, "plugged": self._ends is not None, "link": str(self._link), **self._keeper.describe()}


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(path))
        except OSError:
            return False
    return True
