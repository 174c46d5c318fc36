"""The journal loses no acknowledged record, refuses a second writer and finds every change."""

from __future__ import annotations

import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

import apsw
import pytest

from payment.journal import journal as journal_module
from payment.journal.journal import Journal, JournalBusyError, JournalDamagedError, JournalError, read_journal

WRITER = Path(__file__).with_name("journal_writer.py")
ROOT = Path(__file__).resolve().parents[3]
WAIT_S_MAX = 10.0
NOBODY = 65534


def opened(path: Path, failures: list[Exception] | None = None) -> Journal:
    told = failures if failures is not None else []
    return Journal.open(path, post=lambda call: call(), on_failed=told.append, software_version="1.2.3", boot_id="boot")


def write(journal: Journal, count: int, kind: str = "test") -> None:
    """Appends records and waits until the last one is durable."""
    done = threading.Event()
    for number in range(1, count + 1):
        journal.append(kind, {"number": number, "name": "Ё"}, done.set if number == count else _nothing)
    assert done.wait(WAIT_S_MAX)


def _nothing() -> None:
    pass


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "journal.sqlite"


@pytest.fixture
def written(path: Path) -> Path:
    """A closed journal of five records."""
    journal = opened(path)
    write(journal, 5)
    journal.close()
    return path


def start_writer(path: Path, *words: str, **options: object) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, str(WRITER), str(path), *words]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment, **options)  # type: ignore[call-overload,no-any-return]


@pytest.fixture
def writers() -> Iterator[list[subprocess.Popen[str]]]:
    started: list[subprocess.Popen[str]] = []
    yield started
    for process in started:
        process.kill()
        process.wait()


def lines(process: subprocess.Popen[str]) -> IO[str]:
    assert process.stdout is not None
    return process.stdout


# --- what is written is read ------------------------------------------------------------------------------------------


def test_acknowledgements_come_in_the_order_of_appends_and_each_record_is_read_again(path: Path):
    journal = opened(path)
    acknowledged: list[int] = []
    done = threading.Event()
    for number in range(200):
        journal.append("kind", {"number": number}, lambda number=number: acknowledged.append(number))
    journal.append("last", {}, done.set)
    assert done.wait(WAIT_S_MAX)
    assert acknowledged == list(range(200))
    journal.close()
    again = opened(path)
    assert [record.data.get("number") for record in again.records()] == [*range(200), None]
    first = again.records()[0]
    assert (first.sequence, first.kind, first.boot_id, first.software_version) == (1, "kind", "boot", "1.2.3")
    assert first.wall_ms > 1_700_000_000_000
    assert first.monotonic_ms > 0
    again.close()


def test_a_journal_is_continued_by_the_next_run_in_one_chain(written: Path):
    journal = opened(written)
    write(journal, 3)
    journal.close()
    records = read_journal(written)
    assert [record.sequence for record in records] == list(range(1, 9))
    assert len({record.hash for record in records}) == 8


def test_the_journal_is_read_beside_its_writer(path: Path):
    journal = opened(path)
    write(journal, 4)
    assert len(read_journal(path)) == 4
    write(journal, 2)
    assert len(read_journal(path)) == 6
    journal.close()


def test_closing_finishes_what_is_queued(path: Path):
    journal = opened(path)
    for number in range(300):
        journal.append("test", {"number": number}, _nothing)
    journal.close()
    assert len(read_journal(path)) == 300


def test_the_log_is_overwritten_after_a_checkpoint_and_does_not_grow(path: Path):
    journal = opened(path)
    log = path.with_name(path.name + "-wal")
    sizes = []
    for _ in range(6):
        write(journal, 30)
        journal.checkpoint()
        write(journal, 1)
        sizes.append(log.stat().st_size)
    journal.close()
    assert len(set(sizes[2:])) == 1, sizes


# --- nobody changes it ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("statement", ["UPDATE record SET kind = 'x'", "DELETE FROM record WHERE sequence = 5"])
def test_the_file_itself_refuses_a_change(written: Path, statement: str):
    connection = sqlite3.connect(written)
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        connection.execute(statement)
    connection.close()


