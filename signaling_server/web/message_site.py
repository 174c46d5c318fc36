"""HTTP of undelivered messages: who looks after them sees them, and sends one again."""

from __future__ import annotations

import logging

from aiohttp import web

from signaling_server.contract.messages import DeadMessage, DeadMessages
from signaling_server.desk.call import Agent
from signaling_server.messaging.post import Post
from signaling_server.messaging.rules import masked
from signaling_server.web.acts import entitled_agent
from signaling_server.web.middleware import ApiError, json

POST = web.AppKey("post", Post)
ROLES = {"supervisor", "administrator"}
routes = web.RouteTableDef()
_LOG = logging.getLogger(__name__)


@routes.get("/api/messages/dead")
async def dead(request: web.Request) -> web.Response:
    """What could not be delivered, newest first."""
    await _who_may_look(request)
    queued = await request.app[POST].dead()
    return json(
        DeadMessages(
            [
                DeadMessage(
                    message_id=one.message_id,
                    channel=one.message.channel,
                    template=one.message.template,
                    owner=one.message.owner,
                    address_masked=masked(one.message.address),
                    error=one.last_error,
                    created_at_ms=one.created_at_ms,
                    ended_at_ms=one.ended_at_ms,
                )
                for one in queued
            ]
        )
    )


@routes.post("/api/messages/{message_id}/again")
async def again(request: web.Request) -> web.Response:
    """Tries a dead message for three days more."""
    agent, message_id = await _who_may_look(request), request.match_info["message_id"]
    if not await request.app[POST].revive(message_id):
        raise ApiError(404, "unknown_message", "Такого недоставленного сообщения нет")
    _LOG.info("%s sends message %s again", agent.login, message_id)
    return web.Response(status=204)


async def _who_may_look(request: web.Request) -> Agent:
    return await entitled_agent(
        request,
        lambda agent: bool(ROLES & set(agent.roles)),
        "Недоставленные сообщения видят супервайзер и администратор",
    )
