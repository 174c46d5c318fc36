"""Where the electronic copy of a receipt goes (tag 1008): a phone or an e-mail, given before the payment. Pure.

Source: 54-ФЗ, art. 1.2 p. 2; FFD 1.2, tag 1008: a phone is written +7 and ten digits.
"""

from __future__ import annotations

import re

CONTACT_SIZE_MAX = 64  # characters of tag 1008
_PHONE_SIGNS = re.compile(r"[\s()\-\u2010-\u2015.]")
_PHONE = re.compile(r"(?:\+7|8|7)?([3-9]\d{9})", re.ASCII)
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_EMAIL = re.compile(rf"([a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*)@((?:{_LABEL}\.)+[a-z]{{2,24}})", re.ASCII | re.IGNORECASE)


class ContactError(ValueError):
    """Neither a phone nor an e-mail; the text says nothing of what was typed."""


def read_contact(text: str) -> str:
    """`8 (921) 123-45-67` -> `+79211234567`; an e-mail is taken with its domain in small letters.

    Raises:
        ContactError: it is neither, or too long for the receipt.
    """
    written = text.strip()
    if len(written) > CONTACT_SIZE_MAX:
        raise ContactError("a contact of a receipt is at most 64 characters")
    if (phone := _PHONE.fullmatch(_PHONE_SIGNS.sub("", written))) is not None:
        return "+7" + phone.group(1)
    if (email := _EMAIL.fullmatch(written)) is not None:
        return f"{email.group(1)}@{email.group(2).lower()}"
    raise ContactError("a contact of a receipt is a phone or an e-mail")


def masked_contact(contact: str) -> str:
    """As much of it as its owner needs to recognise it: `+7 921 ***-**-67`, `i***@mail.ru`. None stays none."""
    if not contact:
        return ""
    if contact.startswith("+7"):
        return f"+7 {contact[2:5]} ***-**-{contact[-2:]}"
    name, _, domain = contact.partition("@")
    return f"{name[:1]}***@{domain}"
