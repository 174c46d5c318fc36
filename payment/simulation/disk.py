"""The cashier's disk: a journal in memory with the promises of the real one, or the real one on a lossy disk.

Durable when it says so, and in order. What was appended and not yet told durable survives a cut up to some record, as
the commits of SQLite do; power_cuts.py proves that of the real one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import msgspec

from payment.contract import JournalRecord
from payment.journal.file import Entry, JournalFile
from payment.simulation.crash import Cut
from payment.simulation.power_disk import PowerDisk
from payment.simulation.sabotage import Sabotage
from payment.simulation.stage import Line, Stage

SYNC_S_MIN = 0.0002
SYNC_S_MAX = 0.02
SLOW_SYNC_S_MAX = 3.0


class Store(Protocol):
    """What the records lie in."""

    def start(self) -> list[JournalRecord]:
        """The core starts and reads what stands."""

    def records(self) -> list[JournalRecord]: ...
    def commit(self, batch: Sequence[Entry]) -> None: ...
    def checkpoint(self) -> None: ...
    def fall(self, cut: Cut) -> None: ...


class MemoryStore:
    """A list. A commit is never torn."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._records: list[JournalRecord] = []

    def start(self) -> list[JournalRecord]:
        return list(self._records)

    def records(self) -> list[JournalRecord]:
        return self._records

    def commit(self, batch: Sequence[Entry]) -> None:
        moment = self._stage.now()
        monotonic_ms = int(moment.monotonic_s * 1000)
        for kind, data in batch:
            number = len(self._records) + 1
            self._records.append(JournalRecord(number, kind, data, moment.wall_ms, monotonic_ms, "", "", b""))

    def checkpoint(self) -> None:
        pass

    def fall(self, cut: Cut) -> None:
        pass


class SqliteStore:
    """The production journal's own file over a disk that loses and tears what is not synced."""

    def __init__(self, stage: Stage) -> None:
        self.disk = PowerDisk(stage.chance, stage.knife.passes)
        self._stage = stage
        self._file: JournalFile | None = None
        self._stands: list[JournalRecord] | None = None  # None: written since it was read

    def start(self) -> list[JournalRecord]:
        self.close()
        connection = self.disk.connect()
        self._file = JournalFile(connection, boot_id="", software_version="", clocks_ms=self._clocks_ms)
        self._stands = self._file.records
        return self._stands

    def records(self) -> list[JournalRecord]:
        return self.start() if self._stands is None else self._stands

    def commit(self, batch: Sequence[Entry]) -> None:
        assert self._file is not None
        self._stands = None
        self._file.commit(batch)

    def checkpoint(self) -> None:
        if self._file is not None:
            self._file.checkpoint()

    def fall(self, cut: Cut) -> None:
        self._stands = None
        if cut is Cut.POWER_LOST:
            self.disk.cut_power()
        else:
            self.disk.kill_process()
        self.close()

    def close(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            file.close()

    def _clocks_ms(self) -> tuple[int, int]:
        moment = self._stage.now()
        return moment.wall_ms, int(moment.monotonic_s * 1000)


class _Queued(msgspec.Struct, frozen=True):
    kind: str
    data: dict[str, object]
    on_durable: Callable[[], None]


class SimulatedDisk:
    """The cashier's `Disk`. `delayed`: durable after the append, as with a writer's thread; else within it."""

    def __init__(self, stage: Stage, store: Store, *, delayed: bool, sabotage: Sabotage | None = None) -> None:
        self.store = store
        self._stage = stage
        self._delayed = delayed
        self._sabotage = sabotage
        self._queued: list[_Queued] = []
        self._failed = False

    # --- the cashier's side -----------------------------------------------------------------------------------------

    def append(self, kind: str, data: dict[str, object], on_durable: Callable[[], None]) -> None:
        if self._failed:
            return
        self._stage.knife.passes(kind)
        if self._delayed:
            self._queued.append(_Queued(kind, data, on_durable))
            if len(self._queued) == 1:
                slow = self._stage.chance.happens(0.002)
                wait_s = self._stage.chance.between_s(SYNC_S_MIN, SLOW_SYNC_S_MAX if slow else SYNC_S_MAX)
                self._stage.later(wait_s, self._sync, Line.CORE)
            return
        self._write([(kind, data)])
        self._stage.knife.passes(kind)
        on_durable()

    def writable(self) -> bool:
        return not self._failed

    # --- the world's side -------------------------------------------------------------------------------------------

    def fail(self) -> None:
        """The disk is full, read-only or gone: from now on nothing is written and nothing is told durable."""
        self._failed = True
        self._queued.clear()
        self._stage.say("the disk fails")

    def start(self) -> list[JournalRecord]:
        """The core starts over what stands; whatever ailed the disk is mended by then."""
        self._failed = False
        return self.store.start()

    def fall(self, cut: Cut) -> None:
        """The cashier is gone: of what was not told durable some records stand, the first ones."""
        if self._queued:
            if isinstance(self.store, MemoryStore):
                survive = self._queued[: self._stage.chance.whole(0, len(self._queued))]
                self._write([(queued.kind, queued.data) for queued in survive])
            self._queued.clear()
        if self._sabotage is not None:
            self._sabotage.fall()
        self.store.fall(cut)

    def _sync(self) -> None:
        batch, self._queued = self._queued, []
        self._stage.knife.passes("sync")
        self._write([(queued.kind, queued.data) for queued in batch])
        self._stage.knife.passes("sync")
        for queued in batch:
            queued.on_durable()

    def _write(self, batch: list[Entry]) -> None:
        if self._sabotage is not None:
            batch = [kept for kind, data in batch for kept in self._sabotage.spoil(kind, data)]
        if batch:
            self.store.commit(batch)
        if self._stage.trace is not None:
            for kind, data in batch:
                words = " ".join(f"{name}={value}" for name, value in data.items() if name != "session_id")
                self._stage.say(f"journal: {kind} {words}")


_ENDS = {
    "session_closed": "session_open",
    "qr_result": "qr_intent",
    "card_reversed": "card_reversal",
    "collection_closed": "collection_open",
}
_KEYS = {
    "session_open": "session_id",
    "qr_intent": "operation_id",
    "card_reversal": "operation_id",
    "collection_open": "collection_id",
}


class OpenEnds:
    """What was begun and never ended: sessions, QRs, reversals, collections (by nobody: ended by their count)."""

    def __init__(self) -> None:
        self.begun: set[tuple[str, object]] = set()
        self._read = 0

    def read_on(self, records: Sequence[JournalRecord]) -> set[tuple[str, object]]:
        """Follows a journal that has only grown since the last time."""
        for record in records[self._read :]:
            if (key := _KEYS.get(record.kind)) is not None:
                self.begun.add((record.kind, record.data[key]))
            elif (beginning := _ENDS.get(record.kind)) is not None:
                self.begun.discard((beginning, record.data[_KEYS[beginning]]))
            elif record.kind == "counters_reset" and not record.data["authorised"]:
                self.begun.discard(("collection_open", record.data["collection_id"]))
        self._read = len(records)
        return self.begun
