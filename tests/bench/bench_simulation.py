"""Money against crashes: `python -m tests.bench.bench_simulation [--visits N] [--cuts N] [--json]`.

A million simulated visits, every pair of crash points of the canonical visits, a hundred thousand power cuts under the
real SQLite journal, and every sabotage. Ends with 1 when a kopeck is lost or doubled or a sabotage is not seen.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from functools import partial

from payment.simulation.power_cuts import CUTS_A_DISK, CutFigures, cut_power
from payment.simulation.run import run_all_pairs, run_visits
from payment.simulation.sabotage import SABOTAGES

DISKS_A_CHUNK = 25
SABOTAGE_VISITS_MAX = 20_000


def visits(number: int, workers: int) -> dict[str, object]:
    """The same as `python -m payment simulate --visits N --workers W`."""
    outcome = run_visits("bench", number, workers=workers)
    return {**asdict(outcome.figures), "failing": [seed for seed, _ in outcome.failures]}


def pairs(workers: int) -> dict[str, object]:
    """The same as `python -m payment simulate --pairs --workers W`."""
    outcome = run_all_pairs(workers)
    return {**asdict(outcome.figures), "failing": [name for name, _ in outcome.failures]}


def power_cuts(number: int, workers: int) -> dict[str, object]:
    """Cuts of the production journal on a disk that loses, tears and reorders what is not synced."""
    total = CutFigures()
    chunks = range(-(-number // (CUTS_A_DISK * DISKS_A_CHUNK)))
    with ProcessPoolExecutor(workers) as pool:
        for figures in pool.map(partial(cut_power, disks=DISKS_A_CHUNK), (f"bench{chunk}" for chunk in chunks)):
            total.add(figures)
    return {name: getattr(total, name) for name in CutFigures.__slots__}


def sabotages(workers: int) -> dict[str, object]:
    """Visits until each spoilt journal was seen."""
    seen: dict[str, object] = {}
    for name in SABOTAGES:
        outcome = run_visits("bench", SABOTAGE_VISITS_MAX, workers=workers, sabotage=name)
        seen[name] = outcome.figures.visits if outcome.failures else None
    return seen


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.bench_simulation", description=__doc__)
    parser.add_argument("--visits", type=int, default=1_000_000)
    parser.add_argument("--cuts", type=int, default=100_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--json", action="store_true", help="one JSON line for each part")
    options = parser.parse_args()
    parts: dict[str, Callable[[], dict[str, object]]] = {
        "visits": partial(visits, options.visits, options.workers),
        "pairs": partial(pairs, options.workers),
        "power cuts": partial(power_cuts, options.cuts, options.workers),
        "sabotages": partial(sabotages, options.workers),
    }
    sound = True
    for name, part in parts.items():
        began_s = time.monotonic()
        found = part()
        sound = sound and _is_sound(name, found)
        told = {"part": name, **found, "seconds": round(time.monotonic() - began_s)}
        print(json.dumps(told) if options.json else "\n".join(f"{word:24} {value}" for word, value in told.items()))
        sys.stdout.flush()
    return 0 if sound else 1


def _is_sound(name: str, found: dict[str, object]) -> bool:
    match name:
        case "visits" | "pairs":
            return not found["failing"]
        case "power cuts":
            return not (found["lost"] or found["torn"] or found["damaged"])
        case _:
            return None not in found.values()


if __name__ == "__main__":
    sys.exit(main())
