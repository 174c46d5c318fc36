"""Offices, their hours, other ways to ask (clause 5.3.2). Without a line, the last list with its date. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from signaling_server.contract.visits import Place, PlacesAsked, PlacesTold
from terminal_app.core.tasks import booking
from terminal_app.core.tasks.asked import FirstAsked, kept_on, stopped
from terminal_app.core.tasks.task import AskOffice, Chosen, Context, Event, Step, Told
from terminal_app.ipc.pages import NOTHING, Choice, Page, PageKind, Pair, Phrase


@dataclass(frozen=True, slots=True)
class PlaceList:
    places: tuple[Place, ...]
    kept_ms: int = 0

    def page(self, context: Context) -> Page:
        choices = [
            Choice(f"place_{n}", Phrase(text=place.title), open_state(place, context, self.kept_ms))
            for n, place in enumerate(self.places)
        ]
        sentence = kept_on(self.kept_ms, context)
        return Page("places", PageKind.LIST, sentence=sentence, choices=[*choices, Choice("ways")])

    def step(self, event: Event, context: Context) -> Step:
        match event:
            case Chosen(key="ways"):
                return OtherWays(), []
            case Chosen(key=key):
                return OnePlace(self.places[int(key.removeprefix("place_"))], self.kept_ms), []
            case _:
                return self, []


@dataclass(frozen=True, slots=True)
class OnePlace:
    place: Place
    kept_ms: int = 0

    def page(self, context: Context) -> Page:
        place = self.place
        pairs = [Pair(Phrase("places.address"), Phrase(text=place.address))] if place.address else []
        pairs += [Pair(Phrase("places.phone"), Phrase(text=place.phone))] if place.phone else []
        pairs += [Pair(Phrase(text=line.days), Phrase(text=line.hours)) for line in place.hours]
        pairs += [Pair(Phrase("places.services"), Phrase(text=", ".join(place.services)))] if place.services else []
        return Page(
            "places.place",
            PageKind.SUMMARY,
            Phrase(text=place.title),
            kept_on(self.kept_ms, context) if self.kept_ms else open_state(place, context),
            pairs=pairs,
            choices=[Choice("book")] if place.bookable and not self.kept_ms else [],
        )

    def step(self, event: Event, context: Context) -> Step:
        return booking.at_place(self.place, context) if event == Chosen("book") else (self, [])


@dataclass(frozen=True, slots=True)
class OtherWays:
    """By phone, by the online account; the consultant stands on every page."""

    def page(self, context: Context) -> Page:
        pairs = [
            Pair(Phrase("places.phone"), Phrase(text=context.support_phone)),
            Pair(Phrase("places.hours"), Phrase(text=context.support_hours)),
        ]
        key = "places.ways.sentence" if context.account_site_url else "places.ways.no_site"
        shown = [pair for pair in pairs if pair.value != NOTHING]
        return Page(
            "places.ways",
            PageKind.SUMMARY,
            sentence=Phrase(key),
            pairs=shown,
            qr=context.account_site_url,
            choices=[Choice(f"link_{n}", Phrase(text=name)) for n, (name, _) in enumerate(context.links)],
        )

    def step(self, event: Event, context: Context) -> Step:
        if isinstance(event, Chosen):
            return LinkCode(*context.links[int(event.key.removeprefix("link_"))]), []
        return self, []


@dataclass(frozen=True, slots=True)
class LinkCode:
    """One page of the company elsewhere, as a code for the customer's phone (clause 8.1.5)."""

    name: str
    url: str

    def page(self, context: Context) -> Page:
        return Page("places.link", PageKind.SUMMARY, Phrase(text=self.name), qr=self.url)

    def step(self, event: Event, context: Context) -> Step:
        return self, []


def ways(context: Context) -> Step:
    """Without the list of offices before it."""
    return OtherWays(), []


def begin(context: Context) -> Step:
    return FirstAsked("places", _answered), [AskOffice(PlacesAsked("-", context.segment))]


def _answered(event: Event, context: Context) -> Step:
    if isinstance(event, Told) and isinstance(event.answer, PlacesTold):
        return PlaceList(tuple(event.answer.places), event.kept_ms), []
    return stopped("places.stopped", event)


def open_state(place: Place, context: Context, kept_ms: int = 0) -> Phrase:
    """Open until, or opens at. Of a kept list, or once that moment has passed, nobody knows: nothing is said."""
    changes_ms = place.changes_at_ms
    if kept_ms or (changes_ms and context.now_ms >= changes_ms):
        return NOTHING
    if not changes_ms:
        return Phrase("places.open" if place.is_open else "places.closed")
    moment, today = context.local(changes_ms), context.local(context.now_ms).date()
    time, days = moment.strftime("%-H:%M"), (moment.date() - today).days
    if place.is_open:
        return Phrase("places.open_until", {"time": time}) if days == 0 else Phrase("places.open")
    day = {0: "today", 1: "tomorrow"}.get(days, "on")
    return Phrase(f"places.opens_{day}", {"time": time, "date": moment.strftime("%d.%m")})
