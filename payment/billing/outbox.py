"""What must reach somebody without fail and may come late: readings, registers, copies for the office.

A parcel is on disk before its giver is told so, and is tried by `outbox_rules` until the receiver has it for good; the
receiver knows repeats by the key. Pays do not go here: the cashier repeats those from the journal itself. Bodies may be
personal, so a delivered one is overwritten in the file (secure_delete), and the file is for the terminal's user only.
"""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import sqlite3
import time
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from payment.billing.outbox_rules import DRAW_MAX, Delivery, DeliveryOutcome, Parcel, RetryRules, after_try

PARCELS_MAX = 10_000
BODY_SIZE_MAX = 256 * 1024
KEY_LENGTH_MAX = 100
IDLE_S_MAX = 60
BUSY_S = 0.2  # another program that holds the file will not let go soon

_SCHEMA = """
CREATE TABLE IF NOT EXISTS parcel (
    key TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    body BLOB NOT NULL,
    created_ms INTEGER NOT NULL,
    due_ms INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    refused TEXT NOT NULL
) STRICT
"""
_COLUMNS = "kind, key, body, created_ms, due_ms, tries, refused"
_LABEL_COLUMNS = _COLUMNS.replace("body", "x''")
_KEEP = f"INSERT OR REPLACE INTO parcel ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 (our own text)

Sender = Callable[[str, bytes], Awaitable[Delivery]]  # key, body; tells UNKNOWN rather than raise
Value = TypeVar("Value")
_log = logging.getLogger(__name__)


class OutboxError(Exception):
    """The outbox cannot take or keep a parcel; the text says why."""


class OtherParcelError(OutboxError):
    """The key is taken by a parcel with other content."""


@dataclass(frozen=True, slots=True)
class OutboxState:
    """For the terminal's heartbeat and its technician."""

    waiting: int
    overdue: int
    refused: int
    oldest_ms: int | None  # when the oldest waiting one was put in


class OutboxFile:
    """The parcels on disk. Used from one thread."""

    def __init__(self, path: Path) -> None:
        """Raises: OutboxError."""
        try:
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
            self._database = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=BUSY_S)
            for pragma in ("locking_mode = EXCLUSIVE", "journal_mode = TRUNCATE", "synchronous = FULL"):
                self._database.execute(f"PRAGMA {pragma}")
            self._database.execute("PRAGMA secure_delete = ON")
            self._database.executescript(f"BEGIN EXCLUSIVE; {_SCHEMA}; COMMIT")
        except (OSError, sqlite3.Error) as error:
            raise OutboxError(f"cannot use {path} as the outbox: {error}") from error

    def close(self) -> None:
        self._database.close()

    def put(self, parcel: Parcel) -> None:
        """Keeps a parcel once. Raises: OtherParcelError, OutboxError."""
        if not (0 < len(parcel.key) <= KEY_LENGTH_MAX and len(parcel.body) <= BODY_SIZE_MAX):
            raise OutboxError("a parcel's key or body is too long")
        if (known := self.find(parcel.key)) is not None:
            if (known.kind, known.body) != (parcel.kind, parcel.body):
                raise OtherParcelError(f"{parcel.key} is another parcel already")
            return
        if self._count() >= PARCELS_MAX:
            raise OutboxError(f"{PARCELS_MAX} parcels wait already")
        self.keep(parcel)

    def keep(self, parcel: Parcel) -> None:
        """Writes a parcel as it stands."""
        row = (parcel.kind, parcel.key, parcel.body, parcel.created_ms, parcel.due_ms, parcel.tries, parcel.refused)
        self._execute(_KEEP, row)

    def forget(self, key: str) -> None:
        self._execute("DELETE FROM parcel WHERE key = ?", (key,))

    def find(self, key: str) -> Parcel | None:
        rows = self._select(_COLUMNS, "WHERE key = ?", key)
        return rows[0] if rows else None

    def labels(self) -> list[Parcel]:
        """All parcels without their bodies, the longest due first."""
        return self._select(_LABEL_COLUMNS, "ORDER BY due_ms, created_ms")

    def _select(self, columns: str, rest: str, *values: str) -> list[Parcel]:
        statement = f"SELECT {columns} FROM parcel {rest}"  # noqa: S608 (our own text)
        return [Parcel(*row) for row in self._execute(statement, values)]

    def _execute(self, statement: str, values: tuple[object, ...] = ()) -> list[Any]:
        try:
            return self._database.execute(statement, values).fetchall()
        except sqlite3.Error as error:
            raise OutboxError(f"the outbox's file cannot be used: {error}") from error

    def _count(self) -> int:
        count: int = self._execute("SELECT COUNT(*) FROM parcel")[0][0]
        return count


