"""The office's zone and the calendar day in it, by the house's one rule of local time. Pure: told the time."""

from __future__ import annotations

from datetime import date

from payment import local_time

LOCAL_ZONE = local_time.zone_of(local_time.TIME_ZONE)


def local_date(now_s: float) -> date:
    """The calendar day on the customer's wall."""
    return local_time.local_date(now_s, LOCAL_ZONE)
