"""Who may empty cassettes: every terminal is told all of them after it connects, and again when somebody changes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncEngine

from signaling_server.contract.money import CollectorsTold
from signaling_server.storage.money_collectors import collectors

LOOK_S = 10.0  # a change is made by a command beside the office


class CollectorsOffice:
    """Tells; `send_all` reaches the terminals that are connected."""

    def __init__(self, database: AsyncEngine, send_all: Callable[[Struct], None]) -> None:
        self._database = database
        self._send_all = send_all
        self._told: CollectorsTold | None = None

    async def message(self) -> CollectorsTold:
        async with self._database.begin() as tx:
            return CollectorsTold(await collectors(tx))

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(LOOK_S)

    async def look(self) -> None:
        """Tells everybody when it differs from what was told last."""
        now = await self.message()
        if now != self._told:
            self._told = now
            self._send_all(now)
