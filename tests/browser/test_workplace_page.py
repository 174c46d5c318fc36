"""The readiness check of the workplace, with the real office and pictures of a dark room and of a wall with a logo."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from signaling_server.office import Office
from tests.browser.conftest import ARGUMENTS, launched
from tests.browser.desk_robot import DeskRobot
from tests.integration.office_bench import PASSWORD, add_agent, running_office

pytestmark = pytest.mark.asyncio(loop_scope="module")

WIDTH, HEIGHT, FRAMES = 320, 180, 10


def film(path: Path, level: int, boards: tuple[int, int] | None = None) -> Path:
    """A still picture in grey for Chromium's camera; `boards`: brightness of a board at the left and at the right."""
    rows = []
    for row in range(HEIGHT):
        line = bytearray([level]) * WIDTH
        if boards is not None and 20 <= row < 90:
            line[10:70] = bytes([boards[0]]) * 60
            line[250:310] = bytes([boards[1]]) * 60
        rows.append(bytes(line))
    grey = bytes([128]) * (WIDTH * HEIGHT // 2)
    frame = b"FRAME\n" + b"".join(rows) + grey
    path.write_bytes(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420jpeg\n".encode() + frame * FRAMES)
    return path


@pytest_asyncio.fixture(loop_scope="module")
async def staffed_office(dist: Path, tmp_path: Path) -> AsyncIterator[Office]:
    data_dir = tmp_path / "office"
    await add_agent(data_dir, "anna")
    await add_agent(data_dir, "boss", "Крылова", roles=("supervisor",))
    async with running_office(data_dir, web_dir=dist) as office:
        yield office


@asynccontextmanager
async def seated(office: Office, *switches: str) -> AsyncIterator[DeskRobot]:
    """An agent at his page, before a camera of these switches."""
    async for browser in launched([*ARGUMENTS, "--use-fake-device-for-media-stream=fps=10", *switches]):
        page: Page = await browser.new_page(viewport={"width": 1366, "height": 768}, locale="ru-RU")
        robot = DeskRobot(page, None, PASSWORD, login="anna")
        await robot.open("/", at=office.desk_url)
        await robot.sign_in()
        await robot.sees("not_ready")
        yield robot
        assert robot.troubles == []


async def decides(robot: DeskRobot, button: str, reason: str = "", *, login: str = "boss", told: str) -> None:
    if not await robot.get("supervisor-login").is_visible():
        await robot.get("supervisor").locator("summary").click()
    await robot.get("supervisor-login").fill(login)
    await robot.get("supervisor-password").fill(PASSWORD)
    if reason:
        await robot.get("supervisor-reason").fill(reason)
    await robot.get(button).click()
    await robot.reads("supervisor-told", told)


@pytest.mark.clause("5.3.1", owner="agent_web")
async def test_a_workplace_in_order_is_checked_by_itself_and_keeps_nobody_waiting(staffed_office: Office) -> None:
    async with seated(staffed_office) as robot:
        for name, words in (("camera", "показывает"), ("microphone", "слышит"), ("light", "достаточно")):
            await robot.reads(f"check-{name}", words)
        await robot.reads("check-plate", "заполнена")
        await robot.reads("check-background", "супервайзер ещё не показал")
        await robot.look("02-workplace")
        await robot.get("ready").click()
        await robot.sees("ready")


@pytest.mark.clause("5.3.1", owner="agent_web")
async def test_in_the_dark_nobody_goes_on_duty_until_a_supervisor_at_his_desk_allows_it(
    staffed_office: Office, tmp_path: Path
) -> None:
    dark = film(tmp_path / "dark.y4m", 20)
    async with seated(staffed_office, f"--use-file-for-fake-video-capture={dark}") as robot:
        await robot.reads("check-light", "темно, включите свет перед собой")
        await robot.get("ready").click()
        await expect(robot.page.get_by_text("Рабочее место не в порядке").first).to_be_visible()
        await robot.sees("not_ready")
        await decides(robot, "supervisor-allow", told="Напишите причину")
        await decides(robot, "supervisor-allow", "Лампу везут", login="anna", told="Это может только супервайзер")
        await robot.look("03-workplace-dark")
        await decides(robot, "supervisor-allow", "Лампу везут, до обеда", told="Разрешено до конца смены")
        await robot.reads("workplace-allowed", "Крылова Анна Викторовна. Причина: Лампу везут, до обеда")
        await robot.get("ready").click()
        await robot.sees("ready")


@pytest.mark.clause("5.3.1", owner="agent_web")
async def test_the_background_with_the_logo_is_shown_once_and_missed_from_then_on(
    staffed_office: Office, tmp_path: Path
) -> None:
    wall = film(tmp_path / "wall.y4m", 140, (50, 220))
    async with seated(staffed_office, f"--use-file-for-fake-video-capture={wall}") as robot:
        await robot.reads("check-background", "супервайзер ещё не показал")
        await decides(robot, "supervisor-background", told="Фон с логотипом запомнили")
        await robot.reads("check-background", "с логотипом, на месте")
    other = film(tmp_path / "other.y4m", 140, (220, 50))
    async with seated(staffed_office, f"--use-file-for-fake-video-capture={other}") as robot:
        await robot.reads("check-background", "не тот, сядьте так, чтобы логотип был виден")
        await robot.get("ready").click()
        await expect(robot.page.get_by_text("Рабочее место не в порядке").first).to_be_visible()
        await robot.look("04-workplace-background")