def tampered(path: Path, *statements: str) -> None:
    """Somebody with the disk in his hands."""
    connection = sqlite3.connect(path)
    for trigger in ("record_is_never_changed", "record_is_never_deleted"):
        connection.execute(f"DROP TRIGGER {trigger}")
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE record SET kind = 'other' WHERE sequence = 3",
        "UPDATE record SET data = replace(data, '3', '4') WHERE sequence = 3",
        "UPDATE record SET wall_ms = wall_ms + 1 WHERE sequence = 3",
        "UPDATE record SET monotonic_ms = monotonic_ms + 1 WHERE sequence = 3",
        "UPDATE record SET boot_id = 'x' WHERE sequence = 3",
        "UPDATE record SET software_version = 'x' WHERE sequence = 3",
        "UPDATE record SET hash = zeroblob(32) WHERE sequence = 3",
        "UPDATE record SET hash = zeroblob(32) WHERE sequence = 5",
        "DELETE FROM record WHERE sequence = 3",
        "DELETE FROM record WHERE sequence = 1",
        "UPDATE record SET sequence = 99 WHERE sequence = 5",
        "INSERT INTO record SELECT 6, kind, data, wall_ms, monotonic_ms, boot_id, software_version, hash "
        "FROM record WHERE sequence = 5",
    ],
)
def test_a_changed_cut_out_or_added_record_is_found(written: Path, change: str):
    tampered(written, change)
    with pytest.raises(JournalDamagedError, match="record"):
        read_journal(written)
    with pytest.raises(JournalDamagedError):
        opened(written)


def test_two_records_that_changed_places_are_found(written: Path):
    tampered(
        written,
        "UPDATE record SET sequence = 99 WHERE sequence = 2",
        "UPDATE record SET sequence = 2 WHERE sequence = 3",
        "UPDATE record SET sequence = 3 WHERE sequence = 99",
    )
    with pytest.raises(JournalDamagedError):
        read_journal(written)