class Outbox:
    """Keeps and delivers. One thread of its own touches the disk, so that no screen waits for it."""

    def __init__(
        self,
        path: Path,
        senders: Mapping[str, Sender],
        *,
        rules: RetryRules | None = None,
        now_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
        draw: Callable[[], int] = lambda: secrets.randbelow(DRAW_MAX),
    ) -> None:
        """Raises: OutboxError."""
        self._file = OutboxFile(path)
        self._senders = senders
        self._rules = rules or RetryRules()
        self._now_ms = now_ms
        self._draw = draw
        self._disk = ThreadPoolExecutor(1, "outbox")
        self._put = asyncio.Event()

    async def put(self, kind: str, key: str, body: bytes) -> None:
        """Returns when the parcel is on disk; the same one put again is kept once.

        Raises:
            OtherParcelError: the key is taken by other content.
            OutboxError: it is too large, too many wait, or the disk refuses.
        """
        if kind not in self._senders:
            raise OutboxError(f"nobody delivers {kind}")
        now_ms = self._now_ms()
        await self._on_disk(self._file.put, Parcel(kind, key, body, now_ms, now_ms))
        self._put.set()

    async def state(self) -> OutboxState:
        now_ms = self._now_ms()
        parcels = await self._on_disk(self._file.labels)
        waiting = [parcel for parcel in parcels if not parcel.refused]
        overdue = sum(parcel.is_overdue(now_ms, self._rules) for parcel in waiting)
        oldest_ms = min((parcel.created_ms for parcel in waiting), default=None)
        return OutboxState(len(waiting), overdue, len(parcels) - len(waiting), oldest_ms)

    async def refused(self) -> list[Parcel]:
        """What a person has to look at; without the bodies."""
        return [parcel for parcel in await self._on_disk(self._file.labels) if parcel.refused]

    async def drop(self, key: str) -> None:
        """A person's word that a parcel need not be delivered."""
        _log.warning("parcel %s is dropped by a person", key)
        await self._on_disk(self._file.forget, key)

    async def deliver_due(self) -> int | None:
        """Tries each due parcel once, kinds beside each other; when the next one is due, in ms of the wall clock."""
        now_ms = self._now_ms()
        due = [parcel for parcel in await self._on_disk(self._file.labels) if parcel.is_due(now_ms, self._rules)]
        by_kind = {kind: [parcel for parcel in due if parcel.kind == kind] for kind in self._senders}
        await asyncio.gather(*(self._deliver_all(parcels) for parcels in by_kind.values()))
        waiting = [parcel for parcel in await self._on_disk(self._file.labels) if parcel.kind in self._senders]
        return min((parcel.due_ms for parcel in waiting if not parcel.refused), default=None)

    async def run(self) -> None:
        """Delivers for as long as it is not cancelled."""
        while True:
            self._put.clear()
            try:
                next_ms = await self.deliver_due()
            except OutboxError as error:  # a disk that is full now may not be so later; what is kept stays kept
                _log.error("%s", error)
                next_ms = None
            wait_ms = IDLE_S_MAX * 1000 if next_ms is None else next_ms - self._now_ms()
            try:
                async with asyncio.timeout(min(IDLE_S_MAX, max(0, wait_ms) // 1000 + 1)):
                    await self._put.wait()
            except TimeoutError:
                continue

    async def close(self) -> None:
        """`run` is to be cancelled before."""
        await self._on_disk(self._file.close)
        self._disk.shutdown()

    async def _deliver_all(self, labels: list[Parcel]) -> None:
        for label in labels:
            parcel = await self._on_disk(self._file.find, label.key)
            if parcel is None:
                continue  # a person dropped it meanwhile
            delivery = await self._try(parcel)
            kept = after_try(parcel, delivery, self._now_ms(), self._draw(), self._rules)
            if kept is None:
                await self._on_disk(self._file.forget, parcel.key)
            else:
                await self._on_disk(self._file.keep, kept)
            if delivery.outcome is DeliveryOutcome.UNKNOWN:
                return  # the receiver is ill: the others of its kind wait a little

    async def _try(self, parcel: Parcel) -> Delivery:
        try:
            delivery = await self._senders[parcel.kind](parcel.key, parcel.body)
        except Exception as error:  # a sender's bug must not stop the post
            _log.exception("the sender of %s failed", parcel.kind)
            delivery = Delivery(DeliveryOutcome.UNKNOWN, type(error).__name__)
        if delivery.outcome is not DeliveryOutcome.DELIVERED:
            _log.warning("%s %s is %s: %s", parcel.kind, parcel.key, delivery.outcome.value, delivery.reason)
        return delivery

    async def _on_disk(self, work: Callable[..., Value], *arguments: object) -> Value:
        return await asyncio.get_running_loop().run_in_executor(self._disk, lambda: work(*arguments))
