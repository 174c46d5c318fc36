"""How many hours a place must be open (clauses 5.3.2, 5.4.2). Pure: says what is short, publishes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from signaling_server.schedules.calendar import ProductionCalendar
from signaling_server.schedules.hours import Hours, Interval

WEEK_MINUTES_MIN = 40 * 60
WEEKEND_MINUTES_MIN = 6 * 60
REMOTE_DAY_MINUTES_MIN = 10 * 60  # Monday to Saturday
CHECKED_WEEKS = 8  # ahead; there is one without a holiday among them


def short_in_person(hours: Hours, calendar: ProductionCalendar, *, monday: date) -> str:
    """B2C in person: at least 40 h a week, 6 of them on Saturday or Sunday, but for weeks with a holiday."""
    if calendar.week_has_holiday(monday):
        return ""
    days = [_minutes(hours.of_day(monday + timedelta(days=n), calendar)) for n in range(7)]
    if sum(days) < WEEK_MINUTES_MIN:
        return f"в неделю с {monday} открыто {sum(days) / 60:g} ч, а нужно не меньше 40"
    if sum(days[5:]) < WEEKEND_MINUTES_MIN:
        return f"в выходные недели с {monday} открыто {sum(days[5:]) / 60:g} ч, а нужно не меньше 6"
    return ""


def short_remote(hours: Hours, calendar: ProductionCalendar, *, monday: date) -> str:
    """By phone and video: at least 10 h a day, Monday to Saturday, but for holidays."""
    for day in (monday + timedelta(days=n) for n in range(6)):
        minutes = _minutes(hours.of_day(day, calendar))
        if not calendar.is_holiday(day) and minutes < REMOTE_DAY_MINUTES_MIN:
            return f"{day} открыто {minutes / 60:g} ч, а нужно не меньше 10"
    return ""


def short_b2b(hours: Hours, calendar: ProductionCalendar, *, monday: date, vip: bool) -> str:
    """B2B: at least 40 h Monday to Friday; breaks do not count as open, for VIP they do."""
    if calendar.week_has_holiday(monday):
        return ""
    worked = [hours.of_day(monday + timedelta(days=n), calendar) for n in range(5)]
    minutes = sum(_minutes(day) + (_breaks_inside(day, hours.breaks) if vip else 0) for day in worked)
    if minutes < WEEK_MINUTES_MIN:
        return f"с понедельника {monday} по пятницу открыто {minutes / 60:g} ч, а нужно не меньше 40"
    return ""


def _minutes(intervals: Sequence[Interval]) -> int:
    return sum(end - start for start, end in intervals)


def _breaks_inside(day: Sequence[Interval], breaks: Sequence[Interval]) -> int:
    if not day:
        return 0
    return sum(max(0, min(end, day[-1][1]) - max(start, day[0][0])) for start, end in breaks)
