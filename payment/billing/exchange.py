"""One HTTP exchange with a far end that may lie: one try, a capped body, a total deadline. Shared by all clients here.

No connection is kept: a second answer left in one would be read as the next request's. A peer may keep it all the same;
then the numbers inside the answer tell whose it is.
"""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager

import aiohttp
from yarl import URL

from payment.billing.http_values import Answer, Request

_NO_OTHER_LIMIT = aiohttp.ClientTimeout(total=None)  # the deadline below is the only one


class NoAnswerError(Exception):
    """Nobody knows whether the request was heard; the text is the reason and carries no data of the customer."""


async def exchange(
    session: aiohttp.ClientSession, request: Request, *, deadline_s: float, body_size_max: int
) -> Answer:
    """Sends the request once.

    Raises:
        NoAnswerError: no whole answer within the deadline, or one larger than the cap.
    """
    try:
        async with asyncio.timeout(deadline_s), _sent(session, request) as response:
            return Answer(response.status, await _read_capped(response, body_size_max))
    except TimeoutError as error:
        raise NoAnswerError(f"no answer in {deadline_s} s") from error
    except (aiohttp.ClientError, OSError, ValueError) as error:  # ValueError: a URL or header that aiohttp refuses
        raise NoAnswerError(type(error).__name__) from error


def _sent(session: aiohttp.ClientSession, request: Request) -> AbstractAsyncContextManager[aiohttp.ClientResponse]:
    headers = {"Connection": "close", "Accept-Encoding": "identity"}
    if request.content_type:
        headers["Content-Type"] = request.content_type
    return session.request(
        request.method,
        _address(request),
        data=request.body or None,
        headers={**headers, **request.headers},
        allow_redirects=False,
        auto_decompress=False,
        timeout=_NO_OTHER_LIMIT,
        middlewares=(_sent_once,),
    )


def _address(request: Request) -> URL:
    if not request.query:
        return URL(request.url, encoded=True)
    return URL(f"{request.url}{'&' if '?' in request.url else '?'}{request.query}", encoded=True)


async def _sent_once(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """aiohttp repeats a GET by itself when the connection breaks; repeats of money are the cashier's alone."""
    try:
        return await handler(request)
    except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError) as error:
        raise NoAnswerError(type(error).__name__) from error


async def _read_capped(response: aiohttp.ClientResponse, size_max: int) -> bytes:
    """The whole body, if it is not larger than any answer is."""
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > size_max:
            raise NoAnswerError(f"the answer is larger than {size_max} bytes")
    return bytes(body)
