"""Services without an account: Справочник, the standard, places, booking, the survey. Event by event."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest
from msgspec import structs

from signaling_server.contract import knowledge as texts
from signaling_server.contract import visits
from signaling_server.contract.cases import Segment
from signaling_server.contract.services import ServiceRefused
from terminal_app.core.tasks import (
    booked,
    booking,
    booking_cancel,
    check_in,
    commercial,
    knowledge,
    places,
    standard,
    survey,
)
from terminal_app.core.tasks.task import (
    AskOffice,
    Call,
    Chosen,
    Entered,
    GoTo,
    Printed,
    PrintPairs,
    Rate,
    Silence,
    Stored,
    Told,
)
from terminal_app.ipc.pages import PageKind

sys.path.append(str(Path(__file__).parents[2] / "ui"))
from page_states import CONTEXT
from service_answers import BOOKED, NOW_MS, QUARTER_MS, REFUSED, UNKNOWN_TICKET, answers, survey_told

KEPT_MS = NOW_MS - 86_400_000


def office(task, effects, *, kept_ms: int = 0, context=CONTEXT):
    """The office's first answer to what is asked, and so on until nothing is."""
    while effects and isinstance(effects[0], AskOffice):
        task, effects = task.step(Told(answers(effects[0].request)[0], kept_ms), context)
    return task, effects


def walk(begun, *events, context=CONTEXT):
    """Presses and what the office answers to them. Each press has to be one that the page offers."""
    task, effects = office(*begun, context=context)
    for event in events:
        if isinstance(event, Chosen):
            assert event.key in [choice.key for choice in task.page(context).choices if choice.enabled], event
        task, effects = office(*task.step(event, context), context=context)
    return task, effects


def key_of(task, words: str) -> Chosen:
    """The choice that says this."""
    return Chosen(next(c.key for c in task.page(CONTEXT).choices if words in c.title.text))


# --- Справочник ---------------------------------------------------------------------------------------------------


@pytest.mark.clause("8.1.4a", owner="terminal_app")
@pytest.mark.clause("3-Справочник", owner="terminal_app")
def test_an_article_is_read_with_its_formula_its_picture_and_its_table():
    groups, _ = walk(knowledge.begin(CONTEXT))
    articles, _ = walk((groups, []), key_of(groups, "Счета и начисления"))
    reading, _ = walk((articles, []), key_of(articles, "Из чего складывается"))
    page = reading.page(CONTEXT)
    assert (page.kind, page.title.text) == (PageKind.TEXT, "Из чего складывается счёт")
    formula, picture, table = page.parts[:3]
    assert formula.text.text.startswith("Плата = (")
    assert formula.say.startswith("Плата равна новым показаниям")
    assert picture.picture.startswith(b"\x89PNG")
    assert "номер лицевого счёта" in picture.text.text
    assert table.rows[0] == ["Что", "Сколько"]
    assert walk((reading, []), Chosen("consultant"))[1] == [Call()]


def test_a_picture_that_does_not_come_is_told_by_its_words():
    groups, _ = walk(knowledge.begin(CONTEXT))
    articles, _ = walk((groups, []), key_of(groups, "Счета и начисления"))
    task, effects = articles.step(key_of(articles, "Из чего складывается"), CONTEXT)
    task, effects = task.step(Told(answers(effects[0].request)[0]), CONTEXT)
    assert isinstance(effects[0].request, texts.PictureAsked)
    reading, effects = task.step(Silence(), CONTEXT)
    assert effects == []
    assert [part.picture for part in reading.page(CONTEXT).parts if part.picture] == []


def test_articles_are_asked_for_the_kind_of_customer():
    _, effects = knowledge.begin(replace(CONTEXT, segment=Segment.B2B))
    assert effects[0].request == texts.KnowledgeAsked("-", Segment.B2B)


