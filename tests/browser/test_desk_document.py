"""«Документ для клиента» on the agent's page, in chromium, with the real office; the terminal is its sockets."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import Page, expect

from provisioning.terminal.identity import load_identity
from signaling_server.contract.documents import (
    DocumentShown,
    DocumentState,
    DocumentTold,
    SheetsState,
    WithdrawDocument,
)
from signaling_server.contract.messages import CallAccepted
from signaling_server.contract.stills import StillAsked, StillState, StillTold
from signaling_server.office import Office
from tests.browser.office_line import TerminalLine, in_call
from tests.browser.office_line import browser_page as browser_page
from tests.browser.office_line import line as line
from tests.browser.office_line import real_office as real_office
from tests.integration.office_bench import Crowd
from tests.unit.signaling_server.test_document_pages import pdf

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.clause("6.1.1", owner="agent_web")
async def test_a_file_is_chosen_drawn_shown_and_taken_away(
    real_office: Office, line: TerminalLine, browser_page: Page, tmp_path: Path
) -> None:
    robot = await in_call(real_office, line, browser_page)
    call_id = (await line.heard(CallAccepted)).call_id
    file = robot.get("document-file")
    await file.set_input_files({"name": "игра.pdf", "mimeType": "application/pdf", "buffer": b"MZ a program"})
    await robot.reads("document-error", "Показать можно PDF, JPEG или PNG")
    await robot.look("document-refused")
    await file.set_input_files({"name": "Договор № 7.pdf", "mimeType": "application/pdf", "buffer": pdf(2)})
    shown = await line.heard(DocumentShown)
    assert (shown.title, shown.pages) == ("Договор № 7", 2)
    identity = load_identity(tmp_path / "identity-Терминал 1")
    async with Crowd() as crowd:
        http = await crowd.http()
        statuses = []
        for number in (0, 1, 1, 2):
            async with http.get(
                f"{real_office.terminal_url}{shown.path}/{number}", ssl=identity.ssl_context()
            ) as answer:
                statuses.append(answer.status)
    assert statuses == [200, 200, 404, 404]  # each page once
    told = DocumentTold(call_id, shown.document_id, DocumentState.SHOWN, 1, SheetsState.NONE, "paper_out")
    await line.say(told)
    await robot.reads("document-state", "Перед клиентом страница 2")
    await robot.reads("document-sheets", "Принтер А4 не печатает: кончилась бумага")
    await robot.look("document-shown")
    await robot.get("document-close").click()
    assert (await line.heard(WithdrawDocument)).document_id == shown.document_id
    await line.say(DocumentTold(call_id, shown.document_id, DocumentState.CLOSED))
    await robot.reads("document-state", "Документ закрыт")
    assert await robot.get("document-close").count() == 0
    assert robot.troubles == []


@pytest.mark.clause("6.1.1", owner="agent_web")
async def test_an_answer_is_found_by_words_and_a_paper_of_the_case_is_chosen(
    real_office: Office, line: TerminalLine, browser_page: Page, tmp_path: Path
) -> None:
    robot = await in_call(real_office, line, browser_page)
    call_id = (await line.heard(CallAccepted)).call_id
    await robot.get("source-article").check()
    await robot.reads("articles", "Льготы и субсидии")  # all of them before a word is typed
    await robot.get("article-query").fill("сдать показания")
    await robot.get("article-search").click()
    await expect(robot.get("articles")).not_to_contain_text("Льготы и субсидии")
    await robot.look("document-articles")
    await robot.get("article-show").first.click()
    answer = await line.heard(DocumentShown)
    assert (answer.call_id, answer.title) == (call_id, "Как передать показания")

    await robot.get("source-paper").check()
    await robot.reads("document-panel", "Спросите у клиента номер обращения")
    await robot.get("paper-query").fill("26-999999")
    await robot.get("paper-search").click()
    await robot.reads("document-error", "Открытого обращения с таким номером нет")
    await robot.get("still-ask").click()
    asked = await line.heard(StillAsked)
    identity = load_identity(tmp_path / "identity-Терминал 1")
    async with Crowd() as crowd:
        link = real_office.terminal_url + asked.path
        async with (await crowd.http()).put(link, data=photo(), ssl=identity.ssl_context()) as taken:
            assert taken.status == 204
    await line.say(StillTold(call_id, asked.still_id, StillState.SENT))
    await robot.get("still-attach").click()
    await robot.reads("still-attached", "В обращении")
    await robot.get("paper-query").fill("")
    await robot.get("paper-search").click()
    await robot.reads("papers", "документ 1 из 1")
    await robot.look("document-papers")
    await robot.get("paper-show").click()
    paper = await line.heard(DocumentShown, line.received.index(answer) + 1)
    assert (paper.title.startswith("Документ к обращению №"), paper.pages) == (True, 1)
    assert robot.troubles == []


def photo() -> bytes:
    stored = io.BytesIO()
    Image.new("RGB", (600, 400), "white").save(stored, "JPEG")
    return stored.getvalue()
