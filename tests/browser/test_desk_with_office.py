"""The page with the real office: its doors, its router, its database; the terminal's connection is enrolled."""

from __future__ import annotations

import asyncio

import pytest
from playwright.async_api import Page, expect

from signaling_server.contract import messages as m
from signaling_server.contract.notes import CallNote, CardAnswer, CardKind, Drawing, NoteAuthor
from signaling_server.office import Office
from tests.browser.desk_terminal import DeskTerminal
from tests.browser.office_line import TerminalLine, answered, call, in_call, on_duty, sent

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_call_through_the_real_office(real_office: Office, line: TerminalLine, browser_page: Page) -> None:
    robot = await on_duty(real_office, line, browser_page)
    missed = await call(line, robot)
    await expect(robot.get("notice")).to_contain_text("Вы не успели ответить", timeout=10_000)
    await robot.sees("not_ready")
    await robot.get("ready").click()
    await robot.sees("ringing")
    await robot.page.keyboard.press("Enter")
    accepted = await line.heard(m.CallAccepted)
    assert accepted.call_id == missed.call_id, "the call kept its place"
    assert accepted.plate.last_name == "Соколова"
    await robot.sees("on_call")

    terminal = DeskTerminal(line, accepted.call_id, accepted.media_epoch)
    await terminal.connect()
    await expect(robot.get("liveness")).to_have_attribute("data-liveness", "live")
    await robot.page.reload()  # the page comes back into its call by a new media epoch
    await robot.sees("on_call")
    again = await line.heard(m.CallAccepted, line.received.index(accepted) + 1)
    assert again.media_epoch > accepted.media_epoch
    second = DeskTerminal(line, again.call_id, again.media_epoch)
    await second.connect()
    await expect(robot.get("liveness")).to_have_attribute("data-liveness", "live")
    await terminal.close()

    await robot.get("end-call").click()
    assert (await line.heard(m.CallEnded)).reason is m.CallEndReason.AGENT_ENDED
    await robot.sees("wrap_up")
    await robot.get("kind-question").click()
    await robot.get("topic-search").fill("перерасч")
    await robot.get("topic-option-charges.recalculate").click()
    await robot.get("register-case").click()
    await robot.sees("ready")
    told = await line.heard(m.CaseRegistered)
    await robot.reads("case-number", told.case_number)
    await robot.reads("case-date", told.received_date)
    await second.close()
    assert robot.troubles == []


@pytest.mark.clause("9.6.10a", owner="agent_web")
async def test_what_is_written_in_a_call_reaches_the_other_side(
    real_office: Office, line: TerminalLine, browser_page: Page
) -> None:
    """A finger's drawing is a picture with a name; the agent's words are sent, and told to be on the screen."""
    robot = await on_duty(real_office, line, browser_page)
    queued = await call(line, robot)
    await robot.page.keyboard.press("Enter")
    await robot.sees("on_call")
    drawing = Drawing(400, [[60, 200, 300, 60, 500, 320, 900, 90], [940, 320]])
    drawn = CallNote(queued.call_id, "n-1", NoteAuthor.CUSTOMER, drawing=drawing)
    await line.say(drawn, CallNote("another call", "n-2", NoteAuthor.CUSTOMER, "чужое"))
    picture = robot.page.get_by_role("img", name="Клиент написал от руки: 2 штриха")
    await expect(picture).to_be_visible()
    await expect(picture.locator("polyline")).to_have_count(2)
    await robot.page.get_by_role("button", name="Показать крупно").click()
    await expect(robot.get("note-large")).to_be_visible()
    await robot.page.keyboard.press("Escape")
    await expect(robot.get("note-large")).to_be_hidden()

    await robot.get("note-text").fill("Показания примем до 25 ноября")
    await robot.page.keyboard.press("Enter")
    told = await line.heard(CallNote)
    assert (told.author, told.text) == (NoteAuthor.AGENT, "Показания примем до 25 ноября")
    mine = robot.get("note-agent")
    await expect(mine).to_contain_text("отправляется")
    await line.say(told)
    await expect(mine).to_contain_text("на экране у клиента")
    assert "чужое" not in await robot.get("notes").inner_text()
    await robot.look("call-notes")

    await robot.page.reload()  # the terminal tells everything again in its new epoch
    await robot.sees("on_call")
    await line.say(drawn, told)
    await expect(mine).to_contain_text("на экране у клиента")
    await robot.get("end-call").click()
    await robot.sees("wrap_up")
    await expect(picture).to_be_visible()
    assert robot.troubles == []


@pytest.mark.clause("9.3.5a", owner="agent_web")
@pytest.mark.clause("9.6.5", owner="agent_web")
@pytest.mark.clause("9.6.10d", owner="agent_web")
async def test_a_card_is_sent_by_keys_alone_and_its_answer_is_there_within_a_second(
    real_office: Office, line: TerminalLine, browser_page: Page
) -> None:
    robot = await in_call(real_office, line, browser_page)
    keys = robot.page.keyboard
    await robot.get("cards-open").locator("summary").focus()
    await keys.press("Enter")
    await robot.get("card-send").focus()
    await keys.press("Enter")
    await expect(robot.get("card-error")).to_have_text("Напишите текст карточки")
    for kind, words in ((CardKind.CONFIRM, "Понятно"), (CardKind.RESTATE, "Да"), (CardKind.QUESTION, "«В подъезде»")):
        await robot.get("card-kind").focus()
        while await robot.get("card-kind").input_value() != kind:
            await keys.press("ArrowDown")
        await robot.get("card-text").fill(f"Текст {kind}")
        if kind is CardKind.QUESTION:
            await robot.get("card-options").fill("Дома\nВ подъезде")
        card = await sent(line, robot.get("card-send").press("Enter"))
        assert (card.card.kind, card.text) == (kind, f"Текст {kind}")
        state = robot.get("note-state").last
        await expect(state).to_have_text("Отправляется…")
        answer, text = {
            CardKind.CONFIRM: (CardAnswer.UNDERSTOOD, ""),
            CardKind.RESTATE: (CardAnswer.YES, ""),
            CardKind.QUESTION: (CardAnswer.OPTION, "В подъезде"),
        }[kind]
        await line.say(card)
        await expect(state).to_have_text("На экране, ждём ответа")
        if kind is CardKind.QUESTION:
            assert card.card.options == ["Дома", "В подъезде"]
            await robot.look("call-cards")
        began_s = asyncio.get_running_loop().time()
        await line.say(answered(card, answer, text))
        await expect(state).to_have_text(f"Ответ: {words}", timeout=1_000)
        assert asyncio.get_running_loop().time() - began_s < 1.0
    assert robot.troubles == []


