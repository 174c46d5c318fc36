"""The page when a talk does not go its usual way: a long hold, an urgent word, misbehaviour, danger, a broken call."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from signaling_server.contract import messages as m
from signaling_server.contract.notes import CallNote, CardAnswer, NoteAuthor
from signaling_server.office import Office
from tests.browser.office_line import TerminalLine, in_call, sent

pytestmark = pytest.mark.asyncio(loop_scope="module")
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
