"""A real office with one agent and one enrolled terminal, and an agent's page before it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable
from pathlib import Path
from typing import Any

import pytest_asyncio
from playwright.async_api import Page

from signaling_server.contract import messages as m
from signaling_server.contract.notes import CallNote, CardAnswer, NoteAuthor
from signaling_server.desk.limits import DeskLimits
from signaling_server.office import Office
from tests.browser.desk_robot import DeskRobot
from tests.integration.office_bench import PASSWORD, Crowd, Peer, add_agent, enrol_terminal, running_office

RING_S = 2.0
GUARD_PHONE = "8 812 000-11-22"


class TerminalLine:
    """A terminal's enrolled connection, read by a task of its own."""

    def __init__(self, peer: Peer) -> None:
        self.received: list[Any] = []
        self._peer = peer
        self._news = asyncio.Condition()
        self.reading = asyncio.create_task(self._read())

    async def say(self, *messages: Any) -> None:
        for message in messages:
            await self._peer.send(message)

    async def heard(self, kind: type[Any], after: int = 0) -> Any:
        def found() -> Any:
            return next((each for each in self.received[after:] if isinstance(each, kind)), None)

        async with self._news, asyncio.timeout(15):
            await self._news.wait_for(lambda: found() is not None)
        return found()

    async def _read(self) -> None:
        while True:
            message = await self._peer.expect(object)
            async with self._news:
                self.received.append(message)
                self._news.notify_all()


@pytest_asyncio.fixture(loop_scope="module")
async def real_office(dist: Path, tmp_path: Path) -> AsyncIterator[Office]:
    """One agent, one terminal, a ring short enough to wait for."""
    data_dir = tmp_path / "office"
    await add_agent(data_dir, "anna")
    (data_dir / "office.toml").write_text(f'[guard_phones]\n"Невский, 1" = "{GUARD_PHONE}"\n')
    async with running_office(data_dir, DeskLimits(ring_s=RING_S), web_dir=dist) as office:
        yield office


@pytest_asyncio.fixture(loop_scope="module")
async def line(real_office: Office, tmp_path: Path) -> AsyncIterator[TerminalLine]:
    identity = await enrol_terminal(tmp_path / "office", real_office.terminal_url, "Терминал 1")
    async with Crowd() as crowd:
        line = TerminalLine(await crowd.terminal(real_office.terminal_url, identity))
        yield line
        line.reading.cancel()


@pytest_asyncio.fixture(loop_scope="module")
async def browser_page(browser: Any) -> AsyncIterator[Page]:
    context = await browser.new_context(viewport={"width": 1366, "height": 768}, locale="ru-RU")
    yield await context.new_page()
    await context.close()


async def on_duty(office: Office, line: TerminalLine, page: Page) -> DeskRobot:
    robot = DeskRobot(page, line, PASSWORD, login="anna")
    await robot.open("/", at=office.desk_url)
    await robot.sign_in()
    await robot.sees("not_ready")
    await robot.get("ready").click()
    await robot.sees("ready")
    return robot


async def in_call(office: Office, line: TerminalLine, page: Page) -> DeskRobot:
    robot = await on_duty(office, line, page)
    await call(line, robot)
    await robot.page.keyboard.press("Enter")
    await robot.sees("on_call")
    return robot


async def sent(line: TerminalLine, act: Awaitable[None]) -> CallNote:
    """What the terminal hears of one act."""
    before = len(line.received)
    await act
    note: CallNote = await line.heard(CallNote, before)
    assert note.card is not None
    return note


async def call(line: TerminalLine, robot: DeskRobot) -> m.CallQueued:
    await line.say(m.CallRequested("request-1", m.WayToTalk.SPEAK, "Перерасчёт"))
    queued = await line.heard(m.CallQueued)
    await robot.sees("ringing")
    return queued


def answered(card: CallNote, answer: CardAnswer, text: str = "") -> CallNote:
    """The customer's touch on a card."""
    answer_id = f"{card.note_id[:40]}-{answer}"
    return CallNote(card.call_id, answer_id, NoteAuthor.CUSTOMER, text, answer_to=card.note_id, answer=answer)
