"""What an agent says and does, by topic, read from data and checked before the office opens (clause 3, Скрипт)."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from signaling_server.cases.classifier import ClassifierError
from signaling_server.contract.cases import Topic, TopicGuide
from signaling_server.contract.services import Line

GUIDES_PATH = Path(__file__).with_name("guides.toml")

Lines = Annotated[list[Annotated[Line, Meta(min_length=1)]], Meta(min_length=1)]


class _Every(Struct, frozen=True, forbid_unknown_fields=True):
    begin: Lines
    end: Lines


class _Guide(Struct, frozen=True, forbid_unknown_fields=True):
    say: Lines
    steps: Lines


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    every: _Every
    topic: dict[str, _Guide]


def load_guides(topics: Sequence[Topic], path: Path = GUIDES_PATH) -> tuple[TopicGuide, ...]:
    """One for each of `topics`, after that of a talk without a topic. Raises ClassifierError."""
    try:
        file = msgspec.convert(tomllib.loads(path.read_text("utf-8")), _File)
    except (OSError, ValueError) as error:
        raise ClassifierError(f"{path.name}: {error}") from error
    known = {topic.topic_id for topic in topics}
    if missing := sorted(known - set(file.topic)):
        raise ClassifierError(f"{path.name}: нет слов и шагов для тем: {', '.join(missing)}")
    if unknown := sorted(set(file.topic) - known):
        raise ClassifierError(f"{path.name}: нет таких тем: {', '.join(unknown)}")
    begin, end = file.every.begin, file.every.end
    if twice := [key for key, guide in file.topic.items() if _repeats([*begin, *guide.steps, *end])]:
        raise ClassifierError(f"{path.name}: шаг повторяется: {', '.join(twice)}")
    none_chosen = TopicGuide("", [], [*begin, *end])
    guides = (TopicGuide(key, guide.say, [*begin, *guide.steps, *end]) for key, guide in file.topic.items())
    return (none_chosen, *guides)


def _repeats(steps: Sequence[str]) -> bool:
    """A tick is known by its words."""
    return len(set(steps)) < len(steps)
