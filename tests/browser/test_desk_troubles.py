"""The page when a talk does not go its usual way: a long hold, an urgent word, misbehaviour, danger, a broken call."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from signaling_server.contract import messages as m
from signaling_server.contract.notes import CallNote, CardAnswer, CardKind, NoteAuthor
from signaling_server.contract.ring_back import AnswerRing, CallRinging, RingAnswer, RingStopped
from signaling_server.office import Office
from tests.browser.desk_robot import DeskRobot
from tests.browser.office_line import GUARD_PHONE, TerminalLine, in_call, sent
from tests.integration.office_bench import PASSWORD, add_agent

pytestmark = pytest.mark.asyncio(loop_scope="module")
DEAF = "() => { window.rang = 0; AudioContext.prototype.createOscillator = () => { window.rang++ } }"
LATER = "(ms) => { const now = performance.now.bind(performance); performance.now = () => now() + ms; }"


@pytest.mark.clause("9.4.12", owner="agent_web")
async def test_the_clock_of_a_hold_stands_there_and_asks_the_agent_to_speak(
    real_office: Office, line: TerminalLine, browser_page: Page
) -> None:
    robot = await in_call(real_office, line, browser_page)
    await expect(robot.get("hold-timer")).to_be_hidden()
    pause = await sent(line, robot.get("card-pause").click())
    await robot.reads("hold-timer", "0:0")
    await robot.page.evaluate(LATER, 45_000)
    await expect(robot.get("hold-prompt")).to_contain_text("«Ещё минуту, пожалуйста»")
    await robot.page.evaluate(LATER, 75_000)
    await robot.reads("hold-timer", "2:0")
    await expect(robot.get("hold-prompt")).to_contain_text("предложите приём в офисе или обращение")
    ways = CallNote(pause.call_id, "t-1", NoteAuthor.TERMINAL, answer_to=pause.note_id, answer=CardAnswer.WAYS)
    await line.say(ways)
    await expect(robot.get("hold-told")).to_contain_text("подождать, перезвонить, записаться")
    await robot.look("17-hold")
    await line.say(m.CallCancelled(pause.call_id, CardAnswer.BOOK))
    await robot.sees("wrap_up")
    assert (await line.heard(m.CaseRegistered)).case_number


@pytest.mark.clause("9.2.3", owner="agent_web")
async def test_an_urgent_word_is_silent_and_is_answered_only_after_the_apology(
    real_office: Office, line: TerminalLine, browser_page: Page, tmp_path: Path
) -> None:
    await add_agent(tmp_path / "office", "boris")
    robot = await in_call(real_office, line, browser_page)
    await robot.get("summary").focus()
    boris = await colleague(robot, real_office)
    await boris.get("staff-open").locator("summary").click()
    await expect(boris.get("staff-to").locator("option")).to_have_count(1)
    await boris.get("staff-text").fill("Нужен ваш ответ по делу клиента")
    await boris.get("staff-urgent").check()
    await robot.page.evaluate(DEAF)
    await boris.get("staff-send").click()

    await expect(robot.get("staff")).to_contain_text("Нужен ваш ответ по делу клиента")
    await expect(robot.get("summary")).to_be_focused()
    assert await robot.page.evaluate("window.rang") == 0
    await expect(robot.get("staff-later")).to_be_visible()
    await expect(robot.get("staff-open")).to_have_count(0)
    await robot.look("18-urgent")
    apology = await sent(line, robot.get("apologise").click())
    assert apology.card is not None
    assert apology.card.kind is CardKind.PAUSE
    assert apology.text.startswith("Извините, пожалуйста")
    await expect(robot.get("microphone")).to_contain_text("выключен")
    await expect(robot.get("staff-open")).to_be_visible()
    await robot.get("card-pause").click()
    await expect(robot.get("staff-open")).to_have_count(0)
    await robot.page.get_by_role("button", name="Прочитано").click()
    await expect(robot.get("apologise")).to_have_count(0)
    await boris.page.context.close()


@pytest.mark.clause("9.4.10", owner="agent_web")
async def test_misbehaviour_is_warned_of_first_and_the_reason_is_named(
    real_office: Office, line: TerminalLine, browser_page: Page
) -> None:
    robot = await in_call(real_office, line, browser_page)
    await robot.get("misconduct-open").locator("summary").click()
    await robot.get("misconduct-reason").select_option("insult")
    await expect(robot.get("misconduct-end")).to_have_attribute("aria-disabled", "true")
    await robot.get("misconduct-end").click(force=True)
    warning = await sent(line, robot.get("misconduct-warn").click())
    assert warning.card is not None
    assert warning.card.kind is CardKind.WARNING
    await line.say(warning)
    await expect(robot.get("misconduct-told")).to_contain_text("было на экране")
    await robot.get("misconduct-reason").select_option("")
    await expect(robot.get("misconduct-end")).to_have_attribute("aria-disabled", "true")
    await robot.get("misconduct-reason").select_option("insult")
    await robot.look("19-misconduct")
    assert not [each for each in line.received if isinstance(each, m.CallEnded)]
    await robot.get("misconduct-end").click()
    assert (await line.heard(m.CallEnded)).reason is m.CallEndReason.MISCONDUCT
    await robot.sees("wrap_up")
    await expect(robot.page.get_by_text("из-за недопустимого поведения")).to_be_visible()


@pytest.mark.clause("9.7.3", owner="agent_web")
async def test_a_held_alarm_shows_the_script_and_is_at_operations_within_two_seconds(
    real_office: Office, line: TerminalLine, browser_page: Page, tmp_path: Path
) -> None:
    await add_agent(tmp_path / "office", "boris", roles=("supervisor",))
    robot = await in_call(real_office, line, browser_page)
    boris = await colleague(robot, real_office)
    operations = await boris.page.context.new_page()
    await operations.goto(f"{real_office.desk_url}/operations")
    await expect(operations.get_by_test_id("fleet")).to_be_visible()
    await robot.get("alarm-open").locator("summary").click()
    await robot.get("alarm-danger").select_option("medical")
    await robot.get("alarm").click()  # a slip
    await robot.get("alarm").click(delay=700)
    await expect(robot.get("alarm-script")).to_have_count(0)
    await robot.get("alarm").click(delay=1_600)
    await expect(robot.get("alarm-script")).to_contain_text(GUARD_PHONE)
    await expect(robot.get("alarm-script")).to_contain_text("Невский, 1")
    await expect(operations.get_by_test_id("incident-alarm")).to_contain_text("человеку плохо", timeout=2_000)
    await expect(operations.get_by_test_id("incident-alarm")).to_contain_text(GUARD_PHONE)
    await expect(boris.get("incident-alarm")).to_contain_text("Невский, 1")
    await robot.look("20-alarm")
    await robot.sees("on_call")
    await boris.page.get_by_role("button", name="Принять").click()
    await expect(operations.get_by_test_id("incident-alarm")).to_have_count(0)
    await boris.page.context.close()


@pytest.mark.clause("9.4.2b", owner="signaling_server/desk")
async def test_a_broken_talk_is_rung_back_and_goes_on(
    real_office: Office, line: TerminalLine, browser_page: Page
) -> None:
    robot = await in_call(real_office, line, browser_page)
    await robot.get("end-call").click()
    await robot.sees("wrap_up")
    await robot.get("ring-back").click()
    ringing = await line.heard(CallRinging)
    await expect(robot.get("ring-stop")).to_contain_text("Остановить можно через")
    await robot.get("ring-stop").click(force=True)
    await robot.look("21-ring-back")
    assert not [each for each in line.received if isinstance(each, RingStopped)]
    await line.say(AnswerRing(ringing.call_id, RingAnswer.ACCEPTED))
    await robot.sees("on_call")
    assert [each.media_epoch for each in line.received if isinstance(each, m.CallAccepted)] == [1, 2]


async def colleague(robot: DeskRobot, office: Office) -> DeskRobot:
    """Another agent at a desk of his own."""
    browser = robot.page.context.browser
    assert browser is not None
    page = await (await browser.new_context(locale="ru-RU")).new_page()
    other = DeskRobot(page, robot.office, PASSWORD, login="boris")
    await other.open("/", at=office.desk_url)
    await other.sign_in()
    await other.sees("not_ready")
    return other
