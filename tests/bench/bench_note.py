"""A note from the wire to the screen: `python -m tests.bench.bench_note [--notes N] [--json]`.

From the write of the validator's first «stacked» frame to its line until the amount property of the cash screen holds
the sum with it: the driver in core, the journal on the disk, the channel, the presenter of the real ui. Goal: p99 of
30 ms plus what the disk needs for a sync, which is measured in the same run on the same folder by a bare file.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.cash_wire import NOTE_MINOR, STACKED, paying

GOAL_MS = 30.0
PAGE = b"\0" * 4096


async def note_ms(folder: Path, notes: int) -> list[float]:
    async with paying(folder) as payer:
        took: list[float] = []
        for number in range(1, notes + 1):
            await payer.pushes()
            shown_s = await payer.sees(number * NOTE_MINOR)
            took.append((shown_s - payer.port.told_s[STACKED][-1]) * 1000)
        return took


def sync_ms(folder: Path, times: int) -> list[float]:
    """A page appended to a file and brought to the disk."""
    took: list[float] = []
    with (folder / "synced").open("wb") as file:
        for _ in range(times):
            began_s = time.perf_counter()
            file.write(PAGE)
            file.flush()
            os.fdatasync(file.fileno())
            took.append((time.perf_counter() - began_s) * 1000)
    return took


def p99(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.99)]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.bench_note")
    parser.add_argument("--notes", type=int, default=140)  # as many hundreds as one payment may hold
    parser.add_argument("--json", action="store_true")
    words = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        notes, syncs = asyncio.run(note_ms(folder, words.notes)), sync_ms(folder, 1000)
    figures = {
        "notes": len(notes),
        "note_to_screen_p50_ms": round(statistics.median(notes), 1),
        "note_to_screen_p99_ms": round(p99(notes), 1),
        "disk_sync_p50_ms": round(statistics.median(syncs), 2),
        "disk_sync_p99_ms": round(p99(syncs), 2),
        "goal_p99_ms": round(GOAL_MS + p99(syncs), 1),
    }
    print(json.dumps(figures) if words.json else "\n".join(f"{name:26}{value}" for name, value in figures.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
