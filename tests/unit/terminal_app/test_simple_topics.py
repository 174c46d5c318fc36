"""A topic flagged simple has its answer on the glass before a consultant; one that is not calls him at once."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest
from msgspec import structs

from payment.contract import CashInSnapshot, CashSettings
from signaling_server.contract import messages as office
from signaling_server.contract.cases import is_site_visit
from signaling_server.contract.messages import WayToTalk
from terminal_app.contacts import Contacts
from terminal_app.core import call as calls
from terminal_app.core.state import Surroundings, call_press, terminal_state
from terminal_app.core.tasks.task import AskOffice, Silence, Told
from terminal_app.core.visit_events import CallConsultant, TaskTold
from terminal_app.core.visit_trail import VisitTrail
from terminal_app.ipc.messages import ChooseWay, GoHome, Screen, StartCall
from terminal_app.ipc.pages import Choose, OpenService
from terminal_app.ui import theme
from terminal_app.ui.presenters.chrome import ChromePresenter
from tests.unit.terminal_app.touching_customer import CONTEXT, Customer

sys.path.append(str(Path(__file__).parents[2] / "ui"))
from service_answers import answers

AROUND = Surroundings(CONTEXT.availability, Contacts(), "", CashSettings(terminal_id="t"))
TOPICS = [topic for topic in CONTEXT.facts.topics if not is_site_visit(topic.topic_id)]
SIMPLE = [topic for topic in TOPICS if topic.simple]
COMPLEX = [topic for topic in TOPICS if not topic.simple]


class Asking(Customer):
    """One who looks for a consultant in Справочник; the office answers what its services ask."""

    def touch(self, press, touches: int = 1) -> None:
        super().touch(press, touches)
        while [effect for effect in self.effects if getattr(effect, "question", None)]:
            asked = self.asked(AskOffice)
            self.hears(TaskTold(asked.asked, Told(answers(asked.question.request)[0])))

    def chooses(self, words: str) -> None:
        page = self.visit.page
        self.touch(Choose(page.name, next(choice.key for choice in page.choices if choice.title.text == words)))

    def names(self, topic) -> None:
        self.touch(OpenService("knowledge"))
        self.touch(Choose("knowledge", "ask"))
        self.chooses(topic.group_title)
        self.chooses(topic.title)

    def calls(self) -> office.CallRequested:
        """By the touch under the screen that he stands before."""
        linked, _ = calls.step(calls.Call(), calls.LinkChanged(up=True), 0.0)
        shown = terminal_state(self.visit, linked, CashInSnapshot(), AROUND)
        touch = ChromePresenter(theme.brand).press("consultant", shown)
        assert touch == StartCall()
        asked, _ = calls.step(linked, call_press(self.visit, touch, "r0", CONTEXT.facts), 0.0)
        assert asked.screen is Screen.CALL_WAY
        way = call_press(self.visit, ChooseWay(WayToTalk.SPEAK), "r1", CONTEXT.facts)
        _, effects = calls.step(asked, way, 0.0)
        (request,) = [effect.message for effect in effects if isinstance(effect, calls.ToOffice)]
        return request


@pytest.mark.clause("3-Простые", owner="terminal_app")
@pytest.mark.parametrize("topic", SIMPLE, ids=lambda topic: topic.topic_id)
def test_of_a_simple_topic_the_answer_is_opened_first_and_one_touch_leads_on_to_the_consultant(topic):
    customer = Asking()
    customer.names(topic)
    page = customer.visit.page
    assert page.name in ("knowledge.answer", "knowledge.answers")
    assert page.topic_id == topic.topic_id
    assert CallConsultant() not in customer.effects
    request = customer.calls()
    assert (request.topic, request.context.screen) == (topic.title, page.name)
    customer.touch(Choose(page.name, "consultant"))  # and where he is offered beside the answer
    assert customer.effects == [CallConsultant()]


@pytest.mark.clause("3-Простые", owner="terminal_app")
@pytest.mark.parametrize("topic", COMPLEX, ids=lambda topic: topic.topic_id)
def test_a_topic_that_is_not_simple_calls_the_consultant_at_once_and_he_sees_it(topic):
    customer = Asking()
    customer.names(topic)
    assert customer.effects == [CallConsultant()]
    assert customer.calls().topic == topic.title


@pytest.mark.clause("3-Простые", owner="terminal_app")
def test_nobody_has_to_name_a_topic_the_button_calls_from_every_page_on_the_way():
    topic = SIMPLE[0]
    customer = Asking()
    for press in (OpenService("knowledge"), Choose("knowledge", "ask")):
        customer.touch(press)
        assert customer.calls().topic == ""
    customer.chooses(topic.group_title)
    assert customer.calls().topic == ""


def test_several_answers_to_one_topic_are_chosen_from_and_each_is_told_as_an_answer():
    customer = Asking()
    customer.names(next(topic for topic in SIMPLE if topic.topic_id == "charges.tariff"))
    titles = [choice.title.text for choice in customer.visit.page.choices]
    assert titles == ["Льготы и субсидии", "Тарифные зоны: день, ночь, полупик", ""]
    customer.chooses(titles[1])
    assert (customer.visit.page.name, customer.visit.page.article_id) == ("knowledge.answer", "tariff_zones")


def test_a_simple_topic_without_an_answer_or_whose_answer_does_not_come_is_no_barrier():
    topic = structs.replace(SIMPLE[0], topic_id="charges.unheard_of")
    customer = Asking()
    facts = replace(CONTEXT.facts, topics=(topic,))
    customer.rules = replace(customer.rules, context=replace(CONTEXT, facts=facts))
    customer.names(topic)
    assert customer.effects == [CallConsultant()]

    silent = Asking()
    topic = next(topic for topic in SIMPLE if topic.topic_id == "readings.submit")
    for press in (OpenService("knowledge"), Choose("knowledge", "ask")):
        silent.touch(press)
    silent.chooses(topic.group_title)
    key = next(choice.key for choice in silent.visit.page.choices if choice.title.text == topic.title)
    Customer.touch(silent, Choose("knowledge.topic", key))
    silent.hears(TaskTold(silent.asked(AskOffice).asked, Silence()))
    assert silent.effects == [CallConsultant()]


def test_an_office_that_told_no_topics_is_called_at_once():
    customer = Asking()
    facts = replace(CONTEXT.facts, topics=())
    customer.rules = replace(customer.rules, context=replace(CONTEXT, facts=facts))
    customer.touch(OpenService("knowledge"))
    customer.touch(Choose("knowledge", "ask"))
    assert (customer.effects, customer.visit.page.name) == ([CallConsultant()], "knowledge")


@pytest.mark.clause("8.1.1a", owner="terminal_app")
def test_the_trail_of_a_visit_tells_which_answer_was_opened_and_about_what():
    customer, trail = Asking(), VisitTrail()
    customer.names(next(topic for topic in SIMPLE if topic.topic_id == "readings.submit"))
    trail.seen(terminal_state(customer.visit, calls.Call(), CashInSnapshot(), AROUND), 1_000)
    page = customer.visit.page
    for article_id in ("other", "Своя статья-2"):  # an id that the contract has no letters for is left out
        customer.visit = replace(customer.visit, page=structs.replace(page, article_id=article_id))
        trail.seen(terminal_state(customer.visit, calls.Call(), CashInSnapshot(), AROUND), 2_000)
    customer.touch(GoHome())
    steps = trail.seen(terminal_state(customer.visit, calls.Call(), CashInSnapshot(), AROUND), 3_000)
    assert [(step.screen, step.topic, step.article) for step in steps] == [
        ("knowledge.answer", "readings.submit", "readings_submit"),
        ("knowledge.answer", "readings.submit", "other"),
        ("knowledge.answer", "readings.submit", ""),
    ]
