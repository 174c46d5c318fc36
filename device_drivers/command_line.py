"""How every command of the house answers wrong use: one sentence in Russian, exit code 2. `--help` tells the rest.

It stands here because the top-level folders are fixed and everybody may import this one; it knows nothing of devices.
"""

from __future__ import annotations

import argparse
import re
from typing import NoReturn

WRONG_USE = 2  # exit code; 1: it was asked rightly and did not succeed
_CHOICE = "{name}: нет {given}, есть {known}"
_SENTENCES = (
    (r"the following arguments are required: (?P<names>.+)", "не хватает: {names}"),
    (r"unrecognized arguments: (?P<names>.+)", "лишнее: {names}"),
    (r"argument (?P<name>.+?): invalid choice: (?P<given>.+?) \(choose from (?P<known>.+)\)", _CHOICE),
    (r"argument (?P<name>.+?): expected (?:one|at least one) argument", "{name}: не хватает значения"),
    (r"argument (?P<name>.+?): expected \d+ arguments", "{name}: не хватает значений"),
    (r"argument (?P<name>.+?): ignored explicit argument (?P<given>.+)", "{name}: значение {given} здесь лишнее"),
    (r"argument (?P<name>.+?): invalid int value: (?P<given>.+)", "{name}: {given} — не целое число"),
    (r"argument (?P<name>.+?): invalid \w+ value: (?P<given>.+)", "{name}: {given} не подходит"),
    (r"argument (?P<name>.+?): not allowed with argument (?P<given>.+)", "{name}: вместе с {given} нельзя"),
    (r"ambiguous option: (?P<given>.+?) could match (?P<known>.+)", "{given} можно понять как {known}"),
    (r"one of the arguments (?P<names>.+) is required", "нужно одно из: {names}"),
    (r"argument (?P<name>.+?): (?P<own>.+)", "{name}: {own}"),
)


class Parser(argparse.ArgumentParser):
    """Its subcommands are of this class too."""

    def error(self, message: str) -> NoReturn:
        self.exit(WRONG_USE, f"{self.prog}: {sentence(message)}. Как надо: {self.prog} --help\n")


def sentence(message: str) -> str:
    """What argparse has found, in Russian; a sentence that is not argparse's own stays as it is."""
    for pattern, words in _SENTENCES:
        if found := re.fullmatch(pattern, message, re.DOTALL):
            return words.format(**found.groupdict())
    return message
