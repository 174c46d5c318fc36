"""«Заключить договор»: few questions, the consent read whole and given by touch, papers, a copy of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from test_task_written import AT_CAMERA, CONTEXT, PHONE, TOPICS, VERSION, name, sent, walked

from signaling_server.cases.forms import check_form
from signaling_server.contract.cases import CONTRACT_TOPIC, CaseKind, NewClient
from signaling_server.contract.knowledge import ConsentsAsked
from signaling_server.contract.services import ServiceRefused
from terminal_app.core.tasks import menu, written
from terminal_app.core.tasks.task import Chosen, Entered, Facts, GoTo, Photographed, PrintPairs, TakePhoto, Told
from tests.ui.service_answers import FILED, answers

PLACE, NAME, MAIL = "Токсово, улица Озёрная, дом 9", "Иванова Анна Петровна", "ivanova@mail.ru"
ANSWERS = (Entered(PLACE), Entered(PHONE), Entered(MAIL), Entered(NAME))
CONSENT = answers(ConsentsAsked("-"))[0].consents[0]


def client(*events, context=CONTEXT):
    return walked(*events, task=written.new_client(context)[0], context=context)


@pytest.mark.clause("6.3.6b", owner="terminal_app")
def test_a_new_client_is_asked_one_thing_a_page_and_agrees_to_a_document_of_its_own():
    office, _ = menu.menu("office", menu.OFFICE)(CONTEXT)
    assert office.step(Chosen("new_client"), CONTEXT)[1] == [GoTo("new_client")]
    names = [name(client(*ANSWERS[:at])) for at in range(len(ANSWERS) + 1)]
    assert names == ["written.place", "written.phone", "written.email", "written.name", "written.consent"]
    page = client(*ANSWERS).page(CONTEXT)
    assert page.to_the_end, "the button unlocks on its last page, nothing is ticked before"
    assert page.parts[0].text.text == CONSENT.text
    form = sent(client(*ANSWERS, Chosen("agree")))
    assert (form.kind, form.topic_id) == (CaseKind.REQUEST, CONTRACT_TOPIC)
    assert (form.new_client, form.customer_name, form.phone) == (NewClient(PLACE), NAME, PHONE)
    assert (form.email, form.consent_version, form.consent_read.coverage_percent) == (MAIL, VERSION, 100)
    check_form(form, TOPICS, {VERSION})


def test_without_the_consent_nothing_is_sent_and_without_a_mail_there_is_paper():
    assert name(client(*ANSWERS, Chosen("refuse"))) == "written.no_consent"
    form = sent(client(*ANSWERS[:2], Chosen("skip"), ANSWERS[3], Chosen("agree")))
    assert form.email == ""


def test_his_papers_are_photographed_and_may_be_brought_later():
    context = replace(AT_CAMERA, account=None, balance=None)
    at_papers = client(*ANSWERS, Chosen("agree"), context=context)
    assert name(at_papers, context) == "new_client.papers"
    shooting = walked(Chosen("photo"), task=at_papers, context=context)
    assert shooting.step(Chosen("take"), context)[1] == [TakePhoto()]
    photo = Photographed("p1", "0" * 64, 1_000, b"")
    check = walked(photo, Chosen("keep"), Chosen("done"), task=shooting, context=context)
    assert [slip.attachment_id for slip in sent(check, context).attachments] == ["p1"]
    later = walked(Chosen("none"), task=at_papers, context=context)
    assert sent(later, context).attachments == []


@pytest.mark.clause("6.3.6b", owner="terminal_app")
def test_the_copy_on_paper_is_the_whole_text_with_its_version_and_no_name():
    check = client(*ANSWERS, Chosen("agree"))
    filed = walked(Told(FILED), task=check)
    _, (slip,) = filed.step(Chosen("print"), CONTEXT)
    assert isinstance(slip, PrintPairs)
    assert (slip.title, slip.words) == (CONSENT.title, CONSENT.text)
    assert ("Редакция", CONSENT.version) in slip.pairs
    assert ("Заявка", FILED.case_number) in slip.pairs
    assert NAME not in repr(slip)
    assert PHONE not in repr(slip)


def test_each_answer_can_be_mended_also_what_the_office_refuses():
    check = client(*ANSWERS, Chosen("agree"))
    which = walked(Chosen("correct"), task=check)
    assert [choice.key for choice in which.page(CONTEXT).choices] == ["place", "phone", "email", "name"]
    again = {"place": "Песочный, дом 1а", "phone": "+79210000068", "email": "a@b.ru", "name": "Петров"}
    for key, typed in again.items():
        mended = walked(Chosen(key), Entered(typed), task=which)
        assert name(mended) == "written.check"
        assert sent(mended) != sent(check)
    refused = walked(Told(ServiceRefused("-", "bad_client", "Укажите адрес")), task=check)
    assert name(walked(Chosen("mend"), task=refused)) == "written.place"


def test_an_office_without_the_topic_takes_no_new_client():
    assert written.new_client(replace(CONTEXT, facts=Facts(sealed=True)))[0].page(CONTEXT).name == "written.absent"
