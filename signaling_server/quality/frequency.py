"""What customers really ask, by what they opened at terminals and what was registered as a case. Pure (8.1.1a)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from signaling_server.contract.cases import Topic
from signaling_server.contract.knowledge import Article
from signaling_server.contract.quality import SelfServicePath, TopicUse

TOPICS_MAX = 10


def most_frequent(articles: Sequence[Article], opened: Mapping[str, int], registered: Mapping[str, int]) -> list[str]:
    """Ids of articles, the most frequent one first; what nobody asked is not among them.

    `opened`: visits by article, `registered`: cases by topic. Equal ones keep the order of the content, so that the
    same numbers always make the same list.
    """
    counts = {a.article_id: opened.get(a.article_id, 0) + registered.get(a.topic_id, 0) for a in articles}
    return sorted((article_id for article_id, count in counts.items() if count), key=lambda one: -counts[one])


def top_topics(
    topics: Sequence[Topic],
    answered: frozenset[str],
    visits: Mapping[str, int],
    visits_alone: Mapping[str, int],
    registered: Mapping[str, int],
) -> list[TopicUse]:
    """At most ten that were asked at all. `answered`: topics that an article answers; the rest are counts by topic."""
    used = [
        TopicUse(
            topic.topic_id,
            topic.title,
            visits.get(topic.topic_id, 0),
            visits_alone.get(topic.topic_id, 0),
            registered.get(topic.topic_id, 0),
            path_of(topic, answered),
        )
        for topic in topics
    ]
    return sorted((use for use in used if use.frequency), key=lambda use: -use.frequency)[:TOPICS_MAX]


def topics_of_services(topics: Sequence[Topic]) -> dict[str, str]:
    """Topics by the terminal's service that is about one of them alone; payment and written forms are about many."""
    shared = Counter(topic.service for topic in topics)
    return {topic.service: topic.topic_id for topic in topics if topic.service and shared[topic.service] == 1}


def path_of(topic: Topic, answered: frozenset[str]) -> SelfServicePath:
    """A service settles it, an article answers it."""
    if topic.service:
        return SelfServicePath.SERVICE
    return SelfServicePath.ARTICLE if topic.topic_id in answered else SelfServicePath.NONE