def test_what_was_typed_is_looked_for_and_nothing_found_leads_to_a_person():
    groups, _ = walk(knowledge.begin(CONTEXT))
    search, _ = walk((groups, []), Chosen("search"))
    found, _ = walk((search, []), Entered("передавать показания"))
    assert found.page(CONTEXT).choices[0].title.text == "Как передать показания"
    asking, _ = search.step(Entered("тёплый пол"), CONTEXT)
    nothing, _ = asking.step(Told(texts.SearchTold("-", [])), CONTEXT)
    page = nothing.page(CONTEXT)
    assert (page.name, page.sentence.values) == ("knowledge.nothing", {"query": "тёплый пол"})
    assert nothing.step(Chosen("consultant"), CONTEXT)[1] == [Call()]


def test_without_a_line_the_kept_articles_say_their_day_and_are_looked_through_here():
    first, effects = knowledge.begin(CONTEXT)
    groups, _ = office(first, effects, kept_ms=KEPT_MS)
    assert groups.page(CONTEXT).sentence.values == {"date": "22.11.2026"}
    search, _ = walk((groups, []), Chosen("search"))
    asking, _ = search.step(Entered("ПОВЕРИТЬ счетчики"), CONTEXT)
    found, _ = asking.step(Silence(), CONTEXT)
    assert "Поверка и замена счётчика" in [choice.title.text for choice in found.page(CONTEXT).choices]
    asking, _ = search.step(Entered("ъъъъъ"), CONTEXT)
    assert isinstance(asking.step(Silence(), CONTEXT)[0], knowledge.NothingFound)


def test_without_a_line_and_without_a_copy_a_person_is_offered():
    task, effects = knowledge.begin(CONTEXT)[0].step(Silence(), CONTEXT)
    page = task.page(CONTEXT)
    assert (page.name, page.sentence.key, effects) == ("knowledge.stopped", "page.no_answer", [])
    assert [choice.key for choice in page.choices] == ["consultant", "menu"]
    assert task.step(Chosen("menu"), CONTEXT)[1] == [GoTo("menu")]


@pytest.mark.clause("8.1.4a", owner="terminal_app")
def test_paid_services_are_the_articles_of_what_is_sold_and_of_nothing_else():
    paid = texts.ArticleLine("paid_wiring", "Замена проводки", "Платные услуги", "", "1")
    free = texts.ArticleLine("debt", "Долг", "Оплата", "", "2")
    told = Told(texts.KnowledgeTold("-", "1", [free, paid]))
    shown, _ = commercial.begin(CONTEXT)[0].step(told, CONTEXT)
    assert [choice.title.text for choice in shown.page(CONTEXT).choices] == ["Замена проводки"]
    groups, _ = knowledge.begin(CONTEXT)[0].step(told, CONTEXT)
    assert [choice.key for choice in groups.page(CONTEXT).choices] == ["search", "group_0", "ask"]
    none, _ = walk(commercial.begin(CONTEXT))
    assert (none.page(CONTEXT).name, none.step(Chosen("consultant"), CONTEXT)[1]) == ("commercial.none", [Call()])


@pytest.mark.clause("2.7", owner="terminal_app")
def test_the_standard_is_read_from_any_chapter_to_its_end_and_says_its_version():
    chapters, _ = walk(standard.begin(CONTEXT))
    page = chapters.page(CONTEXT)
    assert page.sentence.values == {"version": "1", "date": "26.11.2026"}
    assert len(page.choices) == 11
    shown, _ = walk((chapters, []), Chosen(page.choices[-1].key))
    while (now := shown.page(CONTEXT)).choices[0].key == "next":
        shown, _ = walk((shown, []), Chosen("next"))
    assert now.sentence.values["page"] == now.sentence.values["pages"]
    assert now.title.text.startswith("11. ")
    back, _ = walk((shown, []), Chosen("chapters"))
    assert back.page(CONTEXT).name == "standard"


# --- places -------------------------------------------------------------------------------------------------------


def test_places_tell_whether_they_are_open_now_and_how_to_come_there():
    listed, _ = walk(places.begin(CONTEXT))
    office_tile = key_of(listed, "Центральный офис")
    hint = next(c.hint for c in listed.page(CONTEXT).choices if c.key == office_tile.key)
    assert (hint.key, hint.values) == ("places.open_until", {"time": "20:00"})
    one, _ = walk((listed, []), office_tile)
    pairs = [(pair.name.key or pair.name.text, pair.value.text) for pair in one.page(CONTEXT).pairs]
    assert ("пн–пт", "9:00–20:00") in pairs
    assert pairs[-1] == ("places.services", "Договоры, Счета и справки, Приём документов, Касса")
    topics, _ = walk((one, []), Chosen("book"))
    assert topics.page(CONTEXT).name == "booking.group"


