"""The nine rules of meter readings, each alone and in their order; no answer without a way on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payment.readings.rules import MeterError, judge, judge_zone
from payment.readings.values import (
    T1,
    T2,
    T3,
    ZONE_SETS,
    Accepted,
    Meter,
    Notice,
    Question,
    Refused,
    Unsure,
    WayOn,
    Why,
    zone_at,
)
from payment.readings.words import accepted

ONE = Meter("1", (T1,), 5, 15, {T1: 12_345}, date(2026, 10, 24), 200, date(2030, 1, 1))
TWO = replace(ONE, zones=(T1, T2), billed={T1: 8_000, T2: 3_000})
THREE = replace(ONE, zones=(T1, T2, T3), billed={T1: 8_000, T2: 3_000, T3: 5_000})
TODAY = date(2026, 11, 23)  # 30 days later: at most 10 800 kWh
YES = frozenset(Question)


def why(entries: dict[str, str], meter: Meter = ONE, **options: object) -> Why:
    outcome = judge(entries, meter, TODAY, **options)
    assert isinstance(outcome, Refused), outcome
    return outcome.why


def taken(entries: dict[str, str], meter: Meter = ONE, today: date = TODAY, **options: object) -> Accepted:
    outcome = judge(entries, meter, today, **options)
    assert isinstance(outcome, Accepted), outcome
    return outcome


# --- 1 to 3: what was typed ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["12500", " 12500 ", "12500,9", "12500.9", "12500,"])
def test_digits_behind_the_comma_are_dropped_and_never_rounded_up(typed):
    assert taken({T1: typed}).readings == {T1: 12_500}


@pytest.mark.parametrize(
    "typed", ["", "-5", "+5", "12 500", "0x1F", "١٢٣", "12,3,4", ",5", "1e3", "5" * 21, "12500 кВт"]
)
def test_what_is_not_a_number_is_no_reading(typed):
    assert why({T1: typed}) is Why.FORMAT


@pytest.mark.parametrize("typed", ["112345", "012345", "123459"])
def test_more_digits_than_the_meter_has_are_red_ones_or_a_mistake(typed):
    assert why({T1: typed}) is Why.TOO_MANY_DIGITS


@pytest.mark.parametrize("entries", [{}, {T1: "8100"}, {T1: "8100", T2: "3100", T3: "1"}, {T1: "8100", "T4": "1"}])
def test_all_zones_of_the_meter_are_needed_and_no_other_ones(entries):
    assert why(entries, TWO) is Why.ZONES


def test_three_zones_are_read_each_against_its_own():
    outcome = taken({T3: "5030", T1: "8010", T2: "3020"}, THREE)
    assert outcome.used == {T1: 10, T2: 20, T3: 30}


# --- 4 and 5: against the billed one ---------------------------------------------------------------------------------


def test_the_same_reading_as_billed_is_legal():
    assert taken({T1: "12345"}).used == {T1: 0}


def test_a_counter_that_went_round_is_confirmed_first():
    meter = replace(ONE, billed={T1: 99_990})
    outcome = judge({T1: "00050"}, meter, TODAY)
    assert isinstance(outcome, Unsure)
    assert outcome.question is Question.ROLLOVER
    assert WayOn.CONFIRM in outcome.ways
    assert taken({T1: "00050"}, meter, confirmed=frozenset({Question.ROLLOVER})).used == {T1: 60}


def test_a_reading_below_the_billed_one_that_no_round_explains_is_refused_even_if_confirmed():
    assert why({T1: "12344"}) is Why.LESS_THAN_BILLED
    assert why({T1: "12344"}, confirmed=YES) is Why.LESS_THAN_BILLED


def test_zones_typed_in_each_others_place_are_recognised():
    assert why({T1: "3100", T2: "8100"}, TWO) is Why.ZONES_SWAPPED
    assert why({T1: "8100", T2: "5100", T3: "3100"}, THREE) is Why.ZONES_SWAPPED
    assert why({T1: "3100", T2: "2100"}, TWO) is Why.LESS_THAN_BILLED


# --- 6 and 7: too much -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("used", "possible"), [(10_800, True), (10_801, False)])
def test_no_more_than_the_allowed_power_in_all_hours_can_be_used(used, possible):
    outcome = judge({T1: str(12_345 + used)}, ONE, TODAY, YES)
    assert isinstance(outcome, Accepted) is possible
    if not possible:
        assert isinstance(outcome, Refused)
        assert outcome.why is Why.MORE_THAN_POSSIBLE
        assert WayOn.CONSULTANT in outcome.ways


def test_the_zones_are_summed_before_they_are_held_against_the_power():
    assert why({T1: "14000", T2: "8000"}, TWO, confirmed=YES) is Why.MORE_THAN_POSSIBLE
    assert isinstance(judge({T1: "14000", T2: "3000"}, TWO, TODAY, YES), Accepted)


@pytest.mark.parametrize(("used", "asked"), [(600, False), (601, True)])
def test_more_than_three_averages_are_asked_about(used, asked):
    outcome = judge({T1: str(12_345 + used)}, ONE, TODAY)
    assert isinstance(outcome, Unsure) is asked
    if asked:
        assert outcome.question is Question.UNUSUAL
        assert taken({T1: str(12_345 + used)}, confirmed=frozenset({Question.UNUSUAL})).used == {T1: used}


@pytest.mark.parametrize(("used", "asked"), [(100, False), (101, True)])
def test_a_hundred_kilowatt_hours_are_never_unusual(used, asked):
    meter = replace(ONE, month_average_kwh=1)
    assert isinstance(judge({T1: str(12_345 + used)}, meter, TODAY), Unsure) is asked


def test_without_an_average_nothing_is_unusual():
    assert taken({T1: "20000"}, replace(ONE, month_average_kwh=None)).used == {T1: 7_655}


def test_a_round_and_an_unusual_use_are_asked_about_one_after_the_other():
    meter = replace(ONE, billed={T1: 99_000})
    first = judge({T1: "00050"}, meter, TODAY)
    second = judge({T1: "00050"}, meter, TODAY, frozenset({Question.ROLLOVER}))
    assert isinstance(first, Unsure)
    assert isinstance(second, Unsure)
    assert (first.question, second.question) == (Question.ROLLOVER, Question.UNUSUAL)
    assert isinstance(judge({T1: "00050"}, meter, TODAY, YES), Accepted)


# --- 8 and 9: taken, and what is said --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "period", "notices"),
    [
        (date(2026, 11, 25), "2026-11", ()),
        (date(2026, 11, 26), "2026-12", (Notice.NEXT_PERIOD,)),
        (date(2026, 12, 31), "2027-01", (Notice.NEXT_PERIOD,)),
    ],
)
def test_after_the_25th_readings_are_those_of_the_next_month(today, period, notices):
    outcome = taken({T1: "12400"}, today=today)
    assert (outcome.period, outcome.notices) == (period, notices)


@pytest.mark.parametrize(
    ("until", "notices"), [(TODAY, ()), (TODAY - timedelta(days=1), (Notice.NOT_CHARGED,)), (None, ())]
)
def test_a_meter_past_its_verification_is_read_but_not_charged_by(until, notices):
    outcome = taken({T1: "12400"}, replace(ONE, verified_until=until))
    assert outcome.notices == notices
    assert (WayOn.CONSULTANT in outcome.ways) is bool(notices)


def test_a_slip_tells_the_month_and_that_it_is_not_charged():
    assert accepted("2026-11", ()) == "Показания приняты за ноябрь 2026 года."
    late = accepted("2027-01", (Notice.NEXT_PERIOD, Notice.NOT_CHARGED))
    assert late.startswith("За этот месяц показания уже не принимаются, поэтому они приняты за январь 2027 года.")
    assert late.endswith("срок поверки счётчика прошёл. Что делать, подскажет консультант.")


def test_the_first_reading_of_a_new_meter_is_taken_as_it_is():
    outcome = taken({T1: "00007"}, replace(ONE, billed=None))
    assert (outcome.readings, outcome.used) == ({T1: 7}, {})


def test_readings_on_the_very_day_of_the_billed_ones_may_use_a_day_of_power():
    meter = replace(ONE, billed_on=TODAY, month_average_kwh=None)
    assert isinstance(judge({T1: str(12_345 + 360)}, meter, TODAY), Accepted)
    assert why({T1: str(12_345 + 361)}, meter) is Why.MORE_THAN_POSSIBLE


# --- every answer ----------------------------------------------------------------------------------------------------


@st.composite
def meters(draw: st.DrawFn) -> Meter:
    zones = draw(st.sampled_from(ZONE_SETS))
    digits = draw(st.integers(4, 7))
    billed = draw(st.none() | st.fixed_dictionaries({zone: st.integers(0, 10**digits - 1) for zone in zones}))
    return Meter(
        "1",
        zones,
        digits,
        draw(st.integers(1, 100)),
        billed,
        draw(st.dates(date(2026, 1, 1), date(2026, 12, 31))),
        draw(st.none() | st.integers(0, 2_000)),
        draw(st.none() | st.dates(date(2025, 1, 1), date(2028, 1, 1))),
    )


ENTRIES = st.dictionaries(
    st.sampled_from([T1, T2, T3]) | st.text(max_size=3),
    st.from_regex(r"[0-9]{1,7}", fullmatch=True) | st.text(max_size=8),
)


@given(
    entries=ENTRIES,
    meter=meters(),
    today=st.dates(date(2025, 12, 1), date(2027, 1, 31)),
    said=st.sets(st.sampled_from(Question)),
)
def test_every_answer_names_a_way_on(entries, meter, today, said):
    outcome = judge(entries, meter, today, frozenset(said))
    assert outcome.ways
    if isinstance(outcome, Accepted):
        assert all(0 <= used < meter.capacity for used in outcome.used.values())
        assert set(outcome.readings) == set(meter.zones)
    else:
        assert WayOn.CORRECT in outcome.ways
        assert WayOn.CONSULTANT in outcome.ways


@given(meter=meters(), used=st.integers(0, 500))
def test_confirmed_readings_count_from_the_billed_ones_around_the_end(meter, used):
    """Whatever the counter showed, `used` kilowatt-hours more are taken in the end, when the power allows them."""
    if meter.billed is None or used > meter.power_kw * 24:
        return
    first, *others = meter.zones
    read = dict(meter.billed) | {first: (meter.billed[first] + used) % meter.capacity}
    typed = {zone: f"{value:0{meter.digits}d}" for zone, value in read.items()}
    outcome = judge(typed, meter, meter.billed_on, YES)
    assert isinstance(outcome, Accepted)
    assert outcome.used == {first: used} | dict.fromkeys(others, 0)


@pytest.mark.parametrize(
    "changes",
    [
        {"zones": (T2,)},
        {"zones": (T1, T3)},
        {"digits": 0},
        {"digits": 10},
        {"power_kw": 0},
        {"billed": {T2: 5}},
        {"billed": {T1: 100_000}},
        {"billed": {T1: -1}},
    ],
)
def test_a_meter_that_cannot_be_is_told_of_and_not_judged(changes):
    with pytest.raises(MeterError):
        judge({T1: "5"}, replace(ONE, **changes), TODAY)


# --- zones of the day ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zones", "hours"),
    [
        (1, {T1: range(24)}),
        (2, {T1: range(7, 23), T2: [*range(7), 23]}),
        (3, {T1: [*range(7, 10), *range(17, 21)], T3: [*range(10, 17), 21, 22], T2: [*range(7), 23]}),
    ],
)
def test_each_hour_of_the_day_belongs_to_its_zone(zones, hours):
    for zone, of_zone in hours.items():
        assert {hour for hour in range(24) if zone_at(zones, hour) == zone} == set(of_zone)


def test_one_zone_is_judged_before_the_others_are_typed():
    def wrong(zone: str, typed: str, meter: Meter = TWO) -> Why | None:
        refused = judge_zone(zone, typed, meter, TODAY)
        return refused.why if refused is not None else None

    assert wrong(T1, "8100") is None
    assert wrong(T1, "восемь") is Why.FORMAT
    assert wrong(T1, "812345") is Why.TOO_MANY_DIGITS
    assert wrong(T2, "2999") is Why.LESS_THAN_BILLED
    assert wrong(T1, "3100") is Why.ZONES_SWAPPED  # it could be the other zone's
    assert wrong(T1, "18801") is Why.MORE_THAN_POSSIBLE
    assert wrong(T1, "18800") is None  # with another zone it may be too much: `judge` says so
    assert wrong(T1, "100", replace(ONE, billed={T1: 99_000})) is None  # it may have gone round
    assert wrong(T1, "100", replace(ONE, billed=None)) is None
