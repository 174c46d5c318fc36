"""Articles of Справочник: lists of them, one fetched with its pictures, one on the glass and on paper. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from signaling_server.contract import knowledge as contract
from signaling_server.contract.knowledge import Article, ArticleLine, Block, BlockKind
from terminal_app.core.tasks.asked import stopped
from terminal_app.core.tasks.task import (
    AskOffice,
    Call,
    Chosen,
    Context,
    Event,
    Printed,
    PrintPairs,
    Silence,
    Step,
    Task,
    Told,
)
from terminal_app.core.tasks.validity import shown, validity_of
from terminal_app.ipc.pages import Choice, Page, PageKind, Part, Phrase

_ARTICLE = "article_"


@dataclass(frozen=True, slots=True)
class Fetched:
    """An article as far as it has come."""

    article: Article | None = None
    pictures: tuple[tuple[str, bytes], ...] = ()  # by name; empty: it did not come

    def took(self, event: Event) -> Fetched:
        """A picture that did not come is told by its words alone."""
        told = event.answer if isinstance(event, Told) else None
        if self.article is None:
            return replace(self, article=told.article) if isinstance(told, contract.ArticleTold) else self
        content = told.content if isinstance(told, contract.PictureTold) else b""
        return replace(self, pictures=(*self.pictures, (self.wanted()[0], content)))

    def wanted(self) -> list[str]:
        here = {name for name, _ in self.pictures}
        blocks = self.article.blocks if self.article is not None else []
        return [block.picture for block in blocks if block.picture and block.picture not in here]


NOTHING_YET = Fetched()


def fetched_on(task: Task, fetched: Fetched, *, first: bool = False) -> Step:
    """What `task`, which keeps `fetched`, asks for next; at last the article. `first`: before the consultant."""
    if fetched.article is None:
        return task, []
    if wanted := fetched.wanted():
        return task, [AskOffice(contract.PictureAsked("-", wanted[0]))]
    return Reading(fetched.article, fetched.pictures, first=first), []


@dataclass(frozen=True, slots=True)
class Articles:
    """Articles to choose from; the chosen one is fetched with its pictures before it is shown.

    `first`: answers to a simple topic of who asked for a consultant. They come before him, and he stands under them.
    """

    name: str
    title: Phrase
    lines: tuple[ArticleLine, ...]
    first: bool = False
    fetched: Fetched = NOTHING_YET

    def page(self, context: Context) -> Page:
        consultant = [Choice("consultant", Phrase("chrome.consultant"))] if self.first else []
        topic_id = self.lines[0].topic_id if self.first else ""
        choices = [*article_choices(self.lines), *consultant]
        return Page(self.name, PageKind.LIST, self.title, choices=choices, topic_id=topic_id)

    def step(self, event: Event, context: Context) -> Step:
        match event:
            case Chosen(key="consultant"):
                return self, [Call()]
            case Chosen(key=key):
                return replace(self, fetched=NOTHING_YET), [asked_for(self.lines, key)]
            case Told() | Silence():
                on = replace(self, fetched=self.fetched.took(event))
                if on.fetched.article is None:
                    return stopped("knowledge.stopped", event)
                return fetched_on(on, on.fetched, first=self.first)
            case _:
                return self, []


@dataclass(frozen=True, slots=True)
class Reading:
    """One article. `first`: it came before the consultant whom the customer asked for, and says so."""

    article: Article
    pictures: tuple[tuple[str, bytes], ...]
    printed: bool | None = None
    first: bool = False

    def page(self, context: Context) -> Page:
        may_print = context.availability.printer and not self.printed
        said = validity_of(self.article)
        if self.printed is not None:
            said = Phrase("page.slip_printed" if self.printed else "page.slip_failed")
        consultant = Choice("consultant", Phrase("chrome.consultant") if self.first else Phrase())
        parts = [Part(text=Phrase("knowledge.answer.first"))] if self.first else []
        return Page(
            "knowledge.answer" if self.first else "knowledge.article",
            PageKind.TEXT,
            Phrase(text=self.article.title),
            said,
            parts=[*parts, *parts_of(self.article, dict(self.pictures))],
            choices=[consultant, *([Choice("print", Phrase("knowledge.article.print"))] if may_print else [])],
            topic_id=self.article.topic_id,
            article_id=self.article.article_id,
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


def article_choices(lines: tuple[ArticleLine, ...]) -> list[Choice]:
    return [Choice(f"{_ARTICLE}{n}", Phrase(text=line.title)) for n, line in enumerate(lines)]


def asked_for(lines: tuple[ArticleLine, ...], key: str) -> AskOffice:
    """The article behind a choice of `article_choices`."""
    return AskOffice(contract.ArticleAsked("-", lines[int(key.removeprefix(_ARTICLE))].article_id))


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
