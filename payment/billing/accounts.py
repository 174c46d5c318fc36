"""Questions about an account to billing, and readings for it. JSON over HTTP, money in kopecks.

Billing knows the terminal by its certificate or address; the customer proves himself by `verify` or by his bill before
anything but the masked summary is shown. Nothing is kept here.
"""

from __future__ import annotations

from datetime import date
from typing import Literal, TypeVar
from urllib.parse import quote, urlencode

import aiohttp
import msgspec
import yarl
from msgspec import Struct

from payment.billing.account_values import (
    AccountDetails,
    AccountsOfPhone,
    AccountSummary,
    ChargesOfMonth,
    History,
    Meters,
    Readings,
    ReadingsRefused,
    ReadingsTaken,
    Tariff,
)
from payment.billing.exchange import NoAnswerError, exchange
from payment.billing.http_values import Answer, Method, Request

ANSWER_DEADLINE_S = 8
PROBE_DEADLINE_S = 2
BODY_SIZE_MAX = 64 * 1024
JSON = "application/json"


class AccountsUnavailableError(Exception):
    """Billing did not answer as agreed; nothing is known about the account."""


class _Refusal(Struct, frozen=True):
    """A 403 or 404 counts with this body only: that of a proxy must not tell a customer that he has no account."""

    error: Literal["account_not_found", "attribute_refused"]


About = TypeVar("About", AccountSummary, AccountDetails, ChargesOfMonth, History, Tariff, Meters)
Known = TypeVar("Known", bound=Struct)


class AccountsClient:
    """Asks billing; an account or a proof that billing does not accept is None."""

    def __init__(self, url: str, session: aiohttp.ClientSession, *, deadline_s: float = ANSWER_DEADLINE_S) -> None:
        self._url = url.rstrip("/")
        self._session = session
        self._deadline_s = deadline_s

    async def find(self, account: str) -> AccountSummary | None:
        """Raises AccountsUnavailableError, as all questions here do."""
        return await self._ask("GET", account, "", AccountSummary)

    async def verify(self, account: str, attribute: str) -> AccountDetails | None:
        """None: there is no such account or the second attribute is not its own."""
        return await self._ask("POST", account, "/verify", AccountDetails, body={"attribute": attribute})

    async def details_by_bill(self, account: str) -> AccountDetails | None:
        """For a customer who holds the paper bill."""
        return await self._ask("POST", account, "/by-bill", AccountDetails, body={})

    async def of_phone(self, phone: str) -> AccountsOfPhone:
        """Which accounts a phone is bound to: for the one who has just proved by a code that it is his."""
        said = await self._exchange("POST", "/phones/accounts", body={"phone": phone})
        if said.status != 200:
            raise AccountsUnavailableError(f"HTTP {said.status}")
        return _read(said.body, AccountsOfPhone)

    async def details_by_phone(self, account: str, phone: str) -> AccountDetails | None:
        """The proved phone is the second attribute; None: it is not, or no longer, bound to the account."""
        return await self._ask("POST", account, "/by-phone", AccountDetails, body={"phone": phone})

    async def charges(self, account: str, month: str) -> ChargesOfMonth | None:
        """What the bill of a month (YYYY-MM) is made of."""
        said = await self._ask("GET", account, "/charges", ChargesOfMonth, query={"month": month})
        if said is not None and said.month != month:
            raise AccountsUnavailableError("the answer is about another month")
        return said

    async def history(self, account: str, months: int) -> History | None:
        """The last months, the newest first; at most 60."""
        return await self._ask("GET", account, "/history", History, query={"months": str(months)})

    async def tariff(self, account: str, day: date) -> Tariff | None:
        """The prices that hold on a day."""
        said = await self._ask("GET", account, "/tariff", Tariff, query={"on": day.isoformat()})
        if said is not None and not said.holds_on(day):
            raise AccountsUnavailableError("the tariff does not hold on the day asked for")
        return said

    async def meters(self, account: str) -> Meters | None:
        return await self._ask("GET", account, "/meters", Meters)

    async def post_readings(self, readings: Readings) -> ReadingsTaken | ReadingsRefused:
        """Gives readings to billing; a repeat under the same key finds the first answer.

        Raises:
            AccountsUnavailableError: nobody knows whether they arrived: repeat the same value.
        """
        sent = {name: value for name, value in msgspec.to_builtins(readings).items() if name != "key"}
        headers = {"Idempotency-Key": readings.key}
        said = await self._exchange("POST", _path(readings.account, "/readings"), body=sent, headers=headers)
        if said.status == 422:
            return _read(said.body, ReadingsRefused)
        if said.status != 200:
            raise AccountsUnavailableError(f"HTTP {said.status}")
        taken = _read(said.body, ReadingsTaken)
        if (taken.key, taken.account, taken.meter_id) != (readings.key, readings.account, readings.meter_id):
            raise AccountsUnavailableError("the answer is about other readings")
        return taken

    async def reachable(self) -> bool:
        """A quick probe; never raises."""
        try:
            return (await self._exchange("GET", "/health", deadline_s=PROBE_DEADLINE_S)).status == 200
        except AccountsUnavailableError:
            return False

    async def _ask(
        self,
        method: Method,
        account: str,
        verb: str,
        kind: type[About],
        *,
        query: dict[str, str] | None = None,
        body: dict[str, str] | None = None,
    ) -> About | None:
        said = await self._exchange(method, _path(account, verb), query=query, body=body)
        if said.status in (403, 404):
            _read(said.body, _Refusal)
            return None
        if said.status != 200:
            raise AccountsUnavailableError(f"HTTP {said.status}")
        answer = _read(said.body, kind)
        if answer.account != account:
            raise AccountsUnavailableError("the answer is about another account")
        return answer

    async def _exchange(
        self,
        method: Method,
        path: str,
        *,
        query: dict[str, str] | None = None,
        body: object = None,
        headers: dict[str, str] | None = None,
        deadline_s: float | None = None,
    ) -> Answer:
        request = Request(
            method,
            self._url + path,
            query=urlencode(query or {}),
            body=b"" if body is None else msgspec.json.encode(body),
            content_type="" if body is None else JSON,
            headers=headers or {},
        )
        limit_s = self._deadline_s if deadline_s is None else deadline_s
        try:
            return await exchange(self._session, request, deadline_s=limit_s, body_size_max=BODY_SIZE_MAX)
        except NoAnswerError as error:
            raise AccountsUnavailableError(str(error)) from error


def forget_addresses() -> None:
    """The account stands in the address of a question, and the library of addresses keeps the last hundreds of them.

    It has no verb for that: its own `cache_clear` is about host names.
    """
    for module in (yarl._url, yarl._parse):
        for kept in vars(module).values():
            if callable(clear := getattr(kept, "cache_clear", None)):
                clear()


def _path(account: str, verb: str) -> str:
    return f"/accounts/{quote(account, safe='')}{verb}"


def _read(body: bytes, kind: type[Known]) -> Known:
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise AccountsUnavailableError("the answer is not as agreed") from error
