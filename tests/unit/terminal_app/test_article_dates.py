"""An article says from when it is true and by what source; one that is over is hidden, and operations hear of it."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest
from msgspec import structs

from signaling_server.contract import knowledge as texts
from signaling_server.contract.cases import Segment
from signaling_server.contract.messages import AlarmReport
from terminal_app.config import TerminalConfig
from terminal_app.core.library import FILE, Shelf
from terminal_app.core.office_side import OfficeSide
from terminal_app.core.task_side import TaskSide
from terminal_app.core.tasks import articles, commercial, knowledge
from terminal_app.core.tasks.task import Chosen, Entered, Printed, Silence, Told
from terminal_app.ui.locale import t
from terminal_app.ui.presenters.page_text import PageTextPresenter

sys.path.append(str(Path(__file__).parents[2] / "ui"))
from page_states import ARTICLE, CONTEXT, screen_of
from terminal_states import at

DAY = CONTEXT.today.isoformat()


def line(name: str, first: str = "2026-01-01", last: str = "") -> texts.ArticleLine:
    return texts.ArticleLine(name, f"Статья {name}", "Оплата", "", "1", first, last)


NOW = line("now", last=DAY)
OVER, TO_COME = line("over", last="2026-11-22"), line("to_come", first="2026-11-24")
TOLD = Told(texts.KnowledgeTold("-", "1", [OVER, NOW, TO_COME]))


@pytest.mark.clause("5.1.2c", owner="terminal_app")
def test_an_article_past_its_last_day_or_before_its_first_is_shown_to_nobody():
    groups, _ = knowledge.begin(CONTEXT)[0].step(TOLD, CONTEXT)
    listed, _ = groups.step(Chosen("group_0"), CONTEXT)
    assert [choice.title.text for choice in listed.page(CONTEXT).choices] == ["Статья now"]
    search, _ = groups.step(Chosen("search"), CONTEXT)
    asking, _ = search.step(Entered("статья"), CONTEXT)
    for answer in (Silence(), Told(texts.SearchTold("-", [OVER, NOW]))):
        found, _ = asking.step(answer, CONTEXT)
        assert [choice.title.text for choice in found.page(CONTEXT).choices] == ["Статья now"]
    tomorrow = replace(CONTEXT, today=date(2026, 11, 24))
    groups, _ = knowledge.begin(tomorrow)[0].step(TOLD, tomorrow)
    assert [each.article_id for each in groups.lines] == ["to_come"]


def test_a_price_that_is_over_is_not_sold_by():
    paid = Told(texts.KnowledgeTold("-", "1", [line("paid_old", last="2026-11-22")]))
    assert commercial.begin(CONTEXT)[0].step(paid, CONTEXT)[0].page(CONTEXT).name == "commercial.none"


@pytest.mark.clause("5.1.2c", owner="terminal_app")
def test_an_article_says_its_dates_and_source_on_the_screen_and_on_paper():
    article = structs.replace(ARTICLE, valid_to="2027-06-30", source="Приказ № 1")
    reading = articles.Reading(article, ())
    page = reading.page(CONTEXT)
    state = at(screen_of(page), page=page)
    words = "Действует с 01.01.2025 по 30.06.2027. Источник: Приказ № 1"
    assert PageTextPresenter(state).view(state).sentence.replace("\u00a0", " ") == words
    _, (slip,) = reading.step(Chosen("print"), CONTEXT)
    assert slip.title == article.title
    assert slip.pairs[:2] == (("Действует с", "01.01.2025"), ("Действует по", "30.06.2027"))
    assert "Источник: Приказ № 1" in slip.words
    assert all(block.text in slip.words for block in article.blocks if block.text)
    assert slip.code == CONTEXT.account_site_url
    printed, _ = reading.step(Printed(True), CONTEXT)
    assert printed.page(CONTEXT).sentence.key == "page.slip_printed"
    assert [choice.key for choice in printed.page(CONTEXT).choices] == ["consultant"]
    assert t("knowledge.article.print") == "Напечатать"


@pytest.mark.clause("5.1.2c", owner="terminal_app")
@pytest.mark.parametrize(("lines", "alarms"), [([OVER, NOW], [AlarmReport("stale_articles", 7)]), ([TO_COME], [])])
async def test_operations_hear_of_an_article_that_the_office_forgot_to_change(tmp_path, lines, alarms):
    lasting = [structs.replace(each, valid_to="2020-01-01") if each is OVER else each for each in lines]
    lasting = [structs.replace(each, valid_to="") if each is NOW else each for each in lasting]
    shelf = Shelf(kept_ms=7, lists={Segment.B2C: texts.KnowledgeTold("-", "1", lasting)})
    (tmp_path / FILE).write_bytes(msgspec.json.encode(shelf))
    config = TerminalConfig(data_dir=str(tmp_path))
    office = OfficeSide(config.office, None, condition=list, on_message=list, on_changed=list)
    side = TaskSide(config, office, SimpleNamespace(meters=None), SimpleNamespace(keep_readings=None), None, print)
    assert side.alarms() == alarms
    await side.close()
