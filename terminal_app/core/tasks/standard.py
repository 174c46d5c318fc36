"""The text of the standard, for whoever asks: by chapters, with its version (clauses 2.7, 4.2.4). Pure."""

from __future__ import annotations

from dataclasses import dataclass

from signaling_server.contract.knowledge import StandardAsked, StandardTold
from terminal_app.core.tasks.asked import FirstAsked, stopped
from terminal_app.core.tasks.task import AskOffice, Chosen, Context, Event, Silence, Step, Told
from terminal_app.ipc.pages import Choice, Page, PageKind, Part, Phrase

STOPPED = "standard.stopped"


@dataclass(frozen=True, slots=True)
class Chapters:
    first: StandardTold

    def page(self, context: Context) -> Page:
        told = self.first
        choices = [Choice(f"page_{line.page}", Phrase(text=_quiet(line.title))) for line in told.chapters]
        updated = ".".join(reversed(told.updated.split("-")))  # the office writes YYYY-MM-DD
        sentence = Phrase("standard.version", {"version": told.version, "date": updated})
        return Page("standard", PageKind.LIST, sentence=sentence, choices=choices)

    def step(self, event: Event, context: Context) -> Step:
        match event:
            case Chosen(key=key):
                return self, [AskOffice(StandardAsked("-", int(key.removeprefix("page_"))))]
            case Told() | Silence():
                return _shown(event)
            case _:
                return self, []


@dataclass(frozen=True, slots=True)
class StandardPage:
    """One page of the text. Each has a name of its own, so that the glass begins it at its top."""

    told: StandardTold

    def page(self, context: Context) -> Page:
        told = self.told
        number = {"page": str(told.page + 1), "pages": str(told.pages)}
        more = [Choice("next", Phrase("standard.next"))] if told.page + 1 < told.pages else []
        return Page(
            f"standard.page_{told.page}",
            PageKind.TEXT,
            Phrase(text=_quiet(told.chapter)),
            Phrase("standard.page", number),
            parts=[Part(text=Phrase(text=told.text.strip()))],
            choices=[*more, Choice("chapters", Phrase("standard.chapters"))],
        )

    def step(self, event: Event, context: Context) -> Step:
        match event:
            case Chosen(key="next"):
                return self, [AskOffice(StandardAsked("-", self.told.page + 1))]
            case Chosen(key="chapters"):
                return begin(context)
            case Told() | Silence():
                return _shown(event)
            case _:
                return self, []


def begin(context: Context) -> Step:
    return FirstAsked("standard", _answered), [AskOffice(StandardAsked("-", 0))]


def _answered(event: Event, context: Context) -> Step:
    if isinstance(event, Told) and isinstance(event.answer, StandardTold):
        return Chapters(event.answer), []
    return stopped(STOPPED, event)


def _quiet(title: str) -> str:
    """A title that is written in capitals throughout is read with difficulty, and spelled by the voice."""
    number, _, words = title.partition(" ")
    return f"{number} {words.capitalize()}" if title.isupper() else title


def _shown(event: Event) -> Step:
    if isinstance(event, Told) and isinstance(event.answer, StandardTold):
        return StandardPage(event.answer), []
    return stopped(STOPPED, event)
