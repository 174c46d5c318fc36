"""What is shown while the office is asked, and when it does not give what was asked for. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from signaling_server.contract.services import ServiceRefused
from terminal_app.core.tasks.task import BillingTold, Call, Chosen, Context, Event, GoTo, Silence, Step, Task, Told
from terminal_app.ipc.pages import Choice, Page, PageKind, Phrase, Tone

# Choices of many pages: their words are the same everywhere.
CONSULTANT = Choice("consultant", Phrase("page.consultant"))
AGAIN = Choice("again", Phrase("page.again"))
MENU = Choice("menu", Phrase("page.menu"))


@dataclass(frozen=True, slots=True)
class FirstAsked:
    """The beginning of a service that cannot show anything before the office, or billing, has answered."""

    name: str  # of the page that is to come
    answered: Callable[[Event, Context], Step]
    kind: PageKind = PageKind.LIST

    def page(self, context: Context) -> Page:
        return Page(self.name, self.kind, back=False)

    def step(self, event: Event, context: Context) -> Step:
        return self.answered(event, context) if isinstance(event, (Told, BillingTold, Silence)) else (self, [])


@dataclass(frozen=True, slots=True)
class Stopped:
    """It goes no further here: the office says why, or is not heard. `name` is the page's, its title the service's."""

    name: str
    sentence: Phrase
    ways: tuple[Choice, ...] = (CONSULTANT, MENU)

    def page(self, context: Context) -> Page:
        choices = list(self.ways)
        return Page(self.name, PageKind.SUMMARY, sentence=self.sentence, tone=Tone.WARN, choices=choices)

    def step(self, event: Event, context: Context) -> Step:
        return led_on(self, event)


def stopped(name: str, event: Event, ways: tuple[Choice, ...] = (CONSULTANT, MENU)) -> Step:
    """The page for an answer that is none: what the office says to it, or that there is no line."""
    return Stopped(name, why(event), ways), []


def why(event: Event) -> Phrase:
    if isinstance(event, Told) and isinstance(event.answer, ServiceRefused):
        return Phrase(text=event.answer.sentence)
    return Phrase("page.no_answer")


def led_on(task: Task, event: Event) -> Step:
    """Where the choices of many pages lead; anything else changes nothing."""
    match event:
        case Chosen(key="consultant"):
            return task, [Call()]
        case Chosen(key="menu" | "survey" | "booking" | "account" as service):
            return task, [GoTo(service)]
        case _:
            return task, []


def kept_on(kept_ms: int, context: Context) -> Phrase:
    """From when a kept text is; nothing where the office has just told it."""
    if not kept_ms:
        return Phrase()
    return Phrase("page.kept", {"date": context.local(kept_ms).strftime("%d.%m.%Y")})
