"""What has become of an обращение: to whom it is told, what can be done about it, when it cannot be told."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest
from msgspec import structs

from signaling_server.contract.cases import CaseAsked, CaseKind, CaseReopened, CaseState, ComplaintSubject
from signaling_server.contract.knowledge import ConsentsAsked
from signaling_server.contract.services import CodeAsked, CodeProved, CodePurpose, ServiceRefused
from terminal_app.core.tasks import case_status
from terminal_app.core.tasks.task import AskOffice, Call, Chosen, Entered, GoTo, Printed, Silence, Told

sys.path.append(str(Path(__file__).parents[2] / "ui"))
from page_states import CONTEXT as IDENTIFIED
from service_answers import ANSWERED, IN_WORK, SENT, UNKNOWN_CASE, answers

CONTEXT = replace(
    IDENTIFIED, account=None, balance=None, availability=structs.replace(IDENTIFIED.availability, camera=False)
)
ACCOUNT, PHONE, TYPED, NUMBER = "040123456", "+79210000067", "26000148", "26-000148"
PROVED = CodeProved("-", "code-1", CodePurpose.IDENTIFY, [])
GONE = ServiceRefused("-", "unknown_case", "Такого обращения нет среди ваших. Проверьте номер")


def stepped(task, *events, context=CONTEXT):
    """The task after these events, and what it asked for last."""
    effects = []
    for event in events:
        task, effects = task.step(event, context)
    return task, effects


def by_account():
    return stepped(case_status.begin(IDENTIFIED)[0], Entered(TYPED), Told(ANSWERED), context=IDENTIFIED)[0]


def by_phone(told=ANSWERED):
    events = (Entered(TYPED), Entered(PHONE), Told(SENT), Entered("123456"), Told(PROVED), Told(told))
    return stepped(case_status.begin(CONTEXT)[0], *events)[0]


def test_a_customer_who_is_known_needs_nothing_but_the_number():
    task, effects = stepped(case_status.begin(IDENTIFIED)[0], Entered(TYPED), context=IDENTIFIED)
    assert effects == [AskOffice(CaseAsked("-", NUMBER, account=ACCOUNT))]
    page = stepped(task, Told(ANSWERED), context=IDENTIFIED)[0].page(IDENTIFIED)
    said = {part.heading.key: part.text for part in page.parts}
    assert said["case_status.number"].text == NUMBER
    assert said["case_status.state"].key == "case_status.is_answered"
    assert said["case_status.answer"].text == ANSWERED.answer


def test_a_customer_who_is_not_known_proves_the_phone_that_he_left():
    task, effects = stepped(case_status.begin(CONTEXT)[0], Entered(TYPED), Entered(PHONE))
    assert effects == [AskOffice(CodeAsked("-", PHONE, CodePurpose.IDENTIFY))]
    _, effects = stepped(task, Told(SENT), Entered("123456"), Told(PROVED))
    assert effects == [AskOffice(CaseAsked("-", NUMBER, phone=PHONE, code_id="code-1"))]
    assert by_phone().page(CONTEXT).name == "case_status.told"


def test_a_case_of_another_account_is_looked_for_by_phone():
    task, _ = stepped(case_status.begin(IDENTIFIED)[0], Entered(TYPED), Told(GONE), context=IDENTIFIED)
    assert task.page(IDENTIFIED).name == "case_status.phone"
    _, effects = stepped(task, Entered(PHONE), Told(SENT), Entered("123456"), Told(PROVED), context=IDENTIFIED)
    assert effects == [AskOffice(CaseAsked("-", NUMBER, phone=PHONE, code_id="code-1"))]


def test_a_number_that_is_not_his_is_said_where_it_is_typed():
    again = by_phone(UNKNOWN_CASE)
    assert (again.page(CONTEXT).name, again.page(CONTEXT).entry.error.text) == ("case_status", UNKNOWN_CASE.sentence)
    for typed in ("2600014", "26-00148", ""):
        wrong, effects = stepped(case_status.begin(CONTEXT)[0], Entered(typed))
        assert (wrong.page(CONTEXT).entry.error.key, effects) == ("case_status.wrong", [])


def test_an_office_that_is_not_heard_or_has_no_sms_says_so():
    asking, _ = stepped(case_status.begin(IDENTIFIED)[0], Entered(TYPED), context=IDENTIFIED)
    assert stepped(asking, Silence())[0].page(CONTEXT).name == "case_status.stopped"
    looking, _ = stepped(
        case_status.begin(CONTEXT)[0], Entered(TYPED), Entered(PHONE), Told(SENT), Entered("123456"), Told(PROVED)
    )
    assert stepped(looking, Silence())[0].page(CONTEXT).name == "case_status.stopped"
    without = replace(CONTEXT, facts=replace(CONTEXT.facts, sms=False))
    task, effects = stepped(case_status.begin(without)[0], Entered(TYPED), context=without)
    assert (task.page(without).entry.error.key, effects) == ("case_status.no_sms", [])


@pytest.mark.parametrize("shown", [by_account, by_phone])
def test_an_answer_that_did_not_help_goes_back_to_a_person(shown):
    reason, _ = stepped(shown(), Chosen("unhelped"))
    asking, (asked,) = stepped(reason, Entered("Перерасчёта нет"))
    assert isinstance(asked.request, CaseReopened)
    assert (asked.request.case_number, asked.request.reason) == (NUMBER, "Перерасчёта нет")
    assert (asked.request.account, asked.request.phone) == ((ACCOUNT, "") if shown is by_account else ("", PHONE))
    again = stepped(asking, Told(IN_WORK))[0].page(CONTEXT)
    assert again.sentence.key == "case_status.reopened"
    assert [choice.key for choice in again.choices] == ["menu", "consultant"]
    assert stepped(asking, Silence())[0].page(CONTEXT).entry.error.key == "page.no_answer"
    refused = stepped(asking, Told(ServiceRefused("-", "not_answered", "Ответа ещё нет")))[0]
    assert refused.page(CONTEXT).entry.error.text == "Ответа ещё нет"


@pytest.mark.clause("5.1.4b", owner="terminal_app")
@pytest.mark.parametrize(("shown", "context"), [(by_account, IDENTIFIED), (by_phone, CONTEXT)])
def test_a_decision_is_appealed_against_by_its_customer(shown, context):
    context = replace(context, availability=CONTEXT.availability)
    events = [Chosen("appeal"), Chosen("rights")]
    at_topic, _ = stepped(shown(), *events, context=context)
    if at_topic.page(context).name == "written.group":  # the topic of the case is none of today's
        at_topic, _ = stepped(at_topic, Chosen("topic_0"), Chosen("topic_0"), context=context)
    at_way, _ = stepped(at_topic, Entered("Решение неверно"), context=context)
    assert "none" not in [choice.key for choice in at_way.page(context).choices]
    task, _ = stepped(at_way, Chosen("email"), Entered("a@example.ru"), Chosen("skip"), context=context)
    if task.page(context).name == "written.account":
        task, _ = stepped(task, Chosen("skip"), context=context)
    consents = Told(answers(ConsentsAsked("-"))[0])
    check, _ = stepped(task, consents, Chosen("agree"), context=context)
    assert check.page(context).parts[0].text.values == {"number": NUMBER}
    form = stepped(check, Chosen("send"), context=context)[1][0].form
    assert (form.kind, form.complaint_subject, form.appeal_of) == (
        CaseKind.COMPLAINT, ComplaintSubject.RIGHTS, NUMBER,
    )  # fmt: skip
    assert (form.account, form.phone) == ((ACCOUNT, "") if shown is by_account else ("", PHONE))
    which, _ = stepped(check, Chosen("correct"), context=context)
    assert not {"kind", "account"} & {choice.key for choice in which.page(context).choices}
    other_way, _ = stepped(which, Chosen("way"), Chosen("office"), context=context)
    if shown is by_phone:  # it stays his by the phone that he has proved
        assert stepped(other_way, Chosen("send"), context=context)[1][0].form.phone == PHONE


def test_a_case_without_a_decision_offers_no_appeal():
    in_work = by_phone(IN_WORK).page(CONTEXT)
    assert [choice.key for choice in in_work.choices] == ["menu", "consultant"]
    closed = by_phone(structs.replace(ANSWERED, state=CaseState.CLOSED))
    assert [choice.key for choice in closed.page(CONTEXT).choices] == ["menu", "appeal", "consultant"]


def test_from_a_case_the_way_leads_on():
    shown = by_phone()
    assert stepped(shown, Chosen("menu"))[1] == [GoTo("menu")]
    assert stepped(shown, Chosen("consultant"))[1] == [Call()]
    for task in (shown, stepped(shown, Chosen("unhelped"))[0], case_status.begin(CONTEXT)[0]):
        assert stepped(task, Printed(True)) == (task, [])
