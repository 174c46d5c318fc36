"""After a talk the customer is asked how it was: only while a campaign runs, only here, and one touch skips it."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from signaling_server.contract.visits import SurveyAsked, SurveyTold
from signaling_server.self_service.feedback import load_surveys
from terminal_app.core import visit as visits
from terminal_app.core.tasks import survey
from terminal_app.core.tasks.task import AskOffice, Rate, Silence, Stored, Told
from terminal_app.core.visit_events import DoForTask, TaskTold
from terminal_app.core.visit_values import Visit, VisitRules
from terminal_app.ipc.messages import Screen
from terminal_app.ipc.pages import Choose, OpenService

sys.path.append(str(Path(__file__).parents[2] / "ui"))
from page_states import CONTEXT
from service_answers import survey_told

RULES = VisitRules(context=replace(CONTEXT, surveys=frozenset({"visit", "call"})))
AFTER_CALL = OpenService("survey_call")
KNOWN = Visit(screen=Screen.BALANCE, account=CONTEXT.account, balance=CONTEXT.balance)


def walk(visit: Visit, *events, rules: VisitRules = RULES):
    effects: list[object] = []
    for event in events:
        visit, effects = visits.step(visit, event, rules, 1.0)
        if effects and isinstance(effects[0], DoForTask) and isinstance(effects[0].question, AskOffice):
            assert effects[0].question.request == SurveyAsked("-", "call")
            visit, effects = visits.step(visit, TaskTold(effects[0].asked, Told(survey_told())), rules, 1.0)
    return visit, effects


def answered(visit: Visit, key: str):
    assert visit.page is not None
    visit, (asked,) = walk(visit, Choose(visit.page.name, key))
    assert isinstance(asked.question, Rate)
    visit, _ = walk(visit, TaskTold(asked.asked, Stored()))
    return visit, asked.question.rating


@pytest.mark.clause("3-Уровень", owner="terminal_app")
def test_an_answer_names_the_very_question_and_scale_that_were_on_the_glass():
    visit, _ = walk(KNOWN, AFTER_CALL)
    known = {one.version: one for one in load_surveys()}
    for _ in survey_told().questions:
        assert visit.page is not None
        text = visit.page.title.text
        scale = [choice.key for choice in visit.page.choices if choice.key.startswith("score_")]
        visit, rating = answered(visit, "score_4")
        (asked,) = [one for one in known[rating.survey_version].questions if one.question_id == rating.question_id]
        assert (asked.text, len(scale), rating.score) == (text, asked.score_max, 4)
    assert "ждали" in known[survey_told().survey_version].questions[0].text  # expectation against result


@pytest.mark.clause("6.3.8", "10.1.6", owner="terminal_app")
def test_after_the_talk_he_is_asked_and_led_back_to_where_he_was():
    visit, _ = walk(KNOWN, AFTER_CALL)
    assert (visit.screen, visit.page.name) == (Screen.PAGE_LIST, "survey.score_0")
    visit, rating = answered(visit, "score_5")
    assert rating.subject == "call"
    visit, _ = answered(visit, "score_5")
    assert visit.page.name == "survey.thanks"
    back, _ = walk(visit, Choose("survey.thanks", "go_on"))
    assert (back.screen, back.balance, back.stay) == (Screen.BALANCE, KNOWN.balance, None)
    assert walk(back, AFTER_CALL)[0].screen is Screen.BALANCE  # once in a visit


@pytest.mark.clause("6.3.8", owner="terminal_app")
def test_one_touch_skips_the_survey_and_outside_its_dates_there_is_none():
    skipped, effects = walk(*walk(KNOWN, AFTER_CALL)[:1], Choose("survey.score_0", "later"))
    assert (skipped.screen, skipped.stay, effects) == (Screen.BALANCE, None, [])
    none = replace(RULES, context=replace(RULES.context, surveys=frozenset({"visit"})))
    assert walk(KNOWN, AFTER_CALL, rules=none) == (replace(KNOWN, active_at_s=1.0), [])
    for answer in (Told(SurveyTold("-", "", [])), Silence()):  # it ended, or the line went, this very moment
        asking, (asked,) = visits.step(KNOWN, AFTER_CALL, RULES, 1.0)
        assert visits.step(asking, TaskTold(asked.asked, answer), RULES, 1.0)[0].screen is Screen.BALANCE
    (campaign,) = [one for one in load_surveys() if survey.CALL in one.subjects]
    assert campaign.since < date(2026, 11, 23) < campaign.until


def test_who_called_from_within_a_service_is_led_back_to_its_page():
    visit, _ = visits.step(Visit(), OpenService("menu"), RULES, 1.0)
    visit, _ = walk(visit, AFTER_CALL)
    assert visit.page.name == "survey.score_0"
    back, _ = walk(visit, Choose("survey.score_0", "later"))
    assert (back.page.name, back.stay.service, back.stay.past) == ("menu", "menu", ())


@pytest.mark.parametrize("screen", [Screen.CASH_IN, Screen.RECEIPT, Screen.ACCOUNT_ENTRY, Screen.PAYING])
def test_who_has_something_to_end_is_not_asked(screen):
    assert walk(Visit(screen=screen), AFTER_CALL)[0].screen is screen
