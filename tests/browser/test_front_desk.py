"""Who came by booking, and messages that were given up, on the pages of the real office."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect
from sqlalchemy import select, update

from signaling_server.config import Settings
from signaling_server.contract.visits import BookingState
from signaling_server.desk.limits import DeskLimits
from signaling_server.messaging.rules import Channel, MessageState, OutgoingMessage
from signaling_server.office import Office, open_office_database
from signaling_server.storage.messages import put_message
from signaling_server.storage.service_tables import OUTGOING
from signaling_server.storage.visits import Booking, insert_booking
from tests.browser.desk_robot import DeskRobot
from tests.integration.office_bench import PASSWORD, add_agent, running_office

pytestmark = pytest.mark.asyncio(loop_scope="module")
NOW_MS = int(time.time() * 1_000)
LETTER = OutgoingMessage("key-1", Channel.SMS, "+79210000067", "Вы записаны", "booking_made", "cases")


@pytest_asyncio.fixture(loop_scope="module")
async def front_office(dist: Path, tmp_path: Path) -> AsyncIterator[Office]:
    """One consultant, one supervisor, one customer who is here, one message that is dead."""
    data_dir = tmp_path / "office"
    await add_agent(data_dir, "anna")
    await add_agent(data_dir, "vera", roles=("supervisor",))
    booking = Booking(
        booking_id="b1",
        terminal_id="t1",
        submission_id="s1",
        place_id="office",
        starts_at_ms=NOW_MS,
        seat=0,
        topic_id="charges.explain",
        segment="b2c",
        phone="+79210000067",
        ticket="123456",
        state=BookingState.CHECKED_IN,
        created_at_ms=NOW_MS - 86_400_000,
        checked_in_at_ms=NOW_MS - 60_000,
    )
    database = await open_office_database(data_dir, Settings())
    async with database.begin() as tx:
        assert await insert_booking(tx, booking)
        assert await put_message(tx, LETTER, created_at_ms=NOW_MS - 3 * 86_400_000, due_at_ms=NOW_MS)
        dead = {"state": MessageState.DEAD, "ended_at_ms": NOW_MS, "last_error": "номер не обслуживается"}
        await tx.execute(update(OUTGOING).values(dead))
    await database.dispose()
    async with running_office(data_dir, DeskLimits(), web_dir=dist) as office:
        yield office


@pytest_asyncio.fixture(loop_scope="module")
async def front_page(browser: Any) -> AsyncIterator[Page]:
    context = await browser.new_context(viewport={"width": 1366, "height": 768}, locale="ru-RU")
    yield await context.new_page()
    await context.close()


async def test_a_customer_who_came_by_booking_is_asked_in_once(front_office: Office, front_page: Page) -> None:
    robot = DeskRobot(front_page, None, PASSWORD, login="anna")
    await robot.open("/", at=front_office.desk_url)
    await robot.sign_in()
    await robot.reads("arrival-123456", "Разъяснение начислений")
    await robot.reads("arrival-123456", "отметился")
    assert "7921" not in await robot.get("arrived").inner_text(), "no phone on the list"
    await robot.look("arrived")
    await front_page.get_by_role("button", name="Пригласить клиента с кодом 123456").click()
    await expect(robot.get("arrived")).to_be_hidden()
    assert robot.troubles == []


async def test_a_dead_message_is_sent_again_after_a_question(
    front_office: Office, front_page: Page, tmp_path: Path
) -> None:
    robot = DeskRobot(front_page, None, PASSWORD, login="vera")
    await robot.open("/messages", at=front_office.desk_url)
    await robot.sign_in()
    await robot.sees("messages")
    table = robot.get("messages")
    await expect(table).to_contain_text("номер не обслуживается")
    await expect(table).to_contain_text("Запись на приём")
    assert LETTER.address not in await table.inner_text()
    await robot.look("messages")
    await front_page.get_by_role("button", name="Отправить снова").click()
    await front_page.get_by_role("button", name="Не надо").click()
    assert await _state(tmp_path) == MessageState.DEAD
    await front_page.get_by_role("button", name="Отправить снова").click()
    await front_page.get_by_role("button", name="Да, отправить").click()
    await expect(robot.get("messages-empty")).to_be_visible()
    await expect(robot.get("messages-told")).to_contain_text("отправляется снова")
    assert await _state(tmp_path) != MessageState.DEAD
    assert robot.troubles == []


async def test_a_consultant_is_told_that_messages_are_not_his(front_office: Office, front_page: Page) -> None:
    robot = DeskRobot(front_page, None, PASSWORD, login="anna")
    await robot.open("/messages", at=front_office.desk_url)
    await robot.sign_in()
    await robot.reads("messages-trouble", "супервайзер и администратор")


async def _state(tmp_path: Path) -> str:
    database = await open_office_database(tmp_path / "office", Settings())
    async with database.begin() as tx:
        state = (await tx.execute(select(OUTGOING.c.state))).scalar_one()
    await database.dispose()
    return str(state)
