"""What is asked most, and how many visits needed no consultant, from stored visits and cases."""

from __future__ import annotations

import pytest
from service_scene import NOON_MS, NOON_S, service_scene
from sqlalchemy import insert

from signaling_server.cases.classifier import TOPICS_PATH, ClassifierError, load_topics
from signaling_server.contract.quality import SelfServicePath
from signaling_server.contract.visits import VisitStep, VisitSteps
from signaling_server.knowledge.content import SHIPPED, load_content
from signaling_server.quality.containment import Containment, Seen, VisitTally
from signaling_server.quality.frequency import most_frequent, top_topics
from signaling_server.quality.self_service import SelfServiceUse
from signaling_server.storage.tables import CASES

TOPICS = load_topics()
CONTENT = load_content(SHIPPED, company="АО", topic_ids=frozenset(topic.topic_id for topic in TOPICS))
DAY_MS = 86_400_000
MIDNIGHT_MS = NOON_MS - DAY_MS // 2  # of the day that the scene stands in, in Moscow


# --- the classifier -------------------------------------------------------------------------------------------------


@pytest.mark.clause("3-Простые", owner="signaling_server/cases")
def test_each_topic_is_flagged_simple_or_not_and_each_simple_one_has_its_answer():
    simple = {topic.topic_id for topic in TOPICS if topic.simple}
    assert {"readings.submit", "payment.ways", "complaints.outage"} <= simple
    assert {"charges.recalculate", "payment.instalment", "complaints.service"}.isdisjoint(simple)
    assert simple <= {article.topic_id for article in CONTENT.articles}


@pytest.mark.clause("3-Простые", owner="signaling_server/cases")
@pytest.mark.parametrize("told", [", simple = true", ", simple = false"])
def test_a_topic_without_the_flag_does_not_open_the_office(tmp_path, told):
    path = tmp_path / "topics.toml"
    path.write_text(TOPICS_PATH.read_text("utf-8").replace(told, "", 1), "utf-8")
    with pytest.raises(ClassifierError, match="simple"):
        load_topics(path)


# --- how often ------------------------------------------------------------------------------------------------------


@pytest.mark.clause("8.1.1a", owner="signaling_server/quality")
def test_an_answer_ranks_by_visits_that_opened_it_and_by_cases_of_its_topic():
    ranked = most_frequent(CONTENT.articles, {"outage": 5, "debt": 3}, {"charges.debt": 4, "payment.ways": 5})
    assert ranked == ["debt", "business_payment", "outage", "pay_ways"]  # equal ones in the order of the content
    assert most_frequent(CONTENT.articles, {}, {}) == []


@pytest.mark.clause("8.1.1a", owner="signaling_server/quality")
def test_the_ten_most_frequent_topics_say_how_each_is_settled_without_a_consultant():
    visits = {topic.topic_id: number for number, topic in enumerate(TOPICS)}
    answered = frozenset(article.topic_id for article in CONTENT.articles)
    top = top_topics(TOPICS, answered, visits, {}, {TOPICS[0].topic_id: 100})
    assert [use.topic_id for use in top] == [TOPICS[0].topic_id, *(t.topic_id for t in reversed(TOPICS[-9:]))]
    assert SelfServicePath.NONE not in {use.path for use in top}
    (bare,) = top_topics(TOPICS[5:6], frozenset(), {TOPICS[5].topic_id: 1}, {}, {})
    assert (bare.path, bare.visits, bare.registered) == (SelfServicePath.SERVICE, 1, 0)
    (lost,) = top_topics([t for t in TOPICS if not t.service][:1], frozenset(), {}, {}, {"contract.documents": 1})
    assert lost.path is SelfServicePath.NONE


# --- containment ----------------------------------------------------------------------------------------------------


def seen(visit_id: str, screen: str, service: str = "pay", result: str = "", topic: str = "") -> Seen:
    return Seen(visit_id, screen, service, result, topic)


def tallied(steps: list[Seen]) -> Containment:
    tally = VisitTally()
    tally.add(steps)
    return tally.told()


@pytest.mark.clause("8.1.1a", owner="signaling_server/quality")
def test_a_visit_is_settled_alone_or_called_a_consultant_or_left():
    told = tallied(
        [
            seen("paid", "account_entry"),
            seen("paid", "receipt", result="credited"),
            seen("read", "knowledge.article", "knowledge", topic="charges.tariff"),
            seen("looked", "call_way", "call"),  # went back from the question how to talk
            seen("looked", "balance"),
            seen("talked", "knowledge.answer", "knowledge", topic="charges.tariff"),
            seen("talked", "call_waiting", "call"),
            seen("talked", "call_live", "call"),
            seen("talked", "readings.given", "readings", "done"),
            seen("night", "notice", result="desk_closed"),
            seen("lost", "account_entry"),
            seen("lost", "receipt", result="not_credited"),
        ]
    )
    assert (told.alone, told.with_consultant, told.left) == (3, 2, 1)
    assert (told.about, told.about_alone) == ({"charges.tariff": 2}, {"charges.tariff": 1})


