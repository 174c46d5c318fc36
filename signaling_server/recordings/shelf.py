"""Where sealed chunks lie: a folder of each recording, a file of each chunk. Blocking; the caller uses a thread."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path


class Shelf:
    """Nothing here can be read without a key of the database."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, recording_id: str, number: int, sealed: bytes) -> bool:
        """There whole and durable, or not at all; False: it was there before. Raises OSError."""
        folder = self._folder / recording_id
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / f"{number:06d}"
        if path.exists():
            return False
        fresh = folder / f".{number:06d}.new"
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(sealed)
            file.flush()
            os.fsync(file.fileno())
        os.replace(fresh, path)
        return True

    def chunk(self, recording_id: str, number: int) -> bytes:
        """Raises OSError."""
        return (self._folder / recording_id / f"{number:06d}").read_bytes()

    def chunks(self, recording_id: str) -> Iterator[tuple[int, bytes]]:
        """In their order."""
        try:
            names = sorted(os.listdir(self._folder / recording_id))
        except FileNotFoundError:
            return
        for name in names:
            if name.isdigit():
                yield int(name), self.chunk(recording_id, int(name))

    def clear(self, recording_id: str) -> None:
        shutil.rmtree(self._folder / recording_id, ignore_errors=True)
