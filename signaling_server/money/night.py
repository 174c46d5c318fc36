"""The night's comparison at the office: the register of a day against what the journals told, differences with owners.

A file is loaded once, whole or not at all. A payment that was missing there and comes in the register of a later day
ends its own difference. Source: payments notes, sections 4 and 11.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from payment.reconciliation.compare import Comparison, Difference, Entry, Found, Outcome, Source, compare
from payment.reconciliation.daily_totals import JournalSummary
from payment.reconciliation.register_entries import register_entries
from payment.reconciliation.register_layouts import layout_of
from payment.reconciliation.registers import Layout, RegisterError, register_sha256
from signaling_server.clock import Clock, milliseconds
from signaling_server.contract.money import MoneyItemKind
from signaling_server.local_time import LOCAL_ZONE
from signaling_server.money.change_values import ItemClosed, ItemOpened
from signaling_server.storage import money as rows
from signaling_server.storage import money_night as night_rows

DAYS_BACK = 7  # a payment may come into a register so many days late
FOUND_MAX = 5_000  # more differences than a department can look at: it is another day's file

_OUTCOMES = {
    "credited": Outcome.DONE,
    "refused": Outcome.REFUSED,
    "cancelled": Outcome.REFUSED,  # billing may not have it any more
    "unknown": Outcome.UNKNOWN,
}
_SOURCES = {"bank": Source.BANK, "fiscal-day": Source.FISCAL}
_FISCAL_KINDS = frozenset({"fiscal_intent", "fiscal_done", "fiscal_refused"})
SOURCE_WORDS: Mapping[Source, str] = {
    Source.BILLING: "Биллинг",
    Source.BANK: "Банк",
    Source.FISCAL: "ОФД",
    Source.DEVICE: "Счётчики устройств",
}
_WORDS: Mapping[Difference, str] = {
    Difference.MISSING_HERE: "Есть в реестре, нет в журналах терминалов",
    Difference.MISSING_THERE: "Есть в журнале терминала, нет в реестре",
    Difference.AMOUNT_DIFFERS: "В реестре другая сумма",
    Difference.WRONG_ACCOUNT: "В реестре другой лицевой счёт",
    Difference.DUPLICATED: "Строка встретилась дважды",
    Difference.LATE: "Строка пришла в реестре другого дня",
    Difference.UNKNOWN: "Терминал не знает, чем кончилось",
}


class NightError(Exception):
    """The register is not taken; the text is for the person who loads it."""


class Night:
    """Loads registers and opens an item for each difference."""

    def __init__(self, database: AsyncEngine, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def compare_register(self, path: Path, *, layout_name: str, day: str, loaded_by: str) -> Comparison:
        """Compares a register of a day, YYYYMMDD, with the payments of all terminals.

        Raises:
            NightError: the file cannot be believed, was loaded before, or is plainly another day's.
        """
        try:
            layout, sha256 = layout_of(layout_name), await asyncio.to_thread(register_sha256, path)
            async with self._database.begin() as tx:
                if await night_rows.register_is_loaded(tx, sha256):
                    raise NightError(f"Этот реестр уже загружен: {path.name}")
                source = _SOURCES.get(layout_name, Source.BILLING)
                known = await (_documents if source is Source.FISCAL else _payments)(tx, day)
            terminals = {entry.key: terminal_id for terminal_id, entry in known}
            entries = [entry for _, entry in known]
            comparison = await asyncio.to_thread(_compared, entries, path, layout, day, source)
        except RegisterError as error:
            raise NightError(f"Реестр не принят: {error}") from error
        if len(comparison.found) > FOUND_MAX:
            raise NightError(f"Расхождений {len(comparison.found)}: похоже, это реестр не за {day}")
        async with self._database.begin() as tx:
            at_ms = milliseconds(self._clock.now_s())
            total_minor = comparison.there_minor
            await night_rows.add_register(
                tx,
                sha256=sha256,
                source=source.value,
                day=day,
                file_name=path.name[:200],
                lines=comparison.there_count,
                total_minor=total_minor,
                loaded_by=loaded_by,
                loaded_at_ms=at_ms,
            )
            for found in comparison.found:
                await _write(tx, found, terminals.get(found.key, ""), at_ms)
        return comparison


def day_before(day: str, days: int = DAYS_BACK) -> str:
    try:
        first = date(int(day[:4]), int(day[4:6]), int(day[6:])) - timedelta(days=days)
    except ValueError:
        raise NightError(f"День задаётся как ГГГГММДД, а не {day[:20]}") from None
    return first.strftime("%Y%m%d")


async def _payments(tx: AsyncConnection, day: str) -> list[tuple[str, Entry]]:
    """What the journals tell of payments, with their terminals."""
    known = await night_rows.payments_since(tx, day_before(day), day)
    return [
        (row.terminal_id, Entry(row.txn_id, row.account, row.amount_minor, row.day, _OUTCOMES[row.outcome]))
        for row in known
    ]


async def _documents(tx: AsyncConnection, day: str) -> list[tuple[str, Entry]]:
    """What the journals tell of fiscal documents, with their terminals."""
    since = datetime.strptime(day_before(day), "%Y%m%d").replace(tzinfo=LOCAL_ZONE)
    summaries: dict[str, JournalSummary] = {}
    for record in await night_rows.records_of(tx, _FISCAL_KINDS, round(since.timestamp()) * 1_000):
        summaries.setdefault(record.terminal_id, JournalSummary()).add(record.kind, json.loads(record.data))
    return [
        (terminal_id, document.entry)
        for terminal_id, summary in summaries.items()
        for document in summary.all_documents()
    ]


def _compared(entries: Sequence[Entry], path: Path, layout: Layout, day: str, source: Source) -> Comparison:
    ours = [entry for entry in entries if entry.day == day]
    others = {entry.key: entry for entry in entries if entry.day != day}
    return compare(ours, register_entries(path, layout), source=source, of_other_days=others.get)


async def _write(tx: AsyncConnection, found: Found, terminal_id: str, at_ms: int) -> None:
    if found.difference is Difference.LATE:
        there = ItemClosed(MoneyItemKind.DIFFERENCE, "Нашёлся в реестре другого дня", at_ms, _reference(found, True))
        await rows.close_items(tx, terminal_id, there)
    told = f"{SOURCE_WORDS[found.source]}. {_WORDS[found.difference]}"
    if found.difference is Difference.LATE:
        told += f" ({found.detail})"
    amount_minor = abs(found.there_minor - found.here_minor) or max(found.here_minor, found.there_minor)
    kind, reference = MoneyItemKind.DIFFERENCE, _reference(found)
    item = ItemOpened(kind, reference, amount_minor, found.owner.value, at_ms, told, account=found.account)
    await rows.open_item(tx, terminal_id, item, found.account)


def _reference(found: Found, missing_there: bool = False) -> str:
    difference = Difference.MISSING_THERE if missing_there else found.difference
    return f"{found.source}-{difference}-{found.key}"[:128]
