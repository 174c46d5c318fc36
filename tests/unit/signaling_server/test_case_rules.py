"""States, terms, forms, papers and seals: what is pure about written cases."""

import io
import itertools
from datetime import date, timedelta

import pytest
from PIL import Image
from service_scene import CONSENTS, case_form

from signaling_server.cases import attachments, deadlines, forms, states
from signaling_server.cases.attachments import AttachmentError, media_type_of
from signaling_server.cases.register import Channel
from signaling_server.contract.cases import (
    AnswerWay,
    AttachmentSlip,
    CaseForm,
    CaseKind,
    CaseState,
    ComplaintSubject,
)
from signaling_server.contract.decoding import decode_body
from signaling_server.contract.messages import MessageError, encode
from signaling_server.contract.sealing import OVERHEAD, OfficeSeal, SealError, seal
from signaling_server.contract.services import ConsentRead
from signaling_server.refusal import ServiceRefusedError

TOPICS = {"charges.explain", "complaints.quality"}
TERMS = deadlines.load_terms()


def refused(form):
    with pytest.raises(ServiceRefusedError) as refusal:
        forms.check_form(form, TOPICS, CONSENTS)
    return refusal.value.reason


def complaint(**fields):
    return case_form(kind=CaseKind.COMPLAINT, complaint_subject=ComplaintSubject.SERVICE, **fields)


def picture(kind="JPEG", size=(64, 48)):
    kept = io.BytesIO()
    Image.new("RGB", size, "white").save(kept, kind)
    return kept.getvalue()


# --- states -----------------------------------------------------------------------------------------------------------

LEGAL = {
    ("accepted", "registered"),
    ("registered", "in_work"),
    ("registered", "refused"),
    ("in_work", "answered"),
    ("in_work", "refused"),
    ("answered", "closed"),
    ("answered", "in_work"),
}


@pytest.mark.clause("3-Обработка", owner="signaling_server/cases")
@pytest.mark.parametrize(("before", "after"), list(itertools.product(CaseState, CaseState)))
def test_only_the_steps_of_the_standard_are_taken(before, after):
    if (before.value, after.value) in LEGAL:
        states.check_move(before, after)
    else:
        with pytest.raises(states.MoveError):
            states.check_move(before, after)


def test_a_complaint_lacks_what_is_not_done():
    lacks = states.missing_to_close(CaseKind.COMPLAINT, decision="", execution="да", notified=False)
    assert lacks == ["decision", "notice"]
    assert states.missing_to_close(CaseKind.QUESTION, decision="", execution="", notified=False) == []


@pytest.mark.clause("3-Обращение", owner="signaling_server/cases")
def test_there_are_exactly_five_kinds():
    assert sorted(CaseKind) == ["complaint", "gratitude", "question", "request", "suggestion"]


@pytest.mark.clause("3-Автоинформирование", owner="signaling_server/cases")
@pytest.mark.clause("3-КК", owner="signaling_server/cases")
def test_every_channel_of_the_standard_has_a_name():
    named = {"office", "visit", "phone", "ivr", "automatic_call", "post", "email", "site", "account"}
    assert set(Channel) == named | {
        "virtual_reception",
        "chat",
        "messenger",
        "social_network",
        "sms",
        "terminal",
        "avsk",
    }


# --- terms ------------------------------------------------------------------------------------------------------------


@pytest.mark.clause("5.3.2f", "5.1.4a", owner="signaling_server/cases")
@pytest.mark.parametrize(
    ("received", "vip", "due"),
    [
        ("2026-03-01", True, "2026-03-11"),
        ("2026-03-01", False, "2026-03-31"),
        ("2026-01-31", False, "2026-03-02"),
        ("2028-02-10", False, "2028-03-11"),  # a leap year
        ("2027-02-10", False, "2027-03-12"),
        ("2026-12-25", True, "2027-01-04"),  # holidays do not lengthen it
    ],
)
def test_an_answer_is_owed_in_calendar_days(received, vip, due):
    day = deadlines.due_date(TERMS, received=date.fromisoformat(received), channel="terminal", vip=vip)
    assert day.isoformat() == due


def test_a_channel_may_have_a_shorter_term_from_a_day_on():
    terms = (*TERMS, deadlines.Term(date(2026, 7, 1), 5, channel="email"), deadlines.Term(date(2026, 9, 1), 20))
    days = [
        deadlines.answer_days(terms, received=date(2026, month, 2), channel=channel, vip=False)
        for month, channel in ((6, "email"), (7, "email"), (7, "terminal"), (9, "terminal"), (9, "email"))
    ]
    assert days == [30, 5, 30, 20, 5]


