"""Справочник: groups, articles, search. Without a line, the articles that core keeps (clause 3, Справочник). Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from signaling_server.contract import knowledge as contract
from signaling_server.contract.knowledge import Article, ArticleLine, Block, BlockKind
from terminal_app.core.tasks.asked import CONSULTANT, FirstAsked, kept_on, stopped
from terminal_app.core.tasks.task import (
    AskOffice,
    Call,
    Chosen,
    Context,
    Entered,
    Event,
    Printed,
    PrintPairs,
    Silence,
    Step,
    Told,
)
from terminal_app.core.tasks.validity import in_force, shown, validity_of
from terminal_app.ipc.pages import Choice, Entry, EntryKind, Page, PageKind, Part, Phrase

QUERY_LENGTH_MAX, QUERY_LENGTH_MIN = 60, 2
STEM_LENGTH = 5  # letters of a word that have to be the same where the office cannot be asked
PAID = "paid_"  # articles of what is sold begin so; they are shown by commercial.py


@dataclass(frozen=True, slots=True)
class Groups:
    """What there are answers about."""

    lines: tuple[ArticleLine, ...]
    kept_ms: int = 0

    def page(self, context: Context) -> Page:
        groups = [Choice(f"group_{n}", Phrase(text=title)) for n, title in enumerate(self._titles())]
        sentence = kept_on(self.kept_ms, context)
        return Page("knowledge", PageKind.LIST, sentence=sentence, choices=[Choice("search"), *groups])

    def step(self, event: Event, context: Context) -> Step:
        match event:
            case Chosen(key="search"):
                return Search(self.lines), []
            case Chosen(key=key):
                title = self._titles()[int(key.removeprefix("group_"))]
                lines = tuple(line for line in self.lines if line.group_title == title)
                return Articles("knowledge.group", Phrase(text=title), lines), []
            case _:
                return self, []

    def _titles(self) -> list[str]:
        return list(dict.fromkeys(line.group_title for line in self.lines))


@dataclass(frozen=True, slots=True)
class Articles:
    """Articles to choose from; the chosen one is fetched with its pictures before it is shown."""

    name: str
    title: Phrase
    lines: tuple[ArticleLine, ...]
    article: Article | None = None
    pictures: tuple[tuple[str, bytes], ...] = ()  # by name; empty: it did not come

    def page(self, context: Context) -> Page:
        choices = [Choice(f"article_{n}", Phrase(text=line.title)) for n, line in enumerate(self.lines)]
        return Page(self.name, PageKind.LIST, self.title, choices=choices)

    def step(self, event: Event, context: Context) -> Step:
        match event:
            case Chosen(key=key):
                line = self.lines[int(key.removeprefix("article_"))]
                return replace(self, article=None, pictures=()), [
                    AskOffice(contract.ArticleAsked("-", line.article_id))
                ]
            case Told(answer=contract.ArticleTold(article=article)):
                return replace(self, article=article)._gathered()
            case Told() | Silence() if self.article is not None:
                return self._with_picture(event)._gathered()
            case Told() | Silence():
                return stopped("knowledge.stopped", event)
            case _:
                return self, []

    def _with_picture(self, event: Event) -> Articles:
        """A picture that did not come is told by its words alone."""
        told = event.answer if isinstance(event, Told) else None
        content = told.content if isinstance(told, contract.PictureTold) else b""
        return replace(self, pictures=(*self.pictures, (self._wanted()[0], content)))

    def _gathered(self) -> Step:
        assert self.article is not None
        if wanted := self._wanted():
            return self, [AskOffice(contract.PictureAsked("-", wanted[0]))]
        return Reading(self.article, self.pictures), []

    def _wanted(self) -> list[str]:
        here = {name for name, _ in self.pictures}
        blocks = self.article.blocks if self.article is not None else []
        return [block.picture for block in blocks if block.picture and block.picture not in here]


@dataclass(frozen=True, slots=True)
class Reading:
    """One article."""

    article: Article
    pictures: tuple[tuple[str, bytes], ...]
    printed: bool | None = None

    def page(self, context: Context) -> Page:
        may_print = context.availability.printer and not self.printed
        said = validity_of(self.article)
        if self.printed is not None:
            said = Phrase("page.slip_printed" if self.printed else "page.slip_failed")
        return Page(
            "knowledge.article",
            PageKind.TEXT,
            Phrase(text=self.article.title),
            said,
            parts=parts_of(self.article, dict(self.pictures)),
            choices=[Choice("consultant"), *([Choice("print")] if may_print else [])],
        )

    def step(self, event: Event, context: Context) -> Step:
        match event:
            case Chosen(key="consultant"):
                return self, [Call()]
            case Chosen(key="print"):
                return self, [slip_of(self.article, context)]
            case Printed(done=done):
                return replace(self, printed=done), []
            case _:
                return self, []


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
        case Told(answer=contract.KnowledgeTold(articles=articles), kept_ms=kept_ms):
            lines = in_force(articles, context.today)
            return Groups(tuple(line for line in lines if not line.article_id.startswith(PAID)), kept_ms), []
        case _:
            return stopped("knowledge.stopped", event)


def found_among(lines: tuple[ArticleLine, ...], query: str) -> list[ArticleLine]:
    """Titles and first words that hold a word of the query, whatever its ending."""
    stems = [word[:STEM_LENGTH] for word in _plain(query).split() if len(word) > 2]
    worth = {line.article_id: sum(stem in _plain(f"{line.title} {line.excerpt}") for stem in stems) for line in lines}
    found = sorted((line for line in lines if worth[line.article_id]), key=lambda line: -worth[line.article_id])
    return found[: contract.FOUND_MAX]


def slip_of(article: Article, context: Context) -> PrintPairs:
    """The words of an article on paper; its tables of two columns as pairs, the account's site as a code."""
    dates = [("Действует с", article.valid_from), ("Действует по", article.valid_to)]
    pairs = [(name, shown(day)) for name, day in dates if day]
    tables = [row for block in article.blocks for row in block.rows if len(row) == 2]
    pairs += [(row[0], row[1]) for row in tables]
    texts = [text for block in article.blocks for text in (block.heading, block.text) if text]
    source = [f"Источник: {article.source}"] if article.source else []
    return PrintPairs(article.title, tuple(pairs), " ".join([*texts, *source]), context.account_site_url)


def parts_of(article: Article, pictures: dict[str, bytes]) -> list[Part]:
    return [part for block in article.blocks for part in _parts(block, pictures)]


def _parts(block: Block, pictures: dict[str, bytes]) -> Iterator[Part]:
    heading, text = Phrase(text=block.heading), Phrase(text=block.text)
    match block.kind:
        case BlockKind.TABLE:
            yield Part(heading, rows=block.rows, say=block.say)
        case BlockKind.PICTURE if content := pictures.get(block.picture):
            yield Part(heading, text, picture=content, say=block.say)
        case _:
            yield Part(heading, text, say=block.say)


def _plain(text: str) -> str:
    return text.lower().replace("ё", "е")
