"""Written обращения: five kinds, a question a page, nothing personal without a consent, an end in every case."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest
from msgspec import structs

from signaling_server.cases.forms import check_form
from signaling_server.contract.cases import AnswerWay, CaseForm, CaseKind, ComplaintSubject, Segment
from signaling_server.contract.knowledge import ConsentsAsked, ConsentsTold
from signaling_server.contract.services import ServiceRefused
from signaling_server.refusal import ServiceRefusedError
from terminal_app.core import visit_tasks
from terminal_app.core.tasks import menu, written
from terminal_app.core.tasks.task import (
    AskOffice,
    Call,
    Chosen,
    Entered,
    GoTo,
    KeepCase,
    Photographed,
    Printed,
    PrintPairs,
    Silence,
    Stored,
    TakePhoto,
    Told,
)
from terminal_app.core.tasks.written_draft import PAPERS_MAX
from terminal_app.core.tasks.written_end import MENDED_BY
from terminal_app.core.visit_values import Visit, VisitRules
from terminal_app.ipc.messages import Screen

sys.path.append(str(Path(__file__).parents[2] / "ui"))
from page_states import CONTEXT as AT_CAMERA
from service_answers import FILED, answers

CONTEXT = replace(
    AT_CAMERA, account=None, balance=None, availability=structs.replace(AT_CAMERA.availability, camera=False)
)
TOPICS = {topic.topic_id for topic in CONTEXT.facts.topics}
VERSION = answers(ConsentsAsked("-"))[0].consents[0].version
PHONE, TEXT = "+79210000067", "Счётчик гудит третий день."
TO_WAY = (Chosen("topic_0"), Chosen("topic_0"), Entered(TEXT))
BY_SMS = (Chosen("sms"), Entered(PHONE), Chosen("skip"), Chosen("skip"), Chosen("agree"))


def walked(*events, context=CONTEXT, task=None):
    """The task after these events; the office tells its consents whenever it is asked for them."""
    task = task or written.begin(context)[0]
    for event in events:
        task, effects = task.step(event, context)
        if effects == [AskOffice(ConsentsAsked("-"))]:
            task, effects = task.step(Told(answers(ConsentsAsked("-"))[0]), context)
    return task


def name(task, context=CONTEXT) -> str:
    return task.page(context).name


def sent(check, context=CONTEXT) -> CaseForm:
    """The form of «Отправить», which the office's own rules take."""
    _, (keep,) = check.step(Chosen("send"), context)
    assert isinstance(keep, KeepCase)
    check_form(keep.form, TOPICS, {VERSION})
    return keep.form


@pytest.mark.clause("3-Обращение", owner="terminal_app")
@pytest.mark.clause("8.1.1b", owner="terminal_app")
@pytest.mark.parametrize("kind", CaseKind)
def test_each_of_the_five_kinds_is_written_without_an_agent(kind):
    subject = (Chosen("service"),) if kind is CaseKind.COMPLAINT else ()
    form = sent(walked(Chosen(kind.value), *subject, *TO_WAY, *BY_SMS))
    assert (form.kind, form.text, form.phone, form.answer_way) == (kind, TEXT, PHONE, AnswerWay.SMS)
    assert form.complaint_subject is (ComplaintSubject.SERVICE if subject else None)
    assert (form.segment, form.written_at_ms, form.consent_version) == (Segment.B2C, CONTEXT.now_ms, VERSION)


def test_thanks_are_sent_in_five_touches_with_nothing_personal_and_no_consent():
    touches = (Chosen("gratitude"), *TO_WAY, Chosen("none"))
    form = sent(walked(*touches, context=AT_CAMERA), AT_CAMERA)
    assert len(touches) == 5
    assert (form.phone, form.account, form.consent_version, form.attachments) == ("", "", "", [])


