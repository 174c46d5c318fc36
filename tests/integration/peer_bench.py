"""A simulated device on a pseudo-terminal, in a thread of its own, for foreign hosts that block."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

from device_drivers.simulators.core import DeviceSimulator
from device_drivers.simulators.host import SimulatorHost
from device_drivers.simulators.keep import Keeper, MemoryKeeper
from device_drivers.simulators.ports import PtyPort

ROOT = Path(__file__).parents[2]
NODE_MODULES = ROOT / "agent_web" / "node_modules"
LIMIT_S = 10.0


@contextlib.contextmanager
def on_a_port(simulator: DeviceSimulator, folder: Path, keeper: Keeper | None = None) -> Iterator[Path]:
    """The path of its port; its control socket stands beside it as `control`."""
    link, started, ends = folder / "port", threading.Event(), []

    async def run() -> None:
        host = SimulatorHost(simulator, keeper or MemoryKeeper(simulator, None), PtyPort(link), folder / "control")
        async with host.running():
            end = asyncio.Event()
            ends.append((asyncio.get_running_loop(), end))
            started.set()
            await end.wait()

    thread = threading.Thread(target=lambda: asyncio.run(run()))
    thread.start()
    assert started.wait(LIMIT_S)
    try:
        yield link
    finally:
        loop, end = ends[0]
        loop.call_soon_threadsafe(end.set)
        thread.join(LIMIT_S)
    assert not thread.is_alive()


def node() -> str:
    """Node of the environment, which runs peers written for it."""
    path = shutil.which("node", path=str(ROOT / ".venv" / "bin"))
    assert path is not None, "node is installed by make setup"
    return path
