"""The operations page in chromium."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from signaling_server.contract import messages as m
from signaling_server.contract.preflight import LastPreflight, Part, PartFault, PartState, PathQuality, Preflight
from signaling_server.contract.quality import SelfServiceAnswer, SelfServicePath, TopicUse
from signaling_server.contract.readiness import Lack, Readiness, ReadinessReport
from tests.browser.desk_office import DeskOffice, now_ms
from tests.browser.desk_robot import DeskRobot

FOUND = LastPreflight(
    now_ms(),
    Preflight(microphone=Part(PartState.BAD, PartFault.SILENT), path=PathQuality(640, 12_000, 44)),
)
pytestmark = pytest.mark.asyncio(loop_scope="module")


def devices(**changed: tuple[str, str]) -> list[m.DeviceReport]:
    kinds = ("bill_validator", "receipt_printer", "camera", "audio")
    return [m.DeviceReport(kind, *changed.get(kind, ("online", "none"))) for kind in kinds]


def fleet() -> list[m.TerminalRow]:
    site = "МФЦ Центрального района, Невский пр., 174"
    full = m.CassetteReport(
        2_735_000,
        [m.CashCount(500_000, 3), m.CashCount(100_000, 11), m.CashCount(10_000, 13), m.CashCount(5_000, 1)],
        50_000,
    )
    stuck = devices(receipt_printer=("user_error", "paper_out"), camera=("no_device", "none"))
    broken = devices(bill_validator=("hardware_error", "jammed"))
    seen_ms = now_ms()
    cassette = m.StorageReport("cassette", "high", 940, 1_000, [m.CashCount(100_000, 940)])
    other = "another device: serial 4711, before 0815; 62 bill jam"
    whole = [
        m.DeviceReport("bill_validator", "online", detail=other, storage=[cassette]),
        m.DeviceReport("payment_card_reader", "online"),
        m.DeviceReport("ups", "online"),
        m.DeviceReport("camera", "no_device", fitted=False),
    ]
    alarms = [m.AlarmReport("sos", seen_ms - 40_000), m.AlarmReport("on_battery", seen_ms - 200_000)]
    lacks = [Lack("cash", "door"), Lack("receipt_printer", "paper_out"), Lack("office", "no_answer")]
    partly = ReadinessReport(Readiness.PARTLY, lacks)
    return [
        m.TerminalRow("T-001", "Невский-1", site, True, seen_ms - 1_000, "0.1.0", "attract", devices(), full, 0),
        m.TerminalRow("T-002", "Невский-2", site, True, seen_ms - 2_000, "0.1.0", "pay", stuck, full, 0),
        m.TerminalRow("T-003", "Купчино", "ТРК «Балкания»", True, seen_ms, "0.1.0", "", broken, None, 2),
        m.TerminalRow(
            "T-004", "Парнас", "ТРК «Мега»", False, seen_ms - 7_500_000, "0.0.9", "attract", devices(), full, 0
        ),
        m.TerminalRow("T-006", "Озерки", site, True, seen_ms, "0.2.0", "", whole, full, 0, alarms, "power", FOUND),
        m.TerminalRow(
            "T-007", "Шушары", site, True, seen_ms, "0.2.0", "attract", devices(), full, 0, [], "door", readiness=partly
        ),
        m.TerminalRow("T-005", "Девяткино", "ЦОК «Девяткино»", False, 0, "", "", [], None, 0),
    ]


@pytest.mark.clause("5.3.1", owner="agent_web")
async def test_each_terminal_with_its_state_devices_and_cash(robot: DeskRobot, office: DeskOffice) -> None:
    office.fleet = fleet()
    await robot.open("/operations")
    await robot.sign_in()
    await robot.sees("operations")
    await robot.reads("terminal-T-001", "работает")
    await robot.reads("terminal-T-001", "27\u00a0350,00\u00a0₽")
    await robot.reads("terminal-T-001", "под вопросом 500,00\u00a0₽")
    await robot.reads("terminal-T-001", "28\u00a0купюр")
    await robot.reads("terminal-T-002", "нет бумаги")
    await robot.reads("terminal-T-006", "микрофон не работает; связь: отдача 0,6, приём 12 Мбит/с; отклик 44 мс")
    await robot.reads("terminal-T-003", "2\u00a0платежа")
    await robot.reads("terminal-T-004", "нет связи")
    await robot.reads("terminal-T-004", "2\u00a0ч назад")
    await robot.reads("terminal-T-005", "ещё не подключался")
    await robot.reads("terminal-T-006", "нажата кнопка SOS")
    await robot.reads("terminal-T-006", "Наличные не принимаются: нет электричества")
    await robot.reads("terminal-T-006", "Кассета: 940 из 1000")
    await robot.reads("terminal-T-006", "почти полна")
    await robot.reads("terminal-T-006", "нет по проекту")
    await robot.reads("terminal-T-006", "Другое устройство: номер 4711, раньше был 0815")
    await robot.reads("terminal-T-007", "готов частично")
    await robot.reads("terminal-T-007", "Принтер чеков: нет бумаги")
    await robot.reads("terminal-T-007", "Наличные не принимаются: открыта дверца")
    await robot.reads("portal-figures", "38\u00a0%")
    await robot.look("30-operations")
    await robot.get("portal-figures").scroll_into_view_if_needed()
    await robot.look("30-operations-portal", checks=False)
    await robot.page.set_viewport_size({"width": 390, "height": 844})
    await robot.look("31-operations-phone")
    await robot.page.evaluate("scrollTo(0, 700)")
    await robot.look("32-operations-phone-below", checks=False)


@pytest.mark.clause("8.1.1a", owner="signaling_server/quality")
async def test_the_share_of_self_service_stands_with_its_meaning_and_the_most_frequent_topics(
    robot: DeskRobot, office: DeskOffice
) -> None:
    office.fleet = fleet()[:1]
    await robot.open("/operations")
    await robot.sign_in()
    await robot.reads("self-service", "Визитов за это время не было")
    topics = [
        TopicUse("readings.submit", "Передача показаний", 412, 398, 37, SelfServicePath.SERVICE),
        TopicUse("charges.explain", "Разъяснение начислений", 118, 61, 140, SelfServicePath.ARTICLE),
        TopicUse("charges.lost", "Тема, для которой ничего нет", 3, 0, 12, SelfServicePath.NONE),
    ]
    office.self_service = SelfServiceAnswer(30, 1_240, 610, 150, topics)
    await robot.page.reload()
    await robot.reads("self-service", "Самообслуживание за 30\u00a0дней")
    await robot.reads("self-service", "62\u00a0% 1240 из 2000")
    await robot.reads("self-service", "Доля — от всех визитов")
    await robot.reads("self-service", "нет: нужен ответ или услуга")
    await robot.get("self-service").scroll_into_view_if_needed()
    await robot.look("35-operations-self-service")
    await robot.page.set_viewport_size({"width": 390, "height": 844})
    await robot.get("self-service").scroll_into_view_if_needed()
    await robot.look("36-operations-self-service-phone")


async def test_the_page_follows_the_fleet_and_says_when_it_cannot(robot: DeskRobot, office: DeskOffice) -> None:
    await robot.open("/operations")
    await robot.sign_in()
    await robot.reads("fleet-empty", "Терминалов пока нет")
    await robot.look("33-operations-empty")
    office.fleet = fleet()[:1]
    await robot.reads("terminal-T-001", "работает")
    office.fleet_status = 502
    await robot.reads("fleet-trouble", "Сервер не отвечает")
    await expect(robot.get("terminal-T-001")).to_be_visible()
    await robot.look("34-operations-stale")
    office.fleet_status = 401
    await robot.sees("sign_in")