@pytest.mark.clause("7.1.11", owner="terminal_app")
@pytest.mark.parametrize(
    ("way", "typed"),
    [
        ("sms", (Entered(PHONE), Chosen("skip"))),
        ("email", (Entered("ivanova@mail.ru"), Chosen("skip"))),
        ("office", (Entered(PHONE), Entered("Иванова Анна"))),
        ("post", (Entered("197000, Петербург, Большой пр., 1"), Entered("Иванова Анна"))),
    ],
)
def test_every_way_of_the_answer_asks_for_what_the_office_needs_for_it(way, typed):
    check = walked(Chosen("question"), *TO_WAY, Chosen(way), *typed, Chosen("skip"), Chosen("agree"))
    assert sent(check).answer_way == way


def test_an_answer_goes_to_the_online_account_of_a_customer_who_is_known():
    at_way = walked(Chosen("question"), *TO_WAY, context=AT_CAMERA)
    assert "account" in [choice.key for choice in at_way.page(AT_CAMERA).choices]
    without_camera = replace(AT_CAMERA, availability=CONTEXT.availability)
    check = walked(Chosen("account"), Chosen("skip"), Chosen("agree"), task=at_way, context=without_camera)
    assert sent(check).account == "040123456"


@pytest.mark.clause("9.5.4", owner="terminal_app")
def test_without_contact_data_for_the_answer_nothing_can_be_sent():
    asked = walked(Chosen("question"), *TO_WAY).page(CONTEXT)
    assert [choice.key for choice in asked.choices] == ["sms", "email", "office", "post"]  # no way to leave none
    assert asked.name == "written.way"  # whose sentence says why
    for way in ("sms", "email", "office", "post"):
        page = walked(Chosen("question"), *TO_WAY, Chosen(way)).page(CONTEXT)
        assert page.entry.length_min > 0
        assert page.choices == []
    by_post = walked(Chosen("question"), *TO_WAY, Chosen("post"), Entered("197000, Петербург, Большой пр., 1"))
    assert by_post.page(CONTEXT).choices == []  # a letter needs a name


def test_an_office_without_sms_and_mail_offers_neither():
    poor = replace(CONTEXT, facts=replace(CONTEXT.facts, sms=False, email=False))
    asked = walked(Chosen("question"), *TO_WAY, context=poor).page(poor)
    assert [choice.key for choice in asked.choices] == ["office", "post"]
    check = walked(Chosen("question"), *TO_WAY, Chosen("office"), *BY_SMS[1:], context=poor)
    assert not sent(check, poor).number_by_sms


def test_a_mail_address_with_a_mistake_is_said_at_once():
    at_email = walked(Chosen("question"), *TO_WAY, Chosen("email"))
    for typed in ("ivanova", "ivanova@mail", "ива нова@mail.ru", "@mail.ru"):
        wrong = walked(Entered(typed), task=at_email)
        assert wrong.page(CONTEXT).entry.error.key == "written.email.wrong"
    assert name(walked(Entered("a@example.ru"), task=wrong)) == "written.name"


def test_the_consent_is_a_page_of_its_own_read_to_the_end_and_may_be_refused():
    at_consent = walked(Chosen("question"), *TO_WAY, *BY_SMS[:-1])
    page = at_consent.page(CONTEXT)
    assert (page.name, page.to_the_end) == ("written.consent", True)
    assert page.parts[0].text.text == answers(ConsentsAsked("-"))[0].consents[0].text
    refused = walked(Chosen("refuse"), task=at_consent)
    assert (name(refused), refused.page(CONTEXT).back) == ("written.no_consent", True)


@pytest.mark.parametrize("event", [Silence(), Told(ConsentsTold("-", [])), Told(ServiceRefused("-", "x", "Нет"))])
def test_a_consent_that_is_not_to_be_had_stops_kindly(event):
    task, _ = written.begin(CONTEXT)
    for step in (Chosen("question"), *TO_WAY, *BY_SMS[:-1]):
        task, effects = task.step(step, CONTEXT)
    assert effects == [AskOffice(ConsentsAsked("-"))]
    assert name(walked(event, task=task)) == "written.stopped"


