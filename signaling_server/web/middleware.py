"""What holds for every request: errors become statuses, foreign origins are refused, pages are locked down."""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

import msgspec
from aiohttp import web
from msgspec import Struct

from signaling_server.contract.messages import ErrorAnswer, MessageError
from signaling_server.web.attempts import TooManyAttemptsError

ORIGINS = web.AppKey("origins", frozenset[str])
_SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
_HOST = re.compile(r"[\w.\-]+(:\d+)?|\[[0-9a-fA-F:]+\](:\d+)?", re.ASCII)
_LOG = logging.getLogger(__name__)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class ApiError(Exception):
    """A refusal with its status, stable word and sentence."""

    def __init__(self, status: int, error: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.answer = ErrorAnswer(error, message)


def json(answer: Struct, status: int = 200) -> web.Response:
    return web.Response(body=msgspec.json.encode(answer), status=status, content_type="application/json")


@web.middleware
async def errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Every refusal has a body of one shape."""
    try:
        return await handler(request)
    except ApiError as error:
        return json(error.answer, error.status)
    except MessageError as error:
        return json(ErrorAnswer("bad_request", f"Запрос не по правилам обмена: {error}"), 400)
    except TooManyAttemptsError as error:
        answer = json(ErrorAnswer("too_many", "Слишком много попыток, подождите немного и повторите"), 429)
        answer.headers["Retry-After"] = str(error.retry_after_s)
        return answer
    except web.HTTPException as error:
        if error.content_type == "application/json":
            raise
        return json(ErrorAnswer(error.reason.lower().replace(" ", "_"), "Такого здесь нет"), error.status)
    except Exception:
        _LOG.exception("%s broke", request.path)
        return json(ErrorAnswer("internal", "Внутренняя ошибка сервера"), 500)


@web.middleware
async def same_origin(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Pages of other sites may not act here with an agent's cookie; a WebSocket must say where it comes from."""
    origin = request.headers.get("Origin")
    upgrade = request.headers.get("Upgrade", "").lower() == "websocket"
    if (origin is None and upgrade) or (origin is not None and not _is_ours(request, origin, upgrade)):
        raise ApiError(403, "foreign_origin", "Запрос пришёл с чужой страницы")
    return await handler(request)


def _is_ours(request: web.Request, origin: str, upgrade: bool) -> bool:
    acts = upgrade or request.method not in _SAFE_METHODS
    return not acts or urlsplit(origin).netloc == request.host or origin in request.app[ORIGINS]


async def lock_down(request: web.Request, response: web.StreamResponse) -> None:
    """Headers of the desk's site: nothing from outside, nothing framed, nothing of the API cached."""
    host = request.host if _HOST.fullmatch(request.host) else "localhost"
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        f"connect-src 'self' ws://{host} wss://{host}; media-src 'self' blob:; worker-src 'self'; "
        "manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers["Permissions-Policy"] = "camera=(self), microphone=(self), geolocation=(), payment=()"
    if request.path.startswith("/api/"):
        response.headers["Cache-Control"] = "no-store"
