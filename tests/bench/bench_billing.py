"""Pays against a billing that breaks whatever it can: `python -m tests.bench.bench_billing [--pays N] [--json]`.

The model is tests/faults/billing_chaos.py: the production client's wire against a far end and an oracle of their own.
`--sabotage NAME` spoils one side and must be seen: it exits 1.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from functools import partial

from tests.faults.billing_chaos import SABOTAGES, SHARD_PAYS, Figures, run_shard

PAYS_DEFAULT = 1_000_000


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.bench_billing", description=__doc__)
    parser.add_argument("--pays", type=int, default=PAYS_DEFAULT, help="how many payments (default 1000000)")
    parser.add_argument("--seed", type=int, default=1, help="the first shard's; the same seed is the same run")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--sabotage", choices=SABOTAGES, default="", help="spoil one side")
    parser.add_argument("--json", action="store_true", help="one JSON line")
    options = parser.parse_args()
    if options.pays < 1 or options.workers < 1:
        parser.error("there is nothing to do")
    began_s = time.perf_counter()
    figures = run(options.pays, options.seed, options.workers, options.sabotage)
    said = asdict(figures) | {"seconds": round(time.perf_counter() - began_s, 1)}
    print(json.dumps(said) if options.json else "\n".join(f"{name:20} {value}" for name, value in said.items()))
    return 1 if figures.wrong else 0


def run(pays: int, seed: int, workers: int, sabotage: str) -> Figures:
    sizes = [min(SHARD_PAYS, pays - done) for done in range(0, pays, SHARD_PAYS)]
    total = Figures()
    with ProcessPoolExecutor(workers) as pool:
        for figures in pool.map(partial(run_shard, sabotage=sabotage), range(seed, seed + len(sizes)), sizes):
            total.add(figures)
    return total


if __name__ == "__main__":
    sys.exit(main())
