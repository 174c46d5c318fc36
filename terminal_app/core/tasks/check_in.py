"""«Я пришёл по записи»: the ticket is typed, the office is told, the customer knows what comes next. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from signaling_server.contract.services import ServiceRefused
from signaling_server.contract.visits import BookingTold, CheckInAsked
from terminal_app.core.tasks import survey
from terminal_app.core.tasks.asked import CONSULTANT, MENU, led_on, stopped, why
from terminal_app.core.tasks.booked import where_and_when
from terminal_app.core.tasks.booking_cancel import ticket_field
from terminal_app.core.tasks.task import AskOffice, Context, Entered, Event, Silence, Step, Told
from terminal_app.ipc.pages import NOTHING, Choice, Page, PageKind, Phrase, Tone


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
        return led_on(self, event)


@dataclass(frozen=True, slots=True)
class CheckedIn:
    told: BookingTold

    def page(self, context: Context) -> Page:
        return Page(
            "check_in.done",
            PageKind.SUMMARY,
            sentence=Phrase("check_in.done.video" if self.told.video else "check_in.done.sentence"),
            tone=Tone.GOOD,
            number=self.told.ticket,
            pairs=where_and_when(self.told),
            choices=[CONSULTANT, MENU] if self.told.video else [MENU, *survey.offered(context)],
            back=False,
        )

    def step(self, event: Event, context: Context) -> Step:
        return led_on(self, event)


def begin(context: Context) -> Step:
    return TicketTyped(), []
