"""The production journal on a disk that loses and tears: what was told durable stands after every power cut.

Only the journal, no cashier: the promise that disk.py makes in memory is proved here of the real file, cut before any
write and any sync of SQLite, within its opening and its checkpoints too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import apsw

from payment.journal.file import Entry, JournalError, JournalFile
from payment.simulation.chance import Chance, SeededChance
from payment.simulation.crash import Knife, PowerCutError
from payment.simulation.power_disk import PowerDisk

CUTS_A_DISK = 20  # then a new one, so that its journal stays short
POINTS_BETWEEN_CUTS = 40
BATCH_MAX = 3
TEXT_SIZE_MAX = 300


@dataclass(slots=True)
class CutFigures:
    """What a run found; the last three must be zero."""

    cuts: int = 0
    records: int = 0
    unasked: int = 0  # records of a commit that was cut and stands all the same: allowed
    lost: int = 0  # records told durable that are gone
    torn: int = 0  # commits of which a part stands
    damaged: int = 0  # journals that cannot be opened

    def add(self, other: CutFigures) -> None:
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def wrong(self) -> bool:
        return bool(self.lost or self.torn or self.damaged)


def cut_power(
    seed: str, disks: int, spoil: Callable[[apsw.Connection], object] = lambda connection: None
) -> CutFigures:
    """So many disks with twenty cuts each. `spoil` may take a connection's safety away, to see that it is noticed."""
    figures = CutFigures()
    for number in range(disks):
        run = _Disk(SeededChance(f"{seed}-{number}"), spoil)
        try:
            run.live()
        except (JournalError, apsw.Error):
            run.figures.damaged += 1
        finally:
            run.disk.remove()
        figures.add(run.figures)
    return figures


class _Disk:
    def __init__(self, chance: Chance, spoil: Callable[[apsw.Connection], object]) -> None:
        self.figures = CutFigures()
        self._chance = chance
        self._spoil = spoil
        self._knife = Knife()
        self.disk = PowerDisk(chance, self._knife.passes)
        self._told = 0  # records that were told durable
        self._asked = 0  # of the commit under way

    def live(self) -> None:
        while self.figures.cuts < CUTS_A_DISK:
            connection: apsw.Connection | None = None
            try:
                self._knife.falls_at = self._knife.points + self._chance.whole(1, 2 * POINTS_BETWEEN_CUTS)
                connection = self.disk.connect()
                journal = JournalFile(connection, boot_id="", software_version="", clocks_ms=lambda: (0, 0))
                self._spoil(connection)
                self._compare(len(journal.records))
                self._write_for_ever(journal)
            except PowerCutError:
                self.figures.cuts += 1
                self._cut()
            finally:
                if connection is not None:
                    connection.close()

    def _cut(self) -> None:
        if self._chance.happens(0.2):
            self.disk.kill_process()
        else:
            self.disk.cut_power()

    def _compare(self, stands: int) -> None:
        ahead = stands - self._told
        self.figures.lost += max(0, -ahead)
        self.figures.torn += ahead > 0 and ahead != self._asked
        self.figures.unasked += max(0, ahead)
        self._told, self._asked = stands, 0

    def _write_for_ever(self, journal: JournalFile) -> None:
        while True:
            batch = [self._entry() for _ in range(self._chance.whole(1, BATCH_MAX))]
            self._asked = len(batch)
            journal.commit(batch)
            self._told += self._asked
            self.figures.records += self._asked
            self._asked = 0
            if self._chance.happens(0.1):
                journal.checkpoint()

    def _entry(self) -> Entry:
        return "entry", {"number": self._told, "text": "я" * self._chance.whole(0, TEXT_SIZE_MAX)}
