"""A journal in memory with the promises of the real one: durable when it says so, and in order.

What was appended and not yet told durable survives a cut up to some record, as the commits of SQLite do. The same
promises are kept by the production journal on a lossy disk; power_disk.py proves that.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from payment.contract import JournalRecord
from payment.simulation.sabotage import Sabotage
from payment.simulation.stage import Line, Stage

SYNC_S_MIN = 0.0002
SYNC_S_MAX = 0.02
SLOW_SYNC_S_MAX = 3.0


@dataclass(frozen=True, slots=True)
class _Queued:
    kind: str
    data: dict[str, object]
    on_durable: Callable[[], None]


class MemoryDisk:
    """The cashier's `Disk`. `delayed`: durable after the append, as with a writer's thread; else within it."""

    def __init__(self, stage: Stage, *, delayed: bool, sabotage: Sabotage | None = None) -> None:
        self.records: list[JournalRecord] = []
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
        self._write(kind, data)
        self._stage.knife.passes(kind)
        on_durable()

    def writable(self) -> bool:
        return not self._failed

    def open_sessions(self) -> set[object]:
        """Sessions that were opened and never closed."""
        opened = {record.data["session_id"] for record in self.records if record.kind == "session_open"}
        return opened - {record.data["session_id"] for record in self.records if record.kind == "session_closed"}

    # --- the world's side -------------------------------------------------------------------------------------------

    def fail(self) -> None:
        """The disk is full, read-only or gone: from now on nothing is written and nothing is told durable."""
        self._failed = True
        self._queued.clear()
        self._stage.say("the disk fails")

    def mend(self) -> None:
        self._failed = False

    def fall(self) -> None:
        """The cashier is gone: of what was not told durable some records stand, the first ones."""
        if self._queued:
            for queued in self._queued[: self._stage.chance.whole(0, len(self._queued))]:
                self._write(queued.kind, queued.data)
            self._queued.clear()
        if self._sabotage is not None:
            self._sabotage.fall()

    def _sync(self) -> None:
        batch, self._queued = self._queued, []
        self._stage.knife.passes("sync")
        for queued in batch:
            self._write(queued.kind, queued.data)
        self._stage.knife.passes("sync")
        for queued in batch:
            self._stage.later(0.0, queued.on_durable, Line.CORE)

    def _write(self, kind: str, data: dict[str, object]) -> None:
        if self._sabotage is not None:
            for kept_kind, kept_data in self._sabotage.spoil(kind, data):
                self._keep(kept_kind, kept_data)
        else:
            self._keep(kind, data)

    def _keep(self, kind: str, data: dict[str, object]) -> None:
        moment = self._stage.now()
        number = len(self.records) + 1
        monotonic_ms = int(moment.monotonic_s * 1000)
        self.records.append(JournalRecord(number, kind, data, moment.wall_ms, monotonic_ms, "", "", b""))
        if self._stage.trace is not None:
            words = " ".join(f"{name}={value}" for name, value in data.items() if name != "session_id")
            self._stage.say(f"journal {number}: {kind} {words}")