@pytest.mark.parametrize("days", [0, 31])
def test_a_term_that_the_standard_forbids_does_not_open_the_office(tmp_path, days):
    path = tmp_path / "terms.toml"
    path.write_text(deadlines.TERMS_PATH.read_text("utf-8").replace("days = 30", f"days = {days}"), "utf-8")
    with pytest.raises(deadlines.TermsError, match=f"срок ответа {days}"):
        deadlines.load_terms(path)


def test_terms_without_one_for_all_do_not_open_the_office(tmp_path):
    path = tmp_path / "terms.toml"
    path.write_text("[[term]]\nsince = 2021-06-01\ndays = 10\nvip = true\n", "utf-8")
    with pytest.raises(deadlines.TermsError, match=r"нет общего срока ответа$"):
        deadlines.load_terms(path)


def test_a_case_escalates_at_half_four_fifths_and_the_end_of_its_term():
    received = date(2026, 11, 1)
    due = received + timedelta(days=30)
    marks = [
        deadlines.escalation(received=received, due=due, today=received + timedelta(days=day))
        for day in (0, 14, 15, 23, 24, 29, 30, 45)
    ]
    assert marks == [0, 0, 50, 50, 80, 80, 100, 100]


# --- forms ------------------------------------------------------------------------------------------------------------


@pytest.mark.clause("3-Обращение", "8.1.1b", owner="signaling_server/cases")
@pytest.mark.parametrize("kind", CaseKind)
def test_each_of_the_five_kinds_can_be_filed(kind):
    subject = ComplaintSubject.RIGHTS if kind is CaseKind.COMPLAINT else None
    forms.check_form(case_form(kind=kind, complaint_subject=subject), TOPICS, CONSENTS)


def test_thanks_need_nothing_but_words():
    thanks = case_form(kind=CaseKind.GRATITUDE, text="Спасибо!", answer_way=AnswerWay.NONE)
    forms.check_form(
        CaseForm("s", 0, thanks.segment, thanks.kind, thanks.topic_id, thanks.text, AnswerWay.NONE), TOPICS, CONSENTS
    )


@pytest.mark.clause("9.5.4", owner="signaling_server/cases")
@pytest.mark.parametrize("kind", [CaseKind.QUESTION, CaseKind.REQUEST, CaseKind.COMPLAINT])
def test_what_wants_an_answer_needs_somewhere_to_send_it(kind):
    subject = ComplaintSubject.RIGHTS if kind is CaseKind.COMPLAINT else None
    assert refused(case_form(kind=kind, complaint_subject=subject, answer_way=AnswerWay.NONE)) == "no_contact"


@pytest.mark.clause("9.5.4", "7.1.11", owner="signaling_server/cases")
@pytest.mark.parametrize(
    ("way", "missing", "given"),
    [
        (AnswerWay.SMS, {"phone": ""}, {"phone": "89211234567"}),
        (AnswerWay.EMAIL, {"email": ""}, {"email": "a@b.ru"}),
        (
            AnswerWay.POST,
            {"postal_address": "СПб"},
            {"postal_address": "190000, СПб, Невский, 1", "customer_name": "И"},
        ),
        (AnswerWay.ACCOUNT, {"account": ""}, {"account": "100000017"}),
        (AnswerWay.OFFICE, {"phone": "", "email": ""}, {"phone": "89211234567"}),
    ],
)
def test_each_way_of_answer_needs_its_own_contact(way, missing, given):
    assert refused(case_form(answer_way=way, **missing)) == "no_contact"
    forms.check_form(case_form(answer_way=way, **given), TOPICS, CONSENTS)


@pytest.mark.parametrize(
    ("form", "reason"),
    [
        (case_form(topic_id="nonsense"), "unknown_topic"),
        (case_form(text=" \n"), "no_text"),
        (case_form(kind=CaseKind.COMPLAINT), "complaint_subject"),
        (case_form(complaint_subject=ComplaintSubject.SERVICE), "complaint_subject"),
        (case_form(appeal_of="26-000001"), "bad_appeal"),
        (case_form(phone="12"), "bad_phone"),
        (case_form(email="x"), "bad_email"),
        (case_form(consent_version=""), "no_consent"),
        (case_form(consent_version="nobody-wrote-this"), "no_consent"),
        (case_form(number_by_sms=True), "no_contact"),
        (case_form(attachments=[AttachmentSlip("a", "0" * 64, 1)] * 2), "same_attachment"),
        (case_form(attachments=[AttachmentSlip("a", "0" * 64, 15_000_001)], large_confirmed=True), "too_large"),
    ],
)
def test_what_is_wrong_with_a_form_is_said(form, reason):
    assert refused(form) == reason


