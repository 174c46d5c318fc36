"""Whose night it is: the hours of the place where the customer stood."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from signaling_server.schedules.places import Places
from signaling_server.storage.terminals import site_of

OFFICE_UTC_OFFSET_MINUTES = 180  # where nobody described the site: the office's own


class Zones:
    """Offsets from UTC, in minutes, by terminal."""

    def __init__(self, places: Places) -> None:
        sites = (entry for entry in places.entries.values() if entry.site)
        self._offsets = {entry.site: entry.utc_offset_minutes for entry in sites}

    async def of_terminal(self, tx: AsyncConnection, terminal_id: str) -> int:
        return self._offsets.get(await site_of(tx, terminal_id), OFFICE_UTC_OFFSET_MINUTES)
