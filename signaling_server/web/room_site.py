"""HTTP of calls with a third party: who is invited, who leaves, who takes over, and what a supervisor does."""

from __future__ import annotations

from aiohttp import web

from signaling_server.contract.rooms import AnswerInvitation, HandOver, InviteParty, LeaveRoom, SuperviseCall
from signaling_server.desk.incidents import is_supervisor
from signaling_server.web.acts import act, entitled_agent
from signaling_server.web.desk_site import DESK, signed_in_agent
from signaling_server.web.middleware import json

_STATUSES = {"not_yours": 403, "no_media_server": 503}
_SUPERVISORS = "Чужие разговоры слушают супервайзеры и администраторы"
routes = web.RouteTableDef()


@routes.post("/api/rooms/invite")
async def invite(request: web.Request) -> web.Response:
    agent = await signed_in_agent(request)
    return await act(request, agent, InviteParty, request.app[DESK].rooms.invite, _STATUSES)


@routes.post("/api/rooms/answer")
async def answer(request: web.Request) -> web.Response:
    """The invited colleague comes, or does not."""
    agent = await signed_in_agent(request)
    return await act(request, agent, AnswerInvitation, request.app[DESK].rooms.answer, _STATUSES)


@routes.post("/api/rooms/leave")
async def leave(request: web.Request) -> web.Response:
    agent = await signed_in_agent(request)
    return await act(request, agent, LeaveRoom, request.app[DESK].rooms.leave, _STATUSES)


@routes.post("/api/rooms/hand-over")
async def hand_over(request: web.Request) -> web.Response:
    agent = await signed_in_agent(request)
    return await act(request, agent, HandOver, request.app[DESK].rooms.hand_over, _STATUSES)


@routes.post("/api/rooms/supervise")
async def supervise(request: web.Request) -> web.Response:
    """Listen, whisper, join: each is written to the log of the office."""
    agent = await entitled_agent(request, is_supervisor, _SUPERVISORS)
    return await act(request, agent, SuperviseCall, request.app[DESK].rooms.supervise, _STATUSES)


@routes.get("/api/rooms/live")
async def live(request: web.Request) -> web.Response:
    await entitled_agent(request, is_supervisor, _SUPERVISORS)
    return json(await request.app[DESK].rooms.live_calls())
