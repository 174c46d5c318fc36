"""Lines of a journal as they are stored, read beside the running writer; for the upload to the office."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import apsw

from payment.journal.chain import GENESIS, StoredRecord
from payment.journal.file import JournalDamagedError, JournalError, connect

_COLUMNS = "sequence, kind, data, wall_ms, monotonic_ms, boot_id, software_version, hash"


class JournalRows:
    """A second, read-only connection. Not for two threads at once."""

    def __init__(self, path: Path) -> None:
        """Raises JournalError."""
        if not path.exists():
            raise JournalError(f"there is no journal at {path}")
        self._path = path
        self._connection = connect(path, to_write=False)

    def journal_id(self) -> str:
        """The hash of its first record: a journal that was replaced is another one. "" while it is empty."""
        first = self.after(0, 1)
        return first[0].hash.hex() if first else ""

    def hash_of(self, sequence: int) -> bytes | None:
        """The hash of a record; of the beginning for 0; None when there is no such record."""
        if sequence == 0:
            return GENESIS
        found = self.after(sequence - 1, 1)
        return found[0].hash if found and found[0].sequence == sequence else None

    def after(self, sequence: int, limit: int) -> list[StoredRecord]:
        """At most so many records behind this one, in their order. Raises JournalDamagedError."""
        query = f"SELECT {_COLUMNS} FROM record WHERE sequence > ? ORDER BY sequence LIMIT ?"  # noqa: S608 - constants
        try:
            rows: list[tuple[Any, ...]] = self._connection.execute(query, (sequence, limit)).fetchall()
            return [StoredRecord(*row) for row in rows]
        except (apsw.Error, UnicodeDecodeError) as error:
            raise JournalDamagedError(f"{self._path} cannot be read: {error}") from error

    def close(self) -> None:
        self._connection.close()
