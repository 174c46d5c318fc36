"""HTTP of employees among themselves: who is here, and a note to one of them."""

from __future__ import annotations

from aiohttp import web

from signaling_server.contract.staff import WriteToColleague
from signaling_server.web.acts import act
from signaling_server.web.desk_site import DESK, signed_in_agent
from signaling_server.web.middleware import json

routes = web.RouteTableDef()


@routes.get("/api/colleagues")
async def colleagues(request: web.Request) -> web.Response:
    agent = await signed_in_agent(request)
    return json(request.app[DESK].staff.colleagues(agent))


@routes.post("/api/colleagues/write")
async def write(request: web.Request) -> web.Response:
    """Refused: nobody is there to read it."""
    agent = await signed_in_agent(request)
    return await act(request, agent, WriteToColleague, request.app[DESK].staff.write, {})