def test_everything_that_is_sent_is_shown_before():
    check = walked(Chosen("request"), *TO_WAY, Chosen("sms"), Entered(PHONE), Entered("Анна"), Entered("1234"),
                   Chosen("agree"))  # fmt: skip
    shown = [part.text.text or part.text.key for part in check.page(CONTEXT).parts]
    topic = next(iter(CONTEXT.facts.topics)).title
    assert shown == [
        "written.request", topic, TEXT, "written.way.sms", "+7 921 000-00-67", "Анна", "1234",
    ]  # fmt: skip


def test_one_answer_is_corrected_and_the_others_stay():
    check = walked(Chosen("question"), *TO_WAY, *BY_SMS)
    which = walked(Chosen("correct"), task=check)
    assert [choice.key for choice in which.page(CONTEXT).choices] == [
        "kind", "topic", "text", "way", "name", "account",
    ]  # fmt: skip
    mended = walked(Chosen("text"), Entered("Другой текст"), task=which)
    assert (name(mended), sent(mended).text, sent(mended).phone) == ("written.check", "Другой текст", PHONE)
    by_mail = walked(Chosen("way"), Chosen("email"), Entered("a@example.ru"), task=which)
    assert (sent(by_mail).email, sent(by_mail).phone) == ("a@example.ru", "")
    named = walked(Chosen("name"), Entered("Анна"), task=which)
    assert sent(named).customer_name == "Анна"
    complaint = walked(Chosen("kind"), Chosen("complaint"), Chosen("rights"), task=which)
    assert sent(complaint).complaint_subject is ComplaintSubject.RIGHTS
    other = walked(Chosen("topic"), Chosen("topic_1"), Chosen("topic_1"), task=which)
    assert sent(other).topic_id != sent(check).topic_id


def test_thanks_that_become_a_complaint_are_asked_for_the_way_of_the_answer():
    thanks = walked(Chosen("gratitude"), *TO_WAY, Chosen("none"))
    complaint = walked(Chosen("correct"), Chosen("kind"), Chosen("complaint"), Chosen("service"), task=thanks)
    assert name(complaint) == "written.way"
    assert sent(walked(*BY_SMS, task=complaint)).answer_way is AnswerWay.SMS


@pytest.mark.clause("3-Регистрация", owner="terminal_app")
def test_number_and_date_are_on_the_screen_and_on_the_slip():
    check = walked(Chosen("question"), *TO_WAY, *BY_SMS)
    done = walked(Told(FILED), task=check)
    page = done.page(CONTEXT)
    assert (page.name, page.number, page.back) == ("written.filed", "26-000148", False)
    assert [pair.value.text for pair in page.pairs[:2]] == ["23.11.2026", "23.12.2026"]
    assert page.sentence.key == "written.filed.by_sms"
    assert sent(check).number_by_sms
    _, (slip,) = done.step(Chosen("print"), CONTEXT)
    assert isinstance(slip, PrintPairs)
    assert dict(slip.pairs)["Номер"] == "26-000148"
    assert (dict(slip.pairs)["От"], dict(slip.pairs)["Ответим до"]) == ("23.11.2026", "23.12.2026")
    assert TEXT not in str(slip)
    assert PHONE not in str(slip)
    for printed, words in ((True, "page.slip_printed"), (False, "written.not_printed")):
        assert walked(Printed(printed), task=done).page(CONTEXT).sentence.key == words
    assert done.step(Chosen("menu"), CONTEXT)[1] == [GoTo("menu")]


