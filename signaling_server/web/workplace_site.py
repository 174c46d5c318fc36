"""HTTP of workplaces: a supervisor decides at the agent's own page, by his own login and password (four eyes)."""

from __future__ import annotations

from aiohttp import web

from signaling_server.contract.decoding import decode_body
from signaling_server.contract.workplace import AllowWorkplace, SecondPerson, SetBackground
from signaling_server.desk.call import Agent
from signaling_server.desk.incidents import is_supervisor
from signaling_server.web.acts import entitled_agent, refusable
from signaling_server.web.desk_site import DESK, SIGN_INS, signed_in_agent
from signaling_server.web.login import WrongPasswordError
from signaling_server.web.middleware import ApiError, json

_STATUSES = {"no_reason": 400, "no_supervisor": 403, "same_person": 403}
routes = web.RouteTableDef()


@routes.post("/api/workplace/allow")
async def allow(request: web.Request) -> web.Response:
    """What fails at the signed-in agent's workplace does not keep him from work till the end of the shift."""
    agent = await signed_in_agent(request)
    form = decode_body(await request.read(), AllowWorkplace)
    supervisor = await _second_person(request, form.supervisor)
    await refusable(request.app[DESK].workplaces.allow(agent, supervisor, form.reason), _STATUSES)
    return web.Response(status=204)


@routes.post("/api/workplace/background")
async def background(request: web.Request) -> web.Response:
    """The picture that the agent's page has now is the background with the logo."""
    agent = await signed_in_agent(request)
    form = decode_body(await request.read(), SetBackground)
    supervisor = await _second_person(request, form.supervisor)
    await refusable(request.app[DESK].workplaces.set_background(agent, supervisor), _STATUSES)
    return web.Response(status=204)


@routes.get("/api/workplace/acts")
async def acts(request: web.Request) -> web.Response:
    """Who let whom work with what, newest first."""
    await entitled_agent(request, is_supervisor, "Разрешения смотрят супервайзеры и администраторы")
    return json(await request.app[DESK].workplaces.acts())


async def _second_person(request: web.Request, named: SecondPerson) -> Agent:
    """Nobody is signed in by this; wrong passwords count against login and address as everywhere."""
    try:
        return await request.app[SIGN_INS].person(named.login, named.password, request.remote or "")
    except WrongPasswordError:
        raise ApiError(403, "wrong_password", "Неверный логин или пароль супервайзера") from None
