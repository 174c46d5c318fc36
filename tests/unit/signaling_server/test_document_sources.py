"""What an agent shows without a file: answers of the Справочник as pages, papers of the customer's open cases."""

from __future__ import annotations

import io

import numpy as np
import pytest
from desk_scene import Scene, on_air
from PIL import Image
from service_scene import case_form
from test_knowledge import CONTENT, KNOWLEDGE

from signaling_server.cases.register import file_case
from signaling_server.clock import milliseconds
from signaling_server.contract.cases import AttachmentSlip, CaseState, Segment
from signaling_server.contract.documents import DocumentShown, ShowArticle, ShowPaper
from signaling_server.contract.messages import EndCall
from signaling_server.desk.document_sources import DocumentSources
from signaling_server.documents.article import article_pdf
from signaling_server.documents.drawing import drawn
from signaling_server.refusal import ServiceRefusedError
from signaling_server.storage import cases as rows

ACCOUNT = "100000017"


@pytest.fixture
async def scene(tmp_path):
    scene = await Scene(tmp_path).open()
    scene.sources = DocumentSources(scene.database, scene.clock, scene.desk.documents, KNOWLEDGE)
    yield scene
    await scene.close()


def photo() -> bytes:
    stored = io.BytesIO()
    Image.new("RGB", (300, 200), "white").save(stored, "JPEG")
    return stored.getvalue()


async def written_case(scene, name, account=ACCOUNT, state=CaseState.IN_WORK):
    """A case with one paper that has arrived."""
    form = case_form(name, account=account)
    async with scene.database.begin() as tx:
        case = await file_case(tx, form, terminal_id="t1", vip=False, now_s=scene.clock.at_s)
        await rows.promise_attachments(tx, case.number, [AttachmentSlip(f"{name}-a", "0" * 64, 10)])
        await rows.store_attachment(
            tx, case.number, f"{name}-a", content=photo(), media_type="image/jpeg", at_ms=milliseconds(scene.clock.at_s)
        )
        await rows.change_case(tx, case.number, case.state, {"state": state})
    return case.number


@pytest.mark.parametrize("article", CONTENT.articles, ids=lambda each: each.article_id)
async def test_every_article_becomes_pages_with_its_words_tables_and_pictures(article):
    pages = await drawn(article_pdf(article, CONTENT.pictures))
    assert 1 <= len(pages) <= 3
    with Image.open(io.BytesIO(pages[0])) as picture:
        seen = np.asarray(picture.convert("L"))
        assert picture.size == (1241, 1754)
    assert seen[120:200, 120:900].min() < 60  # the title
    assert seen[:, :90].min() > 230  # and margins
    assert seen[:, -90:].min() > 230


async def test_an_article_is_found_by_words_and_shown_to_the_customer(scene):
    _, booth, agent, _, call_id = await on_air(scene)
    found = scene.sources.articles("сдать показания счётчика", Segment.B2C).articles
    assert found[0].article_id == "readings_submit"
    assert len(scene.sources.articles(" ", Segment.B2C).articles) > len(found)
    taken = await scene.sources.show_article(agent, call_id, ShowArticle("readings_submit"))
    shown = booth.last(DocumentShown)
    assert (shown.title, shown.pages) == (found[0].title, taken.pages)
    with pytest.raises(ServiceRefusedError) as refused:
        await scene.sources.show_article(agent, call_id, ShowArticle("no_such"))
    assert refused.value.reason == "unknown_article"


def test_an_article_that_does_not_hold_today_is_not_offered():
    line = KNOWLEDGE.found("", Segment.B2C, "2026-11-26")[0]
    before = KNOWLEDGE.found("", Segment.B2C, "2000-01-01")
    assert line not in before


async def test_papers_of_a_named_open_case_and_of_the_others_of_its_account_are_shown_and_that_is_kept(scene):
    _, booth, agent, _, call_id = await on_air(scene)
    first, second = await written_case(scene, "s1"), await written_case(scene, "s2")
    closed = await written_case(scene, "s3", state=CaseState.CLOSED)
    await written_case(scene, "s4", account="100000099")
    assert (await scene.sources.papers(agent, call_id, "")).papers == []
    found = (await scene.sources.papers(agent, call_id, first)).papers
    assert [(paper.number, paper.attachment_id) for paper in found] == [(first, "s1-a"), (second, "s2-a")]
    await scene.sources.show_paper(agent, call_id, ShowPaper(second, "s2-a"))
    assert booth.last(DocumentShown).title == f"Документ к обращению № {second}"
    async with scene.database.begin() as tx:
        told = (await rows.events_of(tx, second))[-1]
    assert (told.actor, told.detail) == (agent.login, "Документ обращения показан клиенту в разговоре")
    for number, attachment_id in ((closed, "s3-a"), (first, "s2-a"), ("26-999999", "s1-a")):
        with pytest.raises(ServiceRefusedError) as refused:
            await scene.sources.show_paper(agent, call_id, ShowPaper(number, attachment_id))
        assert refused.value.reason == "unknown_case"
    with pytest.raises(ServiceRefusedError, match="Открытого обращения"):
        await scene.sources.papers(agent, call_id, closed)


async def test_only_the_agent_of_a_call_on_the_air_sees_and_shows(scene):
    _, booth, agent, page, call_id = await on_air(scene)
    number = await written_case(scene, "s1")
    other, _ = await scene.agent("petrov")
    asks = (
        lambda who: scene.sources.papers(who, call_id, number),
        lambda who: scene.sources.show_paper(who, call_id, ShowPaper(number, "s1-a")),
        lambda who: scene.sources.show_article(who, call_id, ShowArticle("debt")),
    )
    await scene.desk.page_said(agent.agent_id, page, EndCall("e1", call_id))
    for who in (other, agent):
        for ask in asks:
            with pytest.raises(ServiceRefusedError) as refused:
                await ask(who)
            assert refused.value.reason == "unknown_call"
    assert booth.all(DocumentShown) == []
