"""Script and algorithm of each topic (clause 3)."""

from __future__ import annotations

import pytest

from signaling_server.cases.classifier import ClassifierError, load_topics
from signaling_server.cases.guides import GUIDES_PATH, load_guides

TOPICS = load_topics()


@pytest.mark.clause("3-Скрипт", owner="agent_web")
def test_each_topic_has_what_to_say_and_what_to_do_from_the_greeting_to_the_farewell():
    none_chosen, *guides = load_guides(TOPICS)
    assert none_chosen.topic_id == ""
    assert {guide.topic_id for guide in guides} == {topic.topic_id for topic in TOPICS}
    for guide in guides:
        assert guide.say, guide.topic_id
        assert guide.steps[0] == none_chosen.steps[0] == "Поздороваться, назвать общество и себя"
        assert guide.steps[-1] == "Подвести итог и попрощаться"
        assert len(guide.steps) > len(none_chosen.steps), "the topic has steps of its own"


@pytest.mark.parametrize(
    ("was", "becomes", "told"),
    [
        ('"payment.ways"', '"payment.way"', "нет слов и шагов для тем: payment.ways"),
        ("[every]", '[topic."old.topic"]\nsay = ["Что?"]\nsteps = ["Записать"]\n[every]', "нет таких тем: old.topic"),
        ('say = ["Что вам нужно сделать?"]', "say = []", "length >= 1"),
        ('"Назвать способы и срок оплаты", ', '"Подвести итог и попрощаться", ', "шаг повторяется: payment.ways"),
        ("[every]", "[ever", "guides.toml"),
    ],
)
def test_a_gap_or_a_stray_guide_does_not_open_the_office(tmp_path, was, becomes, told):
    text = GUIDES_PATH.read_text("utf-8")
    assert was in text
    path = tmp_path / "guides.toml"
    path.write_text(text.replace(was, becomes, 1), "utf-8")
    with pytest.raises(ClassifierError, match=told):
        load_guides(TOPICS, path)
