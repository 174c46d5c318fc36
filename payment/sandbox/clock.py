"""The sandbox's time. Its days are the company's, as those of a terminal are, whatever zone this machine is set to."""

from __future__ import annotations

import time
from datetime import date

from payment.local_time import TIME_ZONE, local_date, zone_of

ZONE = zone_of(TIME_ZONE)


def now_s() -> int:
    """Whole seconds since 1970, UTC."""
    return time.time_ns() // 1_000_000_000


def today() -> date:
    return local_date(time.time(), ZONE)
