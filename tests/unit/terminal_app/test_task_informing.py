"""СМС-информирование: on by consent, phone and code; off; and when there is no SMS at all."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from signaling_server.contract.knowledge import ConsentsAsked, ConsentsTold
from signaling_server.contract.services import (
    CodeAsked,
    CodeEntered,
    CodePurpose,
    ConsentRead,
    InformingAsked,
    ServiceRefused,
)
from terminal_app.core.tasks import informing
from terminal_app.core.tasks.task import AskOffice, Chosen, Entered, GoTo, Silence, Told
from terminal_app.ipc.reading import text_sha256

sys.path.append(str(Path(__file__).parents[2] / "ui"))
from page_states import CONTEXT
from service_answers import SENT, answers

PHONE = "+79210000067"
WRONG = ServiceRefused("-", "wrong_code", "Код не подошёл. Осталось попыток: 2")


def answered(task, event, which: int = 0, context=CONTEXT):
    """After an event and the office's answer to it."""
    task, effects = task.step(event, context)
    (asked,) = effects
    return task.step(Told(answers(asked.request)[which]), context)[0]


def state(which: int = 0):
    """0: nobody is informed, 1: one phone is."""
    first, (asked,) = informing.begin(CONTEXT)
    assert asked == AskOffice(InformingAsked("-", "040123456"))
    return first.step(Told(answers(asked.request)[which]), CONTEXT)[0]


def code_page():
    consent = answered(state(), Chosen("on"))
    phone, _ = consent.step(Chosen("agree"), CONTEXT)
    return answered(phone, Entered(PHONE))


@pytest.mark.clause("8.1.1c", owner="terminal_app")
def test_sms_are_turned_on_after_the_whole_consent_by_a_code():
    consent = answered(state(), Chosen("on"))
    page = consent.page(CONTEXT)
    assert (page.to_the_end, page.title.text) == (True, "Согласие на СМС-информирование")
    assert "Отключить его можно в любой момент" in page.parts[0].text.text
    phone, _ = consent.step(Chosen("agree"), CONTEXT)
    asking, effects = phone.step(Entered(PHONE), CONTEXT)
    read = ConsentRead(text_sha256(page.parts[0].text.text), 100)
    on = CodeAsked("-", PHONE, CodePurpose.INFORMING_ON, "040123456", "sms-informing-1", read)
    assert effects == [AskOffice(on)]
    code, _ = asking.step(Told(SENT), CONTEXT)
    assert code.page(CONTEXT).sentence.values == {"phone": "+7 921 ***-**-67"}
    assert (code.page(CONTEXT).entry.length_min, code.page(CONTEXT).entry.length_max) == (6, 6)
    _, effects = code.step(Entered("123456"), CONTEXT)
    assert effects == [AskOffice(CodeEntered("-", "code-1", PHONE, "123456"))]
    done = answered(code, Entered("123456"))
    assert (done.page(CONTEXT).name, done.page(CONTEXT).back) == ("informing.on", False)
    assert done.step(Chosen("menu"), CONTEXT)[1] == [GoTo("menu")]


def test_who_does_not_agree_is_not_asked_for_a_phone():
    consent = answered(state(), Chosen("on"))
    assert consent.step(Chosen("refuse"), CONTEXT)[1] == [GoTo("menu")]
    unread, _ = state().step(Told(ConsentsTold("-", [])), CONTEXT)
    assert unread.page(CONTEXT).name == "informing.stopped"
    assert state().step(Chosen("on"), CONTEXT)[1] == [AskOffice(ConsentsAsked("-"))]


def test_an_informed_phone_is_turned_off_by_its_code_without_a_consent():
    on = state(1)
    assert [pair.value.text for pair in on.page(CONTEXT).pairs] == ["+7 921 ***-**-67"]
    assert [choice.key for choice in on.page(CONTEXT).choices] == ["another", "off"]
    phone, _ = on.step(Chosen("off"), CONTEXT)
    _, effects = phone.step(Entered(PHONE), CONTEXT)
    assert effects == [AskOffice(CodeAsked("-", PHONE, CodePurpose.INFORMING_OFF, "040123456"))]
    code = answered(phone, Entered(PHONE))
    assert answered(code, Entered("123456")).page(CONTEXT).name == "informing.off"


def test_a_wrong_code_is_said_beside_the_field_and_a_silence_costs_nothing():
    asking, _ = code_page().step(Entered("111111"), CONTEXT)
    wrong, _ = asking.step(Told(WRONG), CONTEXT)
    assert wrong.page(CONTEXT).entry.error.text == WRONG.sentence
    unheard, _ = asking.step(Silence(), CONTEXT)
    assert unheard.page(CONTEXT).entry.error.key == "page.no_answer"
    assert answered(unheard, Entered("123456")).page(CONTEXT).name == "informing.on"


def test_a_new_code_can_be_asked_for_after_a_while_and_the_old_one_counts_no_more():
    code = code_page()
    assert not code.page(CONTEXT).choices[0].enabled
    later = replace(CONTEXT, now_ms=CONTEXT.now_ms + SENT.again_after_s * 1_000)
    assert code.page(later).choices[0].enabled
    asking, effects = code.step(Chosen("again"), later)
    assert effects[0].request.phone == PHONE
    fresh, _ = asking.step(Told(type(SENT)("-", "code-2", SENT.phone_masked, 600, 60, 3)), later)
    assert not fresh.page(later).choices[0].enabled
    assert fresh.step(Entered("123456"), later)[1][0].request.code_id == "code-2"


def test_a_phone_that_the_office_refuses_is_said_at_once():
    phone = informing.phone_of(CodePurpose.INFORMING_ON, CONTEXT, "sms-informing-1")
    asking, _ = phone.step(Entered(PHONE), CONTEXT)
    refused, _ = asking.step(Told(ServiceRefused("-", "bad_phone", "В номере 10 цифр")), CONTEXT)
    assert refused.page(CONTEXT).entry.error.text == "В номере 10 цифр"
    refused, _ = asking.step(Told(ServiceRefused("-", "too_many", "Слишком много кодов")), CONTEXT)
    assert refused.page(CONTEXT).sentence.text == "Слишком много кодов"
    assert [choice.key for choice in refused.page(CONTEXT).choices] == ["consultant", "menu"]
    assert asking.step(Silence(), CONTEXT)[0].page(CONTEXT).name == "informing.stopped"


def test_an_office_without_sms_says_so_and_asks_nothing():
    without = replace(CONTEXT, facts=replace(CONTEXT.facts, sms=False))
    task, effects = informing.begin(without)
    assert (task.page(without).name, effects) == ("informing.absent", [])
