"""The page when a talk does not go its usual way: a long hold, an urgent word, misbehaviour, danger, a broken call."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from signaling_server.contract import messages as m
from signaling_server.contract.notes import CallNote, CardAnswer, CardKind, NoteAuthor
from signaling_server.office import Office
from tests.browser.desk_robot import DeskRobot
from tests.browser.office_line import TerminalLine, in_call, sent
from tests.integration.office_bench import PASSWORD, add_agent

pytestmark = pytest.mark.asyncio(loop_scope="module")
DEAF = "() => { window.rang = 0; AudioContext.prototype.createOscillator = () => { window.rang++ } }"
LATER = "(ms) => { const now = performance.now.bind(performance); performance.now = () => now() + ms; }"


@pytest.mark.clause("9.4.12", owner="agent_web")
async def test_the_clock_of_a_hold_stands_there_and_asks_the_agent_to_speak(
    real_office: Office, line: TerminalLine, browser_page: Page
) -> None:
    robot = await in_call(real_office, line, browser_page)
    await expect(robot.get("hold-timer")).to_be_hidden()
    pause = await sent(line, robot.get("card-pause").click())
    await robot.reads("hold-timer", "0:0")
    await robot.page.evaluate(LATER, 45_000)
    await expect(robot.get("hold-prompt")).to_contain_text("«Ещё минуту, пожалуйста»")
    await robot.page.evaluate(LATER, 75_000)
    await robot.reads("hold-timer", "2:0")
    await expect(robot.get("hold-prompt")).to_contain_text("предложите приём в офисе или обращение")
    ways = CallNote(pause.call_id, "t-1", NoteAuthor.TERMINAL, answer_to=pause.note_id, answer=CardAnswer.WAYS)
    await line.say(ways)
    await expect(robot.get("hold-told")).to_contain_text("подождать, перезвонить, записаться")
    await robot.look("17-hold")
    await line.say(m.CallCancelled(pause.call_id, CardAnswer.BOOK))
    await robot.sees("wrap_up")
    assert (await line.heard(m.CaseRegistered)).case_number


@pytest.mark.clause("9.2.3", owner="agent_web")
async def test_an_urgent_word_is_silent_and_is_answered_only_after_the_apology(
    real_office: Office, line: TerminalLine, browser_page: Page, tmp_path: Path
) -> None:
    await add_agent(tmp_path / "office", "boris")
    robot = await in_call(real_office, line, browser_page)
    await robot.get("summary").focus()
    boris = await colleague(robot, real_office)
    await boris.get("staff-open").locator("summary").click()
    await expect(boris.get("staff-to").locator("option")).to_have_count(1)
    await boris.get("staff-text").fill("Нужен ваш ответ по делу клиента")
    await boris.get("staff-urgent").check()
    await robot.page.evaluate(DEAF)
    await boris.get("staff-send").click()

    await expect(robot.get("staff")).to_contain_text("Нужен ваш ответ по делу клиента")
    await expect(robot.get("summary")).to_be_focused()
    assert await robot.page.evaluate("window.rang") == 0
    await expect(robot.get("staff-later")).to_be_visible()
    await expect(robot.get("staff-open")).to_have_count(0)
    await robot.look("18-urgent")
    apology = await sent(line, robot.get("apologise").click())
    assert apology.card is not None
    assert apology.card.kind is CardKind.PAUSE
    assert apology.text.startswith("Извините, пожалуйста")
    await expect(robot.get("microphone")).to_contain_text("выключен")
    await expect(robot.get("staff-open")).to_be_visible()
    await robot.get("card-pause").click()
    await expect(robot.get("staff-open")).to_have_count(0)
    await robot.page.get_by_role("button", name="Прочитано").click()
    await expect(robot.get("apologise")).to_have_count(0)
    await boris.page.context.close()


async def colleague(robot: DeskRobot, office: Office) -> DeskRobot:
    """Another agent at a desk of his own."""
    browser = robot.page.context.browser
    assert browser is not None
    page = await (await browser.new_context(locale="ru-RU")).new_page()
    other = DeskRobot(page, robot.office, PASSWORD, login="boris")
    await other.open("/", at=office.desk_url)
    await other.sign_in()
    await other.sees("not_ready")
    return other
