"""Hours of places: what is open when, what the standard asks of a week, and holidays."""

from datetime import date, datetime, timedelta, timezone

import pytest
from service_scene import PLACES, write_places

from signaling_server.contract.cases import Segment
from signaling_server.contract.visits import PlacesAsked
from signaling_server.schedules import hours as h
from signaling_server.schedules import rules
from signaling_server.schedules.calendar import CALENDAR_PATH, ScheduleError, calendar_of, load_calendar
from signaling_server.schedules.places import SHIPPED, hours_lines, load_places

CALENDAR = load_calendar()
MONDAY = date(2026, 11, 23)  # a week without a holiday
HOLIDAY_WEEK = date(2026, 11, 2)  # with 4 November
ASKED = PlacesAsked("r", Segment.B2C)


def week(weekdays, saturday=(), sunday=(), breaks=(), **fields):
    pause = h.parse_intervals(breaks)
    days = [weekdays] * 5 + [saturday, sunday]
    return h.Hours(tuple(h.without(h.parse_intervals(day), pause) for day in days), pause, **fields)


def at_s(day, clock, offset_minutes=180):
    hour, minute = map(int, clock.split(":"))
    zone = timezone(timedelta(minutes=offset_minutes))
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone).timestamp()


def places(tmp_path, text=PLACES, today=MONDAY):
    return load_places(write_places(tmp_path, text), CALENDAR, today)


# --- what the standard asks -------------------------------------------------------------------------------------------


@pytest.mark.clause("5.3.2c", "5.1.2d", owner="signaling_server/desk")
def test_a_week_of_38_hours_is_published_only_with_a_holiday_in_it(tmp_path):
    short = PLACES.replace('sat = ["10:00-16:30"]', 'sat = ["10:00-16:00"]').replace('"9:00-18:00"', '"9:00-16:00"', 5)
    with pytest.raises(ScheduleError, match="office: в неделю с 2026-11-23 открыто 38 ч, а нужно не меньше 40"):
        places(tmp_path, short)
    hours = week(["9:00-15:24"], ["10:00-16:00"])
    assert rules.short_in_person(hours, CALENDAR, monday=MONDAY)
    assert rules.short_in_person(hours, CALENDAR, monday=HOLIDAY_WEEK) == ""


@pytest.mark.clause("5.3.2c", owner="signaling_server/desk")
@pytest.mark.parametrize(
    ("saturday", "sunday", "is_short"),
    [
        (["10:00-16:00"], [], False),
        ([], ["10:00-16:00"], False),
        (["10:00-13:00"], ["10:00-13:00"], False),
        (["10:00-15:59"], [], True),
    ],
)
def test_six_hours_are_on_saturday_or_sunday(saturday, sunday, is_short):
    hours = week(["8:00-20:00"], saturday, sunday)
    assert bool(rules.short_in_person(hours, CALENDAR, monday=MONDAY)) is is_short


@pytest.mark.clause("5.3.2d", owner="signaling_server/desk")
def test_a_remote_desk_serves_ten_hours_monday_to_saturday_but_for_holidays():
    assert rules.short_remote(week(["9:00-19:00"], ["9:00-19:00"]), CALENDAR, monday=MONDAY) == ""
    assert "2026-11-28" in rules.short_remote(week(["9:00-19:00"], ["9:00-18:59"]), CALENDAR, monday=MONDAY)
    assert "2026-11-28" in rules.short_remote(week(["9:00-19:00"]), CALENDAR, monday=MONDAY)
    assert rules.short_remote(week(["9:00-19:00"], ["9:00-19:00"]), CALENDAR, monday=HOLIDAY_WEEK) == ""


@pytest.mark.clause("5.4.2b", owner="signaling_server/desk")
def test_a_lunch_break_does_not_count_for_organisations_but_for_vip_it_does():
    lunch = week(["9:00-17:30"], breaks=["13:00-14:00"])  # 7.5 h a day
    assert "37.5 ч" in rules.short_b2b(lunch, CALENDAR, monday=MONDAY, vip=False)
    assert rules.short_b2b(lunch, CALENDAR, monday=MONDAY, vip=True) == ""
    assert rules.short_b2b(week(["9:00-17:00"]), CALENDAR, monday=MONDAY, vip=False) == ""
    assert rules.short_b2b(lunch, CALENDAR, monday=HOLIDAY_WEEK, vip=False) == ""


