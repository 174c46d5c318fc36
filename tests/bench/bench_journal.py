"""What a durable record costs against the least a disk can do: `python -m tests.bench.bench_journal [--json]`.

Interleaved in one run: one commit of the journal, measured inside its writer thread (with the hop to it and back beside
it), and one bare overwrite of 4096 preallocated bytes with fdatasync. A journal whose log has grown once overwrites it
after each checkpoint, as it does between customers.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

from payment.journal.file import Entry, JournalFile, connect
from payment.journal.journal import Journal, read_journal
from payment.recovery import recover

VISIT_RECORDS = 12
PAGE = b"\x5a" * 4096
FILE_PAGES = 256


class TimedJournal(Journal):
    """Measures each commit where it happens."""

    def __init__(self, *arguments: object, **options: object) -> None:
        self.commits_ns: list[int] = []
        super().__init__(*arguments, **options)  # type: ignore[arg-type]

    def _commit(self, *arguments: object) -> None:
        began_ns = time.perf_counter_ns()
        super()._commit(*arguments)  # type: ignore[arg-type]
        self.commits_ns.append(time.perf_counter_ns() - began_ns)


class BareFile:
    """A preallocated file whose pages are overwritten in turn."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        os.write(self._file, PAGE * FILE_PAGES)
        os.fsync(self._file)
        self._next = 0

    def overwrite_ns(self) -> int:
        began_ns = time.perf_counter_ns()
        os.pwrite(self._file, PAGE, self._next % FILE_PAGES * len(PAGE))
        os.fdatasync(self._file)
        self._next += 1
        return time.perf_counter_ns() - began_ns

    def close(self) -> None:
        os.close(self._file)


def append_ns(journal: Journal, number: int) -> int:
    """One record from the owner's thread until it is told durable."""
    done = threading.Event()
    data: dict[str, object] = {"session_id": "0" * 36, "value_minor": 500_00, "number": number}
    began_ns = time.perf_counter_ns()
    journal.append("escrow_seen", data, done.set)
    done.wait()
    return time.perf_counter_ns() - began_ns


def measure(folder: Path, visits: int) -> dict[str, float]:
    path = folder / "journal.sqlite"
    journal = TimedJournal.open(path, post=lambda call: call(), on_failed=lambda error: sys.exit(str(error)))
    assert isinstance(journal, TimedJournal)
    bare = BareFile(folder / "bare")
    hops_ns: list[int] = []
    bare_ns: list[int] = []
    for visit in range(visits):
        for number in range(VISIT_RECORDS):
            hops_ns.append(append_ns(journal, number))
            bare_ns.append(bare.overwrite_ns())
        if visit == 0:  # the first visit of a fresh file lets the log grow: not what a terminal lives with
            first_ns, hops_ns, bare_ns, journal.commits_ns = journal.commits_ns, [], [], []
        journal.checkpoint()
    commits_ns = journal.commits_ns
    journal.close()
    bare.close()
    began_ns = time.perf_counter_ns()
    records = len(read_journal(path))
    read_ns = time.perf_counter_ns() - began_ns
    commit_us, bare_us = statistics.median(commits_ns) / 1000, statistics.median(bare_ns) / 1000
    return {
        "records": records,
        "commit_us_p50": round(commit_us, 1),
        "commit_us_p99": round(statistics.quantiles(commits_ns, n=100)[98] / 1000, 1),
        "commit_growing_log_us_p50": round(statistics.median(first_ns) / 1000, 1),
        "overwrite_fdatasync_us_p50": round(bare_us, 1),
        "ratio_p50": round(commit_us / bare_us, 3),
        "hop_us_p50": round(statistics.median(hops_ns) / 1000 - commit_us, 1),
        "read_and_verify_us_a_record": round(read_ns / 1000 / records, 2),
    }


def recovery_s(folder: Path, records: int) -> float:
    """Opening a journal of so many records: reading, checking the chain, and folding it to what is open."""
    file = JournalFile(connect(folder / "long", to_write=True), boot_id="0" * 36, software_version="1")
    visit = _visit()
    file.commit(itertools.islice(itertools.cycle(visit), records - records % len(visit)))
    file.close()
    began_ns = time.perf_counter_ns()
    recover(read_journal(folder / "long"))
    return (time.perf_counter_ns() - began_ns) / 1e9


def _visit() -> list[Entry]:
    """Records of a visit with two notes, paid and printed."""
    named: dict[str, object] = {"session_id": "0" * 36, "account": "100000017", "service": "electricity"}
    note = {"session_id": "0" * 36, "value_minor": 500_00}
    notes = [("escrow_seen", note), ("decision", {**note, "decision": "stack", "why": "stack"}), ("stacked", note)] * 2
    pay = {**named, "txn_id": "2" * 20, "amount_minor": 1000_00, "fee_minor": 0}
    return [
        ("session_open", {**named, "service_title": "Электроэнергия", "asked_minor": 1000_00}),
        *notes,
        ("pay_intent", {**pay, "txn_date": "20261123141200"}),
        ("pay_result", {**pay, "outcome": "credited", "provider_txn": "77", "result_code": 0}),
        ("receipt_intent", {"session_id": "0" * 36, "txn_id": "2" * 20}),
        ("receipt_done", {"session_id": "0" * 36, "txn_id": "2" * 20, "printed": True, "reason": ""}),
        ("session_closed", {"session_id": "0" * 36}),
    ]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.bench_journal", description=__doc__)
    parser.add_argument("--visits", type=int, default=200, help=f"each of {VISIT_RECORDS} records (default 200)")
    parser.add_argument("--folder", type=Path, help="a folder on the disk to be measured (default: the temporary one)")
    parser.add_argument("--json", action="store_true", help="one JSON line")
    options = parser.parse_args()
    if options.visits < 3:
        parser.error("at least three visits are needed to measure anything")
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        figures = measure(Path(folder), options.visits)
        figures["recovery_of_100000_records_s"] = round(recovery_s(Path(folder), 100_000), 2)
    print(json.dumps(figures) if options.json else "\n".join(f"{name:30} {value}" for name, value in figures.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
