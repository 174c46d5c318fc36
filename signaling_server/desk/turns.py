"""In which band a call waits: out of turn before everybody, then in order of time. Pure, but for reading the list.

Who asks for special help is believed. Who declares a category of the law is believed until an agent has seen that he
has no document (clauses 6.3.3d, 6.3.3e, 9.6.1).
"""

from __future__ import annotations

import enum
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from signaling_server.contract.turns import Turn, TurnCategory, Verdict

FILE = "out_of_turn.toml"
SHIPPED = Path(__file__).with_name(FILE)


COMMERCIAL_GROUP = "commercial"  # of topics; the terminal's page of them is called so too


class Band(enum.IntEnum):
    """The first is strict; of the others a lower one has a head start (`routing/ranking.py`)."""

    OUT_OF_TURN = 1
    BOOKED = 2  # from the booked time on
    VIP = 3
    COMMERCIAL = 4
    GENERAL = 5


class TurnsError(ValueError):
    """The list is not fit to open the office with."""


class _Entry(Struct, frozen=True, forbid_unknown_fields=True):
    id: Annotated[str, Meta(min_length=1, max_length=64)]
    title: Annotated[str, Meta(min_length=1, max_length=60)]
    basis: Annotated[str, Meta(min_length=1)]  # the law, for who checks the list


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    category: list[_Entry]


def categories_of(data_dir: Path) -> tuple[TurnCategory, ...]:
    """The office's own list where it has one, else the shipped one. Raises TurnsError."""
    own = data_dir / FILE
    return load_categories(own if own.exists() else SHIPPED)


def load_categories(path: Path = SHIPPED) -> tuple[TurnCategory, ...]:
    """In the order of the file. Raises TurnsError."""
    try:
        entries = msgspec.convert(tomllib.loads(path.read_text("utf-8")), _File).category
    except (OSError, ValueError) as error:
        raise TurnsError(f"{path.name}: {error}") from error
    if len({entry.id for entry in entries}) < len(entries):
        raise TurnsError(f"{path.name}: категория повторяется")
    return tuple(TurnCategory(entry.id, entry.title) for entry in entries)


def declared(turn: Turn, categories: Iterable[TurnCategory]) -> Turn:
    """What a terminal told, in the office's own words; a category that is not on the list is none."""
    titles = {category.category_id: category.title for category in categories}
    known = turn.category_id if turn.category_id in titles else ""
    return Turn(turn.special_help, known, titles.get(known, ""))


def band_of(turn: Turn, topic_group: str = "") -> Band:
    """Paid services come before the general band (clause 6.3.3c)."""
    by_law = bool(turn.category_id) and turn.verdict is not Verdict.REJECTED
    if turn.special_help or by_law:
        return Band.OUT_OF_TURN
    return Band.COMMERCIAL if topic_group == COMMERCIAL_GROUP else Band.GENERAL
