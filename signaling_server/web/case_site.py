"""HTTP of those who work on written cases: decode, ask, encode."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web

from signaling_server.cases.case_desk import CaseDesk
from signaling_server.contract import case_desk as c
from signaling_server.desk.call import Agent
from signaling_server.web.acts import Form, act, entitled_agent, refusable
from signaling_server.web.middleware import json

CASE_DESK = web.AppKey("case_desk", CaseDesk)
ROLES = {"agent", "supervisor", "administrator"}
_STATUSES = {"unknown_case": 404}
routes = web.RouteTableDef()


@routes.get("/api/cases")
async def cases(request: web.Request) -> web.Response:
    """Open cases, most urgent first; `closed=1` for the ended ones."""
    await _who_may(request)
    return json(await request.app[CASE_DESK].cases(is_open=request.query.get("closed") != "1"))


@routes.get("/api/cases/{number}")
async def card(request: web.Request) -> web.Response:
    """One case with its events."""
    await _who_may(request)
    return json(await refusable(request.app[CASE_DESK].card(request.match_info["number"]), _STATUSES))


@routes.get("/api/cases/{number}/papers/{attachment_id}")
async def paper(request: web.Request) -> web.Response:
    """A photo of a case: never anything but a picture."""
    await _who_may(request)
    wanted = request.match_info["number"], request.match_info["attachment_id"]
    media_type, content = await refusable(request.app[CASE_DESK].paper(*wanted), _STATUSES)
    return web.Response(body=content, content_type=media_type)


@routes.post("/api/cases/take")
async def take(request: web.Request) -> web.Response:
    """I work on it."""
    return await _act(request, c.TakeCase, request.app[CASE_DESK].take)


@routes.post("/api/cases/answer")
async def answer(request: web.Request) -> web.Response:
    """The answer to every question."""
    return await _act(request, c.AnswerCase, request.app[CASE_DESK].answer)


@routes.post("/api/cases/execute")
async def execute(request: web.Request) -> web.Response:
    """The decision on a complaint is carried out."""
    return await _act(request, c.ExecuteDecision, request.app[CASE_DESK].execute)


@routes.post("/api/cases/notify")
async def notify(request: web.Request) -> web.Response:
    """The customer was told by hand."""
    return await _act(request, c.NotifyCustomer, request.app[CASE_DESK].notify)


@routes.post("/api/cases/close")
async def close(request: web.Request) -> web.Response:
    """Nothing is left to do."""
    return await _act(request, c.CloseCase, request.app[CASE_DESK].close)


@routes.post("/api/cases/refuse")
async def refuse(request: web.Request) -> web.Response:
    """Not to be considered: proposed by one, approved by another."""
    return await _act(request, c.RefuseCase, request.app[CASE_DESK].refuse)


async def _act(request: web.Request, kind: type[Form], do: Callable[[Agent, Form], Awaitable[None]]) -> web.Response:
    return await act(request, await _who_may(request), kind, do, _STATUSES)


async def _who_may(request: web.Request) -> Agent:
    return await entitled_agent(
        request, lambda agent: bool(ROLES & set(agent.roles)), "Обращениями занимаются консультанты и супервайзеры"
    )
