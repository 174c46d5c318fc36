"""The schedule of a terminal: settings refused with one reason, and what may begin at which moment of the place."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest

from terminal_app.config import ConfigError, load_config
from terminal_app.core import visit as visits
from terminal_app.core.offered import offer_at, refused
from terminal_app.core.tasks import menu as menus
from terminal_app.core.tasks.registry import SERVICES
from terminal_app.core.tasks.task import Chosen, Context
from terminal_app.core.visit_events import BillRead, CodeScanned
from terminal_app.core.visit_tasks import PAY
from terminal_app.core.visit_values import Visit, VisitRules
from terminal_app.ipc.messages import Availability, Screen, StartBillScan, StartPayment, TerminalState
from terminal_app.ipc.offer import ClosedPlace, Offer, Opening
from terminal_app.ipc.pages import OpenService, Phrase
from terminal_app.schedule import OFFERED, WEEKDAYS, Schedule, Times
from terminal_app.ui.presenters.attract import AttractPresenter

sys.path.append(str(Path(__file__).parents[2] / "ui"))
from terminal_states import STATES

ZONE = ZoneInfo("Asia/Omsk")
MONDAY_NOON = datetime(2026, 11, 30, 12, 0, tzinfo=ZONE)
WEEK = Times(
    hours=["8:00-13:00", "14:00-22:00"],
    days={"sat": ["9:00-18:00"], "sun": []},
    dates={"2026-12-31": ["8:00-16:00"], "2027-01-02": ["10:00-12:00"]},
    holidays=["01-01", "01-02"],
)


def at(day: int, hour: int, minute: int = 0, month: int = 11, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=ZONE)


# --- hours ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "is_open"),
    [
        (at(30, 7, 59), False),
        (at(30, 8), True),
        (at(30, 12, 59), True),
        (at(30, 13), False),
        (at(30, 14), True),
        (at(30, 21, 59), True),
        (at(30, 22), False),
        (at(28, 9), True),  # Saturday
        (at(28, 18), False),
        (at(29, 12), False),  # Sunday
        (at(31, 15, 59, 12), True),
        (at(31, 16, 0, 12), False),
        (at(1, 12, 0, 1, 2027), False),
        (at(2, 11, 0, 1, 2027), True),  # a date is stronger than a holiday
        (at(2, 12, 0, 1, 2027), False),
    ],
)
def test_a_place_is_open_by_its_week_its_days_and_its_dates(now, is_open):
    assert WEEK.open_at(now) is is_open


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        (at(30, 3), (at(30, 0).date(), 8 * 60)),
        (at(30, 13, 30), (at(30, 0).date(), 14 * 60)),
        (at(28, 20), (at(30, 0).date(), 8 * 60)),  # over a Sunday
        (at(31, 17, 0, 12), (at(2, 0, 0, 1, 2027).date(), 10 * 60)),  # over the year
    ],
)
def test_the_next_opening_is_found_over_closed_days(now, opens):
    assert WEEK.opens_after(now) == opens


def test_what_never_opens_says_so_and_nothing_said_is_round_the_clock():
    never = Times(days={name: [] for name in WEEKDAYS})
    assert never.opens_after(MONDAY_NOON) is None
    assert not never.open_at(MONDAY_NOON)
    for hour in range(24):
        assert Times().open_at(at(29, hour))
    assert offer_at(Schedule(), MONDAY_NOON) == Offer()


def test_a_time_across_midnight_is_two_and_joins():
    night = Times(hours=["0:00-6:00", "20:00-24:00"])
    assert [night.open_at(at(30, hour)) for hour in (23, 0, 5, 6, 19, 20)] == [True, True, True, False, False, True]


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ('[schedule.place]\nhours = ["8-22"]', "hours are written 9:00-18:00"),
        ('[schedule.place]\nhours = ["22:00-8:00"]', "out of order"),
        ('[schedule.place]\nhours = ["9:00-13:00", "12:00-18:00"]', "out of order"),
        ('[schedule.place]\nhours = ["23:00-24:30"]', "out of order"),
        ("[schedule.place]\ndays = {saturday = []}", "a day of the week is one of"),
        ('[schedule.place]\ndates = {"31.12.2026" = []}', "a date is written 2026-12-31"),
        ('[schedule.place]\nholidays = ["02-30"]', "a holiday of every year 12-31"),
        ('[schedule.place]\nholidays = ["1-1"]', "a holiday of every year 12-31"),
        ('[schedule]\nleft_out = ["payment"]', "a service is one of"),
        ('[schedule]\nwhile_closed = ["games"]', "a service is one of"),
        ('[schedule.services.consultant]\nhours = ["9:00-18:00"]', "a service is one of"),
        ('[schedule]\nleft_out = ["booking"]\n[schedule.services.booking]\nhours = []', "is left out and has hours"),
        ("[schedule]\nnight = true", "unknown field"),
    ],
)
def test_a_bad_schedule_is_refused_with_one_clear_reason(tmp_path, lines, reason):
    path = tmp_path / "terminal.toml"
    path.write_text(lines)
    with pytest.raises(ConfigError, match=reason) as refusal:
        load_config(path)
    assert "schedule" in str(refusal.value)


def test_what_can_be_scheduled_is_what_the_menus_offer():
    shown = {PAY, *menus.HOUSEHOLDS, *menus.ORGANISATIONS, *menus.OFFICE, "history"} - {"office"}
    assert {*OFFERED} == shown
    assert {*OFFERED} - {PAY} <= {*SERVICES}
    assert {*Schedule().while_closed} <= {*OFFERED}


# --- what may begin ---------------------------------------------------------------------------------------------------

BOOKING = Times(hours=["9:00-18:00"], days={"sun": []})
SCHEDULE = Schedule(place=WEEK, left_out=["commercial"], services={"booking": BOOKING}, while_closed=("readings",))


def test_a_service_outside_its_hours_says_when_it_comes_back():
    offer = offer_at(SCHEDULE, at(30, 18, 30))
    assert offer.left_out == ["commercial"]
    assert offer.place_closed is None
    closed = offer.closed_service("booking")
    assert closed is not None
    assert closed.opens == Opening(1, "9:00", "01.12")
    assert offer.serves("pay")


def test_at_night_only_what_needs_nobody_works_and_the_hours_are_told():
    offer = offer_at(SCHEDULE, at(28, 20))
    assert offer.place_closed == ClosedPlace([("8:00", "13:00"), ("14:00", "22:00")], Opening(2, "8:00", "30.11"))
    assert [name for name in OFFERED if offer.serves(name)] == ["readings"]
    assert offer.closed == []  # left out: what does not matter now is not listed


def test_no_press_nor_bill_begins_what_is_not_offered():
    night = offer_at(SCHEDULE, at(29, 3))
    for event in (StartPayment(), StartBillScan(), CodeScanned(BillRead("100000017", 0)), OpenService("booking")):
        assert refused(event, night)
        assert not refused(event, offer_at(SCHEDULE, MONDAY_NOON))
    assert not refused(OpenService("readings"), night)
    assert not refused(OpenService("menu"), night)
    assert refused(OpenService("organisations"), night)  # nothing of it works


def test_a_visit_that_has_begun_goes_on_after_closing_time():
    night = VisitRules(context=Context(availability=Availability(billing=True, offer=offer_at(SCHEDULE, at(29, 3)))))
    outside, _ = visits.step(Visit(), StartPayment(), night, 1.0)
    assert outside.screen is Screen.ATTRACT
    inside, _ = visits.step(Visit(screen=Screen.ACCOUNT_ENTRY), visits.SubmitAccount("100000017"), night, 1.0)
    assert inside.busy


def test_the_menu_leaves_out_what_is_not_offered_and_shuts_what_is_closed():
    context = Context(availability=Availability(offer=offer_at(SCHEDULE, at(30, 18, 30))))
    office, _ = menus.menu("office", menus.OFFICE)(context)
    choices = {choice.key: choice for choice in office.page(context).choices}
    assert not choices["booking"].enabled
    assert choices["booking"].hint == Phrase("closed.tomorrow", {"time": "9:00", "date": "01.12"})
    assert choices["places"].enabled
    assert office.step(Chosen("booking"), context) == (office, [])
    households, _ = menus.menu("menu", menus.HOUSEHOLDS)(context)
    assert "commercial" not in [choice.key for choice in households.page(context).choices]
    assert households.step(Chosen("commercial"), context) == (households, [])


# --- the first screen -------------------------------------------------------------------------------------------------


def first_screen(now: datetime, schedule: Schedule = SCHEDULE) -> TerminalState:
    able = msgspec.structs.replace(STATES["attract"].availability, offer=offer_at(schedule, now))
    return msgspec.structs.replace(STATES["attract"], availability=able)


def test_the_first_screen_at_night_tells_the_hours_and_offers_what_works():
    view = AttractPresenter(STATES["attract"]).view(first_screen(at(29, 3)))
    assert view.title == "Терминал работает с\u00a08:00 до\u00a013:00 и с\u00a014:00 до\u00a022:00"
    assert view.question == "Откроется завтра в\u00a08:00. Сейчас можно:"
    assert [choice.key for choice in view.choices] == ["readings", "services"]
    assert view.warning == ""


def test_a_terminal_that_offers_nothing_at_night_has_no_question():
    view = AttractPresenter(STATES["attract"]).view(first_screen(at(29, 3), Schedule(place=WEEK, while_closed=())))
    assert view.question == "Откроется завтра в\u00a08:00."
    assert view.choices == ()


def test_a_payment_that_is_closed_says_when_it_opens():
    schedule = Schedule(services={"pay": Times(hours=["9:00-18:00"])})
    view = AttractPresenter(STATES["attract"]).view(first_screen(at(30, 8), schedule))
    closed = {choice.key: choice.hint for choice in view.choices if not choice.enabled}
    assert closed == dict.fromkeys(("pay", "scan"), "Откроется сегодня в\u00a09:00")
