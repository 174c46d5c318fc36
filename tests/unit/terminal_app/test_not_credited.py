"""«Платёж не дошёл, нет чека» is one touch in the menu, and a person or a filled-in request one more."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from signaling_server.contract.cases import CaseKind
from terminal_app.core.tasks import menu, not_credited
from terminal_app.core.tasks.task import Call, Chosen, GoTo

sys.path.append(str(Path(__file__).parents[2] / "ui"))
from page_states import CONTEXT


def test_the_menu_leads_there_in_one_touch_and_from_there_to_a_person():
    first, _ = menu.menu("menu", menu.HOUSEHOLDS)(CONTEXT)
    assert first.step(Chosen("not_credited"), CONTEXT)[1] == [GoTo("not_credited")]
    task, _ = not_credited.begin(CONTEXT)
    assert task.step(Chosen("consultant"), CONTEXT)[1] == [Call()]
    assert task.step(Chosen("menu"), CONTEXT)[1] == [GoTo("menu")]


def test_who_writes_is_asked_neither_the_kind_nor_the_topic():
    writing, _ = not_credited.begin(CONTEXT)[0].step(Chosen("write"), CONTEXT)
    assert (writing.draft.kind, writing.draft.topic.topic_id) == (CaseKind.QUESTION, not_credited.TOPIC)
    assert writing.draft.account == CONTEXT.account.account
    assert writing.page(CONTEXT).name == "written.text"


def test_an_office_that_takes_no_forms_is_only_called_and_one_without_the_topic_is_asked_for_its_own():
    unsealed = replace(CONTEXT, facts=replace(CONTEXT.facts, sealed=False))
    page = not_credited.begin(unsealed)[0].page(unsealed)
    assert [choice.key for choice in page.choices] == ["consultant", "menu"]
    other = replace(CONTEXT, facts=replace(CONTEXT.facts, topics=CONTEXT.facts.topics[:1]))
    writing, _ = not_credited.begin(other)[0].step(Chosen("write"), other)
    assert writing.draft.topic is None
