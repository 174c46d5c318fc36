"""The office's zone and the calendar day in it. Pure: told the time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

# A fixed offset, without the zone database: Saint Petersburg has had no other since 26.10.2014.
LOCAL_ZONE = timezone(timedelta(hours=3), "MSK")


def local_date(now_s: float) -> date:
    """The calendar day on the customer's wall."""
    return datetime.fromtimestamp(now_s, UTC).astimezone(LOCAL_ZONE).date()
