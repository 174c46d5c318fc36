"""The classifier of topics (ЕКТО), read from data and checked before the office opens."""

from __future__ import annotations

import tomllib
from pathlib import Path

import msgspec
from msgspec import Struct

from signaling_server.contract.cases import Topic

TOPICS_PATH = Path(__file__).with_name("topics.toml")
OBLIGATORY_GROUPS = ("contract", "metering", "readings", "charges", "payment", "complaints")  # clause 6.1.2


class ClassifierError(ValueError):
    """The topics file is not fit to open the office with."""


class _Leaf(Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    title: str
    simple: bool
    service: str = ""


class _Group(Struct, frozen=True):
    key: str
    title: str
    topics: list[_Leaf]


class _File(Struct, frozen=True):
    group: list[_Group]


def group_of(topic_id: str) -> str:
    """The key of its group: a topic is called by it."""
    return topic_id.partition(".")[0]


def load_topics(path: Path = TOPICS_PATH) -> tuple[Topic, ...]:
    """The leaves in the order of the file. Raises ClassifierError."""
    try:
        groups = msgspec.convert(tomllib.loads(path.read_text("utf-8")), _File).group
    except (OSError, ValueError) as error:
        raise ClassifierError(f"{path.name}: {error}") from error
    if missing := [key for key in OBLIGATORY_GROUPS if not any(g.key == key and g.topics for g in groups)]:
        raise ClassifierError(f"{path.name}: нет обязательных групп тем: {', '.join(missing)}")
    topics = tuple(
        Topic(leaf.id, group.title, leaf.title, simple=leaf.simple, service=leaf.service)
        for group in groups
        for leaf in group.topics
    )
    if astray := [t.id for group in groups for t in group.topics if group_of(t.id) != group.key]:
        raise ClassifierError(f"{path.name}: код темы начинается не со своей группы: {', '.join(astray)}")
    if len({topic.topic_id for topic in topics}) < len(topics):
        raise ClassifierError(f"{path.name}: код темы повторяется")
    return topics