@pytest.mark.clause("9.6.7", owner="agent_web")
async def test_the_next_step_comes_by_the_customers_touch_and_never_by_itself(
    real_office: Office, line: TerminalLine, browser_page: Page
) -> None:
    robot = await in_call(real_office, line, browser_page)
    await robot.get("cards-open").locator("summary").click()
    await robot.get("card-kind").select_option("step")
    await robot.get("card-text").fill("Раз\nДва")
    first = await sent(line, robot.get("card-send").click())
    await line.say(first)
    await expect(robot.get("note-state")).to_have_text("На экране, ждём ответа")
    await asyncio.sleep(3.5)  # longer than anything the page waits for
    assert [note.text for note in line.received if isinstance(note, CallNote)] == ["Раз"]
    second = await sent(line, line.say(answered(first, CardAnswer.NEXT)))
    assert (second.text, second.card.step, second.card.steps) == ("Два", 2, 2)
    await line.say(answered(first, CardAnswer.NEXT), second, answered(second, CardAnswer.NEXT))
    await expect(robot.get("note-state").last).to_have_text("Ответ: Дальше")
    assert len([note for note in line.received if isinstance(note, CallNote)]) == 2


@pytest.mark.clause("9.6.11f", owner="agent_web")
async def test_simpler_words_are_at_hand_and_a_card_that_nobody_shows_is_told_and_sent_again(
    real_office: Office, line: TerminalLine, browser_page: Page
) -> None:
    robot = await in_call(real_office, line, browser_page)
    await robot.get("cards-open").locator("summary").click()
    await robot.get("card-template").select_option(index=1)
    hard = await sent(line, robot.get("card-send").click())
    await line.say(hard, answered(hard, CardAnswer.EXPLAIN))
    plain = await sent(line, robot.page.get_by_role("button", name="Показать проще").click())
    assert plain.card.kind is CardKind.CONFIRM
    assert plain.text != hard.text
    await expect(robot.get("note-state").last).to_contain_text("Не доставлена: терминал не отвечает", timeout=5_000)
    again = await sent(line, robot.page.get_by_role("button", name="Отправить ещё раз").click())
    assert again == plain
    await line.say(again)
    await expect(robot.get("note-state").last).to_have_text("На экране, ждём ответа")


@pytest.mark.clause("9.6.9g", owner="agent_web")
@pytest.mark.clause("9.6.11a", owner="agent_web")
async def test_nobody_is_left_before_a_silent_or_dark_screen_without_a_word(
    real_office: Office, line: TerminalLine, browser_page: Page
) -> None:
    """Pause, microphone and camera each tell the customer first, and once; the return is told too."""
    robot = await in_call(real_office, line, browser_page)
    for off, on in (("card-pause", "card-pause"), ("microphone", "microphone"), ("camera", "camera")):
        away = await sent(line, robot.get(off).click())
        assert away.card.kind is CardKind.PAUSE
        assert "не прерван" in away.text
        await expect(robot.get("card-pause")).to_have_text("Вернуться к клиенту")
        back = await sent(line, robot.get(on).click())
        assert back.card.kind is CardKind.RETURN
        await expect(robot.get("card-pause")).to_have_text("Пауза: проверяю")
    await sent(line, robot.page.keyboard.press("F4"))
    told = len(line.received)
    await robot.page.keyboard.press("F9")  # away already: nothing new to tell
    back = await sent(line, robot.get("card-pause").click())
    assert back.card.kind is CardKind.RETURN
    assert [each.card.kind for each in line.received[told:] if isinstance(each, CallNote)] == [CardKind.RETURN]
    await expect(robot.get("microphone")).to_contain_text("включён")
    await expect(robot.get("camera")).to_contain_text("включена")
    attention = await sent(line, robot.get("card-attention").click())
    assert attention.card.kind is CardKind.ATTENTION


async def test_the_fleet_and_the_sign_out(real_office: Office, line: TerminalLine, browser_page: Page) -> None:
    robot = await on_duty(real_office, line, browser_page)
    await line.say(m.Heartbeat(1, "attract", [m.DeviceReport("bill_validator", "online")]))
    fleet = await browser_page.context.new_page()
    await fleet.goto(f"{real_office.desk_url}/operations")
    await expect(fleet.get_by_test_id("fleet")).to_contain_text("Терминал 1", timeout=10_000)
    await expect(fleet.get_by_test_id("fleet")).to_contain_text("Купюроприёмник", timeout=10_000)
    await robot.get("sign-out").click()
    await robot.sees("sign_in")
    await expect(fleet.locator('[data-desk-state="sign_in"]')).to_be_visible(timeout=10_000)
    assert robot.troubles == []
