"""Real drivers before simulated devices: `python -m tests.bench.bench_terminal_simulation [--visits N] [--json]`.

Twenty thousand visits: a cut at every byte of every protocol's dialogue, and lives; then every sabotage. Ends with 1
when anything is wrong or a sabotage is not seen.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import asdict

from terminal_app.simulation.run import run_visits
from terminal_app.simulation.sabotage import SABOTAGES
from terminal_app.simulation.sweep import DIALOGUES, size_of

SABOTAGE_VISITS_MAX = 2_000


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.bench_terminal_simulation", description=__doc__)
    parser.add_argument("--visits", type=int, default=20_000)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    began_s, began_cpu_s = time.monotonic(), time.process_time()
    outcome = run_visits("bench", options.visits, workers=options.workers)
    took_s, took_cpu_s = time.monotonic() - began_s, time.process_time() - began_cpu_s
    sabotages = {name: _seen_after(name, options.workers) for name in SABOTAGES}
    figures = {
        **asdict(outcome.figures),
        "places_swept": outcome.swept,
        "bytes_of_dialogues": {name: size_of(name) for name in DIALOGUES},
        "failing": [name for name, _ in outcome.failures],
        "sabotages_seen_after_visits": sabotages,
        "seconds": round(took_s, 1),
        "processor_seconds": round(took_cpu_s, 1) if options.workers == 1 else None,
    }
    print(json.dumps(figures) if options.json else "\n".join(f"{name:30} {value}" for name, value in figures.items()))
    return 1 if outcome.figures.wrong() or None in sabotages.values() else 0


def _seen_after(name: str, workers: int) -> int | None:
    outcome = run_visits("bench", SABOTAGE_VISITS_MAX, workers=workers, sabotage=name)
    return outcome.figures.visits if outcome.failures else None


if __name__ == "__main__":
    sys.exit(main())
