"""What acts of every page have in common: who may, the form, and a refusal as an error in words."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar

from aiohttp import web
from msgspec import Struct

from signaling_server.contract.decoding import decode_body
from signaling_server.desk.call import Agent
from signaling_server.refusal import ServiceRefusedError
from signaling_server.web.desk_site import signed_in_agent
from signaling_server.web.middleware import ApiError

CONFLICT = 409
Form = TypeVar("Form", bound=Struct)
Answer = TypeVar("Answer")


async def entitled_agent(request: web.Request, may: Callable[[Agent], bool], sentence: str) -> Agent:
    """The signed-in agent. Raises ApiError: nobody is, or it is not this agent's work (403 with the sentence)."""
    agent = await signed_in_agent(request)
    if not may(agent):
        raise ApiError(403, "not_yours", sentence)
    return agent


async def act(
    request: web.Request,
    agent: Agent,
    kind: type[Form],
    do: Callable[[Agent, Form], Awaitable[None]],
    statuses: Mapping[str, int],
) -> web.Response:
    """Reads the form, does it, answers 204. Raises ApiError: the form is none, or it is refused."""
    form = decode_body(await request.read(), kind)
    await refusable(do(agent, form), statuses)
    return web.Response(status=204)


async def refusable(asked: Awaitable[Answer], statuses: Mapping[str, int]) -> Answer:
    """The answer. Raises ApiError with the status of the refusal's reason; a reason that is not named is a conflict."""
    try:
        return await asked
    except ServiceRefusedError as refusal:
        raise ApiError(statuses.get(refusal.reason, CONFLICT), refusal.reason, refusal.sentence) from None
