"""Запись: place, topic, day, time, perhaps a phone; then the ticket (clauses 3 СЭО, 6.3.3b). Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from signaling_server.contract.cases import Topic
from signaling_server.contract.knowledge import Consent, ConsentsAsked, ConsentsTold
from signaling_server.contract.services import ConsentRead, ServiceRefused
from signaling_server.contract.visits import (
    BookingAsked,
    BookingTold,
    Place,
    PlacesAsked,
    PlacesTold,
    SlotDay,
    SlotsAsked,
    SlotsTold,
)
from terminal_app.core.tasks.asked import AGAIN, CONSULTANT, FirstAsked, Stopped, led_on, stopped, why
from terminal_app.core.tasks.booked import Booked
from terminal_app.core.tasks.consent import Agreement
from terminal_app.core.tasks.task import (
    AskOffice,
    Chosen,
    Context,
    Entered,
    Event,
    Silence,
    Step,
    Told,
)
from terminal_app.ipc.pages import Choice, Entry, EntryKind, Page, PageKind, Pair, Phrase, Tone

TIMES_AT_ONCE_MAX = 8  # more than these are asked for by the hour first
CONSENT = "personal_data"
STOPPED = "booking.stopped"


@dataclass(frozen=True, slots=True)
class Wish:
    """What is chosen so far. `submission_id`: the same is booked once, however often it is sent."""

    place: Place
    topic: Topic | None = None
    starts_at_ms: int = 0
    phone: str = ""
    consent_version: str = ""
    consent_read: ConsentRead | None = None
    submission_id: str = ""


@dataclass(frozen=True, slots=True)
class PlaceChoice:
    places: tuple[Place, ...]

    def page(self, context: Context) -> Page:
        choices = [
            Choice(f"place_{n}", Phrase(text=place.title), Phrase(text=place.address))
            for n, place in enumerate(self.places)
        ]
        return Page("booking", PageKind.LIST, choices=choices)

    def step(self, event: Event, context: Context) -> Step:
        if isinstance(event, Chosen):
            return at_place(self.places[int(event.key.removeprefix("place_"))], context)
        return self, []


@dataclass(frozen=True, slots=True)
class TopicChoice:
    """First the group, then the topic. The times of the place are asked for with it."""

    wish: Wish
    topics: tuple[Topic, ...]
    group: str = ""

    def page(self, context: Context) -> Page:
        titles = [topic.title for topic in self.topics] if self.group else self._groups()
        choices = [Choice(f"topic_{n}", Phrase(text=title)) for n, title in enumerate(titles)]
        if not self.group:
            return Page("booking.group", PageKind.LIST, choices=choices)
        return Page("booking.topic", PageKind.LIST, Phrase(text=self.group), choices=choices)

    def step(self, event: Event, context: Context) -> Step:
        match event:
            case Chosen(key=key) if not self.group:
                group = self._groups()[int(key.removeprefix("topic_"))]
                topics = tuple(topic for topic in self.topics if topic.group_title == group)
                return replace(self, topics=topics, group=group), []
            case Chosen(key=key):
                topic = self.topics[int(key.removeprefix("topic_"))]
                asking = replace(self, wish=replace(self.wish, topic=topic))
                return asking, [AskOffice(SlotsAsked("-", self.wish.place.place_id, topic.topic_id))]
            case Told() | Silence():
                return _days(self.wish, event)
            case _:
                return self, []

    def _groups(self) -> list[str]:
        return list(dict.fromkeys(topic.group_title for topic in self.topics))


@dataclass(frozen=True, slots=True)
class DayChoice:
    wish: Wish
    days: tuple[SlotDay, ...]

    def page(self, context: Context) -> Page:
        choices = [Choice(f"day_{n}", _day_words(day.day, context)) for n, day in enumerate(self.days)]
        return Page("booking.day", PageKind.LIST, choices=choices)

    def step(self, event: Event, context: Context) -> Step:
        if not isinstance(event, Chosen):
            return self, []
        day = self.days[int(event.key.removeprefix("day_"))]
        times = tuple(slot.starts_at_ms for slot in day.slots)
        title = _day_words(day.day, context)
        if len(times) > TIMES_AT_ONCE_MAX:
            return HourChoice(self.wish, title, times), []
        return TimeChoice(self.wish, title, times), []


@dataclass(frozen=True, slots=True)
class HourChoice:
    wish: Wish
    title: Phrase
    times: tuple[int, ...]

    def page(self, context: Context) -> Page:
        choices = [
            Choice(f"hour_{hour}", Phrase("booking.hour_of", {"since": f"{hour}:00", "until": f"{hour + 1}:00"}))
            for hour in self._by_hour(context)
        ]
        return Page("booking.hour", PageKind.LIST, self.title, choices=choices)

    def step(self, event: Event, context: Context) -> Step:
        if not isinstance(event, Chosen):
            return self, []
        times = self._by_hour(context)[int(event.key.removeprefix("hour_"))]
        return TimeChoice(self.wish, self.title, tuple(times)), []

    def _by_hour(self, context: Context) -> dict[int, list[int]]:
        hours: dict[int, list[int]] = {}
        for time in self.times:
            hours.setdefault(context.local(time).hour, []).append(time)
        return hours


@dataclass(frozen=True, slots=True)
class TimeChoice:
    wish: Wish
    title: Phrase
    times: tuple[int, ...]

    def page(self, context: Context) -> Page:
        choices = [Choice(f"time_{n}", Phrase(text=_clock(time, context))) for n, time in enumerate(self.times)]
        return Page("booking.time", PageKind.LIST, self.title, choices=choices)

    def step(self, event: Event, context: Context) -> Step:
        if not isinstance(event, Chosen):
            return self, []
        time = self.times[int(event.key.removeprefix("time_"))]
        wish = replace(self.wish, starts_at_ms=time, submission_id=context.fresh_id)
        return (PhoneEntry(wish) if context.facts.sms else Check(wish)), []


@dataclass(frozen=True, slots=True)
class PhoneEntry:
    """Where the code is sent too. Nobody has to leave a phone."""

    wish: Wish
    phone: str = ""

    def page(self, context: Context) -> Page:
        entry = Entry(EntryKind.PHONE, length_max=16)
        return Page("booking.phone", PageKind.ENTRY, entry=entry, choices=[Choice("skip")])

    def step(self, event: Event, context: Context) -> Step:
        match event:
            case Chosen(key="skip"):
                return Check(replace(self.wish, phone="", consent_version="", consent_read=None)), []
            case Entered(text=phone):
                return replace(self, phone=phone), [AskOffice(ConsentsAsked("-"))]
            case Told(answer=ConsentsTold(consents=consents)) if consent := _personal(consents):
                return agreement(replace(self.wish, phone=self.phone), consent), []
            case Told() | Silence():
                return stopped(STOPPED, event)
            case _:
                return self, []


def agreement(wish: Wish, consent: Consent) -> Agreement:
    """To the phone that the code is sent to; it may be left out."""

    def agreed(consent: Consent, read: ConsentRead, context: Context) -> Step:
        return Check(replace(wish, consent_version=consent.version, consent_read=read)), []

    skip = Choice("skip", Phrase("booking.phone.skip"))
    return Agreement("booking.consent", consent, agreed, lambda _: (Check(replace(wish, phone="")), []), skip)


@dataclass(frozen=True, slots=True)
class Check:
    """Is all of it right? Sent again after a silence, it is booked once all the same."""

    wish: Wish

    def page(self, context: Context) -> Page:
        wish = self.wish
        assert wish.topic is not None
        pairs = [
            Pair(Phrase("booking.where"), Phrase(text=wish.place.title)),
            Pair(Phrase("booking.when"), Phrase(text=_moment(wish.starts_at_ms, context))),
            Pair(Phrase("booking.about"), Phrase(text=wish.topic.title)),
        ]
        if wish.phone:
            pairs.append(Pair(Phrase("booking.by_sms"), Phrase(text=_phone_words(wish.phone))))
        return Page("booking.check", PageKind.SUMMARY, pairs=pairs, choices=[Choice("book")])

    def step(self, event: Event, context: Context) -> Step:
        match event:
            case Chosen(key="book"):
                return self, [AskOffice(self._asked(context))]
            case Told(answer=BookingTold() as told):
                return Booked(told, sms=bool(self.wish.phone)), []
            case Told(answer=ServiceRefused()):
                return NotBooked(self.wish, why(event)), []
            case Told() | Silence():
                return Unheard(self), []
            case _:
                return self, []

    def _asked(self, context: Context) -> BookingAsked:
        wish = self.wish
        assert wish.topic is not None
        return BookingAsked(
            "-",
            wish.submission_id,
            wish.place.place_id,
            wish.starts_at_ms,
            wish.topic.topic_id,
            context.segment,
            wish.phone,
            wish.consent_version,
            wish.consent_read,
        )


@dataclass(frozen=True, slots=True)
class Unheard:
    """Nobody knows whether it is booked: the same is sent again."""

    check: Check

    def page(self, context: Context) -> Page:
        return Page("booking.unheard", PageKind.SUMMARY, tone=Tone.WARN, choices=[AGAIN, CONSULTANT])

    def step(self, event: Event, context: Context) -> Step:
        match event:
            case Chosen(key="again"):
                return self, self.check.step(Chosen("book"), context)[1]
            case Told(answer=BookingTold() | ServiceRefused()):
                return self.check.step(event, context)
            case _:
                return led_on(self, event)


@dataclass(frozen=True, slots=True)
class NotBooked:
    """The office does not book this: it says why; other times are a touch away."""

    wish: Wish
    sentence: Phrase

    def page(self, context: Context) -> Page:
        choices = [Choice("times"), CONSULTANT]
        return Page("booking.refused", PageKind.SUMMARY, sentence=self.sentence, tone=Tone.WARN, choices=choices)

    def step(self, event: Event, context: Context) -> Step:
        match event:
            case Chosen(key="times"):
                assert self.wish.topic is not None
                return self, [AskOffice(SlotsAsked("-", self.wish.place.place_id, self.wish.topic.topic_id))]
            case Told() | Silence():
                return _days(self.wish, event)
            case _:
                return led_on(self, event)


def begin(context: Context) -> Step:
    return FirstAsked("booking", _answered), [AskOffice(PlacesAsked("-", context.segment))]


def at_place(place: Place, context: Context) -> Step:
    """The place is chosen: what is it about?"""
    if not context.facts.topics:
        return stopped(STOPPED, Silence())
    return TopicChoice(Wish(place), context.facts.topics), []


def _answered(event: Event, context: Context) -> Step:
    match event:
        case Told(answer=PlacesTold(places=places), kept_ms=0):
            bookable = tuple(place for place in places if place.bookable)
            nowhere = Stopped("booking.nowhere", Phrase("booking.nowhere.sentence"))
            return (PlaceChoice(bookable) if bookable else nowhere), []
        case _:
            return stopped(STOPPED, event)


def _days(wish: Wish, event: Event) -> Step:
    if isinstance(event, Told) and isinstance(event.answer, SlotsTold):
        days = tuple(day for day in event.answer.days if day.slots)
        return (DayChoice(wish, days), []) if days else (NotBooked(wish, Phrase("booking.no_times")), [])
    return stopped(STOPPED, event)


def _personal(consents: list[Consent]) -> Consent | None:
    return next((consent for consent in consents if consent.consent_id == CONSENT), None)


def _day_words(day: str, context: Context) -> Phrase:
    when = date.fromisoformat(day)
    values = {"date": when.strftime("%d.%m")}
    if when == context.local(context.now_ms).date():
        return Phrase("booking.today", values)
    return Phrase(f"booking.weekday_{when.weekday()}", values)


def _phone_words(phone: str) -> str:
    """+79210000067 as people read it."""
    return f"{phone[:2]} {phone[2:5]} {phone[5:8]}-{phone[8:10]}-{phone[10:]}"


def _clock(moment_ms: int, context: Context) -> str:
    return context.local(moment_ms).strftime("%-H:%M")


def _moment(moment_ms: int, context: Context) -> str:
    return f"{context.local(moment_ms).strftime('%d.%m.%Y')}, {_clock(moment_ms, context)}"
