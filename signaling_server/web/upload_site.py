"""Sealed photos of terminals: one short-lived path each, with the terminal's certificate."""

from __future__ import annotations

from aiohttp import web

from signaling_server.cases.filing import Filing
from signaling_server.refusal import ServiceRefusedError
from signaling_server.web.middleware import ApiError
from signaling_server.web.terminal_site import body_within, known_terminal

FILING = web.AppKey("filing", Filing)
routes = web.RouteTableDef()


@routes.put("/upload/{token}")
async def upload(request: web.Request) -> web.Response:
    """204: stored. 403, 404, 413, 422: refused, with one clear error."""
    app, token = request.app, request.match_info["token"]
    terminal = await known_terminal(request)
    granted = app[FILING].upload(terminal.terminal_id, token)
    if granted is None:
        raise ApiError(404, "unknown_upload", "Ссылка для отправки документа устарела")
    sealed = await body_within(request, granted.size_max, "Документ больше, чем обещано в обращении")
    try:
        await app[FILING].take_upload(token, granted, sealed)
    except ServiceRefusedError as refusal:
        raise ApiError(422, refusal.reason, refusal.sentence) from None
    return web.Response(status=204)