def test_of_no_visits_there_is_nothing_to_tell():
    told = tallied([])
    assert (told.alone, told.with_consultant, told.left, told.about) == (0, 0, 0, {})


# --- as the office counts it ----------------------------------------------------------------------------------------


def steps(*visits: tuple[str, int, str, str, str, str]) -> VisitSteps:
    return VisitSteps(
        "r",
        [
            VisitStep(visit, 0, at_ms, screen, service, topic=topic, article=article)
            for visit, at_ms, screen, service, topic, article in visits
        ],
    )


def read(visit: str, at_ms: int, article: str, topic: str) -> tuple[str, int, str, str, str, str]:
    return visit, at_ms, "knowledge.article", "knowledge", topic, article


async def register(database, number: str, topic_id: str, opened_at_ms: int) -> None:
    async with database.begin() as tx:
        case = {"number": number, "topic_id": topic_id, "opened_at_ms": opened_at_ms, "state": "new"}
        await tx.execute(insert(CASES).values(received_date="2026-11-22", terminal_id="t1", agent_id="", **case))


@pytest.mark.clause("8.1.1a", owner="signaling_server/quality")
async def test_the_ranking_is_of_whole_days_and_changes_at_midnight(tmp_path):
    async with service_scene(tmp_path) as scene:
        use = SelfServiceUse(scene.database, scene.clock, TOPICS, CONTENT.articles)
        yesterday, today = MIDNIGHT_MS - 1, MIDNIGHT_MS
        told = [
            read("v1", yesterday, "outage", "complaints.outage"),
            read("v2", yesterday - 29 * DAY_MS, "outage", "complaints.outage"),
            read("v3", yesterday - 30 * DAY_MS, "debt", "charges.debt"),  # longer ago than a month
            *(read(f"w{n}", today, "benefits", "charges.tariff") for n in range(5)),
        ]
        await scene.feedback.store_steps("t1", steps(*told))
        await register(scene.database, "1", "contract.documents", yesterday)
        assert await use.most_frequent() == ["outage", "contract_transfer"]
        await scene.feedback.store_steps(
            "t2", steps(*(read(f"x{n}", yesterday, "debt", "charges.debt") for n in "abc"))
        )
        assert await use.most_frequent() == ["outage", "contract_transfer"]  # nothing moves by day
        scene.clock.s = NOON_S + 86_400
        assert await use.most_frequent() == ["benefits", "debt", "contract_transfer", "outage"]


@pytest.mark.clause("8.1.1a", owner="signaling_server/quality")
async def test_operations_are_told_the_share_of_the_month_and_what_is_asked_most(tmp_path):
    async with service_scene(tmp_path) as scene:
        use = SelfServiceUse(scene.database, scene.clock, TOPICS, CONTENT.articles)
        empty = await use.answer()
        assert (empty.days, empty.alone, empty.with_consultant, empty.left, empty.topics) == (30, 0, 0, 0, [])
        scene.clock.s += 600
        told = steps(
            read("v1", NOON_MS, "outage", "complaints.outage"),
            ("v2", MIDNIGHT_MS - 1, "balance", "pay", "", ""),
            ("v3", NOON_MS - 1, "account_entry", "pay", "", ""),
            ("v4", NOON_MS - 31 * DAY_MS, "balance", "pay", "", ""),
            ("v5", NOON_MS - 1, "readings.check", "readings", "", ""),  # a service that is about one topic alone
            ("v6", NOON_MS - 1, "written.way", "written", "", ""),
        )
        await scene.feedback.store_steps("t1", told)
        talk = VisitStep("v2", 1, MIDNIGHT_MS, "call_live", "call")  # a visit over midnight is one
        await scene.feedback.store_steps("t1", VisitSteps("r", [talk]))
        await register(scene.database, "1", "charges.debt", NOON_MS)
        await register(scene.database, "2", "charges.debt", NOON_MS - 40 * DAY_MS)
        answer = await use.answer()
        assert (answer.alone, answer.with_consultant, answer.left) == (1, 1, 3)
        assert [(use.topic_id, use.visits, use.visits_alone, use.registered) for use in answer.topics] == [
            ("readings.submit", 1, 1, 0),
            ("charges.debt", 0, 0, 1),
            ("complaints.outage", 1, 1, 0),
        ]
