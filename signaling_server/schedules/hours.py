"""Opening hours of one place: a week, breaks, days that differ, holidays. Pure; minutes of the place's own day.

Every question is answered from intervals of a day, so that breaks, short days and nights need no rules of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone

from signaling_server.schedules.calendar import ProductionCalendar, ScheduleError

DAY_MINUTES = 1_440
LOOK_AHEAD_DAYS = 30  # a place that does not open for a month has no next opening
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_INTERVAL = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)-([01]?\d|2[0-4]):([0-5]\d)")

Interval = tuple[int, int]  # minutes of the day, from and until


@dataclass(frozen=True, slots=True)
class Hours:
    """When a place is open. `breaks` are already cut out of the week, and kept to be shown and counted."""

    week: tuple[tuple[Interval, ...], ...]  # Monday first
    breaks: tuple[Interval, ...] = ()
    special: Mapping[date, tuple[Interval, ...]] = field(default_factory=dict)  # that day instead; empty: closed
    open_on_holidays: bool = False
    utc_offset_minutes: int = 180

    def of_day(self, day: date, calendar: ProductionCalendar) -> tuple[Interval, ...]:
        if day in self.special:
            return self.special[day]
        if calendar.is_holiday(day) and not self.open_on_holidays:
            return ()
        return self.week[day.weekday()]

    def local(self, now_s: float) -> datetime:
        return datetime.fromtimestamp(now_s, UTC).astimezone(timezone(timedelta(minutes=self.utc_offset_minutes)))

    def moment_ms(self, day: date, minute: int) -> int:
        """UTC milliseconds of a minute of the place's day."""
        midnight = datetime(day.year, day.month, day.day, tzinfo=timezone(timedelta(minutes=self.utc_offset_minutes)))
        return round(midnight.timestamp() * 1_000) + minute * 60_000


def parse_intervals(texts: Sequence[str]) -> tuple[Interval, ...]:
    """`["9:00-13:00", "14:00-18:00"]`, in order and apart. Raises ScheduleError."""
    found: list[Interval] = []
    for text in texts:
        match = _INTERVAL.fullmatch(text.replace(" ", "").replace("–", "-"))
        if match is None:
            raise ScheduleError(f"время «{text}» пишется как 9:00-18:00")
        hour, minute, until_hour, until_minute = map(int, match.groups())
        interval = (hour * 60 + minute, until_hour * 60 + until_minute)
        if not (found[-1][1] if found else 0) <= interval[0] < interval[1] <= DAY_MINUTES:
            raise ScheduleError(f"время «{text}» идёт не по порядку")
        found.append(interval)
    return tuple(found)


def without(intervals: Sequence[Interval], breaks: Sequence[Interval]) -> tuple[Interval, ...]:
    """Cuts breaks out."""
    left = list(intervals)
    for pause_from, pause_until in breaks:
        left = [
            part
            for start, end in left
            for part in ((start, min(end, pause_from)), (max(start, pause_until), end))
            if part[0] < part[1]
        ]
    return tuple(sorted(set(left)))


def both(one: Sequence[tuple[int, int]], other: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """When both are open."""
    met = [(max(a, c), min(b, d)) for a, b in one for c, d in other]
    return sorted((start, end) for start, end in met if start < end)


def spans_ms(hours: Hours, calendar: ProductionCalendar, *, now_s: float, days: int) -> list[tuple[int, int]]:
    """Open times as UTC milliseconds, from today's on; those that touch at midnight are one."""
    today = hours.local(now_s).date()
    return merged(
        (hours.moment_ms(day, start), hours.moment_ms(day, end))
        for day in (today + timedelta(days=n) for n in range(-1, days))
        for start, end in hours.of_day(day, calendar)
    )


def merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """In order, with those that touch or overlap made one."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def state_at(spans: Sequence[tuple[int, int]], now_ms: int) -> tuple[bool, int]:
    """Whether it is open now, and when that changes next; 0 where no change is known."""
    for start, end in spans:
        if now_ms < start:
            return False, start
        if now_ms < end:
            return True, end
    return False, 0
