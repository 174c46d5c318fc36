"""When this terminal serves and what it offers: settings, checked whole, and what they mean at a moment. Pure.

Times are those of the office's zone (`[office] time_zone`). A time across midnight is written as two: "20:00-24:00"
today and "0:00-6:00" the day after.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from msgspec import Struct, field

DAY_MINUTES = 1_440
LOOK_AHEAD_DAYS = 60  # what does not open for so long has no next opening
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# What can be left out or given hours: `pay` and the services of the menus (core/tasks/menu.py). The consultant's hours
# are the office's own, and are told by it.
OFFERED = (
    "pay", "readings", "history", "not_credited", "knowledge", "written", "informing", "commercial",
    "account_site", "standard", "booking", "check_in", "new_client", "site_visit", "places", "booking_cancel",
)  # fmt: skip
WHILE_CLOSED = (  # what needs nobody at the place and takes no money
    "readings", "not_credited", "knowledge", "written", "new_client", "site_visit", "booking", "booking_cancel",
    "places", "account_site", "standard",
)  # fmt: skip
_INTERVAL = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)-([01]?\d|2[0-4]):([0-5]\d)")
_YEARLY = re.compile(r"(\d\d)-(\d\d)")
_LEAP_YEAR = 2028

Interval = tuple[int, int]  # minutes of the day, from and until
ALL_DAY: tuple[Interval, ...] = ((0, DAY_MINUTES),)


class Times(Struct, frozen=True, forbid_unknown_fields=True):
    """Hours of a week with the days that differ. Nothing said: round the clock."""

    hours: list[str] = []  # of each day: ["8:00-13:00", "14:00-22:00"]
    days: dict[str, list[str]] = {}  # a day of the week that differs: sat = ["9:00-18:00"], sun = []
    dates: dict[str, list[str]] = {}  # a date that differs, also from a holiday: "2026-12-31" = ["8:00-16:00"]
    holidays: list[str] = []  # closed every year: "01-01"

    def __post_init__(self) -> None:
        _intervals(self.hours)
        for day, texts in self.days.items():
            if day not in WEEKDAYS:
                raise ValueError(f"a day of the week is one of {', '.join(WEEKDAYS)}, not {day!r}")
            _intervals(texts)
        for text, texts in self.dates.items():
            _date(text)
            _intervals(texts)
        for text in self.holidays:
            _date(f"{_LEAP_YEAR}-{text}" if _YEARLY.fullmatch(text) else "")

    def of_day(self, day: date) -> tuple[Interval, ...]:
        """When it is open that day; empty: it is not."""
        if (text := day.isoformat()) in self.dates:
            return _intervals(self.dates[text])
        if text[5:] in self.holidays:
            return ()
        if (name := WEEKDAYS[day.weekday()]) in self.days:
            return _intervals(self.days[name])
        return _intervals(self.hours) if self.hours else ALL_DAY

    def open_at(self, now: datetime) -> bool:
        minute = now.hour * 60 + now.minute
        return any(start <= minute < end for start, end in self.of_day(now.date()))

    def opens_after(self, now: datetime) -> tuple[date, int] | None:
        """Day and minute of the next opening; None: not within the time that is looked ahead."""
        minute = now.hour * 60 + now.minute
        for ahead in range(LOOK_AHEAD_DAYS):
            day = now.date() + timedelta(days=ahead)
            for start, _ in self.of_day(day):
                if ahead or start > minute:
                    return day, start
        return None


class Schedule(Struct, frozen=True, forbid_unknown_fields=True):
    place: Times = field(default_factory=Times)  # when the terminal serves at all
    while_closed: tuple[str, ...] = WHILE_CLOSED
    left_out: list[str] = []  # what is not offered here
    services: dict[str, Times] = {}  # hours of a service of its own

    def __post_init__(self) -> None:
        for name in (*self.while_closed, *self.left_out, *self.services):
            if name not in OFFERED:
                raise ValueError(f"a service is one of {', '.join(OFFERED)}, not {name!r}")
        if both := sorted({*self.left_out} & {*self.services}):
            raise ValueError(f"{both[0]} is left out and has hours")


def clock(minute: int) -> str:
    """`9:05`, as it is written on a door."""
    return f"{minute // 60}:{minute % 60:02}"


def _intervals(texts: Sequence[str]) -> tuple[Interval, ...]:
    """In order and apart. Raises: ValueError."""
    found: list[Interval] = []
    for text in texts:
        match = _INTERVAL.fullmatch(text)
        if match is None:
            raise ValueError(f"hours are written 9:00-18:00, not {text!r}")
        hour, minute, until_hour, until_minute = map(int, match.groups())
        start, end = hour * 60 + minute, until_hour * 60 + until_minute
        if not (found[-1][1] if found else 0) <= start < end <= DAY_MINUTES:
            raise ValueError(f"hours {text!r} are out of order: each begins after the one before and ends the same day")
        found.append((start, end))
    return tuple(found)


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ValueError("a date is written 2026-12-31, a holiday of every year 12-31") from error
