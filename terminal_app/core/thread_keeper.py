"""Keeps a device whose driver blocks: steps it in a thread of its own, and brings its events into core's loop."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from typing import Any

from device_drivers.blocking import Blocking, watch

CLOSE_S_MAX = 1.0  # a driver that waits longer is left behind: its thread ends with the process


class ThreadKeeper:
    """Begins at once; `emit` is called in the loop that made it."""

    def __init__(self, name: str, device: Blocking, emit: Callable[[Any], None]) -> None:
        self._loop = asyncio.get_running_loop()
        self._emit = emit
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=watch, args=(device, self._say, self._stopped), name=name, daemon=True)
        self._thread.start()

    async def close(self) -> None:
        self._stopped.set()
        await asyncio.to_thread(self._thread.join, CLOSE_S_MAX)

    def _say(self, event: object) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody listens
            self._loop.call_soon_threadsafe(self._emit, event)
