"""`python -m tests.monkey --touches 1000000 --workers 2`: the monkey at length; exit code 1 if it broke anything."""

from __future__ import annotations

import argparse
import os
import sys
import time
import traceback
from concurrent.futures import ProcessPoolExecutor

os.environ["KIVY_NO_ARGS"] = os.environ["KIVY_NO_CONSOLELOG"] = "1"  # our words are not Kivy's

from tests.monkey.terminal import Monkey

ACTS_OF_A_LIFE = 50_000


def life(seed: int, acts: int) -> tuple[int, int, int, frozenset[str], str]:
    """Visits, kopecks kept by the validator, acts done, screens seen, and what broke ("" is nothing)."""
    monkey, broke = Monkey(seed), ""
    try:
        monkey.run(acts)
    except Exception:
        broke = f"seed {seed}, act {monkey.acts}: {traceback.format_exc()}"
    return monkey.visits, monkey.kept_minor, monkey.acts, frozenset(monkey.screens), broke


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.monkey")
    parser.add_argument("--touches", type=int, default=1_000_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    words = parser.parse_args()
    began_s = time.monotonic()
    lives = -(-words.touches // ACTS_OF_A_LIFE)
    with ProcessPoolExecutor(words.workers) as pool:
        told = list(pool.map(life, range(words.seed, words.seed + lives), [ACTS_OF_A_LIFE] * lives))
    broken = [one[4] for one in told if one[4]]
    screens = frozenset().union(*(one[3] for one in told))
    print(*broken, sep="\n", end="\n" if broken else "")
    print(
        f"{sum(one[2] for one in told)} touches and events, {sum(one[0] for one in told)} visits, "
        f"{sum(one[1] for one in told) // 100} rubles kept, {len(screens)} screens and pages, {len(broken)} broken, "
        f"{time.monotonic() - began_s:.0f} s"
    )
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
