"""HTTP of documents shown in a call: the agent brings a file, names an article or a paper of a case; the terminal
fetches pictures of the pages."""

from __future__ import annotations

from aiohttp import web

from signaling_server.contract.cases import Segment
from signaling_server.contract.decoding import decode_body
from signaling_server.contract.documents import FILE_SIZE_MAX, ShowArticle, ShowPaper
from signaling_server.contract.knowledge import QUERY_LENGTH_MAX
from signaling_server.desk.document_sources import DocumentSources
from signaling_server.web.acts import refusable
from signaling_server.web.desk_site import DESK, signed_in_agent
from signaling_server.web.middleware import ApiError, json
from signaling_server.web.terminal_site import body_within, known_terminal

SOURCES = web.AppKey("document_sources", DocumentSources)
_STATUSES = {"unknown_call": 404, "unknown_article": 404, "unknown_case": 404, "not_shown": 422}
terminal_routes = web.RouteTableDef()
desk_routes = web.RouteTableDef()


@desk_routes.post("/api/calls/{call_id}/documents")
async def show(request: web.Request) -> web.Response:
    """The file is the body, its title in the query. 404, 413, 422: refused, with one clear error."""
    agent, documents = await signed_in_agent(request), request.app[DESK].documents
    content = await body_within(request, FILE_SIZE_MAX, "Файл больше 10 МБ. Покажите его по частям")
    asked = documents.show(agent, request.match_info["call_id"], request.query.get("title", ""), content)
    return json(await refusable(asked, _STATUSES))


@desk_routes.get("/api/articles/{segment}")
async def articles(request: web.Request) -> web.Response:
    """Of the Справочник for this kind of customer, by the words in the query. 404: no such kind."""
    await signed_in_agent(request)
    try:
        segment = Segment(request.match_info["segment"])
    except ValueError:
        raise ApiError(404, "unknown_segment", "Таких клиентов нет") from None
    return json(request.app[SOURCES].articles(request.query.get("query", "")[:QUERY_LENGTH_MAX], segment))


@desk_routes.post("/api/calls/{call_id}/documents/article")
async def show_article(request: web.Request) -> web.Response:
    """404, 422: refused, with one clear error."""
    agent, asked = await signed_in_agent(request), decode_body(await request.read(), ShowArticle)
    shown = request.app[SOURCES].show_article(agent, request.match_info["call_id"], asked)
    return json(await refusable(shown, _STATUSES))


@desk_routes.get("/api/calls/{call_id}/papers")
async def papers(request: web.Request) -> web.Response:
    """Of the call's cases, and of the open ones of the customer whose `number` is in the query. 404: there is none."""
    agent, number = await signed_in_agent(request), request.query.get("number", "").strip()
    return json(await refusable(request.app[SOURCES].papers(agent, request.match_info["call_id"], number), _STATUSES))


@desk_routes.post("/api/calls/{call_id}/documents/paper")
async def show_paper(request: web.Request) -> web.Response:
    """404, 422: refused, with one clear error."""
    agent, asked = await signed_in_agent(request), decode_body(await request.read(), ShowPaper)
    shown = request.app[SOURCES].show_paper(agent, request.match_info["call_id"], asked)
    return json(await refusable(shown, _STATUSES))


@terminal_routes.get("/documents/{token}/{number:[0-9]{1,2}}")
async def page(request: web.Request) -> web.Response:
    """One page, once."""
    terminal, token = await known_terminal(request), request.match_info["token"]
    jpeg = request.app[DESK].documents.page(terminal.terminal_id, token, int(request.match_info["number"]))
    if jpeg is None:
        raise ApiError(404, "unknown_link", "Ссылка на документ устарела")
    return web.Response(body=jpeg, content_type="image/jpeg")
