"""One recording being played: both sides as files that are made as they are read. The key lies in memory meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from signaling_server.contract.recorded import ChunkSeal, Record, RecordedError, is_last, unpack
from signaling_server.recordings.shelf import Shelf
from signaling_server.recordings.side import Side, SideFile


@dataclass(frozen=True, slots=True)
class Opened:
    """What can be played."""

    recording_id: str
    sides: dict[Side, SideFile]
    begins_us: int  # since the notice
    missing: int
    whole: bool


class Viewing:
    """Blocking; the caller uses a thread."""

    def __init__(self, shelf: Shelf, recording_id: str, key: bytes) -> None:
        self._shelf = shelf
        self._recording_id = recording_id
        self._seal = ChunkSeal(key, recording_id)

    def open(self) -> Opened:
        """Looks through all of it. Raises RecordedError: nothing of it opens."""
        sides: dict[Side, SideFile] = {}
        missing, expected, whole, begins_us = 0, 0, False, 0
        for number, sealed in self._shelf.chunks(self._recording_id):
            missing += number - expected
            expected = number + 1
            try:
                records = unpack(self._seal.open(number, sealed))
            except RecordedError:
                missing += 1
                continue
            whole = is_last(sealed)
            if not sides and records:
                begins_us = records[0].time_us
                sides = {side: SideFile(side, begins_us) for side in Side}
            for file in sides.values():
                file.add(number, records)
        if not sides:
            raise RecordedError("nothing of this recording opens")
        for file in sides.values():
            file.close()
        return Opened(self._recording_id, sides, begins_us, missing, whole)

    def read(self, file: SideFile, start: int, stop: int) -> Iterator[bytes]:
        """The bytes of a range, a chunk at a time. Raises RecordedError, OSError."""
        for chunk, first, last in file.parts_of(start, stop):
            made = file.head if chunk is None else file.clusters_of(chunk, self._records(chunk))
            yield made[first:last]

    def _records(self, number: int) -> list[Record]:
        return unpack(self._seal.open(number, self._shelf.chunk(self._recording_id, number)))
