"""The end of a booking: its ticket, large, on paper, and by SMS where a phone was left. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from signaling_server.contract.visits import BookingTold
from terminal_app.core.tasks import survey
from terminal_app.core.tasks.asked import MENU, led_on
from terminal_app.core.tasks.task import Chosen, Context, Event, Printed, PrintPairs, Step
from terminal_app.ipc.pages import Choice, Page, PageKind, Pair, Phrase, Tone


@dataclass(frozen=True, slots=True)
class Booked:
    """The ticket, large; on paper when wanted. `printed` is None before it was tried."""

    told: BookingTold
    sms: bool
    printed: bool | None = None

    def page(self, context: Context) -> Page:
        told = self.told
        pairs = where_and_when(told)
        if told.address:
            pairs.insert(1, Pair(Phrase("places.address"), Phrase(text=told.address)))
        may_print = context.availability.printer and not self.printed
        return Page(
            "booking.done",
            PageKind.SUMMARY,
            sentence=Phrase(self._sentence()),
            tone=Tone.GOOD,
            number=told.ticket,
            pairs=pairs,
            choices=[*([Choice("print")] if may_print else []), MENU, *survey.offered(context)],
            back=False,
        )

    def step(self, event: Event, context: Context) -> Step:
        match event:
            case Chosen(key="print"):
                return self, [slip_of(self.told)]
            case Printed(done=done):
                return replace(self, printed=done), []
            case _:
                return led_on(self, event)

    def _sentence(self) -> str:
        if self.printed is not None:
            return "booking.printed" if self.printed else "booking.not_printed"
        return "booking.done.by_sms" if self.sms else "booking.done.write_down"


def where_and_when(told: BookingTold) -> list[Pair]:
    return [
        Pair(Phrase("booking.where"), Phrase(text=told.place_title)),
        Pair(Phrase("booking.when"), Phrase(text=f"{told.day}, {told.time}")),
    ]


def slip_of(told: BookingTold) -> PrintPairs:
    pairs = [("Код", told.ticket), ("Когда", f"{told.day}, {told.time}"), ("Куда", told.place_title)]
    if told.address:
        pairs.append(("Адрес", told.address))
    words = "Отметьтесь по этому коду на терминале: от 30 минут до начала и не позже 5 минут после."
    return PrintPairs("Запись на приём", tuple(pairs), words)
