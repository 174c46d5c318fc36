"""The site of the terminals: enrolment without a certificate, the WebSocket only with one."""

from __future__ import annotations

from aiohttp import WSCloseCode, web

from provisioning.contract import EnrolRefusal
from signaling_server.clock import Clock
from signaling_server.contract.decoding import decode_from_terminal
from signaling_server.contract.messages import Heartbeat, MessageError, TerminalHello
from signaling_server.contract.money import JournalAsked, JournalBatch
from signaling_server.contract.self_service import ServiceRequest
from signaling_server.desk.call import Terminal
from signaling_server.fleet.twin import PRESENCE_LEASE_S
from signaling_server.money.collectors import CollectorsOffice
from signaling_server.money.journals import Journals
from signaling_server.self_service.hub import SelfService
from signaling_server.storage.terminals import next_epoch, terminal_by_fingerprint
from signaling_server.web.attempts import AttemptLimit, TooManyAttemptsError
from signaling_server.web.certificates import fingerprint_of
from signaling_server.web.desk_site import DATABASE, DESK, FLEET
from signaling_server.web.middleware import ApiError, Handler, json
from signaling_server.web.websocket import Connection, connection

HELLO_S_MAX = 5.0
ENROLMENT_LIMIT = web.AppKey("enrolment_limit", AttemptLimit)
CLOCK = web.AppKey("clock", Clock)
SELF_SERVICE = web.AppKey("self_service", SelfService)
JOURNALS = web.AppKey("journals", Journals)
COLLECTORS = web.AppKey("collectors", CollectorsOffice)
ENROLMENT_REQUESTS_MAX, ENROLMENT_WINDOW_S = 60, 60.0  # per address: an installation takes three
routes = web.RouteTableDef()


@web.middleware
async def enrolment_limit(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Strangers may ask here: not too often."""
    if request.path.startswith("/enrolment/"):
        try:
            request.app[ENROLMENT_LIMIT].take(request.remote or "", request.app[CLOCK].now_s())
        except TooManyAttemptsError as error:
            refusal = EnrolRefusal("too_many", "Слишком много запросов, подождите немного и повторите")
            answer = json(refusal, 429)
            answer.headers["Retry-After"] = str(error.retry_after_s)
            return answer
    return await handler(request)


@routes.get("/ws/terminal")
async def terminal_socket(request: web.Request) -> web.StreamResponse:
    """A terminal, known by its certificate: hello, then heartbeats and calls."""
    app, terminal = request.app, await known_terminal(request)
    async with connection(request, f"terminal {terminal.terminal_id}") as link:
        if (hello := await _hello(link)) is not None:
            async with app[DATABASE].begin() as tx:
                epoch = await next_epoch(tx, terminal.terminal_id)
            await _converse(app, terminal, link, epoch, hello)
    return link.response


async def known_terminal(request: web.Request) -> Terminal:
    """Whose certificate it is. Raises ApiError."""
    async with request.app[DATABASE].begin() as tx:
        terminal = await terminal_by_fingerprint(tx, fingerprint_of(request))
    if terminal is None:
        raise ApiError(403, "unknown_terminal", "Этот терминал не зарегистрирован")
    return terminal


async def body_within(request: web.Request, size_max: int, too_large: str) -> bytes:
    """A body that may be larger than the site's own limit, which is for messages. Raises ApiError: 413 `too_large`."""
    body = bytearray()
    async for piece in request.content.iter_any():
        body += piece
        if len(body) > size_max:
            raise ApiError(413, "too_large", too_large)
    return bytes(body)


async def _hello(link: Connection) -> TerminalHello | None:
    frame = await link.receive(HELLO_S_MAX)
    message = None if frame is None else decode_from_terminal(frame)
    if isinstance(message, TerminalHello):
        return message
    link.close(WSCloseCode.PROTOCOL_ERROR, "TerminalHello comes first")
    return None


async def _converse(
    app: web.Application, terminal: Terminal, link: Connection, epoch: int, hello: TerminalHello
) -> None:
    try:
        app[FLEET].connected(terminal.terminal_id, epoch, hello)
        await app[DESK].terminal_opened(terminal, link, epoch, hello)
        for told in await app[COLLECTORS].messages():
            link.send(told)
        while (frame := await link.receive(PRESENCE_LEASE_S)) is not None:
            match decode_from_terminal(frame):
                case Heartbeat() as beat:
                    app[FLEET].heard(terminal.terminal_id, beat)
                case JournalAsked(journal_id=journal_id):
                    link.send(await app[JOURNALS].asked(terminal.terminal_id, journal_id))
                case JournalBatch() as batch:
                    link.send(await app[JOURNALS].take(terminal.terminal_id, batch))
                case message if isinstance(message, ServiceRequest):
                    link.send(await app[SELF_SERVICE].answer(terminal, message))
                case TerminalHello():
                    raise MessageError("TerminalHello comes once")
                case message:
                    await app[DESK].terminal_said(terminal, message)
    finally:
        app[FLEET].disconnected(terminal.terminal_id, epoch)
        await app[DESK].terminal_closed(terminal.terminal_id, link)
