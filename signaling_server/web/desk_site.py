"""The site of the agents: sign-in, the page's files, its WebSocket, the operations page."""

from __future__ import annotations

from pathlib import Path

from aiohttp import web
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from signaling_server.contract.decoding import decode_body, decode_from_agent
from signaling_server.contract.messages import SignedIn, SignIn
from signaling_server.desk.call import Agent
from signaling_server.desk.desk import Desk
from signaling_server.desk.limits import DeskLimits
from signaling_server.desk.links import CLOSE_SIGNED_OUT, CLOSE_SILENT
from signaling_server.fleet.twin import Fleet
from signaling_server.web.login import ABSOLUTE_S_MAX, TOUCH_PERIOD_S, SignIns, WrongPasswordError
from signaling_server.web.middleware import ApiError, json
from signaling_server.web.websocket import connection

COOKIE = "sign_in"
DESK = web.AppKey("desk", Desk)
FLEET = web.AppKey("fleet", Fleet)
SIGN_INS = web.AppKey("sign_ins", SignIns)
DATABASE = web.AppKey("database", AsyncEngine)
LIMITS = web.AppKey("limits", DeskLimits)
WEB_DIR = web.AppKey("web_dir", Path)
_NOT_BUILT = "Страница консультанта не собрана: выполните make web\n"
routes = web.RouteTableDef()


@routes.post("/api/sign-in")
async def sign_in(request: web.Request) -> web.Response:
    """Login and password for a cookie; limited per login and per address."""
    form = decode_body(await request.read(), SignIn)
    try:
        token, agent = await request.app[SIGN_INS].sign_in(form.login, form.password, request.remote or "")
    except WrongPasswordError:
        raise ApiError(401, "wrong_password", "Неверный логин или пароль") from None
    answer = json(_signed_in(agent))
    answer.set_cookie(
        COOKIE, token, max_age=ABSOLUTE_S_MAX, httponly=True, samesite="Strict", secure=request.secure, path="/"
    )
    return answer


@routes.post("/api/sign-out")
async def sign_out(request: web.Request) -> web.Response:
    """Ends this sign-in and the page's connection with it."""
    if token := request.cookies.get(COOKIE):
        agent = await request.app[SIGN_INS].agent_of(token)
        await request.app[SIGN_INS].sign_out(token)
        if agent is not None:
            request.app[DESK].close_page(agent.agent_id, CLOSE_SIGNED_OUT, "signed out")
    answer = web.Response(status=204)
    answer.del_cookie(COOKIE, path="/")
    return answer


@routes.get("/api/me")
async def me(request: web.Request) -> web.Response:
    """Who is signed in."""
    return json(_signed_in(await signed_in_agent(request)))


@routes.get("/api/fleet/terminals")
async def fleet_terminals(request: web.Request) -> web.Response:
    """Every terminal with its state, for the operations page."""
    await signed_in_agent(request)
    return json(await request.app[FLEET].answer())


@routes.get("/ws/desk")
async def desk_socket(request: web.Request) -> web.StreamResponse:
    """The agent's page: a snapshot, then changes; commands with ids."""
    agent = await signed_in_agent(request)
    app = request.app
    async with connection(request, f"page of {agent.login}") as page:
        await app[DESK].page_opened(agent, page)
        try:
            asked_at = app[SIGN_INS].now_s()
            while (frame := await page.receive(app[LIMITS].page_silence_s)) is not None:
                if app[SIGN_INS].now_s() > asked_at + TOUCH_PERIOD_S:
                    asked_at = app[SIGN_INS].now_s()
                    if await app[SIGN_INS].agent_of(request.cookies[COOKIE]) is None:
                        page.close(CLOSE_SIGNED_OUT, "the sign-in is over")
                        break
                await app[DESK].page_said(agent.agent_id, page, decode_from_agent(frame))
        finally:
            gone = page.close_code in (CLOSE_SILENT, CLOSE_SIGNED_OUT)
            await app[DESK].page_closed(agent.agent_id, page, gone=gone)
    return page.response


@routes.get("/healthz")
async def health(request: web.Request) -> web.Response:
    """Whether the office serves: it answers, and its database does."""
    async with request.app[DATABASE].begin() as tx:
        await tx.execute(text("SELECT 1"))
    return web.json_response({"status": "ok"})


@routes.get("/{path:.*}")
async def page_file(request: web.Request) -> web.StreamResponse:
    """A file of the built page; its own addresses (`/`, `/operations`) all get index.html."""
    root = request.app[WEB_DIR]
    wanted = request.match_info["path"]
    if wanted.startswith(("api/", "ws/")):
        raise web.HTTPNotFound
    path = (root / wanted).resolve()
    if path.is_relative_to(root) and path.is_file():
        lasting = "public, max-age=31536000, immutable" if wanted.startswith("assets/") else "no-cache"
        return web.FileResponse(path, headers={"Cache-Control": lasting})
    if "." in wanted.rpartition("/")[2]:
        raise web.HTTPNotFound
    if not (root / "index.html").is_file():
        return web.Response(text=_NOT_BUILT, status=503)
    return web.FileResponse(root / "index.html", headers={"Cache-Control": "no-cache"})


async def signed_in_agent(request: web.Request) -> Agent:
    """The signed-in agent of this request. Raises ApiError."""
    token = request.cookies.get(COOKIE)
    agent = await request.app[SIGN_INS].agent_of(token) if token else None
    if agent is None:
        raise ApiError(401, "not_signed_in", "Войдите в систему")
    return agent


def _signed_in(agent: Agent) -> SignedIn:
    return SignedIn(agent.login, list(agent.roles), agent.plate)