@pytest.mark.parametrize(
    ("way", "filed", "kept"),
    [
        (BY_SMS, "written.filed.by_sms", "written.kept.by_sms"),
        (
            (Chosen("email"), Entered("a@example.ru"), *BY_SMS[2:]),
            "written.filed.write_down",
            "written.kept.later",
        ),
        ((Chosen("none"),), "written.filed.thanks", "written.kept.thanks"),
    ],
)
def test_what_is_said_at_the_end_is_true_for_the_way_of_the_answer(way, filed, kept):
    check = walked(Chosen("suggestion"), *TO_WAY, *way)
    assert walked(Told(FILED), task=check).page(CONTEXT).sentence.key == filed
    saved = walked(Stored(), task=check)
    assert (name(saved), saved.page(CONTEXT).sentence.key, saved.page(CONTEXT).number) == ("written.kept", kept, "")
    _, (slip,) = saved.step(Chosen("print"), CONTEXT)
    assert "Номер" not in dict(slip.pairs)


@pytest.mark.parametrize("reason", MENDED_BY)
def test_what_the_office_refuses_is_said_and_mended_under_a_new_submission(reason):
    check = walked(Chosen("complaint"), Chosen("service"), *TO_WAY, *BY_SMS)
    refused = walked(Told(ServiceRefused("-", reason, "Вот что не так")), task=check)
    page = refused.page(CONTEXT)
    assert (page.sentence.text, [choice.key for choice in page.choices]) == (
        "Вот что не так", ["mend", "consultant"],
    )  # fmt: skip
    later = replace(CONTEXT, fresh_id="another")
    mended = walked(Chosen("mend"), task=refused, context=later)
    answer = {
        "bad_phone": (Entered(PHONE),),
        "no_contact": (Chosen("sms"), Entered(PHONE)),
        "no_consent": (Chosen("agree"),),
        "no_text": (Entered(TEXT),),
        "unknown_topic": (Chosen("topic_0"), Chosen("topic_0")),
        "complaint_subject": (Chosen("rights"),),
    }.get(reason, ())
    again = walked(*answer, task=mended, context=later)
    _, (keep,) = again.step(Chosen("send"), later)
    assert (keep.form.submission_id, keep.replaces) == ("another", CONTEXT.fresh_id)


def test_what_he_cannot_mend_leads_to_a_person():
    check = walked(Chosen("question"), *TO_WAY, *BY_SMS)
    refused = walked(Told(ServiceRefused("-", "wrong_key", "Запечатано другим ключом")), task=check)
    assert [choice.key for choice in refused.page(CONTEXT).choices] == ["consultant", "menu"]
    assert refused.step(Chosen("consultant"), CONTEXT)[1] == [Call()]
    assert refused.step(Chosen("menu"), CONTEXT)[1] == [GoTo("menu")]


def test_a_disk_that_refuses_is_said_and_the_same_is_tried_again():
    check = walked(Chosen("question"), *TO_WAY, *BY_SMS)
    lost = walked(Silence(), task=check)
    assert name(lost) == "written.not_kept"
    again, (keep,) = lost.step(Chosen("again"), CONTEXT)
    assert keep.form.submission_id == CONTEXT.fresh_id
    assert name(walked(Stored(), task=again)) == "written.kept"
    assert name(walked(Told(FILED), task=again)) == "written.filed"
    assert lost.step(Chosen("consultant"), CONTEXT)[1] == [Call()]


@pytest.mark.parametrize("lacking", [{"sealed": False}, {"topics": ()}])
def test_without_the_key_or_the_topics_of_an_office_nothing_is_begun(lacking):
    absent = replace(CONTEXT, facts=replace(CONTEXT.facts, **lacking))
    assert name(written.begin(absent)[0], absent) == "written.absent"


def paper(number: int, size_bytes: int = 400_000) -> Photographed:
    return Photographed(f"photo-{number}", "0" * 64, size_bytes, b"jpeg")


