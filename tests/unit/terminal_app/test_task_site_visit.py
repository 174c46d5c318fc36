"""«Вызвать специалиста»: what for, where to, when, what to mind; sent as any written request is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from test_task_written import BY_SMS, CONTEXT, PHONE, TOPICS, VERSION, name, sent, walked

from signaling_server.cases.forms import check_form
from signaling_server.cases.site_visits import Route, route_of
from signaling_server.contract.cases import CaseKind, Segment, SiteVisit, VisitTime
from signaling_server.contract.services import ServiceRefused
from terminal_app.core.tasks import menu, written
from terminal_app.core.tasks.task import Chosen, Entered, Facts, GoTo, Told
from terminal_app.core.tasks.written_draft import Stage
from terminal_app.core.tasks.written_end import MENDED_BY

PLACE, NOTE = "д. Верхние Осельки, дом 4", "Муж на коляске"
NEED = (Chosen("topic_0"), Entered(PLACE), Chosen("morning"), Entered(NOTE))


def visited(*events, context=CONTEXT):
    return walked(*events, task=written.site_visit(context)[0], context=context)


@pytest.mark.clause("6.2.10", owner="terminal_app")
@pytest.mark.parametrize(("segment", "route"), [(Segment.B2C, Route.SITE_SPECIALIST), (Segment.B2B, Route.CURATOR)])
def test_a_visit_is_asked_for_at_the_terminal_with_address_need_time_and_what_to_mind(segment, route):
    context = replace(CONTEXT, segment=segment)
    form = sent(visited(*NEED, *BY_SMS, context=context), context)
    assert form.site_visit == SiteVisit(PLACE, VisitTime.MORNING, NOTE)
    assert (form.kind, form.topic_id, form.phone) == (CaseKind.REQUEST, "visit.check", PHONE)
    assert route_of(form.topic_id, form.segment, vip=False) is route


@pytest.mark.clause("6.2.10", owner="terminal_app")
def test_both_entries_lead_to_it_and_the_questions_come_one_by_one():
    for services in (menu.HOUSEHOLDS, menu.ORGANISATIONS):
        assert "office" in services
    office, _ = menu.menu("office", menu.OFFICE)(CONTEXT)
    assert office.step(Chosen("site_visit"), CONTEXT)[1] == [GoTo("site_visit")]
    names = [name(visited(*NEED[:at])) for at in range(len(NEED) + 1)]
    assert names == ["written.topic", "written.place", "written.time", "written.note", "written.way"]


def test_nothing_has_to_be_minded_and_a_phone_is_asked_whatever_the_way_of_the_answer():
    at_way = visited(*NEED[:3], Chosen("skip"))
    assert name(walked(Chosen("email"), task=at_way)) == "written.phone"
    check = walked(
        Chosen("email"), Entered(PHONE), Entered("i@mail.ru"), *[Chosen("skip")] * 2, Chosen("agree"), task=at_way
    )
    form = sent(check)
    assert (form.site_visit, form.phone) == (SiteVisit(PLACE, VisitTime.MORNING, ""), PHONE)


def test_every_answer_of_it_can_be_mended_and_nothing_else_is_asked():
    check = visited(*NEED, *BY_SMS)
    which = walked(Chosen("correct"), task=check)
    keys = [choice.key for choice in which.page(CONTEXT).choices]
    assert keys == ["topic", "place", "time", "note", "way", "name", "account"]
    again = {
        "topic": Chosen("topic_1"),
        "place": Entered("Токсово, дом 9"),
        "time": Chosen("any"),
        "note": Entered("-"),
    }
    for key, answer in again.items():
        mended = sent(walked(Chosen(key), answer, task=which))
        assert mended != sent(check)
        check_form(mended, TOPICS, {VERSION})


def test_what_is_sent_is_read_over_first():
    parts = visited(*NEED, *BY_SMS).page(CONTEXT).parts
    said = {part.heading.key: part.text for part in parts}
    assert said["written.is.kind"].key == "written.site_visit"
    assert (said["written.is.place"].text, said["written.is.note"].text) == (PLACE, NOTE)
    assert said["written.is.time"].key == "written.time.morning"


def test_an_address_the_office_does_not_take_is_asked_anew():
    assert MENDED_BY["bad_visit"] is Stage.PLACE
    refused = walked(Chosen("send"), Told(ServiceRefused("r", "bad_visit", "…")), task=visited(*NEED, *BY_SMS))
    assert name(walked(Chosen("mend"), task=refused)) == "written.place"


def test_an_office_without_such_topics_says_that_there_is_no_such_service_now():
    facts = Facts(tuple(t for t in CONTEXT.facts.topics if not t.topic_id.startswith("visit.")), sealed=True)
    assert name(visited(context=replace(CONTEXT, facts=facts))) == "written.absent"


def test_the_other_written_requests_do_not_offer_a_visit_without_an_address():
    groups = written.begin(CONTEXT)[0]
    page = walked(Chosen("request"), task=groups).page(CONTEXT)
    assert "Выезд специалиста" not in [choice.title.text for choice in page.choices]
