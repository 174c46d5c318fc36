"""The shape of a subcommand of `python -m payment`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass


class CommandError(Exception):
    """The command cannot do what it was asked; the text is one sentence for the person who asked."""


@dataclass(frozen=True, slots=True)
class Command:
    """`run` returns the exit status and raises CommandError for what the caller can mend."""

    name: str
    help: str
    add_arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]