@pytest.mark.clause("8.1.1c", owner="terminal_app")
def test_papers_are_taken_one_after_the_other_and_their_digests_go_with_the_form():
    at_papers = walked(Chosen("question"), *TO_WAY, *BY_SMS[:2], Chosen("skip"), Chosen("agree"), context=AT_CAMERA)
    assert name(at_papers, AT_CAMERA) == "written.papers"
    shooting, effects = walked(Chosen("photo"), task=at_papers, context=AT_CAMERA).step(Chosen("take"), AT_CAMERA)
    assert effects == [TakePhoto()]
    failed = walked(Silence(), task=shooting)
    assert failed.page(AT_CAMERA).sentence.key == "written.photo.failed"
    shot = walked(Chosen("take"), paper(1), task=failed, context=AT_CAMERA)
    assert shot.page(AT_CAMERA).parts[0].picture == b"jpeg"
    again = walked(Chosen("retake"), paper(2), Chosen("keep"), task=shot, context=AT_CAMERA)
    assert again.page(AT_CAMERA).title.values == {"count": "1"}
    check = walked(Chosen("another"), paper(3), Chosen("keep"), Chosen("done"), task=again, context=AT_CAMERA)
    assert [slip.attachment_id for slip in sent(check, AT_CAMERA).attachments] == ["photo-2", "photo-3"]
    none = walked(Chosen("correct"), Chosen("papers"), Chosen("none"), task=check, context=AT_CAMERA)
    assert sent(none, AT_CAMERA).attachments == []


def test_large_papers_are_asked_about_and_no_more_than_five_are_taken():
    task = walked(Chosen("question"), *TO_WAY, *BY_SMS[:2], Chosen("skip"), Chosen("agree"), context=AT_CAMERA)
    for number in range(PAPERS_MAX):
        task = walked(
            Chosen("another" if number else "photo"),
            paper(number, 1_200_000),
            Chosen("keep"),
            task=task,
            context=AT_CAMERA,
        )
    assert name(task, AT_CAMERA) == "written.large"
    form = sent(walked(Chosen("send"), task=task, context=AT_CAMERA), AT_CAMERA)
    assert (len(form.attachments), form.large_confirmed) == (PAPERS_MAX, True)
    assert name(walked(Chosen("less"), task=task, context=AT_CAMERA), AT_CAMERA) == "written.papers"
    with pytest.raises(ServiceRefusedError, match="5 МБ"):
        check_form(structs.replace(form, large_confirmed=False), TOPICS, {VERSION})


def test_households_and_organisations_find_it_in_their_menus():
    assert "written" in menu.HOUSEHOLDS
    assert "written" in menu.ORGANISATIONS
    firm = replace(CONTEXT, segment=Segment.B2B)
    assert sent(walked(Chosen("request"), *TO_WAY, *BY_SMS, context=firm), firm).segment is Segment.B2B


def test_a_message_instead_of_a_call_is_a_question_answered_by_sms():
    to_check = (*TO_WAY, Entered(PHONE), Chosen("skip"), Chosen("agree"))
    form = sent(walked(*to_check, task=written.message(CONTEXT)[0]))
    assert (form.kind, form.answer_way, form.phone, form.text) == (CaseKind.QUESTION, AnswerWay.SMS, PHONE, TEXT)
    poor = replace(CONTEXT, facts=replace(CONTEXT.facts, sms=False))
    assert name(walked(*TO_WAY, task=written.message(poor)[0], context=poor), poor) == "written.way"


def test_a_message_can_be_begun_where_a_call_was_and_no_money_is():
    rules = VisitRules(context=CONTEXT)
    for screen in (Screen.ATTRACT, Screen.ACCOUNT_ENTRY, Screen.SECOND_ATTRIBUTE):
        begun, _ = visit_tasks.open_service(Visit(screen=screen), "message", rules)
        assert (begun.screen, begun.page.name) == (Screen.PAGE_LIST, "written.group")
    paying = Visit(screen=Screen.CASH_IN)
    assert visit_tasks.open_service(paying, "message", rules) == (paying, [])


def test_what_means_nothing_here_changes_nothing():
    first = written.begin(CONTEXT)[0]
    check = walked(Chosen("question"), *TO_WAY, *BY_SMS)
    for task in (first, check, walked(Chosen("question"), *TO_WAY[:2])):
        assert task.step(Printed(True), CONTEXT) == (task, [])
    assert first.step(Chosen("case_status"), CONTEXT)[1] == [GoTo("case_status")]
