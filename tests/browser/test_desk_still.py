"""«Документ клиента» on the agent's page, in chromium, with the real office; the terminal is its sockets."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from provisioning.terminal.identity import load_identity
from signaling_server.contract.messages import CallAccepted
from signaling_server.contract.stills import StillAsked, StillState, StillTold, WithdrawStill
from signaling_server.office import Office
from terminal_app.ipc.media_messages import TakePhoto
from terminal_app.media.photo import taken
from tests.bench.sheet_scene import held, printed_page
from tests.browser.office_line import TerminalLine, in_call
from tests.browser.office_line import browser_page as browser_page
from tests.browser.office_line import line as line
from tests.browser.office_line import real_office as real_office
from tests.integration.office_bench import Crowd

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.clause("6.1.1", owner="agent_web")
async def test_a_paper_is_asked_for_read_enlarged_turned_and_put_into_the_case(
    real_office: Office, line: TerminalLine, browser_page: Page, tmp_path: Path
) -> None:
    robot = await in_call(real_office, line, browser_page)
    call_id = (await line.heard(CallAccepted)).call_id
    await robot.get("still-ask").click()
    asked = await line.heard(StillAsked)
    await line.say(StillTold(call_id, asked.still_id, StillState.LOOKING))
    await robot.reads("still-state", "Клиент смотрит снимок")
    content = taken(TakePhoto("p", to_read=True), held(printed_page()[0], (1280, 720), 0).picture).content
    identity = load_identity(tmp_path / "identity-Терминал 1")
    async with Crowd() as crowd:
        link = real_office.terminal_url + asked.path
        async with (await crowd.http()).put(link, data=content, ssl=identity.ssl_context()) as answer:
            assert answer.status == 204
    await line.say(StillTold(call_id, asked.still_id, StillState.SENT))
    await robot.reads("still-state", "Снимок получен")
    await robot.look("still-received")
    await robot.get("still-open").click()
    picture = robot.get("still-picture")
    await expect(picture).to_have_attribute("aria-label", "Снимок документа, повёрнут на 0°")
    before = await picture.bounding_box()
    await robot.look("still-viewer")
    await robot.get("still-larger").click()
    after = await picture.bounding_box()
    assert before is not None
    assert after is not None
    assert after["width"] == pytest.approx(1.5 * before["width"], rel=0.03)
    await robot.get("still-turn").click()
    await expect(picture).to_have_attribute("aria-label", "Снимок документа, повёрнут на 90°")
    turned = await picture.bounding_box()
    assert turned is not None
    assert turned["height"] > turned["width"]
    await robot.look("still-turned")
    await robot.page.keyboard.press("Escape")
    await expect(robot.get("still-viewer")).to_have_count(0)
    await robot.sees("on_call")
    await robot.get("still-attach").click()
    await robot.reads("still-attached", "В обращении")
    await robot.get("still-ask").click()
    again = await line.heard(StillAsked, len(line.received) - 1)
    await line.say(StillTold(call_id, again.still_id, StillState.ASKED))
    await robot.get("still-withdraw").click()
    assert (await line.heard(WithdrawStill)).still_id == again.still_id
    assert robot.troubles == []
