"""The money journal: an append-only, hash-chained SQLite file with one writer thread.

WAL with synchronous=FULL: each commit is synced. The log is folded into the file only between customers, so that within
a visit its blocks are overwritten in place, which needs no sync of metadata. Records are never updated or deleted.
"""

from __future__ import annotations

import os
import queue
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import apsw

from payment import lock_file
from payment.contract import JournalRecord
from payment.journal.file import JournalDamagedError, JournalError, JournalFile, Row, connect, verified

__all__ = [
    "Journal",
    "JournalBusyError",
    "JournalDamagedError",
    "JournalError",
    "JournalRecord",
    "check_free",
    "read_journal",
]

FREE_BYTES_MIN = 16 * 1024 * 1024  # below it cash is stopped while there is still room to close what is open
BATCH_MAX = 64  # records in one commit
CLOSE_S_MAX = 5.0


class JournalBusyError(JournalError):
    """Another process writes this journal."""


@dataclass(frozen=True, slots=True)
class _Append:
    row: Row
    on_durable: Callable[[], None]


class _Checkpoint:
    """Asks the writer to fold the log into the file."""


_Job = list[_Append] | _Checkpoint | None  # None: the journal is closed


class Journal:
    """The writer's end. `append` returns at once; the answer comes through `post` into the owner's thread."""

    def __init__(
        self,
        path: Path,
        lock: IO[bytes],
        *,
        post: Callable[[Callable[[], None]], None],
        on_failed: Callable[[Exception], None],
        software_version: str,
        boot_id: str,
    ) -> None:
        self._path = path
        self._lock = lock
        self._post = post
        self._on_failed = on_failed
        self._failed = threading.Event()
        self._jobs: queue.SimpleQueue[_Job] = queue.SimpleQueue()
        self._turn: list[_Append] = []
        self._file = JournalFile(connect(path, to_write=True), boot_id=boot_id, software_version=software_version)
        self._thread = threading.Thread(target=self._write_for_ever, name="journal", daemon=True)
        self._thread.start()

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        post: Callable[[Callable[[], None]], None],
        on_failed: Callable[[Exception], None],
        software_version: str = "",
        boot_id: str | None = None,
    ) -> Journal:
        """Opens or makes a journal and checks its whole chain.

        Raises:
            JournalBusyError: another process holds it.
            JournalDamagedError: a record was changed, lost or torn.
            JournalError: the file or its folder cannot be written.
        """
        lock = _locked(path)
        try:
            return cls(
                path,
                lock,
                post=post,
                on_failed=on_failed,
                software_version=software_version,
                boot_id=boot_id if boot_id is not None else _boot_id(),
            )
        except (apsw.CorruptError, apsw.NotADBError) as error:
            lock.close()
            raise JournalDamagedError(f"{path} is no journal or is damaged: {error}") from error
        except apsw.Error as error:
            lock.close()
            raise JournalError(f"cannot write the journal {path}: {error}") from error
        except JournalError:
            lock.close()
            raise

    def records(self) -> list[JournalRecord]:
        """What stood in the journal when it was opened."""
        return self._file.records

    def append(self, kind: str, data: dict[str, object], on_durable: Callable[[], None]) -> None:
        """Writes one record; `on_durable` follows in the owner's thread once it is synced, in order.

        Records of one turn of the owner's thread go to the writer together and share one sync.
        """
        self._turn.append(_Append(self._file.chained_on(kind, data), on_durable))
        if len(self._turn) == 1:
            self._post(self._end_turn)

    def _end_turn(self) -> None:
        if self._turn:
            turn, self._turn = self._turn, []
            self._jobs.put(turn)

    def writable(self) -> bool:
        """False after a failed write, or when the disk is nearly full: cash is stopped."""
        return not self._failed.is_set() and _free_bytes(self._path) >= FREE_BYTES_MIN

    def checkpoint(self) -> None:
        """Folds the log into the file; call between customers."""
        self._end_turn()
        self._jobs.put(_Checkpoint())

    def close(self) -> None:
        """Finishes what is queued, then lets the file go."""
        self._end_turn()
        self._jobs.put(None)
        self._thread.join(CLOSE_S_MAX)
        self._lock.close()

    # --- the writer's thread ----------------------------------------------------------------------------------------

    def _write_for_ever(self) -> None:
        try:
            while True:
                for job in self._waiting_jobs():
                    if job is None:
                        return
                    self._do(job)
        finally:
            self._file.close()

    def _waiting_jobs(self) -> list[_Job]:
        """Waits for one job and takes those behind it; appends that wait together share one sync."""
        jobs: list[_Job] = []
        job = self._jobs.get()
        while True:
            if isinstance(job, list) and jobs and isinstance(jobs[-1], list) and len(jobs[-1]) < BATCH_MAX:
                jobs[-1].extend(job)
            else:
                jobs.append(job)
            if self._jobs.empty() or job is None:
                return jobs
            job = self._jobs.get()

    def _do(self, job: list[_Append] | _Checkpoint) -> None:
        if isinstance(job, _Checkpoint):
            self._guarded(self._file.checkpoint)
        elif self._guarded(lambda: self._commit(job)):
            for append in job:
                self._post(append.on_durable)
        if self._jobs.empty():
            self._guarded(self._file.prepare)

    def _guarded(self, write: Callable[[], object]) -> bool:
        if self._failed.is_set():
            return False  # after one lost record nothing may follow it
        try:
            write()
        except (apsw.Error, OSError) as error:
            failure = JournalError(f"cannot write the journal {self._path}: {error}")
            self._failed.set()
            self._post(lambda: self._on_failed(failure))
            return False
        return True

    def _commit(self, batch: list[_Append]) -> None:
        self._file.write([job.row for job in batch])


def read_journal(path: Path) -> list[JournalRecord]:
    """All records of a journal, its chain checked; reads beside a running writer.

    Raises:
        JournalError: there is no such file, it cannot be read, or it is no journal.
        JournalDamagedError: a record is not what was written.
    """
    if not path.exists():
        raise JournalError(f"there is no journal at {path}")
    try:
        connection = connect(path, to_write=False)
        try:
            return list(verified(connection))
        finally:
            connection.close()
    except (apsw.NotADBError, apsw.SQLError) as error:  # no database, or one without the journal's table
        raise JournalError(f"{path} is no journal") from error
    except apsw.CorruptError as error:
        raise JournalDamagedError(f"{path} is damaged: {error}") from error
    except apsw.Error as error:
        raise JournalError(f"{path} cannot be read: {error}") from error


def check_free(path: Path) -> None:
    """That nobody writes this journal now; what it is and holds is not looked at.

    Raises:
        JournalBusyError: another process holds it.
        JournalError: its folder cannot be written.
    """
    _locked(path).close()


def _locked(path: Path) -> IO[bytes]:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return lock_file.hold(path.with_name(path.name + ".lock"))
    except BlockingIOError:
        raise JournalBusyError(f"another process writes the journal {path}") from None
    except OSError as error:
        raise JournalError(f"cannot write beside the journal {path}: {error.strerror}") from error


def _boot_id() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return str(uuid.uuid4())


def _free_bytes(path: Path) -> int:
    try:
        disk = os.statvfs(path.parent)
    except OSError:
        return 0
    return disk.f_bavail * disk.f_frsize
