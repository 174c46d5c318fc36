"""What customers ask and how they get on alone, counted from stored visits and cases.

The order of the Справочник is of whole days up to the last midnight, so that it changes at night and not under a hand.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date, datetime
from datetime import time as clock_time

from sqlalchemy.ext.asyncio import AsyncEngine

from signaling_server.clock import DAY_MS, Clock, milliseconds
from signaling_server.contract.cases import Topic
from signaling_server.contract.knowledge import Article
from signaling_server.contract.quality import SelfServiceAnswer
from signaling_server.local_time import LOCAL_ZONE, local_date
from signaling_server.quality.containment import ANSWERS, CALL, NOTICE, SETTLED, Containment, Seen, VisitTally
from signaling_server.quality.frequency import most_frequent, top_topics, topics_of_services
from signaling_server.storage import cases as case_rows
from signaling_server.storage import visits as rows

WINDOW_DAYS = 30
ANSWER_S = 600.0  # counted anew no more often: it reads the steps of a month


class SelfServiceUse:
    """One office's counts; what was counted is kept as long as it is fresh."""

    def __init__(
        self, database: AsyncEngine, clock: Clock, topics: Sequence[Topic], articles: Sequence[Article]
    ) -> None:
        self._database = database
        self._clock = clock
        self._topics = tuple(topics)
        self._articles = tuple(articles)
        self._topic_of_service = topics_of_services(topics)
        self._ranked: tuple[date, list[str]] | None = None
        self._answer: tuple[float, SelfServiceAnswer] | None = None
        self._counting = asyncio.Lock()

    async def most_frequent(self) -> list[str]:
        """Ids of articles for this day, the most frequent one first."""
        async with self._counting:
            today = local_date(self._clock.now_s())
            if self._ranked is None or self._ranked[0] != today:
                self._ranked = (today, await self._rank(_midnight_ms(today)))
            return self._ranked[1]

    async def answer(self) -> SelfServiceAnswer:
        """For the operations page."""
        async with self._counting:
            now_s = self._clock.now_s()
            if self._answer is None or now_s - self._answer[0] >= ANSWER_S:
                self._answer = (now_s, await self._count(milliseconds(now_s)))
            return self._answer[1]

    async def _rank(self, until_ms: int) -> list[str]:
        since_ms = until_ms - WINDOW_DAYS * DAY_MS
        async with self._database.begin() as tx:
            opened = await rows.opened_articles(tx, since_ms=since_ms, until_ms=until_ms)
            registered = await case_rows.registered_topics(tx, since_ms=since_ms, until_ms=until_ms)
        return most_frequent(self._articles, opened, registered)

    async def _count(self, until_ms: int) -> SelfServiceAnswer:
        since_ms = until_ms - WINDOW_DAYS * DAY_MS
        visits = await self._visits(since_ms)
        async with self._database.begin() as tx:
            registered = await case_rows.registered_topics(tx, since_ms=since_ms, until_ms=until_ms)
        answered = frozenset(article.topic_id for article in self._articles)
        return SelfServiceAnswer(
            WINDOW_DAYS,
            visits.alone,
            visits.with_consultant,
            visits.left,
            top_topics(self._topics, answered, visits.about, visits.about_alone, registered),
        )

    async def _visits(self, since_ms: int) -> Containment:
        """A day a transaction: who wants to write waits for one day's steps, not for a month's."""
        tally = VisitTally()
        for day in range(WINDOW_DAYS):
            from_ms = since_ms + day * DAY_MS
            async with self._database.begin() as tx:
                steps = await rows.steps_of(
                    tx,
                    since_ms=from_ms,
                    until_ms=from_ms + DAY_MS,
                    services=(CALL, *self._topic_of_service),
                    screens=(NOTICE, *ANSWERS),
                    results=SETTLED,
                )
            tally.add(self._seen(*step) for step in steps)
        return tally.told()

    def _seen(self, visit_id: str, screen: str, service: str, result: str, topic: str) -> Seen:
        return Seen(visit_id, screen, service, result, topic or self._topic_of_service.get(service, ""))


def _midnight_ms(day: date) -> int:
    return milliseconds(datetime.combine(day, clock_time(), LOCAL_ZONE).timestamp())
