"""From when to when an article is true, and by what source (clause 5.1.2). Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from signaling_server.contract.knowledge import Article, ArticleLine
from terminal_app.ipc.pages import NOTHING, Phrase


def in_force(lines: Iterable[ArticleLine], today: date) -> tuple[ArticleLine, ...]:
    """Those that are true on this day: what is over, or is still to come, is shown to nobody."""
    day = today.isoformat()
    return tuple(line for line in lines if line.valid_from <= day and not is_over(line, today))


def is_over(line: ArticleLine, today: date) -> bool:
    return bool(line.valid_to) and line.valid_to < today.isoformat()


def validity_of(article: Article) -> Phrase:
    """As the customer reads it over the text; nothing where the office of a release before says nothing."""
    if not article.valid_from:
        return NOTHING
    values = {"first": shown(article.valid_from), "last": shown(article.valid_to), "source": article.source}
    return Phrase("knowledge.valid_until" if article.valid_to else "knowledge.valid_from", values)


def shown(day: str) -> str:
    """2026-07-01 as 01.07.2026."""
    return ".".join(reversed(day.split("-")))
