"""The OSMP provider protocol, kiosk's side: one `pay` asked, one `PayAnswered` told.

Whatever is not a well-formed answer with a known result is UNKNOWN: money may have moved, so the cashier repeats the
very same request later. Parsing is pure; `OsmpBilling` moves the bytes.
Source: OSMP/QIWI, "Interface of data exchange with providers"; codes of other siblings differ, never share the table.
"""

from __future__ import annotations

import asyncio
import logging
import unicodedata
from collections.abc import Callable
from typing import Literal
from xml.parsers import expat

import aiohttp

from payment.contract import PayAnswered, PayOutcome, PayRequest
from payment.money import MoneyFormatError, osmp_sum, parse_rubles

PAY_DEADLINE_S = 60  # the protocol's own: later the payer side breaks the connection
BODY_SIZE_MAX = 256 * 1024
DEPTH_MAX = 8
COMMENT_LENGTH_MAX = 200
PRV_TXN_LENGTH_MAX = 20

RESULTS: dict[int, PayOutcome] = {
    0: PayOutcome.CREDITED,
    1: PayOutcome.UNKNOWN,  # temporary error, repeat later
    4: PayOutcome.REFUSED,  # wrong format of the account
    5: PayOutcome.REFUSED,  # account not found
    7: PayOutcome.REFUSED,  # payment forbidden by the provider
    8: PayOutcome.REFUSED,  # forbidden for technical reasons
    79: PayOutcome.REFUSED,  # account not active
    90: PayOutcome.UNKNOWN,  # the payment is not finished
    241: PayOutcome.REFUSED,  # sum too small
    242: PayOutcome.REFUSED,  # sum too large
    243: PayOutcome.REFUSED,  # state of the account cannot be checked
    300: PayOutcome.REFUSED,  # other error of the provider
}

_FIELDS = frozenset({"osmp_txn_id", "prv_txn", "sum", "result", "comment"})
_log = logging.getLogger(__name__)


class OsmpAnswerError(ValueError):
    """The bytes are not an answer of the protocol; the text says why and carries no data of the customer."""


class OsmpBilling:
    """payment's BillingPort over HTTP. Every `pay` is answered by exactly one event while the port is open."""

    def __init__(
        self,
        url: str,
        *,
        session: aiohttp.ClientSession,
        post_event: Callable[[PayAnswered], None],
        method: Literal["GET", "POST"] = "GET",
        deadline_s: float = PAY_DEADLINE_S,
    ) -> None:
        self._url = url
        self._session = session
        self._post_event = post_event
        self._method = method
        self._deadline_s = deadline_s
        self._tasks: set[asyncio.Task[None]] = set()

    def pay(self, request: PayRequest) -> None:
        """Sends it; answered by one `PayAnswered`, UNKNOWN at the latest after the deadline."""
        task = asyncio.create_task(self._pay(request, pay_parameters(request)))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Leaves what is on the way without an answer: the journal knows the intent and repeats it."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _pay(self, request: PayRequest, parameters: dict[str, str]) -> None:
        try:
            async with asyncio.timeout(self._deadline_s):
                body = await self._exchange(parameters)
            answer = parse_answer(body, request.txn_id, request.amount_minor)
        except OsmpAnswerError as error:
            answer = _unknown(request.txn_id, str(error))
        except TimeoutError:
            answer = _unknown(request.txn_id, f"no answer in {self._deadline_s} s")
        except (aiohttp.ClientError, OSError, ValueError) as error:  # ValueError: a URL or header that aiohttp refuses
            answer = _unknown(request.txn_id, type(error).__name__)
        if answer.outcome is PayOutcome.UNKNOWN:
            _log.warning("pay %s is unknown: %s", answer.txn_id, answer.comment)
        self._post_event(answer)

    async def _exchange(self, parameters: dict[str, str]) -> bytes:
        """Asks for a connection that is not kept: a second answer left in one would be read as the next request's.

        A peer may keep it all the same; then `osmp_txn_id` tells whose answer it is.
        """
        async with self._session.request(
            self._method,
            self._url,
            params=parameters if self._method == "GET" else None,
            data=parameters if self._method == "POST" else None,
            headers={"Connection": "close", "Accept-Encoding": "identity"},
            allow_redirects=False,
            auto_decompress=False,
            timeout=aiohttp.ClientTimeout(total=self._deadline_s),
            middlewares=(_sent_once,),
        ) as response:
            if response.status != 200:
                raise OsmpAnswerError(f"HTTP {response.status}")
            return await _read_capped(response, BODY_SIZE_MAX)


