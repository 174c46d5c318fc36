"""«Выезд специалиста»: filed whole or not at all, in the words of who goes, and to the person whose customer he is."""

import pytest
from service_scene import VIP_ACCOUNT, case_form, service_scene

from signaling_server.cases.classifier import load_topics
from signaling_server.cases.site_visits import Route, route_of
from signaling_server.contract.cases import CaseKind, Segment, SiteVisit, VisitTime, is_site_visit
from signaling_server.refusal import ServiceRefusedError

VISIT = SiteVisit("д. Верхние Осельки, дом 4", VisitTime.MORNING, "Муж на коляске, второй этаж")


def visit_form(submission_id="s1", visit=VISIT, **changes):
    form = {"kind": CaseKind.REQUEST, "topic_id": "visit.check", "complaint_subject": None, "site_visit": visit}
    return case_form(submission_id, **{**form, **changes})


@pytest.fixture
async def scene(tmp_path):
    async with service_scene(tmp_path) as scene:
        yield scene


@pytest.mark.clause("6.2.10", owner="signaling_server/cases")
@pytest.mark.parametrize(
    ("segment", "vip", "route"),
    [
        (Segment.B2B, False, Route.CURATOR),
        (Segment.B2B, True, Route.CURATOR),
        (Segment.B2B2C, False, Route.CURATOR),
        (Segment.B2B2C, True, Route.CURATOR),
        (Segment.B2C, True, Route.PERSONAL_MANAGER),
        (Segment.B2C, False, Route.SITE_SPECIALIST),
    ],
)
def test_an_organisation_goes_to_its_curator_a_vip_to_his_manager_and_others_to_the_site(segment, vip, route):
    assert route_of("visit.check", segment, vip=vip) is route
    assert route_of("metering.check", segment, vip=vip) is None


@pytest.mark.clause("6.2.10", owner="signaling_server/cases")
@pytest.mark.parametrize(
    ("changes", "route", "words"),
    [
        ({"segment": Segment.B2B}, "curator", "Выезд передан куратору организации"),
        ({"account": VIP_ACCOUNT}, "personal_manager", "Выезд передан персональному менеджеру"),
        ({}, "site_specialist", "Выезд передан специалисту участка"),
    ],
)
async def test_a_filed_visit_stands_in_the_list_with_its_route_and_says_all_who_goes_needs(
    scene, changes, route, words
):
    filed = await scene.file(visit_form(**changes))
    card = await scene.case_desk.card(filed.case_number)
    assert card.row.route == route
    assert words in [event.detail for event in card.events]
    assert card.text == (
        "Выезд специалиста: Проверить или заменить счётчик\n"
        "Адрес: д. Верхние Осельки, дом 4\n"
        "Удобное время: с 9 до 12 часов\n"
        "Учесть: Муж на коляске, второй этаж"
    )


async def test_what_asks_for_no_visit_has_no_route(scene):
    filed = await scene.file(case_form())
    assert (await scene.case_desk.card(filed.case_number)).row.route == ""


@pytest.mark.parametrize(
    "changes",
    [
        {"visit": None},
        {"visit": SiteVisit("дома")},
        {"topic_id": "metering.check"},
        {"kind": CaseKind.QUESTION},
    ],
)
async def test_a_visit_without_an_address_and_an_address_without_a_visit_are_refused(scene, changes):
    with pytest.raises(ServiceRefusedError) as refusal:
        await scene.file(visit_form(**changes))
    assert refusal.value.reason == "bad_visit"


def test_there_is_a_group_of_what_a_specialist_comes_for():
    assert len([topic for topic in load_topics() if is_site_visit(topic.topic_id)]) == 3
