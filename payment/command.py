"""The shape of a subcommand of `python -m payment`. Its exit statuses are those of `diff` and `grep`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass

AGREES = 0  # done, and nothing wrong was found
DIFFERS = 1  # done: something differs, is wrong, or is not there
BAD_INPUT = 2  # not done: a wrong argument, a file that cannot be read or written


class CommandError(Exception):
    """The command cannot do what it was asked; the text is one sentence for the person who asked."""


@dataclass(frozen=True, slots=True)
class Command:
    """`run` returns AGREES or DIFFERS, and raises CommandError (BAD_INPUT) for what the caller can mend."""

    name: str
    help: str
    add_arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]
