"""Where the electronic copy goes: one spelling for one phone, and nothing else passes."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payment.fiscal.contact import CONTACT_SIZE_MAX, ContactError, masked_contact, read_contact


@pytest.mark.parametrize(
    "written",
    ["+79211234567", "89211234567", "79211234567", "9211234567", " 8 (921) 123-45-67 ", "+7 921 123–45–67"],
)
def test_a_phone_has_one_spelling_on_the_receipt(written):
    assert read_contact(written) == "+79211234567"


def test_an_email_keeps_its_name_and_writes_its_domain_small():
    assert read_contact(" Ivan.Petrov@Mail.RU ") == "Ivan.Petrov@mail.ru"


@pytest.mark.parametrize(
    "written",
    [
        "",
        "+7921123456",
        "+792112345678",
        "+380441234567",
        "1211234567",
        "ivan",
        "ivan@",
        "@mail.ru",
        "ivan@mail",
        "ivan@mail..ru",
        ".ivan@mail.ru",
        "ivan@mail.ru\nbcc: x@y.ru",
        "иван@почта.рф",
        "٩٢١١٢٣٤٥٦٧",
        "a" * 60 + "@mail.ru",
        "ivan petrov@mail.ru",
    ],
)
def test_what_no_copy_can_be_sent_to_is_refused_without_repeating_it(written):
    with pytest.raises(ContactError) as caught:
        read_contact(written)
    assert not written or written not in str(caught.value)


@given(st.text(max_size=80))
def test_any_text_ends_in_a_contact_in_its_normal_form_or_in_the_declared_error(text):
    with contextlib.suppress(ContactError):
        contact = read_contact(text)
        assert contact == read_contact(contact)
        assert contact.isascii()
        assert len(contact) <= CONTACT_SIZE_MAX


@pytest.mark.parametrize(("contact", "shown"), [("+79211234567", "+7 921 ***-**-67"), ("ivan@mail.ru", "i***@mail.ru")])
def test_a_contact_is_shown_to_its_owner_only_in_part(contact, shown):
    assert masked_contact(contact) == shown
