"""Local time: what a person reads, and what decides the accounting day of a payment.

One zone for a whole company. The zone a machine happens to be set to decides nothing: two machines of one visit would
print two dates.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, tzinfo
from zoneinfo import ZoneInfo

TIME_ZONE = "Europe/Moscow"  # the office's


def zone_of(name: str) -> ZoneInfo:
    """Raises: ValueError, for a zone that is not in the system's zone database (Debian: tzdata)."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, LookupError) as error:
        raise ValueError(f"time_zone is a name like {TIME_ZONE}, not {name!r}") from error


def local_stamp(wall_s: float, zone: tzinfo) -> str:
    """YYYYMMDDHHMMSS of a moment counted in seconds since 1970, UTC."""
    return datetime.fromtimestamp(wall_s, UTC).astimezone(zone).strftime("%Y%m%d%H%M%S")


def local_date(wall_s: float, zone: tzinfo) -> date:
    """The calendar day of a moment counted in seconds since 1970, UTC."""
    return datetime.fromtimestamp(wall_s, UTC).astimezone(zone).date()


def moment_words(wall_ms: int, zone: tzinfo) -> str:
    """A moment of slips, reports and tools, as the wall shows it: «23.11.2026 14:12». UTC milliseconds."""
    return datetime.fromtimestamp(wall_ms // 1000, UTC).astimezone(zone).strftime("%d.%m.%Y %H:%M")
