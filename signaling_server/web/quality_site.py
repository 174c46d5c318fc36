"""HTTP of quality: how customers get on alone, and the ЛКК in the talks. Counts alone: nobody is named."""

from __future__ import annotations

from aiohttp import web
from msgspec import structs

from signaling_server.clock import DAY_MS, Clock, milliseconds
from signaling_server.quality.portal import portal_figures
from signaling_server.quality.self_service import SelfServiceUse
from signaling_server.storage.calls import portal_answers
from signaling_server.web.desk_site import DATABASE, signed_in_agent
from signaling_server.web.middleware import json

USE = web.AppKey("self_service_use", SelfServiceUse)
CLOCK = web.AppKey("quality_clock", Clock)
PORTAL_DAYS = 30
routes = web.RouteTableDef()


@routes.get("/api/quality/self-service")
async def self_service(request: web.Request) -> web.Response:
    """The share of self-service and the most frequent topics, for the operations page."""
    await signed_in_agent(request)
    return json(await request.app[USE].answer())


@routes.get("/api/quality/portal")
async def portal(request: web.Request) -> web.Response:
    """The ЛКК in the talks of the last month."""
    await signed_in_agent(request)
    since_ms = milliseconds(request.app[CLOCK].now_s()) - PORTAL_DAYS * DAY_MS
    async with request.app[DATABASE].begin() as tx:
        answers = await portal_answers(tx, since_ms)
    return json(structs.replace(portal_figures(answers), days=PORTAL_DAYS))
