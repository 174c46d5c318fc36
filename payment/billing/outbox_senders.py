"""Who delivers what of the outbox: readings to billing, registers of the day to billing."""

from __future__ import annotations

import re

import aiohttp
import msgspec

from payment.billing.account_values import Readings, ReadingsRefused
from payment.billing.accounts import AccountsClient, AccountsUnavailableError
from payment.billing.exchange import NoAnswerError, exchange
from payment.billing.http_values import Request
from payment.billing.outbox import Sender
from payment.billing.outbox_rules import Delivery, DeliveryOutcome

READINGS, REGISTER = "readings", "register"
REGISTER_DEADLINE_S = 60
ANSWER_SIZE_MAX = 256 * 1024
_REGISTER_KEY = re.compile(r"register-(\d{8})-[0-9a-f]{16}", re.ASCII)
_DELIVERED = Delivery(DeliveryOutcome.DELIVERED)


class _Differences(msgspec.Struct, frozen=True):
    """Billing's answer to a register: numbers that one side lacks or has otherwise."""

    day: str
    missing_here: list[str]
    missing_there: list[str]
    different: list[str]


def readings_parcel(readings: Readings) -> tuple[str, str, bytes]:
    """Kind, key and body for `Outbox.put`."""
    return READINGS, readings.key, msgspec.json.encode(readings)


def readings_sender(client: AccountsClient) -> Sender:
    """Gives readings to billing; what billing will never take is kept for a person."""

    async def deliver(_key: str, body: bytes) -> Delivery:
        try:
            said = await client.post_readings(msgspec.json.decode(body, type=Readings))
        except AccountsUnavailableError as error:
            return Delivery(DeliveryOutcome.UNKNOWN, str(error))
        return Delivery(DeliveryOutcome.REFUSED, said.reason) if isinstance(said, ReadingsRefused) else _DELIVERED

    return deliver


def register_sender(url: str, session: aiohttp.ClientSession) -> Sender:
    """Tells billing a day's register. It is delivered when both sides agree; a difference is kept for a person."""

    async def deliver(key: str, body: bytes) -> Delivery:
        named = _REGISTER_KEY.fullmatch(key)
        if named is None:
            return Delivery(DeliveryOutcome.REFUSED, "the key is not that of a register")
        address = f"{url.rstrip('/')}/registers/{named[1]}"
        request = Request("PUT", address, body=body, content_type="text/csv; charset=utf-8")
        try:
            answer = await exchange(session, request, deadline_s=REGISTER_DEADLINE_S, body_size_max=ANSWER_SIZE_MAX)
        except NoAnswerError as error:
            return Delivery(DeliveryOutcome.UNKNOWN, str(error))
        return _judged(answer.status, answer.body, named[1])

    return deliver


def _judged(status: int, body: bytes, day: str) -> Delivery:
    if status in (400, 422):
        return Delivery(DeliveryOutcome.REFUSED, f"HTTP {status}")
    try:
        found = msgspec.json.decode(body, type=_Differences)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return Delivery(DeliveryOutcome.UNKNOWN, f"HTTP {status}, not as agreed")
    if status != 200 or found.day != day:
        return Delivery(DeliveryOutcome.UNKNOWN, f"HTTP {status}, about {found.day}")
    counts = (len(found.missing_here), len(found.missing_there), len(found.different))
    if any(counts):
        return Delivery(DeliveryOutcome.REFUSED, "missing here {}, missing there {}, different {}".format(*counts))
    return _DELIVERED
