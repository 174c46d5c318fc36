"""An office for the agent's page alone: speaks the contract, obeys the test instead of a router.

The real office is tested with the page in the smoke run; here a test needs states on demand (a late accept, a service
of fifteen minutes, a link that breaks). Headers are the real office's, so its content policy is in force.
"""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from aiohttp import WSMsgType, web

from signaling_server.contract import messages as m
from signaling_server.contract.incidents import Incidents
from signaling_server.contract.quality import PortalFigures, SelfServiceAnswer
from signaling_server.contract.workplace import (
    CheckFault,
    CheckName,
    WorkplaceActs,
    WorkplaceCheck,
    WorkplaceJudged,
    WorkplaceSeen,
)
from signaling_server.web.middleware import lock_down

COOKIE = "sign_in"
PASSWORD = "verno-123"
PLATE = m.Plate("АО «Энергосбыт»", "Орлова", "Мария", "Петровна", "консультант")
TOPICS = [
    m.Topic("contract.conclude", "Договор энергоснабжения", "Заключение договора"),
    m.Topic("contract.change", "Договор энергоснабжения", "Изменение договора или данных владельца"),
    m.Topic("metering.install", "Организация учёта электроэнергии", "Установка и замена прибора учёта"),
    m.Topic("readings.submit", "Показания приборов учёта", "Передача показаний"),
    m.Topic("charges.explain", "Счета и начисления", "Разъяснение начислений"),
    m.Topic("charges.recalculate", "Счета и начисления", "Перерасчёт"),
    m.Topic("payment.search", "Оплата", "Розыск платежа"),
    m.Topic("complaints.quality", "Качество обслуживания", "Жалоба на качество обслуживания"),
]
PORTAL = PortalFigures(
    talks=120, asked=96, uses=40, helped=33, registered=21, refused=23, converted_percent=38, days=30
)
WAIT_S = 8.0
MessageT = TypeVar("MessageT", bound=msgspec.Struct)


def now_ms() -> int:
    return int(time.time() * 1000)


