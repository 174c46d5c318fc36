"""A register of a million lines against the journal: `python -m tests.bench.bench_reconciliation [--json]`.

Writes a register by its layout, spoils it with differences of every class at known keys, and reconciles it in a process
of its own: seconds, peak of memory, and whether exactly the injected differences were found. Limits: 10 s and 300 MB
for 1,000,000 lines.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import starmap
from pathlib import Path

from payment.reconciliation.compare import Difference, Entry, Outcome, Source, compare
from payment.reconciliation.register_layouts import BANK
from payment.reconciliation.registers import Row, read_register, write_register

DAY = "20261123"
DAY_BEFORE = "20261122"
SECONDS_MAX = 10.0
MEMORY_MB_MAX = 300.0
SPOIL_EVERY = 1_000  # lines between two injected differences
Injected = set[tuple[str, str]]  # class and key


def payment(number: int) -> Entry:
    """The payment of this number, the same in every process."""
    amount_minor = 1_000 + number * 7_919 % 1_500_000
    return Entry(f"{DAY[2:]}12{number:012d}", f"{100_000_000 + number % 700_000:09d}", amount_minor, DAY)


def ours(lines: int) -> Iterator[Entry]:
    """The journal's side, with its own share of the differences."""
    for number in range(lines):
        entry = payment(number)
        match _spoiling(number):
            case Difference.MISSING_HERE:
                continue
            case Difference.UNKNOWN:
                yield entry._replace(outcome=Outcome.UNKNOWN)
            case _:
                yield entry


def _spoiling(number: int) -> Difference | None:
    if number % SPOIL_EVERY:
        return None
    return list(Difference)[number // SPOIL_EVERY % len(Difference)]


def register_rows(lines: int, seed: int) -> Iterator[Row]:
    """The other side, spoilt, in no order."""
    shuffled = random.Random(seed)
    numbers = list(range(lines))
    shuffled.shuffle(numbers)
    for number in numbers:
        entry = payment(number)
        match _spoiling(number):
            case Difference.MISSING_THERE:
                continue
            case Difference.AMOUNT_DIFFERS:
                entry = entry._replace(amount_minor=entry.amount_minor + 1)
            case Difference.WRONG_ACCOUNT:
                entry = entry._replace(account="000000001")
            case Difference.LATE:
                entry = entry._replace(day=DAY_BEFORE)
            case Difference.DUPLICATED:
                yield _row(entry)
        yield _row(entry)


def _row(entry: Entry) -> Row:
    return {
        "date": entry.day,
        "time": "14-12-00",
        "branch": "9038",
        "cashier": "0017",
        "txn_id": entry.key,
        "account": entry.account,
        "name": "Иванов И. И.",
        "address": "Санкт-Петербург, Невский пр., 1",
        "period": "1126",
        "amount_minor": entry.amount_minor,
        "transfer_minor": entry.amount_minor,
        "fee_minor": 0,
    }


def injected(lines: int) -> Injected:
    """What must be found, and nothing else."""
    spoilt = ((_spoiling(number), payment(number).key) for number in range(0, lines, SPOIL_EVERY))
    return {(difference.value, key) for difference, key in spoilt if difference is not None}


def reconcile(path: Path, lines: int) -> dict[str, object]:
    """The measured work, from the file to the list of differences."""
    began_s, began_cpu_s = time.perf_counter(), time.process_time()
    columns = ("txn_id", "account", "amount_minor", "date")
    theirs = starmap(Entry, read_register(path, BANK, columns))
    comparison = compare(ours(lines), theirs, source=Source.BANK)
    seconds, cpu_seconds = time.perf_counter() - began_s, time.process_time() - began_cpu_s
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    found = [(each.difference.value, each.key) for each in comparison.found]
    must = injected(lines)
    return {
        "lines": comparison.there_count,
        "seconds": round(seconds, 2),
        "cpu_seconds": round(cpu_seconds, 2),  # what it takes where nobody else works
        "peak_mb": round(peak_mb),
        "injected": len(must),
        "missed": len(must - set(found)),
        "invented": len(found) - len(must & set(found)),
        "matched": comparison.matched,
    }


def measure(lines: int, seed: int) -> dict[str, object]:
    """In a fresh process, so that the peak is the work's own."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bank.txt"
        write_register(path, BANK, register_rows(lines, seed), {"order_number": "1", "order_date": DAY})
        command = [sys.executable, "-m", "tests.bench.bench_reconciliation", "--worker", str(path)]
        done = subprocess.run([*command, "--lines", str(lines)], check=True, capture_output=True, text=True)
    figures: dict[str, object] = json.loads(done.stdout)
    return figures


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.bench_reconciliation", description=__doc__)
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--worker", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--json", action="store_true", help="one JSON line")
    options = parser.parse_args()
    if options.worker is not None:
        print(json.dumps(reconcile(options.worker, options.lines)))
        return 0
    figures = measure(options.lines, options.seed)
    print(json.dumps(figures) if options.json else "\n".join(f"{name:12} {value}" for name, value in figures.items()))
    wrong = figures["missed"] or figures["invented"]
    slow = float(str(figures["seconds"])) > SECONDS_MAX or float(str(figures["peak_mb"])) > MEMORY_MB_MAX
    return 1 if wrong or slow else 0


if __name__ == "__main__":
    sys.exit(main())