def test_a_file_that_is_no_journal_is_refused_and_left_as_it_was(path: Path):
    path.parent.mkdir()
    path.write_bytes(b"not a database at all, but long enough to be looked at by SQLite" * 40)
    before = path.read_bytes()
    with pytest.raises(JournalDamagedError, match="is no journal"):
        opened(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("seed", range(20))
def test_a_torn_page_is_found_or_harmless(path: Path, seed: int):
    """A sector of zeros anywhere: the journal is refused, or it reads exactly as it was written."""
    journal = opened(path)
    write(journal, 60)
    journal.close()
    before = read_journal(path)
    whole = bytearray(path.read_bytes())
    at = random.Random(seed).randrange(0, len(whole) // 512) * 512
    whole[at : at + 512] = bytes(512)
    path.write_bytes(whole)
    try:
        after = read_journal(path)
    except JournalError:
        return
    assert after == before


def test_a_text_that_a_flipped_bit_made_a_blob_is_found(written: Path):
    """In SQLite's record header one bit divides a text from a blob of the same size."""
    text = b'{"name":"\xd0\x81","number":3}'
    header = bytes((0, 13 + 2 * len(b"test"), 13 + 2 * len(text)))
    whole = bytearray(written.read_bytes())
    at = whole.rindex(header, 0, whole.index(text)) + 2
    whole[at] -= 1
    written.write_bytes(whole)
    with pytest.raises(JournalDamagedError):
        read_journal(written)


def test_a_missing_journal_is_said_to_be_missing(tmp_path: Path):
    with pytest.raises(JournalError, match="there is no journal"):
        read_journal(tmp_path / "none.sqlite")


# --- one writer -------------------------------------------------------------------------------------------------------


def test_a_second_process_is_refused_and_let_in_when_the_first_is_killed(path: Path, writers):
    holder = start_writer(path)
    writers.append(holder)
    assert lines(holder).readline() == "open\n"
    second = start_writer(path, "1")
    writers.append(second)
    assert lines(second).read().startswith("refused JournalBusyError")
    assert second.wait(WAIT_S_MAX) == 3
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    opened(path).close()


def test_a_second_journal_in_the_same_process_is_refused(path: Path):
    journal = opened(path)
    with pytest.raises(JournalBusyError, match="another process"):
        opened(path)
    journal.close()
    opened(path).close()


@pytest.mark.parametrize("seed", range(4))
def test_a_killed_writer_loses_no_acknowledged_record(path: Path, writers, seed: int):
    chance = random.Random(seed)
    for _ in range(3):
        known = len(read_journal(path)) if path.exists() else 0
        writer = start_writer(path)
        writers.append(writer)
        assert lines(writer).readline() == "open\n"
        acknowledged = 0
        for _ in range(chance.randrange(1, 120)):
            acknowledged = int(lines(writer).readline().split()[1])
        writer.send_signal(signal.SIGKILL)
        acknowledged = max([acknowledged, *(int(line.split()[1]) for line in lines(writer) if line.endswith("\n"))])
        writer.wait()
        records = read_journal(path)
        assert len(records) - known >= acknowledged
        assert [record.data["number"] for record in records[known:]] == list(range(1, len(records) - known + 1))


# --- the disk ---------------------------------------------------------------------------------------------------------


def test_a_full_disk_is_told_once_and_keeps_what_was_acknowledged(path: Path, writers):
    def small_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (256 * 1024, 256 * 1024))

    writer = start_writer(path, "5000", preexec_fn=small_files)
    writers.append(writer)
    said = lines(writer).read().splitlines()
    acknowledged = [int(line.split()[1]) for line in said if line.startswith("durable")]
    assert said[-1] == "failed writable=False"
    assert 10 < len(acknowledged) < 5000
    records = read_journal(path)
    assert [record.data["number"] for record in records][: len(acknowledged)] == acknowledged


def test_after_one_lost_record_nothing_follows_it(path: Path, monkeypatch):
    failures: list[Exception] = []
    journal = opened(path, failures)
    write(journal, 2)
    told: list[str] = []
    original = journal._commit
    monkeypatch.setattr(journal, "_commit", _failing)
    journal.append("lost", {}, lambda: told.append("lost"))
    _until(lambda: bool(failures))
    monkeypatch.setattr(journal, "_commit", original)
    journal.append("after", {}, lambda: told.append("after"))
    journal.close()
    assert told == []
    assert not journal.writable()
    assert len(failures) == 1
    assert "cannot write the journal" in str(failures[0])
    assert [record.kind for record in read_journal(path)] == ["test", "test"]


def _failing(*_: object) -> None:
    raise apsw.IOError("disk I/O error")


def _until(holds: Callable[[], bool]) -> None:
    waited = threading.Event()
    for _ in range(200):
        if holds():
            return
        waited.wait(0.02)
    raise AssertionError("it did not come")


def test_a_nearly_full_disk_stops_cash_while_records_still_go_in(path: Path, monkeypatch):
    journal = opened(path)
    assert journal.writable()
    monkeypatch.setattr(journal_module, "FREE_BYTES_MIN", 1 << 62)
    assert not journal.writable()
    write(journal, 1)
    journal.close()
    assert len(read_journal(path)) == 1


@pytest.fixture
def read_only_folder() -> Iterator[Path]:
    """A folder this process may look into but not write to, also where the tests run as root."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o555)
    root = os.geteuid() == 0
    if root:
        os.seteuid(NOBODY)
    yield folder
    if root:
        os.seteuid(0)
    folder.chmod(0o700)
    shutil.rmtree(folder)


def test_a_read_only_folder_is_refused_in_one_sentence(read_only_folder: Path):
    with pytest.raises(JournalError, match=r"cannot write beside the journal .* Permission denied"):
        opened(read_only_folder / "journal.sqlite")
    assert list(read_only_folder.iterdir()) == []


def test_what_cannot_be_written_is_refused_to_whoever_says_it_and_the_journal_goes_on(path: Path):
    failures: list[Exception] = []
    journal = opened(path, failures)
    write(journal, 2)
    with pytest.raises(TypeError):
        journal.append("test", {"number": object()}, _nothing)
    write(journal, 1)
    journal.close()
    assert failures == []
    assert [record.sequence for record in read_journal(path)] == [1, 2, 3]
