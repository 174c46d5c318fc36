"""HTTP of quality: how customers get on alone."""

from __future__ import annotations

from aiohttp import web

from signaling_server.quality.self_service import SelfServiceUse
from signaling_server.web.desk_site import signed_in_agent
from signaling_server.web.middleware import json

USE = web.AppKey("self_service_use", SelfServiceUse)
routes = web.RouteTableDef()


@routes.get("/api/quality/self-service")
async def self_service(request: web.Request) -> web.Response:
    """The share of self-service and the most frequent topics, for the operations page."""
    await signed_in_agent(request)
    return json(await request.app[USE].answer())
