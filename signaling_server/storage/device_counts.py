"""What terminals say that their devices count: the storage units of the last report that was saved."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from signaling_server.contract.messages import DeviceReport
from signaling_server.storage.terminals import all_terminals


class _Report(msgspec.Struct):
    """Of a report only this is read."""

    devices: list[DeviceReport] = []


async def device_counts(tx: AsyncConnection) -> list[tuple[str, int, Mapping[int, int] | None]]:
    """Terminal, when it was heard, and numbers by value in kopecks; None: its devices count nothing."""
    found: list[tuple[str, int, Mapping[int, int] | None]] = []
    for stored in await all_terminals(tx):
        report = msgspec.json.decode(stored.report or "{}", type=_Report)
        units = [unit for device in report.devices for unit in device.storage]
        counts: dict[int, int] = {}
        for unit in units:
            for each in unit.counts:
                counts[each.value_minor] = counts.get(each.value_minor, 0) + each.count
        found.append((stored.terminal.terminal_id, stored.last_seen_ms, counts if units else None))
    return found
