"""The shape of a subcommand of `python -m payment`. Its exit statuses are those of `diff` and `grep`."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

AGREES = 0  # done, and nothing wrong was found
DIFFERS = 1  # done: something differs, is wrong, or is not there
BAD_INPUT = 2  # not done: a wrong argument, a file that cannot be read or written
_DAY = re.compile(r"[0-9]{8}")


class CommandError(Exception):
    """The command cannot do what it was asked; the text is one sentence for the person who asked."""


def check_day(day: str) -> None:
    """That it is a day of the calendar, YYYYMMDD. Raises CommandError."""
    if not _DAY.fullmatch(day):
        raise CommandError(f"день пишется ГГГГММДД, а не «{day[:20]}»")
    try:
        date(int(day[:4]), int(day[4:6]), int(day[6:]))
    except ValueError:
        raise CommandError(f"дня {day} нет в календаре") from None


def check_out(path: Path, begins: bytes, *inputs: Path | None) -> None:
    """That a result may be written there: to no file yet, or over an older result, which `begins` so.

    Never over what the command reads, a journal, or anything else. Raises CommandError.
    """
    if not path.name:
        raise CommandError(f"--out — имя файла, а не «{path}»")
    if path.is_dir():
        raise CommandError(f"{path} — каталог: назовите файл в нём")
    read = [each.resolve() for each in inputs if each is not None]
    try:
        with path.open("rb") as file:
            old = file.read(max(16, len(begins)))
    except FileNotFoundError:
        return
    except OSError as error:
        raise CommandError(f"{path} не записать: {error.strerror}") from error
    if path.resolve() in read or (old and not old.startswith(begins)):
        raise CommandError(f"в {path} лежит другое, он не тронут: назовите другой файл")


@dataclass(frozen=True, slots=True)
class Command:
    """`run` returns AGREES or DIFFERS, and raises CommandError (BAD_INPUT) for what the caller can mend."""

    name: str
    help: str
    add_arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]