def test_a_special_day_far_ahead_is_checked_too(tmp_path):
    closed = PLACES.replace('title = "Офис на Невском"', 'title = "Офис"\nspecial = { "2027-04-10" = [] }')
    with pytest.raises(ScheduleError, match="в выходные недели с 2027-04-05 открыто 0 ч"):
        places(tmp_path, closed)
    places(tmp_path, closed, today=date(2027, 4, 12))  # it is over


def test_the_shipped_places_open_on_any_day():
    for day in (date(2026, 1, 1) + timedelta(days=n) for n in range(0, 720, 9)):
        load_places(SHIPPED, CALENDAR, day)


# --- open and closed --------------------------------------------------------------------------------------------------


@pytest.mark.clause("7.1.6", owner="signaling_server/desk")
def test_at_closing_time_the_desk_is_closed_and_says_when_it_opens(tmp_path):
    known = places(tmp_path)
    before = known.tell(ASKED, site="", now_s=at_s(MONDAY, "20:00") - 1)
    assert (before.video_open, before.video_changes_at_ms) == (True, round(at_s(MONDAY, "20:00") * 1_000))
    after = known.tell(ASKED, site="", now_s=at_s(MONDAY, "20:00") + 1)
    assert not after.video_open
    assert after.video_changes_at_ms == round(at_s(MONDAY + timedelta(days=1), "8:00") * 1_000)


def test_a_site_closes_its_video_before_the_desk_does(tmp_path):
    known = places(tmp_path)
    site = "Владивосток, 1"  # 9:00-18:00 there is 2:00-11:00 in Moscow
    told = known.tell(ASKED, site=site, now_s=at_s(MONDAY, "10:59"))
    assert (told.here, told.video_open) == ("far", True)
    assert told.video_changes_at_ms == round(at_s(MONDAY, "11:00") * 1_000)
    assert not known.tell(ASKED, site=site, now_s=at_s(MONDAY, "11:00")).video_open
    assert known.tell(ASKED, site="", now_s=at_s(MONDAY, "11:00")).video_open


def test_a_site_is_told_to_its_own_terminals_only(tmp_path):
    known = places(tmp_path)
    ids = [[p.place_id for p in known.tell(ASKED, site=site, now_s=0.0).places] for site in ("", "Владивосток, 1")]
    assert ids == [["desk", "office"], ["desk", "office", "far"]]
    assert known.tell(PlacesAsked("r", Segment.B2B), site="", now_s=0.0).places == []


def test_a_break_closes_and_a_holiday_does_for_the_whole_day():
    hours = week(["9:00-18:00"], breaks=["13:00-13:30"])
    spans = h.spans_ms(hours, CALENDAR, now_s=at_s(date(2026, 11, 3), "13:10"), days=5)
    is_open, until_ms = h.state_at(spans, round(at_s(date(2026, 11, 3), "13:10") * 1_000))
    assert (is_open, until_ms) == (False, round(at_s(date(2026, 11, 3), "13:30") * 1_000))
    evening = round(at_s(date(2026, 11, 3), "18:00") * 1_000)
    assert h.state_at(spans, evening) == (False, round(at_s(date(2026, 11, 5), "9:00") * 1_000)), "over 4 November"


def test_who_is_open_round_the_clock_does_not_close_at_midnight():
    always = h.Hours(((((0, 1_440),)) * 1,) * 7, open_on_holidays=True)
    spans = h.spans_ms(always, CALENDAR, now_s=at_s(MONDAY, "23:59"), days=3)
    assert len(spans) == 1
    assert [line.hours for line in hours_lines(always)] == ["круглосуточно"]


def test_two_desks_serve_as_one():
    assert h.merged([(12, 20), (8, 14), (20, 21), (30, 40)]) == [(8, 21), (30, 40)]


