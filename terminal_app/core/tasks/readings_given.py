"""The end of «Передать показания»: they lie safe, and go to billing as soon as it can be reached. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from payment.readings.values import ZONE_TITLES as TITLES_ON_PAPER
from payment.readings.values import Accepted, Notice
from payment.readings.words import accepted as words_on_paper
from terminal_app.core.tasks import survey
from terminal_app.core.tasks.asked import MENU, led_on
from terminal_app.core.tasks.history import month_phrase
from terminal_app.core.tasks.readings_photo import MeterPhoto
from terminal_app.core.tasks.readings_sheet import Sheet, as_on_counter, zone_title
from terminal_app.core.tasks.task import Chosen, Context, Event, GoTo, Printed, PrintPairs, Step
from terminal_app.ipc.pages import Choice, Page, PageKind, Pair, Phrase, Tone


@dataclass(frozen=True, slots=True)
class Given:
    """`printed` is None before it was tried. `photo`: "", "sent" or "not_sent"."""

    sheet: Sheet
    accepted: Accepted
    printed: bool | None = None
    photo: str = ""

    def page(self, context: Context) -> Page:
        meter = self.sheet.meter
        values = [
            Pair(zone_title(meter, zone), Phrase(text=as_on_counter(value, meter)))
            for zone, value in self.accepted.readings.items()
        ]
        return Page(
            "readings.given",
            PageKind.SUMMARY,
            sentence=self._sentence(context),
            tone=Tone.GOOD,
            pairs=[*values, Pair(Phrase("readings.period"), month_phrase(self.accepted.period))],
            choices=self._choices(context),
            back=False,
        )

    def step(self, event: Event, context: Context) -> Step:
        match event:
            case Chosen(key="photo"):
                return MeterPhoto(replace(self, printed=None)), []
            case Chosen(key="print"):
                return self, [slip_of(self.sheet, self.accepted, context)]
            case Printed(done=done):
                return replace(self, printed=done), []
            case Chosen(key="another"):
                return self, [GoTo("readings")]
            case _:
                return led_on(self, event)

    def _choices(self, context: Context) -> list[Choice]:
        slip = [Choice("print")] if context.availability.printer and not self.printed else []
        may_photo = context.availability.camera and context.facts.sealed and self.photo != "sent"
        photo = [Choice("photo")] if may_photo else []
        if self.sheet.several:
            return [*slip, Choice("another"), *(photo or [MENU])]  # three and the slip fill more than a lying glass
        return [*slip, MENU, *photo, *survey.offered(context)]

    def _sentence(self, context: Context) -> Phrase:
        if self.printed is not None:
            return Phrase("readings.given.printed" if self.printed else "readings.given.not_printed")
        if self.photo:
            return Phrase(f"readings.given.photo_{self.photo}")
        if not context.availability.billing:
            return Phrase("readings.given.later")
        notices = self.accepted.notices
        when = "next_period" if Notice.NEXT_PERIOD in notices else "this_period"
        return Phrase(f"readings.given.{when}{'_not_charged' if Notice.NOT_CHARGED in notices else ''}")


def slip_of(sheet: Sheet, accepted: Accepted, context: Context) -> PrintPairs:
    meter = sheet.meter
    pairs = [
        ("Лицевой счёт", sheet.account),
        ("Счётчик", meter.meter_id),
        ("Дата", context.today.strftime("%d.%m.%Y")),
    ]
    for zone, value in accepted.readings.items():
        pairs.append((TITLES_ON_PAPER[(len(meter.zones), zone)], as_on_counter(value, meter)))
    if accepted.used:
        pairs.append(("Расход", f"{sum(accepted.used.values())} кВт·ч"))
    return PrintPairs("Показания счётчика", tuple(pairs), words_on_paper(accepted.period, accepted.notices))
