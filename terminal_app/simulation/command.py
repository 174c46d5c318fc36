"""`python -m terminal_app simulate`: real drivers before simulated devices, cut at every byte, and a judge."""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from dataclasses import asdict

from terminal_app.simulation.life import Told, live
from terminal_app.simulation.run import Outcome, run_visits, unlogged
from terminal_app.simulation.sabotage import SABOTAGES
from terminal_app.simulation.sweep import play, read_place

WORKERS_MAX = 64
SEED = re.compile(r"[0-9A-Za-z_]+")
LIFE = re.compile(r"[0-9A-Za-z_]+-[0-9]+")


class SimulateError(Exception):
    """What is asked for cannot be done; the text is for a person."""


def run(options: argparse.Namespace) -> int:
    """1 when a kopeck is lost or doubled, or anything else is wrong.

    Raises:
        SimulateError: what is asked for cannot be done.
    """
    if options.sabotage == "list":
        print("\n".join(SABOTAGES))
        return 0
    _check(options)
    if options.replay is not None:
        return _replay(options.replay, options.sabotage or "")
    began_s = time.monotonic()
    outcome = run_visits(options.seed, options.visits, workers=options.workers, sabotage=options.sabotage or "")
    _tell(outcome, time.monotonic() - began_s, sabotage=options.sabotage or "", as_json=options.json)
    return 1 if outcome.figures.wrong() else 0


def _check(options: argparse.Namespace) -> None:
    if options.sabotage is not None and options.sabotage not in SABOTAGES:
        raise SimulateError(f"there is no sabotage {options.sabotage!r}; --sabotage list names them")
    if not SEED.fullmatch(options.seed):
        raise SimulateError("a seed is letters and digits")
    if options.workers > WORKERS_MAX:
        raise SimulateError(f"at most {WORKERS_MAX} workers")


def _replay(name: str, sabotage: str) -> int:
    with unlogged():
        told = _told(name, sabotage)
    print("\n".join(told.trace))
    wrong = told.figures.wrong()
    print(f"life {name}: {', '.join(wrong) or 'every kopeck is found'}")
    return 1 if wrong else 0


def _told(name: str, sabotage: str) -> Told:
    if LIFE.fullmatch(name):
        return live(name, sabotage=sabotage, traced=True)
    try:
        return play(read_place(name), traced=True)
    except ValueError as error:
        raise SimulateError(f"{name!r} names no life; a failing run prints one like 1-42") from error


def _tell(outcome: Outcome, took_s: float, *, sabotage: str, as_json: bool) -> None:
    for name, words in outcome.failures:
        spoiled = f" --sabotage {sabotage}" if sabotage else ""
        again = f"replay it: python -m terminal_app simulate --replay {name}{spoiled}"
        print(f"failing: {name}: {words}; {again}", file=sys.stderr)
    figures = {**asdict(outcome.figures), "places_swept": outcome.swept}
    if as_json:
        print(json.dumps({**figures, "seconds": round(took_s)}))
    else:
        print("\n".join(f"{name:20} {value}" for name, value in figures.items()))