async def _sent_once(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """aiohttp repeats a GET by itself when the connection breaks; repeats of money are the cashier's alone."""
    try:
        return await handler(request)
    except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError) as error:
        raise OsmpAnswerError(type(error).__name__) from error


async def _read_capped(response: aiohttp.ClientResponse, size_max: int) -> bytes:
    """The whole body, if it is not larger than any answer is."""
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > size_max:
            raise OsmpAnswerError(f"the answer is larger than {size_max} bytes")
    return bytes(body)


def pay_parameters(request: PayRequest) -> dict[str, str]:
    """A request in the names of the protocol."""
    return {
        "command": "pay",
        "txn_id": request.txn_id,
        "txn_date": request.txn_date,
        "account": request.account,
        "sum": osmp_sum(request.amount_minor),
    }


def parse_answer(body: bytes, txn_id: str, amount_minor: int) -> PayAnswered:
    """Reads the answer to the pay request `txn_id`; whatever is not surely one is UNKNOWN, with the reason in words."""
    try:
        return _read_answer(body, txn_id, amount_minor)
    except OsmpAnswerError as error:
        return _unknown(txn_id, str(error))


def _unknown(txn_id: str, reason: str) -> PayAnswered:
    return PayAnswered(txn_id, PayOutcome.UNKNOWN, comment=reason)


def _read_answer(body: bytes, txn_id: str, amount_minor: int) -> PayAnswered:
    fields = _read_fields(body)
    if fields.get("osmp_txn_id") != txn_id:
        raise OsmpAnswerError("the answer is of another transaction")
    result = fields.get("result", "")
    if not (result.isascii() and result.isdigit() and len(result) <= 4 and int(result) in RESULTS):
        raise OsmpAnswerError("the result is unknown")
    code = int(result)
    provider_txn = fields.get("prv_txn", "")
    if RESULTS[code] is PayOutcome.CREDITED:
        _check_credit(provider_txn, fields.get("sum", ""), amount_minor)
    return PayAnswered(txn_id, RESULTS[code], provider_txn, code, _clean(fields.get("comment", "")))


def _check_credit(provider_txn: str, amount: str, amount_minor: int) -> None:
    if not (provider_txn.isascii() and provider_txn.isdigit() and len(provider_txn) <= PRV_TXN_LENGTH_MAX):
        raise OsmpAnswerError("a credit without the provider's number")
    try:
        credited_minor = parse_rubles(amount)
    except MoneyFormatError as error:
        raise OsmpAnswerError("a credit without its sum") from error
    if credited_minor != amount_minor:
        raise OsmpAnswerError("another sum was credited than the one asked: for a person to review")


def _read_fields(body: bytes) -> dict[str, str]:
    reader = _AnswerReader()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = reader.element_began
    parser.EndElementHandler = reader.element_ended
    parser.CharacterDataHandler = reader.text_came
    parser.StartDoctypeDeclHandler = reader.doctype_came
    try:
        parser.Parse(body, True)
    except OsmpAnswerError:
        raise
    except (expat.ExpatError, LookupError, ValueError) as error:  # the last two: encodings that expat does not know
        raise OsmpAnswerError("the answer is not whole XML") from error
    return reader.fields


class _AnswerReader:
    """Collects the plain children of `<response>`; what dialects add is skipped."""

    def __init__(self) -> None:
        self.fields: dict[str, str] = {}
        self._depth = 0
        self._name = ""
        self._text = ""

    def doctype_came(self, *_declaration: object) -> None:
        raise OsmpAnswerError("a document type, so entities, in the answer")

    def element_began(self, name: str, _attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > DEPTH_MAX:
            raise OsmpAnswerError("the answer is nested too deep")
        if self._depth == 1 and name != "response":
            raise OsmpAnswerError("the answer is no <response>")
        if self._depth == 2:
            if name in self.fields:
                raise OsmpAnswerError("a field is given twice")
            self._name, self._text = name, ""
        elif self._name in _FIELDS and self._depth > 2:
            raise OsmpAnswerError("a field holds other elements")

    def text_came(self, text: str) -> None:
        if self._depth == 2:
            self._text += text

    def element_ended(self, _name: str) -> None:
        if self._depth == 2:
            if self._name in _FIELDS:
                self.fields[self._name] = self._text.strip()
            self._name = ""
        self._depth -= 1


def _clean(comment: str) -> str:
    """The comment may reach a log or a slip, so it carries no control signs."""
    return "".join(sign for sign in comment if unicodedata.category(sign)[0] != "C")[:COMMENT_LENGTH_MAX]
