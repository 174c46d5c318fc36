"""What every address of the sandbox shares: its stores, its faults, the form of an answer."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable

import msgspec
from aiohttp import web

from payment.sandbox.acquirer import QrStore
from payment.sandbox.faults import Api, FaultMode, FaultSwitch, deliver, drop
from payment.sandbox.readings_api import ReadingsStore
from payment.sandbox.store import CreditStore

STORE = web.AppKey("store", CreditStore)
READINGS = web.AppKey("readings", ReadingsStore)
QRS = web.AppKey("qrs", QrStore)
FAULTS = web.AppKey("faults", FaultSwitch)
FAULT = web.RequestKey("fault", FaultMode)
ABOUT = web.RequestKey("about", str)

# What a broken sandbox still answers: the oracles, the switch itself and the pages for a person.
NEVER_DOWN = ("/credits", "/readings", "/faults", "/qrs", "/")


def meet_fault(request: web.Request, api: Api, about: str) -> bool:
    """Says which API is asked and about whom, so that the middleware knows the fault; True: it must be refused."""
    fault = request.app[FAULTS].take(api)
    request[FAULT], request[ABOUT] = fault, about
    return fault is FaultMode.REFUSE


@web.middleware
async def middleware(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Lets the asked one answer, then lies as the switch has it."""
    faults = request.app[FAULTS]
    if request.path not in NEVER_DOWN and not request.path.startswith("/qrs/") and faults.take_down():
        return drop(request)
    try:
        answer = await handler(request)
    except (msgspec.DecodeError, ValueError, LookupError, RecursionError) as error:  # unknown charsets, deep JSON
        return json_answer({"error": "bad_request", "detail": str(error)}, status=400)
    fault = request.get(FAULT, FaultMode.NONE)
    if fault is FaultMode.NONE or not isinstance(answer, web.Response):
        return answer
    return await deliver(request, answer, request[ABOUT], fault, faults.delay_s)


def json_answer(answer: object, status: int = 200) -> web.Response:
    return web.json_response(answer, status=status, dumps=lambda value: json.dumps(value, ensure_ascii=False))
