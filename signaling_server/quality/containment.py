"""How many visits were settled without a consultant (containment), from the steps that visits took. Pure (8.1.1a).

A visit called a consultant when it waited for one, talked to one, or was told that none can be reached. It was settled
when a service came to its end, a payment was credited or an answer stood on the glass. A visit that did neither counts
among all of them, so who gives up does not flatter the share.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

CALL = "call"  # the service of every screen of a call
BEFORE_THE_CALL = "call_way"  # how to talk is asked there; who goes back has called nobody
NOTICE = "notice"
NOBODY_REACHED = frozenset({"server_unreachable", "no_agent_on_duty", "desk_closed"})
SETTLED = frozenset({"done", "credited"})  # results
# Screens that are themselves what a customer came for.
ANSWERS = frozenset(
    {
        "balance",
        "history.month",
        "knowledge.article",
        "knowledge.answer",
        "places.place",
        "places.ways",
        "case_status.told",
        "account_site",
    }
)


class Seen(NamedTuple):
    """One step of a visit, as far as it matters here; `topic` is empty where it was about none."""

    visit_id: str
    screen: str
    service: str
    result: str
    topic: str


@dataclass(frozen=True, slots=True)
class Containment:
    """Visits, each in one of three; and by topic, those that were about it and those of them that called nobody."""

    alone: int
    with_consultant: int
    left: int
    about: dict[str, int]
    about_alone: dict[str, int]


@dataclass(slots=True)
class VisitTally:
    """Steps in any order, a day at a time: a visit may last over midnight."""

    _visits: set[str] = field(default_factory=set)
    _called: set[str] = field(default_factory=set)
    _settled: set[str] = field(default_factory=set)
    _about: set[tuple[str, str]] = field(default_factory=set)  # visit and topic

    def add(self, steps: Iterable[Seen]) -> None:
        for step in steps:
            self._visits.add(step.visit_id)
            if _calls(step):
                self._called.add(step.visit_id)
            elif step.result in SETTLED or step.screen in ANSWERS:
                self._settled.add(step.visit_id)
            if step.topic:
                self._about.add((step.visit_id, step.topic))

    def told(self) -> Containment:
        alone = self._settled - self._called
        return Containment(
            alone=len(alone),
            with_consultant=len(self._called),
            left=len(self._visits - self._settled - self._called),
            about=dict(Counter(topic for _, topic in self._about)),
            about_alone=dict(Counter(topic for visit, topic in self._about if visit not in self._called)),
        )


def _calls(step: Seen) -> bool:
    if step.screen == NOTICE:
        return step.result in NOBODY_REACHED
    return step.service == CALL and step.screen != BEFORE_THE_CALL
