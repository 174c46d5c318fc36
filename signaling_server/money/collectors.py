"""Whose cards open service mode: every terminal is told all collectors and all technicians after it connects.

It is told again when somebody changes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncEngine

from signaling_server.contract.money import CollectorsTold, TechniciansTold
from signaling_server.storage.money_collectors import Role, cards

LOOK_S = 10.0  # a change is made by a command beside the office


class CollectorsOffice:
    """Tells; `send_all` reaches the terminals that are connected."""

    def __init__(self, database: AsyncEngine, send_all: Callable[[Struct], None]) -> None:
        self._database = database
        self._send_all = send_all
        self._told: list[CollectorsTold | TechniciansTold] = []

    async def messages(self) -> list[CollectorsTold | TechniciansTold]:
        async with self._database.begin() as tx:
            return [
                CollectorsTold(await cards(tx, Role.COLLECTOR)),
                TechniciansTold(await cards(tx, Role.TECHNICIAN)),
            ]

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(LOOK_S)

    async def look(self) -> None:
        """Tells everybody when it differs from what was told last."""
        now = await self.messages()
        for message in now:
            if message not in self._told:
                self._send_all(message)
        self._told = now
