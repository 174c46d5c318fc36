"""What the office does for money by itself: registers put into its folder, counters of devices, what is missing.

`DIR/registers/` is where billing, bank and OFD leave their files, named by their layouts (`billing-20261123.csv`,
`bank-20261123.txt`, `fiscal-20261123.csv`). A file is compared as it comes and moved to `loaded/` or `refused/`. After
the night each terminal's journal is held against what its devices count, and a register that has not come is told:
a missing file is no empty file. So journal = billing = OFD = devices, every difference an item with an owner.
Source: payments notes, sections 4 and 11.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from payment.cassette import COUNTED, Cassette
from payment.encashment.collections import everything
from payment.reconciliation.compare import Owner, Source, compare_counts
from payment.reconciliation.register_layouts import LAYOUTS
from payment.reconciliation.registers import Layout
from signaling_server.clock import Clock, milliseconds
from signaling_server.contract.money import MoneyItemKind
from signaling_server.local_time import LOCAL_ZONE
from signaling_server.money.change_values import ItemOpened
from signaling_server.money.night import SOURCE_WORDS, Night, NightError, day_before
from signaling_server.storage import money as rows
from signaling_server.storage import money_night as night_rows
from signaling_server.storage.device_counts import device_counts

LOOK_S = 60.0
COUNTERS_HOUR = 4  # local; terminals are at rest then
MISSING_HOUR = 12  # by then the day before should have come
REST_MS = 300_000  # a terminal whose journal moved within this is counted another night
WRITTEN_S = 10.0  # nobody has written to a file for so long: it is whole
SEEN_MS_MAX = 120_000  # what it says of its devices is as fresh
FOLDER, LOADED, REFUSED = "registers", "loaded", "refused"

_LOG = logging.getLogger(__name__)


class NightRound:
    """Runs in the office; touches items and registers only."""

    def __init__(self, database: AsyncEngine, clock: Clock, data_dir: Path, expected: tuple[str, ...]) -> None:
        """`expected`: names of the layouts whose registers must come every day."""
        self._database = database
        self._clock = clock
        self._folder = data_dir.joinpath(FOLDER)
        self._expected = expected
        self._night = Night(database, clock)
        self._counted_on = ""

    async def run(self) -> None:
        """Until cancelled."""
        for name in ("", LOADED, REFUSED):
            await asyncio.to_thread(self._folder.joinpath(name).mkdir, mode=0o700, parents=True, exist_ok=True)
        while True:
            await self.look()
            await asyncio.sleep(LOOK_S)

    async def look(self) -> None:
        """Files that came, and once a day what the night is for."""
        for path in await asyncio.to_thread(lambda: sorted(self._folder.iterdir())):
            await self._load(path)
        local = datetime.fromtimestamp(self._clock.now_s(), UTC).astimezone(LOCAL_ZONE)
        today = local.strftime("%Y%m%d")
        if local.hour >= COUNTERS_HOUR and self._counted_on != today:
            self._counted_on = today
            await self.compare_devices(today)
        if local.hour >= MISSING_HOUR:
            await self.tell_missing(day_before(today, 1))

    async def _load(self, path: Path) -> None:
        layout, day = named(path.name)
        if layout is None or self._clock.now_s() - path.stat().st_mtime < WRITTEN_S:
            return  # nothing of ours, or perhaps still being written
        try:
            await self._night.compare_register(path, layout_name=layout.name, day=day, loaded_by="night")
        except NightError as error:
            _LOG.error("register %s: %s", path.name, error)
            detail = f"Реестр {path.name} не загружен. {error}"
            await self._tell(f"register-{path.name}", Owner.OPERATIONS, detail)
            path.replace(self._folder.joinpath(REFUSED, path.name))
        else:
            path.replace(self._folder.joinpath(LOADED, path.name))

    async def compare_devices(self, today: str) -> None:
        """Every terminal that is at rest: notes and coins by its journal against those that its devices count."""
        now_ms = milliseconds(self._clock.now_s())
        async with self._database.begin() as tx:
            for terminal_id, seen_ms, counts in await device_counts(tx):
                rests = await night_rows.last_record_ms(tx, terminal_id) < now_ms - REST_MS
                if counts is not None and rests and seen_ms >= now_ms - SEEN_MS_MAX:
                    await _compare_one(tx, terminal_id, counts, today, now_ms)

    async def tell_missing(self, day: str) -> None:
        async with self._database.begin() as tx:
            for name in self._expected:
                source = Source.FISCAL if name == "fiscal-day" else Source.BANK if name == "bank" else Source.BILLING
                if day not in await night_rows.days_with_register(tx, source.value):
                    detail = f"{SOURCE_WORDS[source]}: реестр за {day[6:]}.{day[4:6]}.{day[:4]} не пришёл"
                    item = self._item(f"missing-{name}-{day}", Owner.OPERATIONS, detail)
                    await rows.open_item(tx, "", item, "")

    async def _tell(self, reference: str, owner: Owner, detail: str) -> None:
        async with self._database.begin() as tx:
            await rows.open_item(tx, "", self._item(reference, owner, detail), "")

    def _item(self, reference: str, owner: Owner, detail: str) -> ItemOpened:
        at_ms = milliseconds(self._clock.now_s())
        return ItemOpened(MoneyItemKind.DIFFERENCE, reference[:128], 0, owner.value, at_ms, detail)


def named(file_name: str) -> tuple[Layout | None, str]:
    """Which layout a file is of, and of which day; None: it is no register."""
    for layout in LAYOUTS.values():
        head, tail = layout.file_name.split("{day}")
        if (found := re.fullmatch(f"{re.escape(head)}([0-9]{{8}}){re.escape(tail)}", file_name)) is not None:
            return layout, found[1]
    return None, ""


async def _compare_one(
    tx: AsyncConnection, terminal_id: str, counts: Mapping[int, int], today: str, now_ms: int
) -> None:
    cassette = Cassette()
    for record in await night_rows.records_since_reset(tx, terminal_id, COUNTED):
        cassette.add(record.kind, json.loads(record.data))
    for found in compare_counts(everything(cassette.count()), counts).found:
        value_minor = int(found.key)
        here, there = found.here_minor // value_minor, found.there_minor // value_minor
        detail = f"{SOURCE_WORDS[Source.DEVICE]}. {value_minor // 100} ₽: по журналу {here}, по счётчику {there}"
        amount_minor, reference = abs(found.there_minor - found.here_minor), f"device-{found.key}-{today}"
        item = ItemOpened(MoneyItemKind.DIFFERENCE, reference, amount_minor, found.owner.value, now_ms, detail)
        await rows.open_item(tx, terminal_id, item, "")