@pytest.mark.parametrize(
    ("is_open", "hours_later", "key", "values"),
    [
        (True, 9, "places.open_until", {"time": "20:00"}),
        (True, 20, "places.open", {}),
        (False, 2, "places.opens_today", {"time": "13:00", "date": "23.11"}),
        (False, 22, "places.opens_tomorrow", {"time": "9:00", "date": "24.11"}),
        (False, 70, "places.opens_on", {"time": "9:00", "date": "26.11"}),
    ],
)
def test_the_moment_of_opening_is_said_as_people_say_it(is_open, hours_later, key, values):
    place = visits.Place("p", visits.PlaceKind.OFFICE, "Офис", "", "", [], [], is_open, 0, bookable=False)
    changed = structs.replace(place, changes_at_ms=NOW_MS + hours_later * 3_600_000)
    phrase = places.open_state(changed, CONTEXT)
    assert (phrase.key, phrase.values) == (key, values)
    later = replace(CONTEXT, now_ms=changed.changes_at_ms)
    assert places.open_state(changed, later).key == ""
    assert places.open_state(place, CONTEXT).key == ("places.open" if is_open else "places.closed")


def test_a_kept_list_says_its_day_and_neither_that_a_place_is_open_nor_that_it_can_be_booked():
    first, effects = places.begin(CONTEXT)
    listed, _ = office(first, effects, kept_ms=KEPT_MS)
    page = listed.page(CONTEXT)
    assert page.sentence.values == {"date": "22.11.2026"}
    assert {choice.hint.key for choice in page.choices} == {""}
    one, _ = walk((listed, []), key_of(listed, "Центральный офис"))
    assert (one.page(CONTEXT).choices, one.page(CONTEXT).sentence.key) == ([], "page.kept")
    assert one.page(CONTEXT).pairs != []


def test_other_ways_are_the_phone_and_the_online_account():
    ways, _ = walk(places.begin(CONTEXT), Chosen("ways"))
    page = ways.page(CONTEXT)
    assert ([pair.value.text for pair in page.pairs], page.qr) == (
        ["8 800 000-00-00", "ежедневно с 8:00 до 22:00"],
        "https://lk.example.ru/terminal",
    )


# --- booking ------------------------------------------------------------------------------------------------------

TO_THE_TIME = (Chosen("place_1"), Chosen("topic_0"), Chosen("topic_0"), Chosen("day_1"), Chosen("hour_15"))
TO_THE_PHONE = (*TO_THE_TIME, Chosen("time_3"))


@pytest.mark.clause("3-СЭО", owner="terminal_app")
@pytest.mark.clause("6.3.3b", owner="terminal_app")
def test_a_time_is_booked_with_a_phone_and_its_ticket_is_printed():
    check, _ = walk(booking.begin(CONTEXT), *TO_THE_PHONE, Entered("+79210000067"), Chosen("agree"))
    words = [pair.value.text for pair in check.page(CONTEXT).pairs]
    assert words[1:] == ["24.11.2026, 15:45", words[2], "+7 921 000-00-67"]
    asked = check.step(Chosen("book"), CONTEXT)[1][0].request
    assert (asked.place_id, asked.phone, asked.consent_version) == (
        "office-central",
        "+79210000067",
        "personal-data-1",
    )
    assert asked.starts_at_ms == NOW_MS + (96 + 19) * QUARTER_MS
    done, _ = walk((check, []), Chosen("book"))
    page = done.page(CONTEXT)
    assert (page.number, page.back, page.sentence.key) == ("048315", False, "booking.done.by_sms")
    printing, effects = done.step(Chosen("print"), CONTEXT)
    assert isinstance(effects[0], PrintPairs)
    assert ("Код", "048315") in effects[0].pairs
    assert printing.step(Printed(True), CONTEXT)[0].page(CONTEXT).sentence.key == "booking.printed"
    failed = printing.step(Printed(False), CONTEXT)[0].page(CONTEXT)
    assert (failed.sentence.key, failed.choices[0].key) == ("booking.not_printed", "print")


