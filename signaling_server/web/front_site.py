"""HTTP of who meets customers: who came by booking, and the agent who takes him."""

from __future__ import annotations

import logging

from aiohttp import web

from signaling_server.schedules.booking import Bookings
from signaling_server.web.acts import refusable
from signaling_server.web.desk_site import signed_in_agent
from signaling_server.web.middleware import json

BOOKINGS = web.AppKey("bookings", Bookings)
routes = web.RouteTableDef()
_LOG = logging.getLogger(__name__)


@routes.get("/api/arrivals")
async def arrivals(request: web.Request) -> web.Response:
    """Who marked himself at a terminal and waits: by number, topic and time, never by name or phone."""
    await signed_in_agent(request)
    return json(await request.app[BOOKINGS].arrivals())


@routes.post("/api/arrivals/{booking_id}/take")
async def take(request: web.Request) -> web.Response:
    """I ask him in; he is on nobody's list any more."""
    agent = await signed_in_agent(request)
    booking_id = request.match_info["booking_id"]
    await refusable(request.app[BOOKINGS].take_arrival(booking_id), {})
    _LOG.info("%s takes the customer of booking %s", agent.login, booking_id)
    return web.Response(status=204)