def test_a_complaint_with_its_subject_is_fine():
    forms.check_form(complaint(appeal_of="26-000001"), TOPICS, CONSENTS)


@pytest.mark.clause("9.5.11b", owner="signaling_server/cases")
def test_six_megabytes_are_sent_only_after_a_question():
    papers = [AttachmentSlip(name, "0" * 64, 3_000_000) for name in "ab"]
    assert refused(case_form(attachments=papers)) == "confirm_size"
    forms.check_form(case_form(attachments=papers, large_confirmed=True), TOPICS, CONSENTS)


@pytest.mark.clause("2.3", owner="signaling_server/cases")
def test_a_form_of_an_unknown_segment_is_no_form():
    body = encode(case_form())
    assert decode_body(body, CaseForm).segment == "b2c"
    with pytest.raises(MessageError):
        decode_body(body.replace(b'"b2c"', b'"vip"'), CaseForm)
    with pytest.raises(MessageError):
        decode_body(body.replace(b'"segment":"b2c",', b""), CaseForm)


# --- papers -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "media_type"), [("JPEG", "image/jpeg"), ("PNG", "image/png")])
def test_a_photo_is_known_by_its_content(kind, media_type):
    assert media_type_of(picture(kind)) == media_type


@pytest.mark.clause("9.5.11a", owner="signaling_server/cases")
@pytest.mark.parametrize(
    "content",
    [
        b"MZ\x90\x00" + b"\0" * 400,  # EXE, SCR, PIF
        b"\xe9\x00\x01" + b"\x90" * 100,  # COM
        b"@echo off\r\ndel *.*\r\n",  # BAT, CMD
        b"PK\x03\x04" + b"\0" * 100,  # ZIP
        b"Rar!\x1a\x07\x01\x00" + b"\0" * 100,
        b"%PDF-1.7\n",
        b"GIF89a" + b"\0" * 100,
        b"",
    ],
)
def test_a_program_or_an_archive_is_refused_whatever_it_is_called(content):
    with pytest.raises(AttachmentError):
        media_type_of(content)


@pytest.mark.parametrize("cut", [10, 200, 400])
def test_half_a_photo_is_refused(cut):
    with pytest.raises(AttachmentError):
        media_type_of(picture()[:cut])


def test_a_picture_that_would_fill_the_memory_is_refused(monkeypatch):
    monkeypatch.setattr(attachments, "PIXELS_MAX", 64 * 48)
    assert media_type_of(picture()) == "image/jpeg"
    with pytest.raises(AttachmentError, match="too large"):
        media_type_of(picture(size=(64, 49)))


# --- seals ------------------------------------------------------------------------------------------------------------


def test_only_the_office_opens_what_is_sealed_to_it():
    office = OfficeSeal(b"s" * 32)
    sealed = seal("Жалоба".encode(), office.public_key, "case-form s1")
    assert len(sealed) == len("Жалоба".encode()) + OVERHEAD
    assert "Жалоба".encode() not in sealed
    assert office.open(sealed, "case-form s1").decode() == "Жалоба"
    assert sealed != seal("Жалоба".encode(), office.public_key, "case-form s1")
    for key, sent, context in (
        (b"x" * 32, sealed, "case-form s1"),
        (b"s" * 32, sealed, "case-form s2"),
        (b"s" * 32, sealed[:-1] + bytes([sealed[-1] ^ 1]), "case-form s1"),
        (b"s" * 32, sealed[:20], "case-form s1"),
        (b"s" * 32, b"", "case-form s1"),
    ):
        with pytest.raises(SealError):
            OfficeSeal(key).open(sent, context)


@pytest.mark.clause("9.6.9f", owner="terminal_app")
def test_a_consent_that_was_not_heard_to_its_end_is_none():
    part = ConsentRead("0" * 64, 99)
    with pytest.raises(ServiceRefusedError) as refused:
        forms.check_form(case_form(consent_read=part), TOPICS, CONSENTS)
    assert refused.value.reason == "no_consent"
    forms.check_form(case_form(consent_read=ConsentRead("0" * 64, 100)), TOPICS, CONSENTS)
