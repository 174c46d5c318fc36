"""The page «Деньги» in chromium with a real office: a consultant finds a payment, two accountants move money."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from signaling_server.config import Settings
from signaling_server.money.journals import Journals
from signaling_server.office import Office, open_office_database
from signaling_server.storage.terminals import OrderStore
from tests.browser.desk_robot import DeskRobot
from tests.integration.office_bench import PASSWORD, add_agent, running_office
from tests.unit.signaling_server.money_scene import Clock, JournalOfTerminal

pytestmark = pytest.mark.asyncio(loop_scope="module")
REFUSED, CREDITED = "26112314120000010001", "26112314130000010002"
COLLECTION = "26112318000000010009"


def journal_of_a_day() -> JournalOfTerminal:
    journal = JournalOfTerminal()
    journal.visit(CREDITED, "001234567")
    journal.visit(REFUSED, "007654321", outcome="refused")
    journal.write("in_doubt", session_id=f"s-{CREDITED}", value_minor=100_000)
    named = {"collection_id": COLLECTION, "number": 12, "authorised": True}
    journal.write("collection_open", collector="Петров П. П.", seal="А 0012345", **named)
    journal.write("counters_reset", notes={"50000": 2}, coins={"1000": 3}, in_doubt_minor=100_000, **named)
    journal.write("collection_closed", **named)
    journal.write("coins_lost", count=3)
    return journal


@pytest_asyncio.fixture(loop_scope="module")
async def office(dist: Path, tmp_path: Path) -> AsyncIterator[Office]:
    """One terminal whose journal is here, a consultant and two accountants."""
    data_dir = tmp_path / "office"
    await add_agent(data_dir, "anna")
    for login in ("orlova", "petrov"):
        await add_agent(data_dir, login, roles=("accountant",))
    database = await open_office_database(data_dir, Settings())
    await OrderStore(database).terminal_certified(
        terminal_id="T-1", title="Невский-1", site="Невский пр., 174", fingerprint_hex="1", at_ms=1
    )
    await Journals(database, Clock()).take("T-1", journal_of_a_day().batch())
    await database.dispose()
    async with running_office(data_dir, web_dir=dist) as running:
        yield running


async def at_the_page(browser: Browser, office: Office, login: str) -> DeskRobot:
    context = await browser.new_context(viewport={"width": 1366, "height": 768}, locale="ru-RU")
    robot = DeskRobot(await context.new_page(), office, PASSWORD, login)
    await robot.open("/money", office.desk_url)
    await robot.sign_in()
    await robot.sees("money")
    return robot


async def test_a_consultant_finds_a_payment_and_no_more(browser: Browser, office: Office) -> None:
    robot = await at_the_page(browser, office, "anna")
    await robot.look("40-money-start")
    await robot.get("payment-search").click()
    await robot.reads("money-trouble", "Введите лицевой счёт")
    await robot.get("payment-what").fill("26112 31412 00000 10001")
    await robot.get("payment-search").click()
    await robot.reads(f"payment-{REFUSED}", "отказ, деньги у нас")
    await robot.reads(f"payment-{REFUSED}", "Невский-1")
    await robot.get("payment-what").fill("")
    await robot.get("payment-day").fill("2026-11-23")
    await robot.get("payment-search").click()
    await robot.reads(f"payment-{CREDITED}", "зачислен")
    await robot.look("41-money-payments")
    await robot.get("payment-what").fill("000")
    await robot.get("payment-search").click()
    await robot.reads("payments-empty", "Платёж не найден")
    await robot.get("money-tab-items").click()
    await robot.reads("money-trouble", "открыт бухгалтерии")
    await robot.look("42-money-not-yours")
    assert robot.troubles == []
    await robot.page.context.close()


async def test_two_people_move_money_and_the_recount_settles_a_doubt(browser: Browser, office: Office) -> None:
    orlova = await at_the_page(browser, office, "orlova")
    await orlova.get("money-tab-items").click()
    await orlova.reads("items-total", "3\u00a0записи на сумму 1\u00a0500,00\u00a0₽")
    await orlova.look("43-money-items")
    card = orlova.page.locator("li", has_text="не зачислено")
    await card.get_by_role("button", name="Взять себе").click()
    await expect(card.get_by_text("orlova (вы)")).to_be_visible()
    await expect(card.get_by_role("button", name="Взять себе")).to_have_count(0)
    await card.get_by_role("button", name="Вернуть клиенту").click()
    await card.get_by_label("Почему возвращаем").fill("Лицевой счёт закрыт, клиент просит вернуть")
    await orlova.look("44-money-propose")
    await card.get_by_role("button", name="Предложить возврат").click()
    await expect(card.get_by_text("Ждёт второго человека")).to_be_visible()
    await orlova.look("45-money-waits")

    petrov = await at_the_page(browser, office, "petrov")
    await petrov.get("money-tab-items").click()
    await petrov.page.get_by_role("button", name="Подтвердить").click()
    await expect(petrov.page.get_by_text("Решили orlova и petrov")).to_be_visible()
    await petrov.look("46-money-decided")
    paper = await petrov.page.get_by_role("link", name="Распоряжение для печати").get_attribute("href")
    printed = await petrov.page.request.get(f"{office.desk_url}{paper}")
    assert (printed.status, (await printed.body())[:5]) == (200, b"%PDF-")
    await petrov.page.get_by_role("button", name="Отметить исполнение").click()
    await petrov.page.get_by_label("Номер зачисления").fill("Выдано по ордеру 17")
    await petrov.page.get_by_role("button", name="Исполнено").click()
    await petrov.reads("items-total", "2\u00a0записи")
    await petrov.get("money-tab-closed").click()
    await expect(petrov.page.get_by_text("Выдано по ордеру 17")).to_be_visible()
    await petrov.look("47-money-closed")

    await orlova.get("money-tab-collections").click()
    await orlova.get(f"recount-{COLLECTION}").click()
    for value_minor, count in ((100_000, "1"), (50_000, "2"), (1_000, "2")):
        await orlova.get(f"count-{value_minor}-{COLLECTION}").fill(count)
    await orlova.reads(f"recount-sum-{COLLECTION}", "2\u00a0020,00\u00a0₽, по журналу 1\u00a0030,00\u00a0₽")
    await orlova.look("48-money-recount")
    await orlova.get(f"recount-check-{COLLECTION}").click()
    await orlova.reads(f"recount-confirm-{COLLECTION}", "10\u00a0₽: не хватает 1 шт.")
    await orlova.look("48-money-recount-confirm")
    await orlova.get(f"recount-back-{COLLECTION}").click()
    await expect(orlova.get(f"count-1000-{COLLECTION}")).to_have_value("2")
    await orlova.get(f"recount-check-{COLLECTION}").click()
    await orlova.get(f"recount-send-{COLLECTION}").click()
    await orlova.reads(f"collection-{COLLECTION}", "излишек 990,00\u00a0₽")
    await orlova.look("49-money-collections")
    await orlova.get("money-tab-items").click()
    await expect(orlova.page.get_by_text("Недостача в инкассации № 12, номинал 10")).to_be_visible()
    await expect(orlova.page.get_by_text("Пересчёт нашёл купюру в кассете")).to_be_visible()
    await orlova.page.set_viewport_size({"width": 390, "height": 844})
    await orlova.look("50-money-phone")
    assert orlova.troubles == petrov.troubles == []
    await orlova.page.context.close()
    await petrov.page.context.close()


async def test_a_payment_to_a_wrong_account_is_claimed_and_the_terminal_is_waited_for(
    browser: Browser, office: Office
) -> None:
    orlova = await at_the_page(browser, office, "orlova")
    await orlova.get("payment-what").fill(CREDITED)
    await orlova.get("payment-search").click()
    await orlova.get(f"claim-{CREDITED}").click()
    await orlova.get(f"claim-reason-{CREDITED}").fill("Платили за другую квартиру")
    await orlova.look("51-money-claim")
    await orlova.get(f"claim-send-{CREDITED}").click()
    await orlova.reads(f"claimed-{CREDITED}", "Записано")
    await orlova.get("money-tab-items").click()
    card = orlova.page.locator("li", has_text="не зачислено")
    await card.get_by_role("button", name="Зачислить на счёт").click()
    await card.get_by_label("Лицевой счёт").fill("007654312")
    await card.get_by_label("Почему на этот счёт").fill("Клиент переставил две последние цифры")
    await card.get_by_role("button", name="Предложить зачисление").click()
    petrov = await at_the_page(browser, office, "petrov")
    await petrov.get("money-tab-items").click()
    await petrov.page.get_by_role("button", name="Подтвердить").click()
    card = petrov.page.locator("li", has_text="не зачислено")
    await expect(card.get_by_text("Ждём связи с терминалом")).to_be_visible()
    await expect(card.get_by_role("button", name="Отметить исполнение")).to_have_count(0)
    await expect(petrov.page.locator("li", has_text="платили не на тот счёт")).to_be_visible()
    await petrov.look("52-money-ordered")
    await card.get_by_role("button", name="Отозвать решение").click()
    await card.get_by_label("Почему отзываем").fill("Клиент нашёл квитанцию")
    await petrov.look("53-money-withdraw")
    await card.get_by_role("button", name="Отозвать", exact=True).click()
    await expect(card.get_by_text("Отозвал petrov: клиент нашёл квитанцию")).to_be_visible()
    await expect(card.get_by_role("button", name="Зачислить на счёт")).to_be_visible()
    await petrov.look("54-money-withdrawn")
    assert orlova.troubles == petrov.troubles == []
    await orlova.page.context.close()
    await petrov.page.context.close()
