"""Справочник: what is asked most, groups, search. Without a line, what core keeps (clause 3, Справочник). Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from signaling_server.contract import knowledge as contract
from signaling_server.contract.knowledge import ArticleLine
from terminal_app.core.tasks.articles import NOTHING_YET, Articles, Fetched, article_choices, asked_for, fetched_on
from terminal_app.core.tasks.asked import CONSULTANT, FirstAsked, kept_on, stopped
from terminal_app.core.tasks.naming import ASK, asked
from terminal_app.core.tasks.task import (
    AskOffice,
    Call,
    Chosen,
    Context,
    Entered,
    Event,
    Silence,
    Step,
    Told,
)
from terminal_app.core.tasks.validity import in_force
from terminal_app.ipc.pages import Choice, Entry, EntryKind, Page, PageKind, Phrase

QUERY_LENGTH_MAX, QUERY_LENGTH_MIN = 60, 2
STEM_LENGTH = 5  # letters of a word that have to be the same where the office cannot be asked
FREQUENT_SHOWN_MAX = 10
PAID = "paid_"  # articles of what is sold begin so; they are shown by commercial.py


@dataclass(frozen=True, slots=True)
class Frequent:
    """What is really asked most, and the way to all the rest. The order stays as it was when the page was opened."""

    lines: tuple[ArticleLine, ...]
    frequent: tuple[ArticleLine, ...]
    kept_ms: int = 0
    fetched: Fetched = NOTHING_YET

    def page(self, context: Context) -> Page:
        sentence = kept_on(self.kept_ms, context) if self.kept_ms else Phrase("knowledge.frequent.sentence")
        choices = [Choice("search"), *article_choices(self.frequent), Choice("groups"), ASK]
        return Page("knowledge", PageKind.LIST, sentence=sentence, choices=choices)

    def step(self, event: Event, context: Context) -> Step:
        match event:
            case Chosen(key="search"):
                return Search(self.lines), []
            case Chosen(key="groups"):
                return Groups(self.lines, name="knowledge.groups"), []
            case Chosen(key="ask"):
                return asked(self, self.lines, context)
            case Chosen(key=key):
                return replace(self, fetched=NOTHING_YET), [asked_for(self.frequent, key)]
            case Told() | Silence():
                on = replace(self, fetched=self.fetched.took(event))
                return fetched_on(on, on.fetched) if on.fetched.article else stopped("knowledge.stopped", event)
            case _:
                return self, []


@dataclass(frozen=True, slots=True)
class Groups:
    """What there are answers about."""

    lines: tuple[ArticleLine, ...]
    kept_ms: int = 0
    name: str = "knowledge"

    def page(self, context: Context) -> Page:
        groups = [Choice(f"group_{n}", Phrase(text=title)) for n, title in enumerate(self._titles())]
        sentence = kept_on(self.kept_ms, context)
        search = Choice("search", Phrase("knowledge.search"))
        return Page(self.name, PageKind.LIST, sentence=sentence, choices=[search, *groups, ASK])

    def step(self, event: Event, context: Context) -> Step:
        match event:
            case Chosen(key="search"):
                return Search(self.lines), []
            case Chosen(key="ask"):
                return asked(self, self.lines, context)
            case Chosen(key=key):
                title = self._titles()[int(key.removeprefix("group_"))]
                lines = tuple(line for line in self.lines if line.group_title == title)
                return Articles("knowledge.group", Phrase(text=title), lines), []
            case _:
                return self, []

    def _titles(self) -> list[str]:
        return list(dict.fromkeys(line.group_title for line in self.lines))


@dataclass(frozen=True, slots=True)
class Search:
    """What is it about? Without an answer of the office, the titles that are known are looked through."""

    lines: tuple[ArticleLine, ...]
    query: str = ""

    def page(self, context: Context) -> Page:
        entry = Entry(EntryKind.TEXT, length_max=QUERY_LENGTH_MAX, length_min=QUERY_LENGTH_MIN)
        return Page("knowledge.search", PageKind.ENTRY, entry=entry)

    def step(self, event: Event, context: Context) -> Step:
        match event:
            case Entered(text=query):
                return replace(self, query=query), [AskOffice(contract.SearchAsked("-", query, context.segment))]
            case Told(answer=contract.SearchTold(found=found)):
                return self._found(list(in_force(found, context.today)))
            case Told() | Silence():
                return self._found(found_among(self.lines, self.query))
            case _:
                return self, []

    def _found(self, found: list[ArticleLine]) -> Step:
        if not found:
            return NothingFound(self.query), []
        return Articles("knowledge.found", Phrase("knowledge.found.title"), tuple(found)), []


@dataclass(frozen=True, slots=True)
class NothingFound:
    query: str

    def page(self, context: Context) -> Page:
        sentence = Phrase("knowledge.nothing.sentence", {"query": self.query})
        return Page("knowledge.nothing", PageKind.SUMMARY, sentence=sentence, choices=[CONSULTANT])

    def step(self, event: Event, context: Context) -> Step:
        return self, [Call()] if event == Chosen("consultant") else []


def begin(context: Context) -> Step:
    asked = contract.KnowledgeAsked("-", context.segment)
    return FirstAsked("knowledge", _answered), [AskOffice(asked)]


def _answered(event: Event, context: Context) -> Step:
    match event:
        case Told(answer=contract.KnowledgeTold(articles=articles, frequent=frequent), kept_ms=kept_ms):
            lines = in_force(articles, context.today)
            free = tuple(line for line in lines if not line.article_id.startswith(PAID))
            often = _most_frequent(free, frequent)
            return (Frequent(free, often, kept_ms) if often else Groups(free, kept_ms)), []
        case _:
            return stopped("knowledge.stopped", event)


def _most_frequent(lines: tuple[ArticleLine, ...], frequent: list[str]) -> tuple[ArticleLine, ...]:
    by_id = {line.article_id: line for line in lines}
    return tuple(by_id[article_id] for article_id in frequent if article_id in by_id)[:FREQUENT_SHOWN_MAX]


def found_among(lines: tuple[ArticleLine, ...], query: str) -> list[ArticleLine]:
    """Titles and first words that hold a word of the query, whatever its ending."""
    stems = [word[:STEM_LENGTH] for word in _plain(query).split() if len(word) > 2]
    worth = {line.article_id: sum(stem in _plain(f"{line.title} {line.excerpt}") for stem in stems) for line in lines}
    found = sorted((line for line in lines if worth[line.article_id]), key=lambda line: -worth[line.article_id])
    return found[: contract.FOUND_MAX]


def _plain(text: str) -> str:
    return text.lower().replace("ё", "е")
