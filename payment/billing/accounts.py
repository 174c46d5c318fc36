"""Questions about an account to billing: who is asked for (masked), what is owed. JSON over HTTP, money in kopecks."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, Literal, TypeVar
from urllib.parse import quote

import aiohttp
import msgspec
from msgspec import Meta, Struct

ANSWER_DEADLINE_S = 8
PROBE_DEADLINE_S = 2
BODY_SIZE_MAX = 64 * 1024
AMOUNT_MAX_MINOR = 10**12

Text = Annotated[str, Meta(max_length=200)]
AmountMinor = Annotated[int, Meta(ge=-AMOUNT_MAX_MINOR, le=AMOUNT_MAX_MINOR)]


class AccountsUnavailableError(Exception):
    """Billing did not answer as agreed; nothing is known about the account."""


class AccountSummary(Struct, frozen=True):
    """Enough for the customer to recognise the account, nothing for a stranger to learn."""

    account: Text
    name_masked: Text
    address_masked: Text


class Charge(Struct, frozen=True):
    """A line of the bill; payments since are below zero."""

    title: Text
    amount_minor: AmountMinor


class AccountDetails(Struct, frozen=True):
    """What is owed: for the one who proved to be the account's customer."""

    account: Text
    due_minor: AmountMinor  # below zero: overpayment
    period: Text  # «ноябрь 2026»
    charges: Annotated[tuple[Charge, ...], Meta(max_length=50)]
    as_of: Annotated[str, Meta(pattern=r"^\d{2}\.\d{2}\.\d{4}$")]


class _Refusal(Struct, frozen=True):
    """A 403 or 404 counts with this body only: that of a proxy must not tell a customer that he has no account."""

    error: Literal["account_not_found", "attribute_refused"]


Answer = TypeVar("Answer", AccountSummary, AccountDetails)


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
        return await self._ask("POST", account, "/verify", AccountDetails, {"attribute": attribute})

    async def details_by_bill(self, account: str) -> AccountDetails | None:
        """For a customer who holds the paper bill."""
        return await self._ask("POST", account, "/by-bill", AccountDetails, {})

    async def reachable(self) -> bool:
        """A quick probe; never raises."""
        try:
            status, _ = await self._exchange("GET", "/health", None, PROBE_DEADLINE_S)
        except AccountsUnavailableError:
            return False
        return status == 200

    async def _ask(
        self,
        method: Literal["GET", "POST"],
        account: str,
        verb: str,
        kind: type[Answer],
        question: dict[str, str] | None = None,
    ) -> Answer | None:
        path = f"/accounts/{quote(account, safe='')}{verb}"
        status, body = await self._exchange(method, path, question, self._deadline_s)
        if status not in (200, 403, 404):
            raise AccountsUnavailableError(f"HTTP {status}")
        try:
            if status != 200:
                msgspec.json.decode(body, type=_Refusal)
                return None
            answer = msgspec.json.decode(body, type=kind)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise AccountsUnavailableError("the answer is not as agreed") from error
        if answer.account != account:
            raise AccountsUnavailableError("the answer is about another account")
        return answer

    async def _exchange(
        self, method: Literal["GET", "POST"], path: str, question: Any, deadline_s: float
    ) -> tuple[int, bytes]:
        body = bytearray()
        try:
            async with (
                asyncio.timeout(deadline_s),
                self._session.request(method, self._url + path, json=question, allow_redirects=False) as response,
            ):
                async for chunk in response.content.iter_any():
                    body += chunk
                    if len(body) > BODY_SIZE_MAX:
                        raise AccountsUnavailableError(f"the answer is larger than {BODY_SIZE_MAX} bytes")
                return response.status, bytes(body)
        except TimeoutError as error:
            raise AccountsUnavailableError(f"no answer in {deadline_s} s") from error
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise AccountsUnavailableError(type(error).__name__) from error
