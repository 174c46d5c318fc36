"""HTTP of papers shown in a call: the terminal brings one picture to its link, the call's agent looks at it."""

from __future__ import annotations

from aiohttp import web

from signaling_server.contract.stills import STILL_SIZE_MAX, AttachStill
from signaling_server.refusal import ServiceRefusedError
from signaling_server.web.acts import act, refusable
from signaling_server.web.desk_site import DESK, signed_in_agent
from signaling_server.web.middleware import ApiError
from signaling_server.web.terminal_site import body_within, known_terminal

terminal_routes = web.RouteTableDef()
desk_routes = web.RouteTableDef()


@terminal_routes.put("/stills/{token}")
async def put_still(request: web.Request) -> web.Response:
    """204: the agent may see it. 403, 404, 409, 413, 422: refused, with one clear error."""
    terminal, token = await known_terminal(request), request.match_info["token"]
    stills = request.app[DESK].stills
    link = stills.link(terminal.terminal_id, token)
    if link is None:
        raise ApiError(404, "unknown_link", "Ссылка для отправки снимка устарела")
    content = await body_within(request, STILL_SIZE_MAX, "Снимок больше допустимого")
    await refusable(stills.take(token, link, content), {"no_picture": 422})
    return web.Response(status=204)


@desk_routes.get("/api/calls/{call_id}/stills/{still_id}")
async def still(request: web.Request) -> web.Response:
    """The picture, while the form of the call is open; nobody else's."""
    agent = await signed_in_agent(request)
    try:
        jpeg = request.app[DESK].stills.picture(agent, request.match_info["call_id"], request.match_info["still_id"])
    except ServiceRefusedError as refusal:
        raise ApiError(404, refusal.reason, refusal.sentence) from None
    return web.Response(body=jpeg, content_type="image/jpeg")


@desk_routes.post("/api/stills/attach")
async def attach(request: web.Request) -> web.Response:
    """Into the present case of the call."""
    agent = await signed_in_agent(request)
    return await act(request, agent, AttachStill, request.app[DESK].stills.attach, {"unknown_still": 404})
