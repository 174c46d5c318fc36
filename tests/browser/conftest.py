"""Debian's chromium, the built page, and an office for it."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import web
from playwright.async_api import Browser, Page, async_playwright

from tests.browser.desk_office import PASSWORD, DeskOffice
from tests.browser.desk_robot import DeskRobot
from tests.browser.office_line import browser_page as browser_page
from tests.browser.office_line import line as line
from tests.browser.office_line import real_office as real_office

AGENT_WEB = Path(__file__).parents[2] / "agent_web"
ARGUMENTS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
]
FAKE_DEVICES = "--use-fake-device-for-media-stream=fps=20"  # software encoding is dear on a shared machine


@pytest.fixture(scope="session")
def dist() -> Path:
    """The page, built when its sources are newer; one test process builds, others wait for it."""
    built = AGENT_WEB / "dist" / "index.html"
    sources = [AGENT_WEB / "index.html", *(AGENT_WEB / "src").rglob("*"), *(AGENT_WEB / "public").iterdir()]
    with (AGENT_WEB / "package.json").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (AGENT_WEB / "node_modules").is_dir():
            _npm("ci")
        if not built.is_file() or built.stat().st_mtime < max(path.stat().st_mtime for path in sources):
            _npm("run", "build")
    return built.parent


def _npm(*arguments: str) -> None:
    """By the virtual environment's node, not the machine's."""
    tools = Path(sys.executable).parent
    path = os.pathsep.join([str(tools), os.environ.get("PATH", "")])
    subprocess.run(
        [str(tools / "npm"), *arguments], cwd=AGENT_WEB, env={**os.environ, "PATH": path}, check=True, timeout=300
    )


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    """Chromium whose camera and microphone are Chromium's own fakes."""
    async for each in launched([*ARGUMENTS, FAKE_DEVICES]):
        yield each


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser_without_devices() -> AsyncIterator[Browser]:
    """Chromium on a machine with neither camera nor microphone."""
    async for each in launched(ARGUMENTS):
        yield each


async def launched(arguments: list[str]) -> AsyncIterator[Browser]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.fail("chromium is not installed: apt install chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=arguments)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="module")
async def office(dist: Path) -> AsyncIterator[DeskOffice]:
    office = DeskOffice(dist)
    runner = web.AppRunner(office.app, shutdown_timeout=0.2)
    await runner.setup()
    site = web.TCPSite(runner, "localhost", 0)
    await site.start()
    office.port = runner.addresses[0][1]
    yield office
    await runner.cleanup()


@pytest_asyncio.fixture(loop_scope="module")
async def page(browser: Browser, office: DeskOffice) -> AsyncIterator[Page]:
    context = await browser.new_context(viewport={"width": 1366, "height": 768}, locale="ru-RU")
    page = await context.new_page()
    yield page
    await context.close()


@pytest_asyncio.fixture(loop_scope="module")
async def robot(page: Page, office: DeskOffice) -> AsyncIterator[DeskRobot]:
    """An agent at the sign-in screen. Whatever the page broke of its content policy fails the test."""
    robot = DeskRobot(page, office, PASSWORD)
    await robot.open()
    yield robot
    assert robot.troubles == []
