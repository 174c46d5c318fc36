"""HTTP of incidents: what nobody looks after yet, for operations and supervisors."""

from __future__ import annotations

from aiohttp import web

from signaling_server.desk.call import Agent
from signaling_server.desk.incidents import SUPERVISORS
from signaling_server.web.acts import entitled_agent, refusable
from signaling_server.web.desk_site import DESK, signed_in_agent
from signaling_server.web.middleware import json

routes = web.RouteTableDef()


@routes.get("/api/incidents")
async def incidents(request: web.Request) -> web.Response:
    """Open ones: address and phone of the guard stand in each."""
    await signed_in_agent(request)
    return json(await request.app[DESK].incidents.open())


@routes.post("/api/incidents/{incident_id}/take")
async def take(request: web.Request) -> web.Response:
    """I look after it."""
    agent = await entitled_agent(request, _may_take, "Происшествия принимает супервайзер")
    await refusable(request.app[DESK].incidents.take(agent, request.match_info["incident_id"]), {})
    return web.Response(status=204)


def _may_take(agent: Agent) -> bool:
    return bool(SUPERVISORS & set(agent.roles))
