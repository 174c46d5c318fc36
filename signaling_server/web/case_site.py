"""HTTP of those who work on written cases: decode, ask, encode."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from aiohttp import web
from msgspec import Struct

from signaling_server.cases.case_desk import CaseDesk
from signaling_server.contract import case_desk as c
from signaling_server.contract.decoding import decode_body
from signaling_server.desk.call import Agent
from signaling_server.refusal import ServiceRefusedError
from signaling_server.web.desk_site import signed_in_agent
from signaling_server.web.middleware import ApiError, json

CASE_DESK = web.AppKey("case_desk", CaseDesk)
ROLES = {"agent", "supervisor", "administrator"}
Form = TypeVar("Form", bound=Struct)
Answer = TypeVar("Answer")
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
    return json(await _refusable(request.app[CASE_DESK].card(request.match_info["number"])))


@routes.get("/api/cases/{number}/papers/{attachment_id}")
async def paper(request: web.Request) -> web.Response:
    """A photo of a case: never anything but a picture."""
    await _who_may(request)
    wanted = request.match_info["number"], request.match_info["attachment_id"]
    media_type, content = await _refusable(request.app[CASE_DESK].paper(*wanted))
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
    agent = await _who_may(request)
    await _refusable(do(agent, decode_body(await request.read(), kind)))
    return web.Response(status=204)


async def _who_may(request: web.Request) -> Agent:
    agent = await signed_in_agent(request)
    if not ROLES & set(agent.roles):
        raise ApiError(403, "not_yours", "Обращениями занимаются консультанты и супервайзеры")
    return agent


async def _refusable(asked: Awaitable[Answer]) -> Answer:
    try:
        return await asked
    except ServiceRefusedError as refusal:
        raise ApiError(404 if refusal.reason == "unknown_case" else 409, refusal.reason, refusal.sentence) from None
