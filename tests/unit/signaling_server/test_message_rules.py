"""When messages leave, how addresses are read and hidden, and that every template fits."""

from datetime import datetime, timedelta, timezone

import pytest

from signaling_server.messaging import rules
from signaling_server.messaging.rules import Channel, OutgoingMessage
from signaling_server.messaging.templates import (
    SMS_LENGTH_MAX,
    TemplateError,
    fields_of,
    load_templates,
    write_email,
    write_sms,
)

LONGEST = {
    "code": "123456",
    "minutes": "10",
    "account": "…4567",
    "number": "26-000001",
    "date": "23.11.2026",
    "due": "23.12.2026",
    "company": "АО «Петербургская сбытовая компания»",
    "place": "Офис на Михайловской, Санкт-Петербург",
    "time": "14:30",
    "ticket": "К-4831",
    "answer": "Ответ.",
    "title": "Согласие на обработку персональных данных",
    "version": "2026-11",
    "text": "Я даю согласие.",
}


def at_ms(hour, minute=0, *, offset_minutes=180):
    zone = timezone(timedelta(minutes=offset_minutes))
    return round(datetime(2026, 11, 23, hour, minute, tzinfo=zone).timestamp() * 1_000)


def sms(**fields):
    return OutgoingMessage("k", Channel.SMS, "+79211234567", "текст", "case_registered", "back_office", **fields)


@pytest.mark.parametrize("hour", [9, 12, 20])
def test_by_day_an_sms_leaves_at_once(hour):
    assert rules.leaves_at_ms(sms(), at_ms(hour)) == at_ms(hour)


def test_at_night_an_sms_waits_for_nine_in_the_morning():
    assert rules.leaves_at_ms(sms(), at_ms(3, 30)) == at_ms(9)
    assert rules.leaves_at_ms(sms(), at_ms(21)) == at_ms(9) + 86_400_000


def test_night_is_where_the_customer_is():
    yekaterinburg = sms(utc_offset_minutes=300)
    assert rules.leaves_at_ms(yekaterinburg, at_ms(20)) == at_ms(9) + 86_400_000 - 2 * 3_600_000


def test_a_code_and_an_e_mail_leave_at_night_too():
    email = OutgoingMessage("k", Channel.EMAIL, "a@b.ru", "текст", "case_registered", "back_office")
    for message in (sms(code_valid_s=600), email):
        assert rules.leaves_at_ms(message, at_ms(3)) == at_ms(3)


def test_a_message_is_tried_ever_later_for_three_days():
    message, created, now, tries = sms(), at_ms(12), at_ms(12), 0
    waits = []
    while True:
        tries += 1
        again = rules.tried_again_at_ms(message, attempts=tries, created_at_ms=created, now_ms=now)
        if again is None:
            break
        waits.append(again - now)
        now = again
    assert waits[:3] == [30_000, 120_000, 600_000]
    assert all(rules.leaves_at_ms(message, moment) == moment for moment in (created, now))
    assert 3 * 86_400_000 <= now - created < 4 * 86_400_000


def test_a_code_is_given_up_when_it_is_no_longer_valid():
    code = sms(code_valid_s=600)
    asked = {"attempts": 3, "created_at_ms": at_ms(12)}
    assert rules.tried_again_at_ms(code, **asked, now_ms=at_ms(12, 9)) is not None
    assert rules.tried_again_at_ms(code, **asked, now_ms=at_ms(12, 10)) is None


@pytest.mark.parametrize("typed", ["+7 921 123-45-67", "8(921)1234567", "79211234567", "9211234567"])
def test_a_phone_is_read_however_it_is_typed(typed):
    assert rules.checked_phone(typed) == "+79211234567"


@pytest.mark.parametrize("typed", ["", "123", "+1 202 555 01 23", "+7921123456", "+792112345678", "921123456x"])
def test_a_wrong_phone_is_refused_and_not_repeated(typed):
    with pytest.raises(rules.AddressError) as refusal:
        rules.checked_phone(typed)
    assert not typed or typed not in str(refusal.value)


@pytest.mark.parametrize("typed", ["ivanova@mail.ru", " i.petrov+1@sub.example.org "])
def test_an_e_mail_is_read(typed):
    assert rules.checked_email(typed) == typed.strip()


@pytest.mark.parametrize(
    "typed", ["", "ivanova", "a@b", "a b@c.ru", "a@b.ru\r\nBcc: x@y.ru", "a@b..ru", f"{'a' * 200}@b.ru"]
)
def test_a_wrong_e_mail_is_refused(typed):
    with pytest.raises(rules.AddressError):
        rules.checked_email(typed)


def test_a_masked_address_does_not_tell_who_it_is():
    assert rules.masked("+79211234567") == "+7 921 ***-**-67"
    assert rules.masked("ivanova@mail.ru") == "i***@mail.ru"


@pytest.mark.parametrize("name", sorted(load_templates()))
def test_every_template_is_filled_wholly_and_fits_into_three_parts_of_an_sms(name):
    template = load_templates()[name]
    assert template.owner
    if template.sms:
        body = write_sms(name, **{key: LONGEST[key] for key in fields_of(template.sms)}).body
        assert 0 < len(body) <= SMS_LENGTH_MAX
        assert not fields_of(body)
    if template.email:
        written = write_email(name, **{key: LONGEST[key] for key in fields_of(template.email)})
        assert written.subject
        assert not fields_of(written.body + written.subject)


def test_a_template_with_a_place_left_open_is_refused():
    with pytest.raises(TemplateError, match="number"):
        write_sms("case_registered", date="23.11.2026")
    with pytest.raises(TemplateError, match="no template"):
        write_sms("nonsense")