class DeskOffice:
    """Serves the built page, one agent's socket and the fleet. The test says what happens."""

    def __init__(self, dist: Path) -> None:
        self.port = 0
        self.fleet: list[m.TerminalRow] = []
        self.fleet_status = 200
        self.self_service = SelfServiceAnswer(30, 0, 0, 0, [])
        self.refuses_sockets = False
        self.snapshot = self.snapshot_of(m.AgentState.NOT_READY)
        self.received: list[Any] = []
        self.judged = WorkplaceJudged([WorkplaceCheck(n, CheckFault.NONE, False) for n in CheckName], may_serve=True)
        self.sockets: list[web.WebSocketResponse] = []
        self._dist = dist
        self._news = asyncio.Condition()
        self._attempts = 0
        self._decoder = msgspec.json.Decoder(m.AgentToServer)
        self.app = web.Application()
        self.app.on_response_prepare.append(lock_down)
        self.app.router.add_post("/api/sign-in", self._sign_in)
        self.app.router.add_post("/api/sign-out", self._sign_out)
        self.app.router.add_get("/api/me", self._me)
        self.app.router.add_get("/api/fleet/terminals", self._fleet)
        self.app.router.add_get("/api/incidents", self._incidents)
        self.app.router.add_get("/api/quality/self-service", self._self_service)
        self.app.router.add_get("/api/quality/portal", self._portal)
        self.app.router.add_get("/api/workplace/acts", self._acts)
        self.app.router.add_get("/ws/desk", self._socket)
        self.app.router.add_get("/{path:.*}", self._file)

    # --- what a test does ---

    def snapshot_of(self, state: m.AgentState, **fields: Any) -> m.DeskSnapshot:
        values = {"waiting": 2, "longest_wait_ms": 95_000, "agents_on_duty": 3, **fields}
        return m.DeskSnapshot(server_time_ms=now_ms(), plate=PLATE, state=state, topics=TOPICS, **values)

    async def say(self, *messages: msgspec.Struct) -> None:
        """To the newest page."""
        await self._newest_socket()
        for message in messages:
            await self.sockets[-1].send_str(m.encode(message).decode())

    async def heard(self, kind: type[MessageT], after: int = 0) -> MessageT:
        """The first message of this kind from index `after` on; waits for it."""

        def found() -> MessageT | None:
            return next((each for each in self.received[after:] if isinstance(each, kind)), None)

        async with self._news, asyncio.timeout(WAIT_S):
            await self._news.wait_for(lambda: found() is not None)
        message = found()
        assert message is not None
        return message

    async def obey(self, kind: type[MessageT], *then: msgspec.Struct) -> MessageT:
        """Waits for the page's command, confirms it, and lets `then` happen. Commands are taken once."""
        command = await self.heard(kind)
        self.received.remove(command)
        await self.say(m.CommandDone(command.command_id), *then)  # type: ignore[attr-defined]
        return command

    async def drop_page(self) -> None:
        """The link breaks under the page."""
        for socket in self.sockets:
            if socket._req is not None and socket._req.transport is not None:
                socket._req.transport.abort()

    async def _newest_socket(self) -> None:
        async with self._news, asyncio.timeout(WAIT_S):
            await self._news.wait_for(lambda: self.sockets and not self.sockets[-1].closed)

    # --- what the page asks ---

    async def _sign_in(self, request: web.Request) -> web.Response:
        form = msgspec.json.decode(await request.read(), type=m.SignIn)
        self._attempts += 1
        if self._attempts > 5:
            return _json(m.ErrorAnswer("too_many", "Слишком много попыток, подождите немного и повторите"), 429)
        if form.password != PASSWORD:
            return _json(m.ErrorAnswer("wrong_password", "Неверный логин или пароль"), 401)
        answer = _json(m.SignedIn(form.login, ["agent"], PLATE))
        answer.set_cookie(COOKIE, "signed", httponly=True, samesite="Strict")
        return answer

    async def _sign_out(self, _request: web.Request) -> web.Response:
        answer = web.Response(status=204)
        answer.del_cookie(COOKIE)
        return answer

    async def _me(self, request: web.Request) -> web.Response:
        if COOKIE not in request.cookies:
            return _json(m.ErrorAnswer("not_signed_in", "Войдите в систему"), 401)
        return _json(m.SignedIn("orlova", ["agent"], PLATE))

    async def _fleet(self, _request: web.Request) -> web.Response:
        if self.fleet_status != 200:
            return web.Response(status=self.fleet_status, text="<h1>Bad gateway</h1>")
        return _json(m.FleetAnswer(now_ms(), self.fleet))

    async def _self_service(self, _request: web.Request) -> web.Response:
        return _json(self.self_service)

    async def _incidents(self, _request: web.Request) -> web.Response:
        return _json(Incidents([]))

    async def _portal(self, _request: web.Request) -> web.Response:
        return _json(PORTAL)

    async def _acts(self, _request: web.Request) -> web.Response:
        return _json(WorkplaceActs([]))

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        if self.refuses_sockets:
            return web.Response(status=503)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_str(m.encode(self.snapshot).decode())
        async with self._news:
            self.sockets.append(socket)
            self._news.notify_all()
        async for frame in socket:
            if frame.type is WSMsgType.TEXT:
                await self._take(self._decoder.decode(frame.data))
        return socket

    async def _take(self, message: Any) -> None:
        if isinstance(message, WorkplaceSeen):  # in order, unless a test says otherwise
            await self.say(self.judged)
            return
        async with self._news:
            self.received.append(message)
            self._news.notify_all()

    async def _file(self, request: web.Request) -> web.StreamResponse:
        path = self._dist / request.match_info["path"]
        return web.FileResponse(path if path.is_file() else self._dist / "index.html")


def _json(answer: msgspec.Struct, status: int = 200) -> web.Response:
    return web.Response(body=msgspec.json.encode(answer), status=status, content_type="application/json")
