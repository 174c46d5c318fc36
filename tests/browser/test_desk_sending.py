"""A written card offered by the agent's page, in chromium, with the real office and a mail server; the terminal is its
socket."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from signaling_server.contract.card_sending import (
    SendCard,
    SendingOffered,
    SendingState,
    SendingTold,
    SendingWay,
    WithdrawSending,
)
from signaling_server.contract.messages import CallAccepted
from signaling_server.desk.limits import DeskLimits
from signaling_server.messaging.far_end import FarEnd
from signaling_server.office import Office
from tests.browser.office_line import RING_S, TerminalLine, in_call, sent
from tests.browser.office_line import browser_page as browser_page
from tests.browser.office_line import line as line
from tests.integration.office_bench import add_agent, running_office

pytestmark = pytest.mark.asyncio(loop_scope="module")
TEXT = "Офис на Невском, 1. Понедельник–пятница с 9:00 до 18:00"


@pytest_asyncio.fixture(loop_scope="module")
async def far_end() -> AsyncIterator[FarEnd]:
    far_end = FarEnd()
    await far_end.start()
    yield far_end
    await far_end.stop()


@pytest_asyncio.fixture(loop_scope="module")
async def real_office(dist: Path, tmp_path: Path, far_end: FarEnd) -> AsyncIterator[Office]:
    """With a mail server and no gateway of SMS."""
    data_dir = tmp_path / "office"
    await add_agent(data_dir, "anna")
    smtp = f'smtp_url = "smtp://127.0.0.1:{far_end.smtp_port}"\nsender_email = "office@example.org"\n'
    (data_dir / "office.toml").write_text(f"[messaging]\n{smtp}")
    async with running_office(data_dir, DeskLimits(ring_s=RING_S), web_dir=dist) as office:
        yield office


@pytest.mark.clause("9.3.5c", owner="agent_web")
async def test_a_written_card_is_offered_confirmed_at_the_terminal_and_arrives(
    real_office: Office, line: TerminalLine, browser_page: Page, far_end: FarEnd
) -> None:
    robot = await in_call(real_office, line, browser_page)
    call_id = (await line.heard(CallAccepted)).call_id
    await expect(robot.get("sending-email")).to_have_count(0)  # nothing to send yet
    await robot.get("cards-open").locator("summary").click()
    await robot.get("card-kind").select_option("written")
    await robot.get("card-text").fill(TEXT)
    card = await sent(line, robot.get("card-send").click())
    await line.say(card)
    await robot.get("sending-sms").click()
    await robot.reads("sending-state", "СМС: офис их сейчас не отправляет")
    await robot.get("sending-email").click()
    offered = await line.heard(SendingOffered)
    assert (offered.way, TEXT in offered.text) == (SendingWay.EMAIL, True)

    async def tells(state: SendingState, sending_id: str = offered.sending_id) -> None:
        await line.say(SendingTold(call_id, sending_id, SendingWay.EMAIL, state))

    await tells(SendingState.ASKED)
    await robot.reads("sending-state", "Письмо: клиент читает, что мы ему отправим")
    await expect(robot.get("sending-email")).to_have_count(0)  # one at a time
    await robot.look("sending-asked")
    assert far_end.arrived == []
    await line.say(SendCard(call_id, offered.sending_id, "ivanova@mail.ru"))
    await robot.reads("sending-state", "Письмо на i***@mail.ru: принято почтовым сервером")
    await robot.look("sending-taken")
    assert [(one.address, TEXT in one.body) for one in far_end.arrived] == [("ivanova@mail.ru", True)]

    await robot.get("sending-email").click()
    again = await line.heard(SendingOffered, line.received.index(offered) + 1)
    await tells(SendingState.TYPING, again.sending_id)
    await robot.get("sending-withdraw").click()
    assert (await line.heard(WithdrawSending)).sending_id == again.sending_id
    await tells(SendingState.WITHDRAWN, again.sending_id)
    await robot.reads("sending-state", "Письмо: предложение снято")
    await expect(robot.get("sending-email")).to_have_count(1)
    assert robot.troubles == []
