"""Places of the office: what customers are told of them, and when they may come.

Read from `places.toml` in the data directory, else from the one shipped. Hours that the standard forbids do not open
the office: the person who wrote them is told which week is short.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path

import msgspec
from msgspec import Struct

from signaling_server.contract.cases import Segment
from signaling_server.contract.visits import HoursLine, Place, PlaceKind, PlacesAsked, PlacesTold
from signaling_server.schedules import rules
from signaling_server.schedules.calendar import ProductionCalendar, ScheduleError
from signaling_server.schedules.hours import (
    LOOK_AHEAD_DAYS,
    WEEKDAYS,
    Hours,
    Interval,
    both,
    merged,
    parse_intervals,
    spans_ms,
    state_at,
    without,
)

SHIPPED = Path(__file__).with_name("places.toml")
_DAY_WORDS = ("пн", "вт", "ср", "чт", "пт", "сб", "вс")


class BookingRules(Struct, frozen=True, forbid_unknown_fields=True):
    """How a place may be booked: slots of so many minutes, so many customers at one time, so many days ahead."""

    minutes: int
    seats: int
    days_ahead: int = 14


class PlaceEntry(Struct, frozen=True, forbid_unknown_fields=True):
    """One place as it is written down."""

    place_id: str
    kind: PlaceKind
    title: str
    segments: list[Segment]
    hours: dict[str, list[str]]  # mon ... sun
    address: str = ""
    phone: str = ""
    services: list[str] = []
    breaks: list[str] = []
    special: dict[str, list[str]] = {}  # YYYY-MM-DD: its own hours; empty: closed
    open_on_holidays: bool = False
    utc_offset_minutes: int = 180
    vip: bool = False
    booking: BookingRules | None = None
    site: str = ""  # of a site: the words that the terminals' orders have


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    place: list[PlaceEntry]


class Places:
    """All places with their hours."""

    def __init__(self, entries: Sequence[PlaceEntry], calendar: ProductionCalendar, today: date) -> None:
        """Raises ScheduleError."""
        self.calendar = calendar
        self.entries = {entry.place_id: entry for entry in entries}
        self.hours = {entry.place_id: _hours(entry) for entry in entries}
        if len(self.entries) < len(entries):
            raise ScheduleError("код места повторяется")
        for entry in entries:
            _check(entry, self.hours[entry.place_id], calendar, today)

    def tell(self, asked: PlacesAsked, *, site: str, now_s: float) -> PlacesTold:
        """Places for this kind of customer; a site is told only to its own terminals."""
        here = next(
            (entry for entry in self.entries.values() if entry.kind is PlaceKind.SITE and entry.site == site), None
        )
        shown = [
            self._place(entry, now_s)
            for entry in self.entries.values()
            if asked.segment in entry.segments and (entry.kind is not PlaceKind.SITE or entry is here)
        ]
        is_open, changes_at_ms = self._video(asked.segment, here, now_s)
        return PlacesTold(asked.request_id, here.place_id if here else "", is_open, changes_at_ms, shown)

    def _video(self, segment: Segment, here: PlaceEntry | None, now_s: float) -> tuple[bool, int]:
        """Desk hours and site hours together."""
        desks = [e for e in self.entries.values() if e.kind is PlaceKind.DESK and segment in e.segments]
        spans = merged(span for desk in desks for span in self._spans(desk, now_s))
        if here is not None:
            spans = both(spans, self._spans(here, now_s))
        return state_at(spans, round(now_s * 1_000))

    def _spans(self, entry: PlaceEntry, now_s: float) -> list[tuple[int, int]]:
        return spans_ms(self.hours[entry.place_id], self.calendar, now_s=now_s, days=LOOK_AHEAD_DAYS)

    def _place(self, entry: PlaceEntry, now_s: float) -> Place:
        is_open, changes_at_ms = state_at(self._spans(entry, now_s), round(now_s * 1_000))
        return Place(
            entry.place_id,
            entry.kind,
            entry.title,
            entry.address,
            entry.phone,
            entry.services,
            hours_lines(self.hours[entry.place_id]),
            is_open,
            changes_at_ms,
            entry.booking is not None,
        )


def load_places(path: Path, calendar: ProductionCalendar, today: date) -> Places:
    """Raises ScheduleError."""
    try:
        entries = msgspec.convert(tomllib.loads(path.read_text("utf-8")), _File).place
        return Places(entries, calendar, today)
    except (OSError, ValueError) as error:
        raise ScheduleError(f"{path.name}: {error}") from error


def hours_lines(hours: Hours) -> list[HoursLine]:
    """Days with the same hours are one line."""
    lines, day = [], 0
    for intervals, same in groupby(hours.week):
        count = len(list(same))
        days = _DAY_WORDS[day] if count == 1 else f"{_DAY_WORDS[day]}–{_DAY_WORDS[day + count - 1]}"
        lines.append(HoursLine(days, _words(intervals)))
        day += count
    return lines


def _words(intervals: Sequence[Interval]) -> str:
    if not intervals:
        return "закрыто"
    if list(intervals) == [(0, 1_440)]:
        return "круглосуточно"
    return ", ".join(f"{_clock(start)}–{_clock(end)}" for start, end in intervals)


def _clock(minute: int) -> str:
    return f"{minute // 60}:{minute % 60:02d}"


def _hours(entry: PlaceEntry) -> Hours:
    try:
        if unknown := set(entry.hours) - set(WEEKDAYS):
            raise ScheduleError(f"день недели {sorted(unknown)[0]} не из {', '.join(WEEKDAYS)}")
        breaks = parse_intervals(entry.breaks)
        week = tuple(without(parse_intervals(entry.hours.get(day, [])), breaks) for day in WEEKDAYS)
        special = {date.fromisoformat(day): parse_intervals(texts) for day, texts in entry.special.items()}
    except ValueError as error:
        raise ScheduleError(f"{entry.place_id}: {error}") from error
    return Hours(week, breaks, special, entry.open_on_holidays, entry.utc_offset_minutes)


def _checked_weeks(hours: Hours, today: date) -> list[date]:
    """Mondays of the next weeks, and of every week with a day of its own: what opens today opens tomorrow too."""
    first = today - timedelta(days=today.weekday())
    ordinary = {first + timedelta(weeks=n) for n in range(rules.CHECKED_WEEKS)}
    differing = {day - timedelta(days=day.weekday()) for day in hours.special}
    return sorted(monday for monday in ordinary | differing if monday >= first)


def _check(entry: PlaceEntry, hours: Hours, calendar: ProductionCalendar, today: date) -> None:
    for monday in _checked_weeks(hours, today):
        short = ""
        if entry.kind is PlaceKind.OFFICE and Segment.B2C in entry.segments:
            short = rules.short_in_person(hours, calendar, monday=monday)
        if entry.kind is PlaceKind.DESK and Segment.B2C in entry.segments:
            short = rules.short_remote(hours, calendar, monday=monday)
        if entry.kind is not PlaceKind.SITE and Segment.B2B in entry.segments:
            short = short or rules.short_b2b(hours, calendar, monday=monday, vip=entry.vip)
        if short:
            raise ScheduleError(f"{entry.place_id}: {short}")
    if entry.booking and not (
        entry.booking.minutes >= 5 and entry.booking.seats >= 1 and entry.booking.days_ahead >= 1
    ):
        raise ScheduleError(f"{entry.place_id}: запись — от 5 минут, от одного места и от одного дня")
