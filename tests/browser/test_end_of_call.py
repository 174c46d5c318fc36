"""The end of a call on the agent's page, with the real office: summary, more questions, term and way, ЛКК, payment."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Page, expect

from signaling_server.contract import messages as m
from signaling_server.contract.cases import AnswerWay
from signaling_server.contract.notes import CallNote, CardAnswer, CardKind, NoteAuthor
from signaling_server.office import Office
from tests.browser.office_line import TerminalLine, answered, in_call, sent

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.clause("6.3.7c", owner="agent_web")
@pytest.mark.clause("5.1.3a", owner="agent_web")
async def test_two_questions_in_one_call_are_summed_up_for_the_customer_and_registered_each(
    real_office: Office, line: TerminalLine, browser_page: Page
) -> None:
    robot = await in_call(real_office, line, browser_page)
    await expect(robot.get("call-cases")).to_contain_text("-000001")
    await robot.get("kind-question").click()
    await robot.get("summary").fill("Рассказали про перерасчёт")
    await robot.get("stage-closing").click()
    await expect(robot.get("summary-text")).to_have_value(
        re.compile(r"Сделано: Рассказали про перерасчёт\nОбращение \d\d-000001 от [\d.]+: Перерасчёт.* Решено")
    )
    asked = await sent(line, robot.get("more-send").click())
    assert asked.card is not None
    assert asked.card.kind is CardKind.MORE
    await line.say(asked, answered(asked, CardAnswer.YES))
    await robot.get("next-case").click()
    first = await line.heard(m.CaseRegistered)
    assert (first.case_number[2:], first.topic_title) == ("-000001", "Перерасчёт")
    await expect(robot.get("call-cases").get_by_role("listitem")).to_have_count(2)
    await expect(robot.get("stage-registration")).to_have_attribute("aria-current", "step")
    await expect(robot.get("summary")).to_have_value("")

    await robot.get("kind-request").click()
    await robot.get("topic-search").fill("показани")
    await robot.get("topic-option-readings.submit").click()
    await robot.get("stage-closing").click()
    await robot.get("summary-text").fill("Приняли показания 12345. Спасибо, что обратились к нам")
    summary = await sent(line, robot.get("summary-send").click())
    assert summary.card is not None
    assert (summary.card.kind, summary.text[:16]) == (CardKind.SUMMARY, "Приняли показани")
    await line.say(summary)
    await expect(robot.get("summary-shown")).to_be_visible()
    await robot.look("call-closing")
    await robot.get("end-call").click()
    await robot.sees("wrap_up")
    await expect(robot.get("result-solved").locator("input")).to_be_checked()
    await robot.get("register-case").click()
    await robot.sees("ready")
    second = await line.heard(m.CaseRegistered, line.received.index(first) + 1)
    assert second.case_number[2:] == "-000002"
    assert second.topic_title != first.topic_title
    assert robot.troubles == []


@pytest.mark.clause("5.1.3c", owner="agent_web")
async def test_work_that_goes_on_is_not_closed_without_term_and_way_and_both_reach_the_terminal(
    real_office: Office, line: TerminalLine, browser_page: Page
) -> None:
    robot = await in_call(real_office, line, browser_page)
    await robot.get("end-call").click()
    await robot.sees("wrap_up")
    await robot.get("kind-question").click()
    await robot.get("result-solved").click()
    await robot.get("register-case").click()
    await expect(robot.get("case-errors")).to_contain_text("клиент видел итог")
    await robot.get("result-in_work").click()
    await robot.get("answer-due").fill("")
    await robot.get("register-case").click()
    await expect(robot.get("case-errors")).to_contain_text("выберите форму ответа")
    await robot.get("answer-way").select_option("sms")
    await robot.get("register-case").click()
    await expect(robot.get("case-errors")).to_contain_text("куда прислать ответ")
    await robot.get("answer-contact").fill("нет телефона")
    await robot.get("register-case").click()
    await expect(robot.get("notice")).to_contain_text("Проверьте, куда прислать ответ")
    await robot.look("wrap-up-in-work")
    await robot.get("answer-contact").fill("8 921 000-00-11")
    await robot.get("register-case").click()
    await robot.sees("ready")
    told = await line.heard(m.CaseRegistered)
    assert told.answer_way is AnswerWay.SMS
    assert len(told.due_date) == len("07.12.2026")


@pytest.mark.clause("6.3.7a", owner="agent_web")
@pytest.mark.clause("6.1.1", owner="agent_web")
async def test_the_portal_is_asked_with_three_answers_and_a_payment_is_proposed_in_whole_rubles(
    real_office: Office, line: TerminalLine, browser_page: Page
) -> None:
    robot = await in_call(real_office, line, browser_page)
    portal = robot.get("closing-portal").locator("summary")
    await portal.click()
    for answer, words in (("uses", "пользуется"), ("refused", "отказ"), ("registers", "помочь зарегистрироваться")):
        await robot.get(f"portal-{answer}").click()
        await expect(portal).to_contain_text(words)
        await expect(robot.get("portal-other-ways")).to_have_count(int(answer == "refused"))
    asked = await sent(line, robot.get("portal-send").click())
    await line.say(asked, answered(asked, CardAnswer.USES))
    await expect(portal).to_contain_text("пользуется")
    await robot.get("portal-registers").click()
    step = await sent(line, robot.get("portal-steps").click())
    assert step.card is not None
    assert (step.card.kind, step.card.step, step.card.steps) == (CardKind.STEP, 1, 4)
    await robot.get("portal-registered").click()
    await expect(portal).to_contain_text("зарегистрирован")

    await robot.get("closing-payment").locator("summary").click()
    await robot.get("payment-sum").fill("1,5")
    await robot.get("payment-send").click()
    await expect(robot.get("payment-error")).to_have_text("Сумма — целые рубли")
    await robot.get("payment-sum").fill("1 500")
    await robot.get("payment-account").fill("0401-2345")
    await robot.get("payment-send").click()
    await expect(robot.get("payment-error")).to_have_text("Лицевой счёт — только цифры")
    await robot.get("payment-account").fill("0401 2345 6789")
    payment = await sent(line, robot.get("payment-send").click())
    assert payment.card is not None
    assert (payment.card.kind, payment.card.amount_minor) == (CardKind.PAYMENT, 1_500_00)
    assert (payment.card.account, payment.text) == ("040123456789", "за электроэнергию")
    await line.say(payment, answered(payment, CardAnswer.PAY))
    await expect(robot.get("closing-payment")).to_contain_text("Платит, разговор продолжается")
    await robot.sees("on_call")
    paid = CallNote(payment.call_id, "paid", NoteAuthor.TERMINAL, answer_to=payment.note_id, answer=CardAnswer.PAID)
    await line.say(paid)
    await expect(robot.get("closing-payment")).to_contain_text("Оплатил, чек у терминала")
    await robot.look("call-payment")
    assert robot.troubles == []
