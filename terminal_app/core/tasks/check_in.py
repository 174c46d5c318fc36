"""«Я пришёл по записи»: the ticket is typed, the office is told, the customer knows what comes next. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from signaling_server.contract.services import ServiceRefused
from signaling_server.contract.visits import BookingTold, CheckInAsked
from terminal_app.core.tasks import survey
from terminal_app.core.tasks.asked import CONSULTANT, MENU, stopped, why
from terminal_app.core.tasks.booking_cancel import ticket_field
from terminal_app.core.tasks.task import AskOffice, Call, Chosen, Context, Entered, Event, GoTo, Silence, Step, Told
from terminal_app.ipc.pages import NOTHING, Choice, Page, PageKind, Pair, Phrase, Tone


@dataclass(frozen=True, slots=True)
class TicketTyped:
    error: Phrase = NOTHING

    def page(self, context: Context) -> Page:
        return Page("check_in", PageKind.ENTRY, entry=ticket_field(self.error))

    def step(self, event: Event, context: Context) -> Step:
        match event:
            case Entered(text=ticket):
                return self, [AskOffice(CheckInAsked("-", ticket))]
            case Told(answer=BookingTold() as told):
                return CheckedIn(told), []
            case Told(answer=ServiceRefused(reason="unknown_ticket")):
                return replace(self, error=why(event)), []
            case Told(answer=ServiceRefused()):
                return NotNow(why(event)), []
            case Told() | Silence():
                return stopped("check_in.stopped", event)
            case _:
                return self, []


@dataclass(frozen=True, slots=True)
class NotNow:
    """Too early, too late, or given back: the office's words, and what can be done."""

    sentence: Phrase

    def page(self, context: Context) -> Page:
        choices = [CONSULTANT, Choice("booking")]
        return Page("check_in.not_now", PageKind.SUMMARY, sentence=self.sentence, tone=Tone.WARN, choices=choices)

    def step(self, event: Event, context: Context) -> Step:
        match event:
            case Chosen(key="consultant"):
                return self, [Call()]
            case Chosen(key="booking"):
                return self, [GoTo("booking")]
            case _:
                return self, []


@dataclass(frozen=True, slots=True)
class CheckedIn:
    told: BookingTold

    def page(self, context: Context) -> Page:
        told = self.told
        pairs = [
            Pair(Phrase("booking.where"), Phrase(text=told.place_title)),
            Pair(Phrase("booking.when"), Phrase(text=f"{told.day}, {told.time}")),
        ]
        return Page(
            "check_in.done",
            PageKind.SUMMARY,
            tone=Tone.GOOD,
            number=told.ticket,
            pairs=pairs,
            choices=[MENU, *survey.offered(context)],
            back=False,
        )

    def step(self, event: Event, context: Context) -> Step:
        match event:
            case Chosen(key="menu" | "survey" as service):
                return self, [GoTo(service)]
            case _:
                return self, []


def begin(context: Context) -> Step:
    return TicketTyped(), []