def test_a_special_day_goes_before_week_and_holiday():
    holiday = date(2026, 11, 4)
    hours = week(["9:00-18:00"], special={holiday: ((600, 720),), MONDAY: ()})
    assert hours.of_day(holiday, CALENDAR) == ((600, 720),)
    assert hours.of_day(MONDAY, CALENDAR) == ()


def test_hours_are_written_as_people_write_them(tmp_path):
    lines = [(line.days, line.hours) for line in hours_lines(places(tmp_path).hours["office"])]
    assert lines == [("пн–пт", "9:00–13:00, 13:30–18:00"), ("сб", "10:00–13:00, 13:30–16:30"), ("вс", "закрыто")]


# --- data -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "texts", [["9-18"], ["18:00-9:00"], ["9:00-9:00"], ["9:00-25:00"], ["9:00-24:30"], ["12:00-14:00", "13:00-15:00"]]
)
def test_wrong_hours_are_one_error(texts):
    with pytest.raises(ScheduleError, match=texts[-1]):
        h.parse_intervals(texts)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("mon =", "monday =", "monday"),
        ('place_id = "office"', 'place_id = "desk"', "повторяется"),
        ("minutes = 30", "minutes = 0", "запись"),
        ('kind = "office"', 'kind = "shop"', "places.toml"),
        ("breaks = [", "pauses = [", "places.toml"),
    ],
)
def test_a_wrong_place_is_one_error(tmp_path, old, new, says):
    assert old in PLACES
    with pytest.raises(ScheduleError, match=says):
        places(tmp_path, PLACES.replace(old, new, 1))


def test_a_day_of_another_year_is_refused(tmp_path):
    path = tmp_path / "calendar.toml"
    path.write_text(CALENDAR_PATH.read_text("utf-8").replace("2026-11-04", "2025-11-04"), "utf-8")
    with pytest.raises(ScheduleError, match="2025-11-04"):
        load_calendar(path)


def test_the_calendar_knows_the_holidays_of_the_labour_code():
    assert all(CALENDAR.is_holiday(date(year, 1, day)) for year in (2026, 2027) for day in range(1, 9))
    assert CALENDAR.week_has_holiday(HOLIDAY_WEEK)
    assert not CALENDAR.week_has_holiday(MONDAY)


def test_hours_changed_on_the_day_itself_hold_from_the_next_question(tmp_path):
    now_s = at_s(MONDAY, "14:10")
    before = places(tmp_path).tell(ASKED, site="", now_s=now_s)
    assert (before.video_open, before.video_changes_at_ms) == (True, round(at_s(MONDAY, "20:00") * 1_000))
    shorter = PLACES.replace('place_id = "desk"', f'place_id = "desk"\nspecial = {{ "{MONDAY}" = ["4:00-14:00"] }}', 1)
    closed = places(tmp_path, shorter).tell(ASKED, site="", now_s=now_s)
    assert not closed.video_open
    assert closed.video_changes_at_ms == round(at_s(MONDAY + timedelta(days=1), "8:00") * 1_000)


def test_a_year_that_the_office_wrote_down_stands_in_for_the_shipped_one(tmp_path):
    assert calendar_of(tmp_path) == CALENDAR
    years = "year = 2027\nholidays = [2027-01-01]\ndays_off = [2027-11-05]", "year = 2028\nholidays = []"
    (tmp_path / "calendar.toml").write_text("\n".join(f"[[years]]\n{year}" for year in years), "utf-8")
    known = calendar_of(tmp_path)
    assert known.years == {2026, 2027, 2028}
    assert known.is_holiday(date(2027, 11, 5))
    assert not known.is_holiday(date(2027, 1, 2))
    assert known.is_holiday(date(2026, 11, 4))


@pytest.mark.parametrize("text", ["years = 5", "[[years]]\nyear = 2027\nholidays = []\n" * 2, "not toml ["])
def test_an_own_calendar_that_cannot_be_read_is_one_error(tmp_path, text):
    (tmp_path / "calendar.toml").write_text(text, "utf-8")
    with pytest.raises(ScheduleError, match=r"calendar\.toml"):
        calendar_of(tmp_path)
