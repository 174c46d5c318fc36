"""What operations are told of self-service: how many visits needed no consultant, and what is asked most (8.1.1a)."""

from __future__ import annotations

import enum

from msgspec import Struct

from signaling_server.contract.services import Line, Word


class SelfServicePath(enum.StrEnum):
    """How a customer settles a topic at the terminal himself."""

    SERVICE = "service"
    ARTICLE = "article"
    NONE = "none"


class TopicUse(Struct, frozen=True):
    """One topic. A visit is about it when its answer, form or service was opened, or a consultant was asked."""

    topic_id: Word
    title: Line
    visits: int
    visits_alone: int  # of these, how many called no consultant
    registered: int  # cases, whatever way they came
    path: SelfServicePath

    @property
    def frequency(self) -> int:
        """What ranks it."""
        return self.visits + self.registered


class SelfServiceAnswer(Struct, frozen=True):
    """Visits of the last days. Each is in exactly one of the three; the share of self-service is `alone` of all."""

    days: int
    alone: int  # something was settled or answered, and no consultant was called
    with_consultant: int  # one was called, whether he could be reached or not
    left: int  # neither
    topics: list[TopicUse]  # the most frequent ones, the first one most


class PortalFigures(Struct, frozen=True):
    """The ЛКК in the talks of the last days (clause 6.3.7)."""

    talks: int  # that an agent took
    asked: int  # and gave one of the three answers
    uses: int
    helped: int  # wanted help to register
    registered: int  # of these: done in the talk
    refused: int
    converted_percent: int | None  # registered of all who did not use it; None: there were none
    days: int = 0  # so far back