def test_nobody_has_to_leave_a_phone_and_where_no_sms_leave_none_is_asked_for():
    check, _ = walk(booking.begin(CONTEXT), *TO_THE_PHONE, Entered("+79210000067"), Chosen("skip"))
    assert check.step(Chosen("book"), CONTEXT)[1][0].request.phone == ""
    check, _ = walk(booking.begin(CONTEXT), *TO_THE_PHONE, Chosen("skip"))
    assert check.step(Chosen("book"), CONTEXT)[1][0].request.consent_version == ""
    without = replace(CONTEXT, facts=replace(CONTEXT.facts, sms=False))
    check, _ = walk(booking.begin(without), *TO_THE_PHONE, context=without)
    assert isinstance(check, booking.Check)


def test_few_times_of_a_day_are_shown_at_once():
    times, _ = walk(booking.begin(CONTEXT), *TO_THE_TIME[:3], Chosen("day_0"))
    page = times.page(CONTEXT)
    assert (page.name, page.title.key) == ("booking.time", "booking.today")
    assert page.choices[0].title.text == "11:15"


def test_a_time_that_was_taken_meanwhile_leads_to_the_others():
    check, _ = walk(booking.begin(CONTEXT), *TO_THE_PHONE, Chosen("skip"))
    asking, _ = check.step(Chosen("book"), CONTEXT)
    refused, _ = asking.step(Told(REFUSED), CONTEXT)
    assert refused.page(CONTEXT).sentence.text == REFUSED.sentence
    days, _ = walk((refused, []), Chosen("times"))
    assert days.page(CONTEXT).name == "booking.day"
    none, _ = refused.step(Told(visits.SlotsTold("-", "office-central", 15, [])), CONTEXT)
    assert none.page(CONTEXT).sentence.key == "booking.no_times"


def test_what_the_office_did_not_answer_is_sent_again_as_the_same():
    check, _ = walk(booking.begin(CONTEXT), *TO_THE_PHONE, Chosen("skip"))
    asking, first = check.step(Chosen("book"), CONTEXT)
    unheard, _ = asking.step(Silence(), CONTEXT)
    later = replace(CONTEXT, fresh_id="another")
    again, second = unheard.step(Chosen("again"), later)
    assert first == second
    done, _ = again.step(Told(BOOKED), later)
    assert isinstance(done, booked.Booked)


def test_nobody_books_off_line_by_a_kept_list():
    first, effects = booking.begin(CONTEXT)
    stopped, _ = office(first, effects, kept_ms=KEPT_MS)
    assert stopped.page(CONTEXT).name == "booking.stopped"
    nowhere, _ = first.step(Told(visits.PlacesTold("-", "", True, 0, [])), CONTEXT)
    assert nowhere.page(CONTEXT).name == "booking.nowhere"


def test_a_booking_is_given_back_after_one_question():
    sure, _ = walk(booking_cancel.begin(CONTEXT), Entered("048315"))
    assert sure.page(CONTEXT).number == "048315"
    assert sure.step(Chosen("keep"), CONTEXT)[1] == [GoTo("menu")]
    asking, effects = sure.step(Chosen("cancel"), CONTEXT)
    assert effects == [AskOffice(visits.BookingCancelled("-", "048315"))]
    phone, _ = asking.step(Told(UNKNOWN_TICKET), CONTEXT)
    asking, effects = phone.step(Entered("+79210000067"), CONTEXT)
    assert effects == [AskOffice(visits.BookingCancelled("-", "048315", "+79210000067"))]
    assert asking.step(Told(UNKNOWN_TICKET), CONTEXT)[0].page(CONTEXT).entry.error.text == UNKNOWN_TICKET.sentence
    assert asking.step(Told(BOOKED), CONTEXT)[0].page(CONTEXT).name == "booking_cancel.done"
    assert asking.step(Told(REFUSED), CONTEXT)[0].page(CONTEXT).sentence.text == REFUSED.sentence


