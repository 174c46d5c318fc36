"""The agent's page in chromium, with real pictures and sound over WebRTC from an aiortc terminal."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from signaling_server.contract import messages as m
from signaling_server.contract.cases import AnswerWay
from signaling_server.contract.closing import CaseResult, Closing
from signaling_server.contract.preflight import Part, PartFault, PartState, Preflight
from tests.browser.desk_office import PASSWORD, DeskOffice, now_ms
from tests.browser.desk_robot import CALL_ID, CASE, DeskRobot, active, offered
from tests.browser.desk_terminal import DeskTerminal

SILENT = Preflight(microphone=Part(PartState.BAD, PartFault.SILENT))
pytestmark = pytest.mark.asyncio(loop_scope="module")
MINUTE_MS = 60_000


@pytest_asyncio.fixture(loop_scope="module")
async def terminal(office: DeskOffice) -> AsyncIterator[DeskTerminal]:
    terminal = DeskTerminal(office, CALL_ID)
    yield terminal
    await terminal.close()


async def test_a_wrong_password_and_too_many_tries_are_told_in_sentences(robot: DeskRobot) -> None:
    await robot.sees("sign_in")
    await robot.look("01-sign-in")
    await robot.get("sign-in").click()
    await robot.reads("sign-in-trouble", "Введите логин и пароль")
    await robot.get("login").fill("orlova")
    await robot.get("password").fill("oshibka")
    await robot.page.keyboard.press("Enter")
    await robot.reads("sign-in-trouble", "Неверный логин или пароль")
    await robot.look("02-sign-in-refused")
    for _ in range(5):
        await robot.get("sign-in").click()
        await expect(robot.get("sign-in")).to_have_text("Войти")
    await robot.reads("sign-in-trouble", "Слишком много попыток")


async def test_the_main_job_from_ring_to_case_number(robot: DeskRobot, terminal: DeskTerminal) -> None:
    office, page = robot.office, robot.page
    await robot.sign_in()
    await robot.sees("not_ready")
    await robot.look("03-not-ready")
    await robot.get("ready").click()
    assert (await office.obey(m.SetReady, m.AgentStateChanged(m.AgentState.READY))).ready
    await robot.sees("ready")
    await robot.look("04-ready")

    await office.say(offered(), m.QueueChanged(3, 120_000, 3))
    await robot.sees("ringing")
    heard = await office.heard(m.RingHeard)
    assert (heard.call_id, heard.token) == (CALL_ID, "token-1")
    assert "Входящий звонок. Перерасчёт" in await robot.announced("alert")
    await robot.reads("queue-waiting", "3")
    await robot.look("05-ringing")
    await office.say(m.CallChecked(CALL_ID, m.WayToTalk.TYPE, SILENT))
    await robot.reads("ringing-way", "напечатать")
    await robot.reads("terminal-trouble", "Клиент печатает: микрофон не работает")
    await robot.look("05-ringing-no-microphone")
    await page.keyboard.press("Enter")
    accepted = await office.obey(m.AcceptCall, m.CallStarted(active()))
    assert accepted.token == "token-1"
    await robot.sees("on_call")
    await terminal.connect()
    await expect(robot.get("liveness")).to_have_attribute("data-liveness", "live")

    await page.keyboard.press("F8")
    await robot.get("stage-consultation").click()
    await expect(robot.get("stage-consultation")).to_have_attribute("aria-current", "step")
    await robot.get("summary").fill("Не учтены показания за октябрь.")
    await robot.get("kind-question").click()
    await expect(robot.get("topic-search")).to_have_value("Перерасчёт")  # the customer chose it on the terminal
    quality = await _quality(office, frames_min=15)
    assert quality.audio_level_db > -25, "the terminal's tone is -9 dBFS"
    assert quality.bitrate_kbps > 50
    assert terminal.frames_received > 5
    assert terminal.sound_peak > 1_000, "the fake microphone beeps"
    await robot.look("06-on-call")

    await page.keyboard.press("Escape")
    await robot.sees("on_call")
    await robot.get("end-call").click()
    await office.obey(m.EndCall, m.CallEnded(CALL_ID, m.CallEndReason.AGENT_ENDED))
    await robot.sees("wrap_up")
    assert await _open_peers(page) == 0
    await robot.look("07-wrap-up")
    await robot.get("topic-search").fill("жалоб")
    await robot.look("08-wrap-up-topics")
    await robot.get("topic-option-complaints.quality").click()
    await robot.get("kind-complaint").click()
    await robot.get("register-case").click()
    await expect(robot.get("case-errors")).to_contain_text("выберите форму ответа")
    await robot.get("answer-way").select_option("office")
    await robot.get("register-case").click()
    registered = m.CaseRegistered(CALL_ID, "2026-000017", "23.11.2026", "Жалоба на качество обслуживания")
    form = await office.obey(m.CloseWrapUp, registered, m.AgentStateChanged(m.AgentState.READY))
    assert (form.kind, form.topic_id) == (m.CaseKind.COMPLAINT, "complaints.quality")
    assert form.closing == Closing(CaseResult.IN_WORK, AnswerWay.OFFICE, CASE.due_latest)
    assert form.summary == "Не учтены показания за октябрь."
    await robot.reads("case-number", "2026-000017")
    await robot.reads("case-date", "23.11.2026")
    assert await page.evaluate("sessionStorage.length") == 0
    await robot.look("09-registered")


async def test_all_by_keyboard(robot: DeskRobot) -> None:
    office, page = robot.office, robot.page
    await robot.sees("sign_in")
    await page.keyboard.press("Tab")
    await page.keyboard.type("orlova")
    await page.keyboard.press("Tab")
    await page.keyboard.type(PASSWORD)
    await page.keyboard.press("Enter")
    await robot.sees("not_ready")
    await robot.get("ready").focus()
    await page.keyboard.press("Space")
    await office.obey(m.SetReady, m.AgentStateChanged(m.AgentState.READY))
    await robot.sees("ready")
    await page.evaluate("document.activeElement.blur()")
    await office.say(offered(way=m.WayToTalk.WRITE))
    await robot.reads("ringing-way", "написать")
    assert await page.evaluate("document.activeElement === document.body"), "a push moves no focus"
    await page.keyboard.press("Space")
    await office.obey(m.AcceptCall, m.CallStarted(active(topic="")))
    await robot.sees("on_call")
    await page.keyboard.press("F4")
    await robot.reads("microphone", "Микрофон выключен")
    await page.keyboard.press("F9")
    await robot.reads("camera", "Камера выключена")
    await office.say(m.CallEnded(CALL_ID, m.CallEndReason.CUSTOMER_LEFT))
    await robot.reads("end-reason", "Клиент завершил разговор")
    await robot.get("register-case").focus()
    await page.keyboard.press("Enter")
    await robot.reads("case-errors", "выберите вид обращения; выберите тему из списка")
    await robot.look("10-wrap-up-errors")
    assert await page.evaluate("document.activeElement.name") == "kind", "focus goes to the first mistake"
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("Tab")
    await page.keyboard.type("показ")
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    form = await office.heard(m.CloseWrapUp)
    assert (form.kind, form.topic_id) == (m.CaseKind.REQUEST, "readings.submit")


async def test_a_late_accept_is_told_already_passed_on(robot: DeskRobot) -> None:
    await robot.on_duty()
    await robot.office.say(offered(ring_timeout_ms=3_000, way=m.WayToTalk.TYPE, topic=""))
    await robot.sees("ringing")
    await robot.look("11-ringing-last-seconds")
    await robot.get("accept").click()
    command = await robot.office.heard(m.AcceptCall)
    await robot.office.say(m.CommandRefused(command.command_id, "too_late"))
    await robot.reads("notice", "Уже передано")
    await robot.sees("ready")
    await robot.look("12-too-late")


async def test_the_ring_ends_when_the_customer_leaves(robot: DeskRobot) -> None:
    await robot.on_duty()
    await robot.office.say(offered())
    await robot.sees("ringing")
    await robot.office.say(m.OfferWithdrawn(CALL_ID, "customer_left"))
    await robot.reads("notice", "Клиент отменил звонок")
    await robot.get("decline").wait_for(state="detached")
    await robot.office.say(offered())
    await robot.get("decline").click()
    assert (await robot.office.heard(m.DeclineCall)).token == "token-1"


async def test_a_new_media_epoch_replaces_the_old_only_with_its_first_picture(
    robot: DeskRobot, terminal: DeskTerminal
) -> None:
    office, page = robot.office, robot.page
    await robot.in_call()
    await terminal.connect()
    await expect(robot.get("liveness")).to_have_attribute("data-liveness", "live")
    mute_offer = await (mute := DeskTerminal(office, CALL_ID, 2)).offer()
    await office.say(mute_offer)
    await _until(page, "peers.length === 2 && peers[1].remoteDescription !== null")
    assert await _open_peers(page) == 2
    assert await _shown_epoch(page) == 1, "the second path has no picture yet"
    await mute.close()
    third = DeskTerminal(office, CALL_ID, 3)
    await third.connect()
    await _until(page, "peers.filter((each) => each.signalingState !== 'closed').length === 1")
    async with asyncio.timeout(8):  # the picture is hung up a moment after the path stands
        while await _shown_epoch(page) != 3:  # noqa: ASYNC110 - another program draws it
            await asyncio.sleep(0.05)
    await expect(robot.get("liveness")).to_have_attribute("data-liveness", "live")
    before = third.frames_received
    await asyncio.sleep(0.5)
    assert third.frames_received > before, "the agent's picture goes on over the new path"
    await office.say(await DeskTerminal(office, CALL_ID, 2).offer())
    assert await page.evaluate("peers.length") == 3, "an older epoch is not answered"
    await third.close()


async def test_a_frozen_picture_is_told_in_words_and_forgotten_when_it_moves(
    robot: DeskRobot, terminal: DeskTerminal
) -> None:
    await robot.in_call()
    await terminal.connect()
    await expect(robot.get("liveness")).to_have_attribute("data-liveness", "live")
    terminal.picture.moving.clear()
    await robot.reads("liveness", "клиента не видно, голос идёт")
    await expect(robot.get("liveness")).to_have_class("liveness liveness-weak")
    await robot.look("13-no-picture")
    terminal.picture.moving.set()
    await robot.reads("liveness", "Клиент на связи")


@pytest.mark.clause("9.6.11d", owner="agent_web")
async def test_who_reads_lips_or_signs_sees_the_agent_move_on_a_thin_path_too(
    robot: DeskRobot, terminal: DeskTerminal, page: Page
) -> None:
    await robot.in_call(way=m.WayToTalk.WRITE)
    await terminal.connect()
    await expect(robot.get("liveness")).to_have_attribute("data-liveness", "live")
    sender = "peers[0].getSenders().find((each) => each.track?.kind === 'video')"
    assert await page.evaluate(f"{sender}.getParameters().degradationPreference") == "maintain-framerate"


async def test_a_lost_link_keeps_the_call_and_what_was_typed(robot: DeskRobot, terminal: DeskTerminal) -> None:
    office, page = robot.office, robot.page
    await robot.in_call()
    await terminal.connect()
    await robot.get("summary").fill("Черновик")
    office.refuses_sockets = True
    await office.drop_page()
    await robot.reads("banner-link", "Разговор продолжается")
    await robot.look("14-link-lost")
    office.snapshot = office.snapshot_of(m.AgentState.ON_CALL, active=active())
    office.refuses_sockets = False
    await expect(robot.get("banner-link")).to_have_count(0, timeout=10_000)
    assert await _shown_epoch(page) == 1, "the media never stopped"
    await robot.get("stage-closing").click()
    await page.reload()
    await robot.sees("on_call")
    await expect(robot.get("summary")).to_have_value("Черновик")
    await expect(robot.get("stage-closing")).to_have_attribute("aria-current", "step")


async def test_the_service_clock_turns_amber_and_red_with_words(robot: DeskRobot) -> None:
    await robot.in_call(started_at_ms=now_ms() - 10 * MINUTE_MS)
    await robot.reads("service-timer", "10:0")
    await expect(robot.page.get_by_text("больше 10 минут")).to_be_visible()
    await robot.look("15-service-amber")
    late = active(started_at_ms=now_ms() - 15 * MINUTE_MS)
    await robot.office.say(robot.office.snapshot_of(m.AgentState.ON_CALL, active=late))
    await expect(robot.page.get_by_text("норма 15 минут превышена")).to_be_visible()
    await robot.look("16-service-red")


async def test_a_newer_tab_and_an_ended_sign_in_are_told(robot: DeskRobot) -> None:
    await robot.on_duty()
    await robot.office.sockets[-1].close(code=4001)
    await robot.sees("replaced")
    await robot.look("17-replaced")
    await robot.page.get_by_role("button", name="Продолжить здесь").click()
    await robot.sees("not_ready")
    await robot.office.sockets[-1].close(code=4003)
    await robot.sees("sign_in")


async def test_enlarged_twice_and_in_forced_colours_nothing_is_lost(robot: DeskRobot, terminal: DeskTerminal) -> None:
    page = robot.page
    await page.emulate_media(forced_colors="active", reduced_motion="reduce")
    await robot.on_duty()
    await robot.look("18-ready-forced-colours", checks=False)
    await robot.office.say(offered())
    await robot.sees("ringing")
    await robot.look("19-ringing-forced-colours", checks=False)
    assert await page.evaluate("document.getAnimations().length") == 0, "motion was asked to be reduced"
    await page.emulate_media(forced_colors="none")
    await page.set_viewport_size({"width": 683, "height": 384})
    await robot.look("20-ringing-enlarged")
    await robot.get("accept").click()
    await robot.office.obey(m.AcceptCall, m.CallStarted(active()))
    await robot.sees("on_call")
    await robot.look("21-on-call-enlarged")


async def test_without_camera_and_microphone_the_call_still_works(
    browser_without_devices: Browser, office: DeskOffice, terminal: DeskTerminal
) -> None:
    page = await browser_without_devices.new_page(viewport={"width": 1366, "height": 768})
    robot = DeskRobot(page, office, PASSWORD)
    await robot.open()
    await robot.in_call()
    await robot.reads("banner-devices", "Камера не найдена, микрофон не найден: вы видите и слышите клиента")
    await expect(robot.get("microphone")).to_be_disabled()
    await robot.reads("microphone", "Микрофон не работает")
    await terminal.connect()
    await expect(robot.get("liveness")).to_have_attribute("data-liveness", "live")
    await robot.look("22-no-devices")
    assert robot.troubles == []


async def _quality(office: DeskOffice, frames_min: int) -> m.CallQuality:
    at = 0
    while True:
        quality = await office.heard(m.CallQuality, at)
        if quality.frames_decoded >= frames_min and quality.audio_level_db > -60 and quality.bitrate_kbps > 0:
            return quality
        at = office.received.index(quality) + 1


async def _until(page: Page, condition: str) -> None:
    async with asyncio.timeout(8):
        while not await page.evaluate(condition):  # noqa: ASYNC110 (wait_for_function would need unsafe-eval)
            await asyncio.sleep(0.05)


async def _open_peers(page: Page) -> int:
    count: int = await page.evaluate("peers.filter((each) => each.signalingState !== 'closed').length")
    return count


async def _shown_epoch(page: Page) -> int:
    """Which of the page's peers feeds the picture, counted from 1."""
    epoch: int = await page.evaluate(
        """() => {
          const shown = document.querySelector('[data-testid=remote-video]').srcObject?.getVideoTracks()[0];
          return 1 + peers.findIndex((each) => each.getReceivers().some(({ track }) => track === shown));
        }"""
    )
    return epoch
