"""«Передать показания»: every branch of the nine rules as pages, and the durable end."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from msgspec import structs

from payment.billing.account_values import Meters, Readings, ZoneReading
from payment.readings.values import Question
from terminal_app.core.tasks import readings
from terminal_app.core.tasks.task import (
    AskMeters,
    BillingTold,
    Call,
    Chosen,
    Entered,
    GoTo,
    KeepReadings,
    Printed,
    PrintPairs,
    Silence,
    Stored,
)
from terminal_app.ipc.messages import GoBack, Screen
from terminal_app.ipc.pages import OpenService, PageKind, Tone
from terminal_app.ui.presenters.page_words import said
from tests.unit.terminal_app.touching_customer import ACCOUNT, Customer

sys.path.append(str(Path(__file__).parents[2] / "ui"))
from page_states import CONTEXT, METERS, ONE_METER, meter

ONE = meter("37204816", 123_400)
TWO = meter("37204816", 12_480, 5_912)
THREE = METERS.meters[0]


def told(*meters, context=CONTEXT):
    first, (asked,) = readings.begin(context)
    assert asked == AskMeters(ACCOUNT)
    assert not first.page(context).back
    return first.step(BillingTold(Meters(ACCOUNT, meters)), context)[0]


def walked(task, *events, context=CONTEXT):
    for event in events:
        task, effects = task.step(event, context)
        assert effects == []
    return task


def typed(*texts: str, of=THREE, context=CONTEXT):
    """The task after every zone of the only meter."""
    return walked(told(of, context=context), *(Entered(text) for text in texts), context=context)


# --- typing -------------------------------------------------------------------------------------------------------


def test_each_zone_has_a_page_with_its_last_value_as_the_counter_shows_it():
    task = told(THREE)
    for zone, last, text in (("t1", "014310", "14406"), ("t2", "013118", "13185"), ("t3", "016905", "17053")):
        page = task.page(CONTEXT)
        assert (page.kind, page.title.key) == (PageKind.ENTRY, f"readings.zone_3_{zone}")
        assert page.sentence.values == {"value": last, "date": "25.10.2026"}
        assert page.entry.length_max == THREE.digits + 1
        task = walked(task, Entered(text))
    assert task.page(CONTEXT).name == "readings.check"


def test_that_the_month_is_over_is_told_before_the_first_digit_and_not_after_the_last():
    late = replace(CONTEXT, today=date(2026, 11, 26))
    first = told(THREE, context=late)
    assert "пойдут в следующий" in said(first.page(late).sentence)
    second = walked(first, Entered("14406"), context=late)
    assert second.page(late).sentence.key == "readings.hint"
    assert told(THREE).page(CONTEXT).sentence.key == "readings.hint"


def test_the_only_zone_and_two_zones_are_called_by_their_names():
    assert told(ONE).page(CONTEXT).title.key == "readings.zone_1_t1"
    day = told(TWO)
    assert day.page(CONTEXT).title.key == "readings.zone_2_t1"
    assert walked(day, Entered("12600")).page(CONTEXT).title.key == "readings.zone_2_t2"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "Это не похоже"),
        ("12а", "Это не похоже"),
        ("-5", "Это не похоже"),
        ("1234567", "На счётчике цифр меньше, их 6"),
        ("1" * 30, "Это не похоже"),
    ],
)
def test_what_is_no_reading_is_said_beside_its_field_before_the_next_zone(text, why):
    task = typed("14406", text)
    page = task.page(CONTEXT)
    assert (page.title.key, task.sheet.values) == ("readings.zone_3_t2", (("T1", "14406"),))
    assert said(page.entry.error).startswith(why)
    assert page.sentence.key == ""  # one thing is said at a time
    assert walked(task, Entered("13185")).page(CONTEXT).title.key == "readings.zone_3_t3"


def test_a_value_below_the_last_one_is_said_on_its_page_before_the_next_zone_and_the_others_stay():
    task = typed("14406", "12117")
    page = task.page(CONTEXT)
    assert (page.title.key, said(page.entry.error)) == (
        "readings.zone_3_t2",
        "Это меньше прошлого показания: 013118 от\u00a025.10.2026. Исправьте или позовите консультанта.",
    )
    check = walked(task, Entered("13118"), Entered("17053"))
    assert check.page(CONTEXT).name == "readings.check"
    assert check.accepted.readings == {"T1": 14_406, "T2": 13_118, "T3": 17_053}


def test_a_reading_of_another_zone_is_said_to_be_one_before_the_next_is_asked_for():
    task = typed("6050", of=TWO)
    page = task.page(CONTEXT)
    assert page.title.key == "readings.zone_2_t1"
    assert said(page.entry.error).startswith("Похоже, это показание другой зоны: здесь прошлое 012480")
    assert walked(task, Entered("12500"), Entered("6050")).page(CONTEXT).name == "readings.check"


def test_more_than_the_power_allows_leads_to_the_value_at_fault_or_to_a_consultant():
    task = typed("14406", "18185", "23053")  # each of them could be, all together could not
    page = task.page(CONTEXT)
    assert (page.kind, [choice.key for choice in page.choices]) == (PageKind.LIST, ["T1", "T2", "T3", "consultant"])
    assert [choice.hint.values.get("value") for choice in page.choices[:3]] == ["14406", "18185", "23053"]
    assert "израсходовать нельзя" in said(page.sentence)
    assert task.step(Chosen("consultant"), CONTEXT) == (task, [Call()])
    assert walked(task, Chosen("T2"), Entered("13185"), Chosen("yes")).page(CONTEXT).name == "readings.check"
    alone = typed("14406", "113185").page(CONTEXT)
    assert (alone.title.key, "израсходовать нельзя" in said(alone.entry.error)) == ("readings.zone_3_t2", True)
    only = typed("999999", of=ONE).page(CONTEXT)
    assert (only.kind, "израсходовать нельзя" in said(only.entry.error)) == (PageKind.ENTRY, True)


# --- questions ----------------------------------------------------------------------------------------------------


def test_a_counter_that_went_round_is_asked_about_and_named_so_to_billing():
    old = meter("09915527", 999_870)
    task = typed("30", of=old)
    page = task.page(CONTEXT)
    assert (page.name, page.tone, [choice.key for choice in page.choices]) == (
        "readings.rollover",
        Tone.WARN,
        ["yes", "correct"],
    )
    check = walked(task, Chosen("yes"))
    _, (kept,) = check.step(Chosen("give"), CONTEXT)
    assert (kept.readings.rollover, kept.readings.values) == (True, (ZoneReading("T1", 30),))


@pytest.mark.clause("5.1.4c", owner="terminal_app")
def test_an_unusual_use_is_taken_when_the_customer_says_so():
    task = typed("14406", "13185", "18953")
    page = task.page(CONTEXT)
    assert page.name == "readings.unusual"
    assert said(page.sentence).startswith("Расход 2\u00a0211\u00a0кВт·ч — это намного больше обычного")
    assert [said(pair.value) for pair in page.pairs] == ["стало 014406", "стало 013185", "стало 018953"]
    check = walked(task, Chosen("yes"))
    assert check.page(CONTEXT).name == "readings.check"
    _, (kept,) = check.step(Chosen("give"), CONTEXT)
    assert (kept.readings.unusual, kept.readings.values[2]) == (True, ZoneReading("T3", 18_953))
    _, (usual,) = typed("14406", "13185", "17053").step(Chosen("give"), CONTEXT)
    assert not usual.readings.unusual


def test_what_was_confirmed_of_one_value_is_not_confirmed_of_another():
    check = walked(typed("125400", of=ONE), Chosen("yes"))
    assert check.sheet.confirmed == {Question.UNUSUAL}
    again = walked(check, Chosen("correct"), Entered("125500"))
    assert again.page(CONTEXT).name == "readings.unusual"
    for which in (
        walked(typed("14406", "13185", "18953"), Chosen("correct")),
        walked(typed("12500", "5950", of=TWO), Chosen("correct")),
    ):
        assert which.page(CONTEXT).sentence.key == "readings.which_value"


# --- the end ------------------------------------------------------------------------------------------------------


def test_all_is_looked_over_before_it_goes():
    page = typed("14406", "13185", "17053").page(CONTEXT)
    assert [pair.name.values.get("was") for pair in page.pairs] == ["014310", "013118", "016905", None]
    assert [pair.value.values for pair in page.pairs[:3]] == [
        {"now": "014406", "kwh": "96"},
        {"now": "013185", "kwh": "67"},
        {"now": "017053", "kwh": "148"},
    ]
    assert (page.pairs[3].value.key, page.pairs[3].value.values) == ("month.11", {"year": "2026"})
    assert [choice.key for choice in page.choices] == ["give", "correct"]
    late = replace(CONTEXT, today=date(2026, 12, 26))
    assert typed("123456", of=ONE, context=late).page(late).pairs[-1].value.values == {"year": "2027"}


@pytest.mark.clause("8.1.1c", owner="terminal_app")
def test_readings_are_kept_under_a_key_of_their_own_and_thanked_for_when_they_are_safe():
    check = typed("14406", "13185", "17053")
    same, effects = check.step(Chosen("give"), CONTEXT)
    values = (ZoneReading("T1", 14_406), ZoneReading("T2", 13_185), ZoneReading("T3", 17_053))
    given = Readings(CONTEXT.fresh_id, ACCOUNT, "55120034", CONTEXT.today, values)
    assert (same, effects) == (check, [KeepReadings(given)])
    page = walked(check, Stored()).page(CONTEXT)
    assert (page.name, page.back, page.tone) == ("readings.given", False, Tone.GOOD)
    assert said(page.sentence) == "Показания приняты."
    assert [said(pair.value) for pair in page.pairs] == ["014406", "013185", "017053", "Ноябрь 2026"]


def test_a_disk_that_refuses_is_said_and_tried_again_under_the_same_key():
    check = typed("123456", of=ONE)
    refused = walked(check, Silence())
    later = replace(CONTEXT, fresh_id="another")
    page = refused.page(CONTEXT)
    assert (page.tone, [choice.key for choice in page.choices]) == (Tone.WARN, ["again", "consultant"])
    same, (again,) = refused.step(Chosen("again"), later)
    assert (same, again.readings.key) == (refused, CONTEXT.fresh_id)
    assert walked(refused, Stored()).page(CONTEXT).name == "readings.given"
    assert refused.step(Chosen("consultant"), CONTEXT)[1] == [Call()]
    assert walked(refused, Silence()) == refused


def test_the_same_readings_go_once_in_a_visit_and_corrected_ones_go_too():
    _, (kept,) = typed("123456", of=ONE).step(Chosen("give"), CONTEXT)
    after = replace(CONTEXT, readings_given=(kept.readings,), fresh_id="another-id")
    repeated = walked(typed("123456", of=ONE, context=after), Chosen("give"), context=after)
    assert repeated.page(after).name == "readings.given"
    _, (corrected,) = typed("123457", of=ONE, context=after).step(Chosen("give"), after)
    assert corrected.readings.key == "another-id"
    both = replace(after, readings_given=(kept.readings, corrected.readings))
    assert typed("123456", of=ONE, context=both).step(Chosen("give"), both)[1] != []  # back to the first ones


def test_a_slip_is_printed_once_and_its_failure_is_told():
    given = walked(typed("14406", "13185", "17053"), Stored())
    same, (slip,) = given.step(Chosen("print"), CONTEXT)
    assert (same, type(slip), slip.title) == (given, PrintPairs, "Показания счётчика")
    assert slip.pairs[:4] == (
        ("Лицевой счёт", ACCOUNT),
        ("Счётчик", "55120034"),
        ("Дата", "23.11.2026"),
        ("Пик (T1)", "014406"),
    )
    assert (slip.pairs[-1], slip.words) == (("Расход", "311 кВт·ч"), "Показания приняты за ноябрь 2026 года.")
    printed = walked(given, Printed(True))
    assert [choice.key for choice in printed.page(CONTEXT).choices] == ["menu", "photo", "survey"]
    assert printed.page(CONTEXT).sentence.key == "readings.given.printed"
    failed = walked(given, Printed(False)).page(CONTEXT)
    assert (failed.sentence.key, failed.choices[0].key) == ("readings.given.not_printed", "print")
    without = replace(CONTEXT, availability=structs.replace(CONTEXT.availability, printer=False))
    assert given.page(without).choices[0].key == "menu"
    for service in ("menu", "survey"):
        assert given.step(Chosen(service), CONTEXT)[1] == [GoTo(service)]


def test_without_a_line_it_is_said_that_they_go_later():
    alone = replace(CONTEXT, availability=structs.replace(CONTEXT.availability, billing=False))
    page = walked(typed("123456", of=ONE), Stored()).page(alone)
    assert said(page.sentence) == "Показания сохранены. Мы отправим их, как только появится связь."


@pytest.mark.parametrize(
    ("known", "day", "begins", "uncharged"),
    [
        (ONE_METER.meters[0], 23, "Показания приняты.", False),
        (ONE_METER.meters[0], 26, "За этот месяц показания уже не принимаются.", False),
        (structs.replace(ONE_METER.meters[0], verification_until=date(2025, 12, 31)), 23, "Показания приняты,", True),
        (structs.replace(ONE_METER.meters[0], verification_until=date(2025, 12, 31)), 26, "Показания пойдут", True),
    ],
)
def test_what_is_late_or_not_charged_is_said(known, day, begins, uncharged):
    then = replace(CONTEXT, today=date(2026, 11, day))
    sentence = said(walked(typed("123456", of=known, context=then), Stored(), context=then).page(then).sentence)
    assert (sentence.startswith(begins), "срок поверки счётчика прошёл" in sentence) == (True, uncharged)


# --- which meter, and none ----------------------------------------------------------------------------------------


def test_of_several_meters_one_is_chosen_and_the_other_is_a_touch_away():
    task = told(*METERS.meters)
    page = task.page(CONTEXT)
    assert {said(choice.title) for choice in page.choices} == {"Меркурий 206 RN"}
    assert [(choice.key, choice.hint.values["number"]) for choice in page.choices] == [
        ("meter_0", "55120034"),
        ("meter_1", "21880473"),
        ("meter_2", "60034129"),
    ]
    assert page.sentence.key == "readings.which_meter"
    check = walked(task, Chosen("meter_1"), Entered("21500"))
    assert check.page(CONTEXT).pairs[0].value.text == "21880473"
    _, (kept,) = check.step(Chosen("give"), CONTEXT)
    given = walked(check, Stored())
    assert [choice.key for choice in given.page(CONTEXT).choices] == ["print", "another", "photo"]
    assert given.step(Chosen("another"), CONTEXT)[1] == [GoTo("readings")]
    after = replace(CONTEXT, readings_given=(kept.readings,))
    hints = [choice.hint.key for choice in told(*METERS.meters, context=after).page(after).choices]
    assert hints == ["readings.meter_number", "readings.meter_given", "readings.meter_number"]
    assert len(told(*METERS.meters[:2]).page(CONTEXT).choices) == 2
    names = {walked(task, Chosen(f"meter_{n}")).page(CONTEXT).name for n in range(3)}
    assert len(names) == 3  # what was typed of one meter is no draft of another


def test_the_first_reading_of_a_new_meter_is_compared_with_nothing():
    task = told(METERS.meters[2])
    assert task.page(CONTEXT).sentence.key == "readings.first_hint"
    check = walked(task, Entered("000003"))
    assert [said(pair.value) for pair in check.page(CONTEXT).pairs] == ["000003", "Ноябрь 2026"]
    _, (slip,) = walked(check, Stored()).step(Chosen("print"), CONTEXT)
    assert [name for name, _ in slip.pairs] == ["Лицевой счёт", "Счётчик", "Дата", "Показание счётчика"]


def test_an_account_without_a_meter_is_for_the_consultant():
    for answer in (None, Meters(ACCOUNT, ())):
        first, _ = readings.begin(CONTEXT)
        page = first.step(BillingTold(answer), CONTEXT)[0].page(CONTEXT)
        assert (page.name, page.sentence.key) == ("readings.stopped", "readings.none")


def test_billing_that_is_silent_is_asked_again_when_the_customer_says_so():
    first, _ = readings.begin(CONTEXT)
    unheard = walked(first, Silence())
    page = unheard.page(CONTEXT)
    assert (page.tone, [choice.key for choice in page.choices]) == (Tone.WARN, ["again", "consultant"])
    assert unheard.step(Chosen("again"), CONTEXT) == (unheard, [AskMeters(ACCOUNT)])
    assert walked(unheard, Silence()) == unheard
    assert walked(unheard, BillingTold(ONE_METER)).page(CONTEXT).kind is PageKind.ENTRY
    assert unheard.step(Chosen("consultant"), CONTEXT)[1] == [Call()]


def test_what_means_nothing_on_a_page_changes_nothing():
    check = typed("123456", of=ONE)
    for task in (
        told(*METERS.meters),
        told(ONE),
        check,
        typed("125400", of=ONE),
        typed("14406", "13185", "117053"),
    ):
        assert task.step(Printed(True), CONTEXT) == (task, [])
    given = walked(check, Stored())
    assert given.step(Stored(), CONTEXT) == (given, [])


# --- the whole visit ----------------------------------------------------------------------------------------------


def test_the_way_back_leads_from_zone_to_zone_with_what_was_typed():
    customer = Customer()
    customer.comes_to_the_meters(OpenService("readings"))
    customer.types("14406")
    customer.types("13185")
    customer.touch(GoBack())
    assert (customer.visit.page.title.key, customer.visit.page.entry.draft) == ("readings.zone_3_t2", "13185")
    customer.touch(GoBack())
    assert customer.visit.page.entry.draft == "14406"
    customer.touch(GoBack())
    assert customer.visit.screen is Screen.ATTRACT


def test_a_value_that_was_refused_stands_in_its_field():
    customer = Customer()
    customer.comes_to_the_meters(OpenService("readings"))
    for text in ("14406", "13117"):
        customer.types(text)
    page = customer.visit.page
    assert (page.title.key, page.entry.draft, said(page.entry.error) != "") == ("readings.zone_3_t2", "13117", True)
