"""Справочник begins with what is really asked most, in an order that stands still; whatever is asked has its way."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from signaling_server.cases.classifier import load_topics
from signaling_server.contract.cases import Segment
from signaling_server.contract.knowledge import ArticleAsked, KnowledgeTold
from signaling_server.contract.quality import SelfServicePath
from signaling_server.knowledge.content import SHIPPED, load_content
from signaling_server.quality.containment import ANSWERS
from signaling_server.quality.frequency import path_of
from terminal_app.core.tasks import knowledge, registry
from terminal_app.core.tasks.task import AskOffice, Chosen, Told
from terminal_app.core.visit_events import TaskTold, Tick
from terminal_app.core.visit_tasks import PAY
from terminal_app.ipc.messages import Screen
from terminal_app.ipc.pages import Choose, OpenService
from tests.unit.terminal_app.touching_customer import Customer

sys.path.append(str(Path(__file__).parents[2] / "ui"))
from page_states import CONTEXT, LINES, PAGES

IDS = [line.article_id for line in LINES]
BY_ID = {line.article_id: line for line in LINES}
TOPICS = load_topics()
CONTENT = load_content(SHIPPED, company="АО", topic_ids=frozenset(topic.topic_id for topic in TOPICS))


def begun(frequent: list[str], context=CONTEXT):
    return knowledge.begin(context)[0].step(Told(KnowledgeTold("-", "1", list(LINES), frequent)), context)[0]


def shown(task, context=CONTEXT) -> list[str]:
    return [choice.title.text for choice in task.page(context).choices if choice.key.startswith("article_")]


@pytest.mark.clause("8.1.1a", owner="terminal_app")
def test_the_ten_most_frequent_answers_stand_first_as_the_office_has_ranked_them():
    ranked = list(reversed(IDS))
    task = begun(ranked)
    assert shown(task) == [BY_ID[article_id].title for article_id in ranked[:10]]
    keys = [choice.key for choice in task.page(CONTEXT).choices]
    assert keys == ["search", *(f"article_{n}" for n in range(10)), "groups", "ask"]
    groups, _ = task.step(Chosen("groups"), CONTEXT)
    assert len(groups.page(CONTEXT).choices) == 2 + len({line.group_title for line in LINES})


@pytest.mark.clause("8.1.1a", owner="terminal_app")
def test_the_order_does_not_change_under_the_hand_of_who_looks_at_it():
    customer = Customer()
    customer.touch(OpenService("knowledge"))
    told = KnowledgeTold("-", "1", list(LINES), IDS[:3])
    customer.hears(TaskTold(customer.asked(AskOffice).asked, Told(told)))
    before = customer.visit.page
    news = KnowledgeTold("-", "2", list(LINES), IDS[3:6])
    for event in (Tick(), TaskTold(1, Told(news)), TaskTold(2, Told(news)), Tick()):
        customer.hears(event)
    assert customer.visit.page == before
    customer.touch(Choose("knowledge", "article_0"))
    assert customer.asked(AskOffice).question.request == ArticleAsked("-", IDS[0])


def test_what_is_ranked_and_not_here_or_out_of_force_is_left_out_and_nothing_ranked_shows_the_groups():
    assert shown(begun(["gone", IDS[0]])) == [BY_ID[IDS[0]].title]
    keys = [choice.key for choice in begun([]).page(CONTEXT).choices]
    assert keys[:2] == ["search", "group_0"]
    assert keys[-1] == "ask"


@pytest.mark.clause("8.1.1a", owner="terminal_app")
@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.topic_id)
def test_whatever_topics_are_the_ten_most_frequent_each_has_a_service_or_an_article_at_the_terminal(topic):
    answered = frozenset(article.topic_id for article in CONTENT.articles if Segment.B2C in article.segments)
    assert path_of(topic, answered) is not SelfServicePath.NONE
    assert not topic.service or topic.service in {*registry.SERVICES, PAY}


def test_what_the_office_counts_as_an_answer_is_a_page_of_this_terminal():
    pages = {page.name for page in PAGES.values()} | {screen.value for screen in Screen} | {"account_site"}
    assert pages >= ANSWERS
