"""HTTP of documents shown in a call: the agent brings a file, the call's terminal fetches pictures of its pages."""

from __future__ import annotations

from aiohttp import web

from signaling_server.contract.documents import FILE_SIZE_MAX
from signaling_server.web.acts import refusable
from signaling_server.web.desk_site import DESK, signed_in_agent
from signaling_server.web.middleware import ApiError, json
from signaling_server.web.terminal_site import body_within, known_terminal

_STATUSES = {"unknown_call": 404, "not_shown": 422}
terminal_routes = web.RouteTableDef()
desk_routes = web.RouteTableDef()


@desk_routes.post("/api/calls/{call_id}/documents")
async def show(request: web.Request) -> web.Response:
    """The file is the body, its title in the query. 404, 413, 422: refused, with one clear error."""
    agent, documents = await signed_in_agent(request), request.app[DESK].documents
    content = await body_within(request, FILE_SIZE_MAX, "Файл больше 10 МБ. Покажите его по частям")
    asked = documents.show(agent, request.match_info["call_id"], request.query.get("title", ""), content)
    return json(await refusable(asked, _STATUSES))


@terminal_routes.get("/documents/{token}/{number:[0-9]{1,2}}")
async def page(request: web.Request) -> web.Response:
    """One page, once."""
    terminal, token = await known_terminal(request), request.match_info["token"]
    jpeg = request.app[DESK].documents.page(terminal.terminal_id, token, int(request.match_info["number"]))
    if jpeg is None:
        raise ApiError(404, "unknown_link", "Ссылка на документ устарела")
    return web.Response(body=jpeg, content_type="image/jpeg")
