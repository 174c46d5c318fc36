"""What `python -m terminal_app simulate` may be asked for; without the simulation, which no other program needs."""

from __future__ import annotations

import argparse

VISITS_DEFAULT = 20_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--visits", type=_number, default=VISITS_DEFAULT, help="at least so many (default %(default)s)")
    parser.add_argument("--seed", default="1", help="letters and digits; the same seed gives the same lives")
    parser.add_argument("--workers", type=_number, default=1, help="processes to spread the visits over")
    parser.add_argument("--json", action="store_true", help="the last line is one JSON object")
    parser.add_argument("--sabotage", metavar="NAME", help="spoil one event of a driver; `list` names them")
    parser.add_argument("--replay", metavar="LIFE", help="tell one in words, as a failing run names it: 1-42")


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number above zero")
    return int(text)
