"""A recorded call on the pages of the real office, in chromium: the agent sees it, the supervisor plays it anywhere."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from signaling_server.config import SETTINGS_FILE, Settings
from signaling_server.contract.messages import CallContext, WayToTalk
from signaling_server.contract.recorded import key_context
from signaling_server.contract.recording import RecordingHead, RecordingState, RecordingTold
from signaling_server.contract.sealing import OfficeSeal, seal
from signaling_server.desk.call import Call, CallStage
from signaling_server.desk.limits import DeskLimits
from signaling_server.keys import open_secret
from signaling_server.office import Office, open_office_database
from signaling_server.storage import recordings as rows
from signaling_server.storage.calls import insert_call
from signaling_server.storage.terminals import OrderStore
from tests.browser.desk_office import DeskOffice
from tests.browser.desk_robot import CALL_ID as ROBOTS_CALL_ID
from tests.browser.desk_robot import DeskRobot
from tests.integration import recording_scene as scene
from tests.integration.office_bench import PASSWORD, add_agent, running_office, until

pytestmark = pytest.mark.asyncio(loop_scope="module")
ID, CALL_ID, KEY = "a" * 32, "call-1", b"k" * 32
SECONDS = 45
NOTICED_MS = 1_795_500_000_000
SEEK_S_MAX, PLAY_S_MAX = 10.0, 20.0
POINTS_S = (31.3, 4.2, 18.7, 40.0)
# What a picture shows: its second as bars, as `recording_scene.py` drew them.
SHOWN_SECOND = """(video) => {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [320, 240];
  const context = canvas.getContext("2d");
  context.drawImage(video, 0, 0, 320, 240);
  const line = context.getImageData(0, 40, 320, 1).data;
  return [...Array(10).keys()].reduce((sum, bit) => sum | (line[(bit * 32 + 16) * 4] > 128 ? 1 << bit : 0), 0);
}"""


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def recorded_office(dist: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Office]:
    """One lossy call was recorded and brought."""
    data = tmp_path_factory.mktemp("house") / "office"
    await add_agent(data, "anna")
    await add_agent(data, "vera", roles=("supervisor",))
    (data / SETTINGS_FILE).write_text('[recording.b2c]\npolicy = "on"\n', "utf-8")
    database = await open_office_database(data, Settings())
    public_key = OfficeSeal(open_secret(data / "seal.key")).public_key
    store = OrderStore(database)
    await store.terminal_certified(terminal_id="t1", title="t1", site="Зал", fingerprint_hex="f", at_ms=0)
    call = Call(CALL_ID, "t1", "Невский, 1", "r1", WayToTalk.SPEAK, "", CallContext(), NOTICED_MS, CallStage.CLOSED)
    head = RecordingHead(CALL_ID, "key", seal(KEY, public_key, key_context(ID, CALL_ID)))
    async with database.begin() as tx:
        await insert_call(tx, call)
        await rows.insert_recording(tx, rows.Recording(ID, CALL_ID, "t1", "", NOTICED_MS, whole=True))
        await rows.keep_head(tx, ID, head, keep_until_ms=1 << 45, hold_reason="")
    await database.dispose()
    await asyncio.to_thread(scene.write_recording, data / "recordings", ID, KEY, SECONDS, loss=0.02)
    async with running_office(data, DeskLimits(), web_dir=dist) as office:
        yield office


@pytest_asyncio.fixture(loop_scope="module")
async def page(browser: Any) -> AsyncIterator[Page]:
    context = await browser.new_context(viewport={"width": 1366, "height": 768}, locale="ru-RU")
    yield await context.new_page()
    await context.close()


async def test_a_recording_is_opened_for_a_reason_and_plays_from_any_point_both_sides_in_step(
    recorded_office: Office, page: Page
) -> None:
    robot = DeskRobot(page, None, PASSWORD, login="vera")
    await robot.open("/recordings", at=recorded_office.desk_url)
    await robot.sign_in()
    await robot.sees("recordings")
    await page.get_by_role("button", name="Открыть").click()
    await expect(robot.get("reason-given")).to_have_attribute("aria-disabled", "true")
    await page.get_by_label("Зачем нужна эта запись?").fill("жалоба клиента")
    await robot.get("reason-given").click()
    await expect(robot.get("player")).to_be_visible()
    await robot.look("recordings")
    agent, customer = robot.get("side-agent"), robot.get("side-customer")
    for point_s in POINTS_S:
        await robot.get("player-place").fill(str(point_s * 1_000))
        for side in (agent, customer):
            shown = -1
            async with asyncio.timeout(SEEK_S_MAX):
                while abs(shown - point_s) > 1.1:  # the second that contains it, or its last picture before
                    await asyncio.sleep(0.1)
                    shown = await side.evaluate(SHOWN_SECOND)
    await robot.get("player-toggle").click()
    await expect(robot.get("player-toggle")).to_have_text("Пауза")

    async def plays() -> bool:
        return bool(await agent.evaluate("(video) => video.currentTime") >= POINTS_S[-1] + 2)

    await until(plays, within_s=PLAY_S_MAX)
    at = [await side.evaluate("(video) => video.currentTime") for side in (agent, customer)]
    assert abs(at[0] - at[1]) < 0.35
    await robot.get("player-toggle").click()
    assert robot.troubles == []


async def test_a_consultant_is_told_that_recordings_are_not_his(recorded_office: Office, page: Page) -> None:
    robot = DeskRobot(page, None, PASSWORD, login="anna")
    await robot.open("/recordings", at=recorded_office.desk_url)
    await robot.sign_in()
    await robot.reads("recordings-trouble", "супервайзеру и администратору")


@pytest.mark.clause("9.4.3", owner="agent_web")
async def test_the_agent_sees_throughout_whether_the_call_is_recorded(office: DeskOffice, robot: DeskRobot) -> None:
    await robot.in_call(recording=RecordingState.NOTICE)
    await robot.reads("recording", "Клиента предупреждают о записи")
    for state, words in (
        (RecordingState.ON, "Идёт запись"),
        (RecordingState.FAILED, "Запись не идёт"),
        (RecordingState.DECLINED, "Без записи: клиент отказался"),
    ):
        await office.say(RecordingTold(ROBOTS_CALL_ID, state))
        await robot.reads("recording", words)
    await robot.look("call_recording")
