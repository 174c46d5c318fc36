"""How fast the way to a terminal is: bytes that mean nothing, both ways, with the terminal's certificate.

Asked by a terminal whose customer waits for an agent (terminal_app/core/link_check.py). One request is small, and how
many a terminal may ask is limited, so that nobody can load the office with it.
"""

from __future__ import annotations

import secrets

from aiohttp import web

from signaling_server.web.attempts import AttemptLimit
from signaling_server.web.middleware import ApiError
from signaling_server.web.terminal_site import CLOCK, known_terminal

SIZE_MAX = 131_072  # bytes of one request
REQUESTS_MAX, WINDOW_S = 40, 60.0  # of one terminal: three measurements
LINK_LIMIT = web.AppKey("link_limit", AttemptLimit)
_BYTES = secrets.token_bytes(SIZE_MAX)  # nothing on the way makes them shorter
routes = web.RouteTableDef()


@routes.get("/link/{size:[0-9]{1,6}}")
async def down(request: web.Request) -> web.Response:
    """So many bytes. 403, 413, 429: refused."""
    await _admit(request)
    size = int(request.match_info["size"])
    if size > SIZE_MAX:
        raise _too_large()
    return web.Response(body=_BYTES[:size])


@routes.put("/link")
async def up(request: web.Request) -> web.Response:
    """204, when every byte has come. 403, 413, 429: refused."""
    await _admit(request)
    size = 0
    async for chunk in request.content.iter_any():
        size += len(chunk)
        if size > SIZE_MAX:
            raise _too_large()
    return web.Response(status=204)


async def _admit(request: web.Request) -> None:
    """Raises ApiError, TooManyAttemptsError."""
    terminal = await known_terminal(request)
    request.app[LINK_LIMIT].take(terminal.terminal_id, request.app[CLOCK].now_s())


def _too_large() -> ApiError:
    return ApiError(413, "too_large", "Столько байтов за один раз не передают")
