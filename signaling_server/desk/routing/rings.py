"""Who may be offered a call: rings of agents around it, the innermost first, that widen with time. Pure.

The agent the customer belongs to (curator, personal manager, whom he spoke with last); who knows segment, topic and
language and has the mark of accessibility; who knows the topic; anyone. A ring in which nobody is on duty is passed
over at once.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from functools import lru_cache

from signaling_server.desk.limits import DeskLimits

ALL: frozenset[str] = frozenset({"*"})  # knows every one


class Ring(enum.IntEnum):
    PREFERRED = 0
    SKILLED = 1
    TOPIC = 2
    ANYONE = 3


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the call asks of an agent. Empty words ask nothing; `accessible` asks for the mark of training (9.6.12)."""

    segment: str = ""
    topic_group: str = ""
    language: str = ""
    accessible: bool = False


@dataclass(frozen=True, slots=True)
class Skills:
    """What an agent can do; as it comes, everything."""

    segments: frozenset[str] = ALL
    topic_groups: frozenset[str] = ALL
    languages: frozenset[str] = ALL
    accessible: bool = True


EVERYTHING = Skills()
NOTHING_ASKED = Wishes()


def _knows(known: frozenset[str], wish: str) -> bool:
    return not wish or wish in known or known is ALL or "*" in known


@lru_cache(maxsize=65_536)
def ring_of(skills: Skills, wishes: Wishes) -> Ring:
    """The innermost ring of such a call that such an agent stands in, when he is not the preferred one."""
    if not _knows(skills.topic_groups, wishes.topic_group):
        return Ring.ANYONE
    whole = (
        _knows(skills.segments, wishes.segment)
        and _knows(skills.languages, wishes.language)
        and (skills.accessible or not wishes.accessible)
    )
    return Ring.SKILLED if whole else Ring.TOPIC


def ring_after(waited_s: float, preferred: bool, limits: DeskLimits) -> tuple[Ring, float]:
    """The ring reached after so long, and after how long in all it widens next; infinity: no more."""
    ring, until_s = Ring.SKILLED, 0.0
    if preferred:
        until_s = limits.preferred_s
        if waited_s < until_s:
            return Ring.PREFERRED, until_s
    for ring, stays_s in ((Ring.SKILLED, limits.skilled_s), (Ring.TOPIC, limits.topic_s)):
        until_s += stays_s
        if waited_s < until_s:
            return ring, until_s
    return Ring.ANYONE, float("inf")
