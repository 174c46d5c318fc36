"""The sandbox's addresses of money: OSMP of two gateways, registers of the day."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Mapping, Sequence
from datetime import date

from aiohttp import web

from payment.sandbox import osmp_api, register_api
from payment.sandbox.clock import today
from payment.sandbox.faults import Api
from payment.sandbox.handling import STORE, json_answer, meet_fault

XML = "text/xml; charset=utf-8"
XML_OLDER = "text/xml; charset=windows-1251"
COMMAND_APIS = {"pay": Api.PAY, "check": Api.CHECK, "cancel": Api.CANCEL, "status": Api.STATUS}

routes = web.RouteTableDef()
_log = logging.getLogger(__name__)


@routes.get("/osmp")
@routes.post("/osmp")
async def osmp(request: web.Request) -> web.Response:
    asked = await request.post() if request.method == "POST" else request.query
    parameters = {name: [str(value) for value in asked.getall(name)] for name in asked}
    return web.Response(body=osmp_api.to_xml(_respond(request, parameters)), headers={"Content-Type": XML})


@routes.post("/osmp/older")
async def osmp_older(request: web.Request) -> web.Response:
    answer = _respond(request, osmp_api.read_older(await request.read()))
    return web.Response(body=osmp_api.to_older_xml(answer), headers={"Content-Type": XML_OLDER})


def _respond(request: web.Request, parameters: Mapping[str, Sequence[str]]) -> osmp_api.Answer:
    command = next(iter(parameters.get("command", ())), "")
    txn_id = next(iter(parameters.get("txn_id", ())), "")
    api = COMMAND_APIS.get(command)
    refuse = api is not None and meet_fault(request, api, txn_id)
    answer = osmp_api.respond(parameters, request.app[STORE], refuse=refuse)
    _log.info("%s %s -> %s", command, answer.txn_id, answer.result)
    return answer


@routes.get("/registers/{day:[0-9]{8}}")
async def register_of_day(request: web.Request) -> web.Response:
    """Our own register of a day that is over; until then there is none, which is not an empty one."""
    day = _day(request)
    if meet_fault(request, Api.REGISTERS, day) or day >= today().strftime("%Y%m%d"):
        return json_answer({"error": "no_register"}, status=404)
    body = register_api.write(request.app[STORE].of_day(day), day)
    return web.Response(body=body, headers={"Content-Type": "text/csv; charset=utf-8"})


@routes.put("/registers/{day:[0-9]{8}}")
async def compare_register(request: web.Request) -> web.Response:
    """A terminal's register against our credits of that day."""
    day = _day(request)
    if meet_fault(request, Api.REGISTERS, day):
        return json_answer({"error": "register_refused"}, status=422)
    return json_answer(register_api.compare(await request.read(), request.app[STORE].of_day(day), day))


def _day(request: web.Request) -> str:
    """YYYYMMDD of the address. Raises ValueError, which is a bad request."""
    day = request.match_info["day"]
    with contextlib.suppress(ValueError):
        date(int(day[:4]), int(day[4:6]), int(day[6:]))
        return day
    raise ValueError(f"the calendar has no day {day}")