def test_who_has_come_is_told_to_wait_or_why_not():
    done, _ = walk(check_in.begin(CONTEXT), Entered("048315"))
    assert (done.page(CONTEXT).name, done.page(CONTEXT).number) == ("check_in.done", "048315")
    typed, _ = check_in.begin(CONTEXT)
    wrong, _ = typed.step(Told(UNKNOWN_TICKET), CONTEXT)
    assert wrong.page(CONTEXT).entry.error.text == UNKNOWN_TICKET.sentence
    early, _ = typed.step(Told(ServiceRefused("-", "too_early", "Вы рано: отметиться можно с 15:15")), CONTEXT)
    assert early.page(CONTEXT).sentence.text.startswith("Вы рано")
    assert early.step(Chosen("booking"), CONTEXT)[1] == [GoTo("booking")]
    assert early.step(Chosen("consultant"), CONTEXT)[1] == [Call()]
    assert typed.step(Silence(), CONTEXT)[0].page(CONTEXT).name == "check_in.stopped"


# --- the survey ---------------------------------------------------------------------------------------------------


@pytest.mark.clause("10.1.5a", owner="terminal_app")
def test_good_scores_are_asked_nothing_more_and_all_of_them_lie_in_the_outbox():
    task, effects = walk(survey.begin(CONTEXT), Chosen("score_5"))
    assert isinstance(effects[0], Rate)
    rating = effects[0].rating
    assert (rating.question_id, rating.score, rating.reason, rating.subject) == ("expectation", 5, "", "visit")
    task, _ = task.step(Stored(), CONTEXT)
    task, effects = walk((task, []), Chosen("score_4"))
    assert effects[0].rating.question_id == "effort"
    thanks, _ = task.step(Stored(), CONTEXT)
    assert thanks.page(CONTEXT).name == "survey.thanks"
    assert thanks.step(Chosen("menu"), CONTEXT)[1] == [GoTo("menu")]


@pytest.mark.clause("10.2.8", owner="terminal_app")
def test_a_low_score_is_asked_for_one_reason_of_a_list():
    reason, effects = walk(survey.begin(CONTEXT), Chosen("score_2"))
    assert effects == []
    page = reason.page(CONTEXT)
    assert (page.kind, page.choices[0].title.text) == (PageKind.LIST, "Не решили вопрос")
    _, effects = reason.step(Chosen("reason_1"), CONTEXT)
    assert effects[0].rating.reason == "Было долго"
    asking, effects = reason.step(Chosen("skip"), CONTEXT)
    assert effects[0].rating.reason == ""
    assert asking.step(Stored(), CONTEXT)[0].page(CONTEXT).name == "survey.score_1"


def test_nobody_is_forced_to_answer_and_without_a_campaign_nobody_is_asked():
    score, _ = walk(survey.begin(CONTEXT))
    assert score.step(Chosen("later"), CONTEXT)[1] == [GoTo("menu")]
    over, _ = survey.begin(CONTEXT)[0].step(Told(visits.SurveyTold("-", "", [])), CONTEXT)
    assert over.page(CONTEXT).name == "survey.over"
    assert [choice.key for choice in survey.offered(CONTEXT)] == ["survey"]
    assert survey.offered(replace(CONTEXT, surveyed=True)) == []
    assert survey.offered(replace(CONTEXT, surveys=frozenset())) == []


def test_a_scale_of_its_own_shows_its_numbers():
    told = survey_told()
    wide = visits.SurveyTold("-", "v", [visits.SurveyQuestion("nps", "Вопрос", 10, 6, [])])
    titles = [choice.title for choice in survey.Score(wide).page(CONTEXT).choices]
    assert [title.text for title in titles[:-1]] == [str(score) for score in range(10, 0, -1)]
    assert survey.Score(told).page(CONTEXT).choices[0].title.key == "survey.score_5"
    assert isinstance(survey.Score(wide).step(Chosen("score_3"), CONTEXT)[1][0], Rate)
