"""When a message leaves, when it is tried again, when it is given up. Pure: told the time."""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

SMS_FROM_HOUR, SMS_UNTIL_HOUR = 9, 21  # of the day where the customer is; who waits for a code is told at any time
RETRY_S = (30.0, 120.0, 600.0, 1_800.0, 3_600.0, 10_800.0)  # then every three hours
GIVE_UP_S = 3 * 86_400.0  # a gateway may be down over a weekend
KEEP_S = 30 * 86_400.0  # address and text of what has left are forgotten then
ADDRESS_LENGTH_MAX = 200
_PHONE = re.compile(r"(?:\+7|8|7)?([3-9]\d{9})")
_EMAIL = re.compile(r"[^\s@<>()\",;:\\]+@[^\s@<>()\",;:\\.]+(?:\.[^\s@<>()\",;:\\.]+)+")


class Channel(enum.StrEnum):
    SMS = "sms"
    EMAIL = "email"


class MessageState(enum.StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    DEAD = "dead"  # given up: a person looks at it
    EXPIRED = "expired"  # a one-time code that nobody needs any more


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """What is to be delivered. The same `idempotency_key` is never queued twice.

    `code_valid_s` above 0 makes it a one-time code: the customer stands and waits, so it leaves at any hour, is given
    up when it is no longer valid, and its text is forgotten as soon as it has left.
    """

    idempotency_key: str
    channel: Channel
    address: str
    body: str
    template: str
    owner: str
    subject: str = ""
    code_valid_s: int = 0
    utc_offset_minutes: int = 180  # of the place where the customer is


class AddressError(ValueError):
    """The phone or e-mail cannot be right. The text does not repeat it."""


def checked_phone(text: str) -> str:
    """`+7` and ten digits, of what a person typed. Raises AddressError."""
    match = _PHONE.fullmatch(re.sub(r"[\s()\-]", "", text))
    if match is None:
        raise AddressError("В номере телефона должно быть 10 цифр после +7")
    return f"+7{match.group(1)}"


def checked_email(text: str) -> str:
    """Raises AddressError."""
    address = text.strip()
    if len(address) > ADDRESS_LENGTH_MAX or not _EMAIL.fullmatch(address):
        raise AddressError("Адрес электронной почты написан с ошибкой")
    return address


def masked(address: str) -> str:
    """For logs and screens: `+7 921 ***-**-67`, `i***@mail.ru`."""
    if "@" in address:
        name, _, host = address.partition("@")
        return f"{name[:1]}***@{host}"
    return f"{address[:2]} {address[2:5]} ***-**-{address[-2:]}"


def leaves_at_ms(message: OutgoingMessage, now_ms: int) -> int:
    """The moment from which a message may leave: an SMS does not wake anybody."""
    if message.channel is not Channel.SMS or message.code_valid_s:
        return now_ms
    zone = timezone(timedelta(minutes=message.utc_offset_minutes))
    local = datetime.fromtimestamp(now_ms / 1_000, UTC).astimezone(zone)
    if SMS_FROM_HOUR <= local.hour < SMS_UNTIL_HOUR:
        return now_ms
    morning = local.replace(hour=SMS_FROM_HOUR, minute=0, second=0, microsecond=0)
    if local.hour >= SMS_UNTIL_HOUR:
        morning += timedelta(days=1)
    return round(morning.timestamp() * 1_000)


def tried_again_at_ms(message: OutgoingMessage, *, attempts: int, created_at_ms: int, now_ms: int) -> int | None:
    """When to try again after `attempts` failures; None: the message is given up."""
    if now_ms - created_at_ms >= (message.code_valid_s or GIVE_UP_S) * 1_000:
        return None
    wait_s = RETRY_S[min(attempts, len(RETRY_S)) - 1]
    return leaves_at_ms(message, now_ms + round(wait_s * 1_000))
