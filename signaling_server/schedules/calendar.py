"""The production calendar: official holidays and days off that the government moved. Data, read once."""

from __future__ import annotations

import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import msgspec
from msgspec import Struct

CALENDAR_PATH = Path(__file__).with_name("calendar.toml")


class ScheduleError(ValueError):
    """A calendar or the hours of a place are not fit to open the office with."""


class _Year(Struct, frozen=True, forbid_unknown_fields=True):
    year: int
    holidays: list[date]
    days_off: list[date] = []


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    years: list[_Year]


@dataclass(frozen=True, slots=True)
class ProductionCalendar:
    """Days on which the country rests beside its weekends."""

    days: frozenset[date]
    years: frozenset[int]

    def is_holiday(self, day: date) -> bool:
        return day in self.days

    def week_has_holiday(self, day: date) -> bool:
        """Of the week, Monday to Sunday, in which the day lies."""
        monday = day - timedelta(days=day.weekday())
        return any(monday + timedelta(days=n) in self.days for n in range(7))


def calendar_of(data_dir: Path) -> ProductionCalendar:
    """The shipped one; a year that the office has in its own file is that year instead. Raises ScheduleError."""
    own = data_dir / CALENDAR_PATH.name
    years = {one.year: one for path in (CALENDAR_PATH, own) if path.exists() for one in _years(path)}
    return _calendar(years.values())


def load_calendar(path: Path = CALENDAR_PATH) -> ProductionCalendar:
    """Raises ScheduleError."""
    return _calendar(_years(path))


def _calendar(years: Collection[_Year]) -> ProductionCalendar:
    days = frozenset(day for one in years for day in (*one.holidays, *one.days_off))
    return ProductionCalendar(days, frozenset(one.year for one in years))


def _years(path: Path) -> list[_Year]:
    try:
        years = msgspec.convert(tomllib.loads(path.read_text("utf-8")), _File).years
    except (OSError, ValueError) as error:
        raise ScheduleError(f"{path.name}: {error}") from error
    for one in years:
        if wrong := [day for day in (*one.holidays, *one.days_off) if day.year != one.year]:
            raise ScheduleError(f"{path.name}: {wrong[0]} — не {one.year} год")
    if len({one.year for one in years}) < len(years):
        raise ScheduleError(f"{path.name}: год повторяется")
    return years
