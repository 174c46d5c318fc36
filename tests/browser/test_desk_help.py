"""«Помочь заполнить» on the agent's page, in chromium, with the real office; the terminal is a socket."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from signaling_server.contract.help import (
    FieldProposed,
    HelpField,
    HelpOffered,
    HelpState,
    HelpTold,
    HelpWithdrawn,
    ProposalAnswer,
)
from signaling_server.contract.messages import CallAccepted
from signaling_server.office import Office
from tests.browser.office_line import TerminalLine, in_call
from tests.browser.office_line import browser_page as browser_page
from tests.browser.office_line import line as line
from tests.browser.office_line import real_office as real_office

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.clause("9.6.3c", owner="agent_web")
async def test_help_is_offered_waits_for_the_touch_and_says_what_became_of_each_proposal(
    real_office: Office, line: TerminalLine, browser_page: Page
) -> None:
    robot = await in_call(real_office, line, browser_page)
    call_id = (await line.heard(CallAccepted)).call_id
    await expect(robot.get("help-offer")).to_be_disabled()
    await line.say(HelpTold(call_id, form_stands=True))
    await robot.get("help-offer").click()
    assert (await line.heard(HelpOffered)).call_id == call_id
    await line.say(HelpTold(call_id, HelpState.OFFERED, True))
    await robot.reads("help-state", "Ждём касания «Разрешаю»")
    assert await robot.get("help-value").count() == 0, "nothing can be proposed yet"
    on = HelpTold(call_id, HelpState.ON, True, "written.phone", HelpField.PHONE, 16)
    await line.say(on)
    await expect(robot.get("help-field")).to_have_text("Телефон")
    await robot.get("help-propose").click()
    await robot.reads("help-error", "Напишите, что предложить")
    await robot.get("help-value").fill("+7 921 000-00-67")
    await robot.get("help-propose").click()
    proposal = await line.heard(FieldProposed)
    assert (proposal.form, proposal.value) == ("written.phone", "+7 921 000-00-67")
    taken = HelpTold(
        call_id, HelpState.ON, True, "written.phone", HelpField.PHONE, 16, proposal.proposal_id, ProposalAnswer.TAKEN
    )
    await line.say(taken)
    await robot.reads("help-answer", "Клиент вписал")
    await robot.look("help-on")
    await line.say(HelpTold(call_id, HelpState.ON, True, "phone_code"))
    await robot.reads("help-state", "Здесь клиент выбирает сам")
    assert await robot.get("help-value").count() == 0
    await robot.get("help-end").click()
    assert (await line.heard(HelpWithdrawn)).call_id == call_id
    assert robot.troubles == []
