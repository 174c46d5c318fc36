"""«Что сказать» and «Что сделать» on the agent's page, in chromium, with the real office and its own guides."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from signaling_server.cases.classifier import load_topics
from signaling_server.cases.guides import load_guides
from signaling_server.config import Settings
from signaling_server.office import Office
from tests.browser.office_line import TerminalLine, in_call
from tests.browser.office_line import browser_page as browser_page
from tests.browser.office_line import line as line
from tests.browser.office_line import real_office as real_office

pytestmark = pytest.mark.asyncio(loop_scope="module")

GUIDES = {guide.topic_id: guide for guide in load_guides(load_topics())}


@pytest.mark.clause("3-Скрипт", owner="agent_web")
@pytest.mark.clause("6.3.6a", owner="agent_web")
@pytest.mark.clause("6.3.6c", owner="agent_web")
@pytest.mark.clause("9.4.4", owner="agent_web")
async def test_the_agent_greets_by_name_and_ticks_the_steps_of_the_topic_by_keyboard(
    real_office: Office, line: TerminalLine, browser_page: Page
) -> None:
    robot = await in_call(real_office, line, browser_page)
    plate = robot.page.locator(".own-plate")
    await expect(plate).to_be_visible()
    first_name = (await plate.locator("strong").inner_text()).split()[1]
    await robot.reads("stage-prompt", f"Добрый день! {Settings().company}, меня зовут {first_name}.")
    asked = GUIDES["charges.recalculate"]  # the customer named it at the terminal
    await expect(robot.get("guide-say").get_by_role("listitem")).to_have_text([f"«{words}»" for words in asked.say])
    await expect(robot.get("guide-steps").get_by_role("listitem")).to_have_text(asked.steps)
    greeting = robot.page.get_by_label("Поздороваться, назвать общество и себя")
    await greeting.focus()
    await robot.page.keyboard.press("Space")
    await robot.page.keyboard.press("Tab")
    await robot.page.keyboard.press("Space")
    await robot.reads("guide-count", f"2 из {len(asked.steps)}")
    await robot.look("call-guide")

    await robot.get("topic-search").fill("показани")
    await robot.get("topic-option-readings.submit").click()
    other = GUIDES["readings.submit"]
    await expect(robot.get("guide-steps").get_by_role("listitem")).to_have_text(other.steps)
    await expect(robot.get("guide-say").get_by_role("listitem")).to_have_text([f"«{words}»" for words in other.say])
    await robot.reads("guide-count", f"2 из {len(other.steps)}")
    await robot.page.reload()
    await robot.sees("on_call")
    await expect(greeting).to_be_checked()
    await robot.reads("guide-count", f"2 из {len(other.steps)}")
    assert robot.troubles == []
