"""One zone for a whole company: no date depends on what a machine is set to."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from payment.local_time import TIME_ZONE, local_date, local_stamp, moment_words, zone_of
from payment.sandbox.clock import today

EVENING_UTC_S = datetime(2026, 11, 24, 21, 30, tzinfo=UTC).timestamp()
FIRST, LAST = "Pacific/Kiritimati", "Pacific/Niue"  # never on the same day


@pytest.fixture(params=[FIRST, LAST])
def machine_zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


def test_an_evening_of_london_is_a_night_of_moscow(machine_zone):
    assert local_stamp(EVENING_UTC_S, zone_of(TIME_ZONE)) == "20261125003000"
    assert local_date(EVENING_UTC_S, zone_of(TIME_ZONE)).isoformat() == "2026-11-25"


def test_a_moment_is_said_as_the_companys_wall_shows_it(machine_zone):
    assert moment_words(int(EVENING_UTC_S) * 1000, zone_of(TIME_ZONE)) == "25.11.2026 00:30"


def test_the_sandboxs_day_is_the_companys(machine_zone):
    moscow = local_date(time.time(), zone_of(TIME_ZONE))
    assert today() in (moscow, local_date(time.time(), zone_of(TIME_ZONE)))


@pytest.mark.parametrize("name", ["", "MSK", "Europe/Nowhere", "/etc/passwd", "../x", "Europe/Moscow\0"])
def test_a_zone_nobody_knows_is_refused_in_words(name):
    with pytest.raises(ValueError, match="time_zone is a name like"):
        zone_of(name)
