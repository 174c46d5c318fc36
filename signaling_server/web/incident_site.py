"""HTTP of incidents: what nobody looks after yet, for operations and supervisors."""

from __future__ import annotations

from aiohttp import web

from signaling_server.desk.call import Agent
from signaling_server.desk.incidents import is_supervisor
from signaling_server.web.acts import entitled_agent, refusable
from signaling_server.web.desk_site import DESK
from signaling_server.web.middleware import json

routes = web.RouteTableDef()


@routes.get("/api/incidents")
async def incidents(request: web.Request) -> web.Response:
    """Open ones: address and phone of the guard stand in each."""
    await _supervisor(request)
    return json(await request.app[DESK].incidents.open())


@routes.post("/api/incidents/{incident_id}/take")
async def take(request: web.Request) -> web.Response:
    """I look after it."""
    agent = await _supervisor(request)
    await refusable(request.app[DESK].incidents.take(agent, request.match_info["incident_id"]), {})
    return web.Response(status=204)


async def _supervisor(request: web.Request) -> Agent:
    return await entitled_agent(request, is_supervisor, "Происшествиями занимаются супервайзеры и администраторы")
