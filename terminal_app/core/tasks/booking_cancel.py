"""A booking is given back by its ticket, and by the phone where one was left. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from signaling_server.contract.services import ServiceRefused
from signaling_server.contract.visits import BookingCancelled, BookingTold
from terminal_app.core.tasks.asked import MENU, led_on, stopped, why
from terminal_app.core.tasks.booked import where_and_when
from terminal_app.core.tasks.task import AskOffice, Chosen, Context, Entered, Event, GoTo, Silence, Step, Told
from terminal_app.ipc.pages import NOTHING, Choice, Entry, EntryKind, Page, PageKind, Phrase, Tone

TICKET_LENGTH = 6
STOPPED = "booking_cancel.stopped"


@dataclass(frozen=True, slots=True)
class TicketEntry:
    def page(self, context: Context) -> Page:
        return Page("booking_cancel", PageKind.ENTRY, entry=ticket_field(NOTHING))

    def step(self, event: Event, context: Context) -> Step:
        return (Sure(event.text), []) if isinstance(event, Entered) else (self, [])


@dataclass(frozen=True, slots=True)
class Sure:
    """Asked before, for there is no way back from it."""

    ticket: str

    def page(self, context: Context) -> Page:
        choices = [Choice("cancel"), Choice("keep")]
        return Page("booking_cancel.sure", PageKind.SUMMARY, number=self.ticket, choices=choices)

    def step(self, event: Event, context: Context) -> Step:
        match event:
            case Chosen(key="cancel"):
                return self, [AskOffice(BookingCancelled("-", self.ticket))]
            case Chosen(key="keep"):
                return self, [GoTo("menu")]
            case Told(answer=ServiceRefused(reason="unknown_ticket")):
                return PhoneAsked(self.ticket), []
            case Told() | Silence():
                return _ended(event)
            case _:
                return self, []


@dataclass(frozen=True, slots=True)
class PhoneAsked:
    """No such ticket, or one with a phone: the office does not say which."""

    ticket: str
    error: Phrase = NOTHING

    def page(self, context: Context) -> Page:
        entry = Entry(EntryKind.PHONE, length_max=16, error=self.error)
        return Page("booking_cancel.phone", PageKind.ENTRY, entry=entry)

    def step(self, event: Event, context: Context) -> Step:
        match event:
            case Entered(text=phone):
                return self, [AskOffice(BookingCancelled("-", self.ticket, phone))]
            case Told(answer=ServiceRefused(reason="unknown_ticket" | "bad_phone")):
                return replace(self, error=why(event)), []
            case Told() | Silence():
                return _ended(event)
            case _:
                return self, []


@dataclass(frozen=True, slots=True)
class Cancelled:
    told: BookingTold

    def page(self, context: Context) -> Page:
        return Page(
            "booking_cancel.done",
            PageKind.SUMMARY,
            tone=Tone.GOOD,
            pairs=where_and_when(self.told),
            choices=[MENU, Choice("booking")],
            back=False,
        )

    def step(self, event: Event, context: Context) -> Step:
        return led_on(self, event)


def begin(context: Context) -> Step:
    return TicketEntry(), []


def ticket_field(error: Phrase) -> Entry:
    return Entry(EntryKind.DIGITS, length_max=TICKET_LENGTH, length_min=TICKET_LENGTH, error=error)


def _ended(event: Event) -> Step:
    if isinstance(event, Told) and isinstance(event.answer, BookingTold):
        return Cancelled(event.answer), []
    return stopped(STOPPED, event)
