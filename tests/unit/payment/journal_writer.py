"""A process that writes a journal until it is stopped, and says on standard output what was acknowledged.

`python journal_writer.py FILE [RECORDS]`: one line `durable N` for each acknowledged record, `failed` when a write
failed, `refused ...` when the journal could not be opened.
"""

from __future__ import annotations

import sys
import threading
from functools import partial
from pathlib import Path

from payment.journal.journal import Journal, JournalError


def main(path: Path, records_max: int) -> int:
    failed = threading.Event()
    try:
        journal = Journal.open(path, post=lambda call: call(), on_failed=lambda error: failed.set())
    except JournalError as error:
        print(f"refused {type(error).__name__} {error}", flush=True)
        return 3
    print("open", flush=True)
    for number in range(1, records_max + 1):
        done = threading.Event()
        journal.append("test", {"number": number, "text": "у" * 200}, partial(_acknowledged, number, done))
        while not done.wait(0.05):
            if failed.is_set():
                print(f"failed writable={journal.writable()}", flush=True)
                return 0
    journal.close()
    return 0


def _acknowledged(number: int, done: threading.Event) -> None:
    print(f"durable {number}", flush=True)
    done.set()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000))
