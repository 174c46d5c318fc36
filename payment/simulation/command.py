"""`python -m payment simulate`: terminals that live and die by a seed, and a judge who counts the money."""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from dataclasses import asdict
from pathlib import Path

from payment.command import AGREES, DIFFERS, CommandError
from payment.journal.black_box import BlackBoxError, decode_visit
from payment.simulation.life import live
from payment.simulation.replay import replay
from payment.simulation.run import Outcome, run_all_pairs, run_visits
from payment.simulation.sabotage import SABOTAGES

VISITS_DEFAULT = 10_000
VISITS_OF_SABOTAGE = 20_000
WORKERS_MAX = 64
SEED = re.compile(r"[0-9A-Za-z_]+")
LIFE = re.compile(r"[0-9A-Za-z_]+-[0-9]+")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--visits", type=_number, help=f"at least so many (default {VISITS_DEFAULT})")
    parser.add_argument("--seed", default="1", help="letters and digits; the same seed gives the same lives")
    parser.add_argument("--workers", type=_number, default=1, help="processes to spread the lives over")
    parser.add_argument("--json", action="store_true", help="the last line is one JSON object")
    parser.add_argument("--pairs", action="store_true", help="every crash point and every pair of the canonical visits")
    parser.add_argument("--sabotage", metavar="NAME", help="spoil one journal write; `list` names them")
    parser.add_argument("--replay-file", type=Path, metavar="FILE", help="play a visit that `journal ... export` wrote")
    parser.add_argument("--replay", metavar="LIFE", help="tell one life in words, as a failing run names it: 1-42")


def run(options: argparse.Namespace) -> int:
    """DIFFERS when a kopeck is lost or doubled."""
    if options.sabotage == "list":
        print("\n".join(SABOTAGES))
        return AGREES
    _check(options)
    if options.replay is not None:
        return _replay(options.replay, options.sabotage or "")
    if options.replay_file is not None:
        return _replay_file(options.replay_file)
    began_s = time.monotonic()
    if options.pairs:
        outcome = run_all_pairs(options.workers)
    else:
        visits = options.visits or (VISITS_OF_SABOTAGE if options.sabotage else VISITS_DEFAULT)
        outcome = run_visits(options.seed, visits, workers=options.workers, sabotage=options.sabotage or "")
    spoiled = options.sabotage or ""
    _tell(outcome, time.monotonic() - began_s, pairs=options.pairs, sabotage=spoiled, as_json=options.json)
    return DIFFERS if outcome.figures.wrong() else AGREES


def _check(options: argparse.Namespace) -> None:
    if options.sabotage is not None and options.sabotage not in SABOTAGES:
        raise CommandError(f"вредительства «{options.sabotage}» нет, все называет --sabotage list")
    if not SEED.fullmatch(options.seed):
        raise CommandError("--seed — буквы и цифры")
    if options.replay is not None and not LIFE.fullmatch(options.replay):
        raise CommandError(f"«{options.replay}» — не жизнь: неудачный прогон называет её, например 1-42")
    if options.workers > WORKERS_MAX:
        raise CommandError(f"--workers не больше {WORKERS_MAX}")
    if options.pairs and (options.sabotage or options.visits):
        raise CommandError("--pairs перебирает всё: --visits и --sabotage с ним лишние")
    if options.replay is not None and (options.replay_file or options.pairs or options.visits):
        raise CommandError("--replay — одна жизнь: --replay-file, --pairs и --visits с ним лишние")
    if options.replay_file is not None and (options.pairs or options.visits or options.sabotage):
        raise CommandError("--replay-file — один визит: --pairs, --visits и --sabotage с ним лишние")


def _replay(seed: str, sabotage: str) -> int:
    told = live(seed, sabotage=sabotage, traced=True)
    print("\n".join(told.trace))
    wrong = told.figures.wrong()
    print(f"life {seed}: {', '.join(wrong) or 'every kopeck is found'}")
    return DIFFERS if wrong else AGREES


def _replay_file(path: Path) -> int:
    """DIFFERS when the core of today would write something else."""
    try:
        visit = decode_visit(path.read_text("utf-8"))
        played = replay(visit)
    except OSError as error:
        raise CommandError(f"{path} не читается: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise CommandError(f"{path} — не визит из журнала: это не текст") from error
    except BlackBoxError as error:
        raise CommandError(f"{path}: {error}") from error
    print("\n".join(played.trace))
    for difference in played.differences:
        print(f"differs at {difference}")
    agree = "the replay writes the same" if not played.differences else f"{len(played.differences)} differences"
    print(f"visit {visit.session_id}: {len(visit.records)} records, {played.restarts} restarts, {agree}")
    return DIFFERS if played.differences else AGREES


def _tell(outcome: Outcome, took_s: float, *, pairs: bool, sabotage: str, as_json: bool) -> None:
    for seed, words in outcome.failures:
        spoiled = f" --sabotage {sabotage}" if sabotage else ""
        again = "" if pairs else f"; replay it: python -m payment simulate --replay {seed}{spoiled}"
        print(f"failing: {seed}: {words}{again}", file=sys.stderr)
    figures = asdict(outcome.figures)
    if as_json:
        print(json.dumps({**figures, "seconds": round(took_s)}))
    else:
        print("\n".join(f"{name:20} {value}" for name, value in figures.items()))


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number above zero")
    return int(text)
