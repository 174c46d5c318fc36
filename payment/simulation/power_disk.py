"""A disk that loses, tears and reorders whatever was not synced, under the real SQLite.

A VFS of apsw keeps for each file what is surely on the medium and what was written since. At a power cut every sector
of every unsynced write stands or does not, as chance wills; a killed process loses nothing that it wrote. What is left
is copied to a new folder and opened anew, as after a start of the machine. The index of the log (-shm) lives in memory
and never survives. Names that begin with x are SQLite's own.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import apsw

from payment.simulation.chance import Chance

SECTOR_SIZE = 512
FILE_NAME = "journal.sqlite"
MEMORY_FOLDER = Path("/dev/shm")  # noqa: S108 - files that only this process reads, and fast


class _Kept:
    """One file: what is on the medium for sure, and the writes since (a number: it was cut to this length)."""

    __slots__ = ("durable", "unsynced")

    def __init__(self) -> None:
        self.durable = bytearray()
        self.unsynced: list[tuple[int, bytes] | int] = []

    def sync(self) -> None:
        for write in self.unsynced:
            _apply(self.durable, write)
        self.unsynced.clear()

    def after_power_cut(self, chance: Chance) -> bytes:
        """Loses a tail, or any sectors of any writes."""
        torn = chance.happens(0.5)
        last = len(self.unsynced) if torn else chance.whole(0, len(self.unsynced))
        image = bytearray(self.durable)
        for write in self.unsynced[:last]:
            for part in _sectors(write) if torn else (write,):
                if not torn or chance.happens(0.6):
                    _apply(image, part)
        return bytes(image)


def _apply(image: bytearray, write: tuple[int, bytes] | int) -> None:
    if isinstance(write, int):
        del image[write:]
        return
    offset, data = write
    if len(image) < offset:
        image.extend(bytes(offset - len(image)))
    image[offset : offset + len(data)] = data


def _sectors(write: tuple[int, bytes] | int) -> list[tuple[int, bytes] | int]:
    """The write in the pieces that a drive writes whole."""
    if isinstance(write, int):
        return [write]
    offset, data = write
    pieces: list[tuple[int, bytes] | int] = []
    at = 0
    while at < len(data):
        size = SECTOR_SIZE - (offset + at) % SECTOR_SIZE
        pieces.append((offset + at, data[at : at + size]))
        at += size
    return pieces


class PowerDisk:
    """A folder of one journal on such a disk. `passes` is the knife: called before every write and sync."""

    def __init__(self, chance: Chance, passes: Callable[[str], None]) -> None:
        self.chance = chance
        self.passes = passes
        self.files: dict[str, _Kept] = {}
        self.generation = 0
        self._root = Path(tempfile.mkdtemp(prefix="power-", dir=MEMORY_FOLDER if MEMORY_FOLDER.is_dir() else None))
        self._vfs = _Vfs(self, f"power-{id(self)}")
        self._folder().mkdir()

    def connect(self) -> apsw.Connection:
        return apsw.Connection(str(self._folder() / FILE_NAME), vfs=self._vfs.name)

    def cut_power(self) -> None:
        self._begin_anew({name: kept.after_power_cut(self.chance) for name, kept in self.files.items()})

    def kill_process(self) -> None:
        """The system still has what was written."""
        for kept in self.files.values():
            kept.sync()
        self._begin_anew({name: bytes(kept.durable) for name, kept in self.files.items()})

    def remove(self) -> None:
        self._vfs.unregister()
        shutil.rmtree(self._root, ignore_errors=True)

    def _begin_anew(self, left: dict[str, bytes]) -> None:
        self.generation += 1
        self.files = {}
        self._folder().mkdir()
        for name, image in left.items():
            (self._folder() / name).write_bytes(image)
            kept = self.files[name] = _Kept()
            kept.durable = bytearray(image)

    def _folder(self) -> Path:
        return self._root / str(self.generation)


class _Vfs(apsw.VFS):
    """Opens files of the disk's present generation; those of earlier ones change nothing any more."""

    def __init__(self, disk: PowerDisk, name: str) -> None:
        self.name = name
        self._disk = disk
        super().__init__(name, "")

    def xOpen(self, name: Any, flags: list[int]) -> apsw.VFSFile:
        return _File(self._disk, name, flags)

    def xDelete(self, filename: str, syncdir: bool) -> None:
        super().xDelete(filename, syncdir)
        if Path(filename).parent.name == str(self._disk.generation):
            self._disk.files.pop(Path(filename).name, None)


class _File(apsw.VFSFile):
    def __init__(self, disk: PowerDisk, name: Any, flags: list[int]) -> None:
        super().__init__("", name, flags)
        self._disk = disk
        self._generation = disk.generation
        path = name.filename() if isinstance(name, apsw.URIFilename) else str(name)
        self._kept = disk.files.setdefault(Path(path).name, _Kept())

    def xWrite(self, data: bytes, offset: int) -> None:
        if self._lives():
            self._disk.passes("a write of the disk")
            self._kept.unsynced.append((offset, bytes(data)))
        super().xWrite(data, offset)

    def xTruncate(self, newsize: int) -> None:
        if self._lives():
            self._disk.passes("a cut of a file")
            self._kept.unsynced.append(newsize)
        super().xTruncate(newsize)

    def xSync(self, flags: int) -> None:
        if self._lives():
            self._disk.passes("a sync of the disk")
            self._kept.sync()

    def _lives(self) -> bool:
        return self._generation == self._disk.generation
