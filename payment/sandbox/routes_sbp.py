"""The sandbox's addresses of the acquirer: three banks' APIs, and a page where a person pays the QR."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from payment.sandbox import sbp_page
from payment.sandbox.acquirer import MOVES, PAID, REFUNDED, OtherOrderError, Qr
from payment.sandbox.acquirer_api import BANKS, Bank
from payment.sandbox.clock import now_s
from payment.sandbox.faults import Api
from payment.sandbox.handling import QRS, json_answer, meet_fault

routes = web.RouteTableDef()


@routes.post("/sbp/rubles/qrs")
async def rubles_register(request: web.Request) -> web.Response:
    return await _register(request, BANKS["rubles"])


@routes.get("/sbp/rubles/orders/{order}")
async def rubles_ask(request: web.Request) -> web.Response:
    return _ask(request, BANKS["rubles"], request.match_info["order"])


@routes.delete("/sbp/rubles/orders/{order}")
async def rubles_cancel(request: web.Request) -> web.Response:
    return _cancel(request, BANKS["rubles"], request.match_info["order"])


@routes.post("/sbp/rubles/orders/{order}/refund")
async def rubles_refund(request: web.Request) -> web.Response:
    return await _refund(request, BANKS["rubles"])


@routes.post("/sbp/{bank:orders|iso}/refund")
async def order_refund(request: web.Request) -> web.Response:
    return await _refund(request, BANKS[request.match_info["bank"]])


@routes.post("/sbp/{bank:orders|iso}/creation")
async def order_register(request: web.Request) -> web.Response:
    return await _register(request, BANKS[request.match_info["bank"]])


@routes.post("/sbp/{bank:orders|iso}/status")
async def order_ask(request: web.Request) -> web.Response:
    bank = BANKS[request.match_info["bank"]]
    return _ask(request, bank, str((await _json_of(request)).get(bank.order_name)))


@routes.post("/sbp/{bank:orders|iso}/revocation")
async def order_cancel(request: web.Request) -> web.Response:
    bank = BANKS[request.match_info["bank"]]
    return _cancel(request, bank, str((await _json_of(request)).get(bank.order_name)))


@routes.get("/qrs")
async def page(request: web.Request) -> web.Response:
    """Where a person pays: every QR with its buttons. `Accept: application/json` gets the oracle."""
    found = request.app[QRS].all(now_s())
    if "application/json" in request.headers.get("Accept", ""):
        return json_answer([qr.as_json() for qr in found])
    return web.Response(text=sbp_page.render(found, now_s()), content_type="text/html")


@routes.post("/qrs/{order}/{move}")
async def move(request: web.Request) -> web.Response:
    """A person's button."""
    name = request.match_info["move"]
    if name not in MOVES or request.app[QRS].move(request.match_info["order"], name, now_s()) is None:
        return json_answer({"error": "not_found"}, status=404)
    raise web.HTTPSeeOther("/qrs")


async def _register(request: web.Request, bank: Bank) -> web.Response:
    order = bank.read(await _json_of(request))
    if meet_fault(request, Api.SBP, order.order_id):
        return json_answer({"error": "merchant_blocked"}, status=422)
    try:
        return _told(bank, request.app[QRS].register(order.order_id, order.account, order.amount_minor, now_s()))
    except OtherOrderError:
        return json_answer({"error": "order_exists"}, status=409)


def _ask(request: web.Request, bank: Bank, order_id: str) -> web.Response:
    refuse = meet_fault(request, Api.SBP, order_id)
    found = None if refuse else request.app[QRS].find(order_id, now_s())
    return json_answer({"error": "order_not_found"}, status=404) if found is None else _told(bank, found)


def _cancel(request: web.Request, bank: Bank, order_id: str) -> web.Response:
    """Before the money is under way; later it is answered as it stands."""
    store = request.app[QRS]
    refuse = meet_fault(request, Api.SBP, order_id)
    found = store.find(order_id, now_s()) if refuse else store.move(order_id, "cancel", now_s())
    return json_answer({"error": "order_not_found"}, status=404) if found is None else _told(bank, found)


async def _refund(request: web.Request, bank: Bank) -> web.Response:
    """All that was paid, once; a repeat is answered as the order stands."""
    asked = await _json_of(request)
    order_id, store = str(asked.get(bank.order_name)), request.app[QRS]
    refuse = meet_fault(request, Api.REFUND, order_id)
    found = store.find(order_id, now_s())
    if found is None:
        return json_answer({"error": "order_not_found"}, status=404)
    if refuse or found.state not in (PAID, REFUNDED) or bank.refund_minor(asked) != found.amount_minor:
        return json_answer({"error": "refund_forbidden"}, status=422)
    moved = store.move(order_id, "refund", now_s())
    return _told(bank, moved or found)


def _told(bank: Bank, qr: Qr) -> web.Response:
    return web.Response(body=bank.tell(qr).encode(), content_type="application/json")


async def _json_of(request: web.Request) -> dict[str, Any]:
    """Numbers with a point stay text: money is no float here either."""
    asked = json.loads(await request.read(), parse_float=str)
    if not isinstance(asked, dict):
        raise ValueError("not an object")
    return asked
