"""A whole office on free ports, terminals enrolled the real way, agents signed in the real way."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TypeVar

import aiohttp

from provisioning.office.enrolment import Enrolment, IssuedOrder
from provisioning.terminal.enroll import OrderSlip, enroll
from provisioning.terminal.identity import Identity
from signaling_server.clock import SteadyClock
from signaling_server.config import Settings
from signaling_server.contract.decoding import decode_for_agent, decode_for_terminal
from signaling_server.contract.messages import (
    AcceptCall,
    CallOffered,
    DeskSnapshot,
    Plate,
    SetReady,
    TerminalHello,
    TerminalWelcome,
    encode,
)
from signaling_server.desk.limits import DeskLimits
from signaling_server.office import Office, Where, open_office_authority, open_office_database
from signaling_server.storage.people import put_agent
from signaling_server.storage.terminals import OrderStore
from signaling_server.web.passwords import hash_password
from tests.well_workplace import WELL

PASSWORD = "верный пароль 2026"
WAIT_S_MAX = 15.0
ROOT = Path(__file__).resolve().parents[2]
Message = TypeVar("Message")
_PASSWORD_HASH = hash_password(PASSWORD)


async def add_agent(
    data_dir: Path, login: str, last_name: str = "Соколова", *, roles: tuple[str, ...] = ("agent",)
) -> None:
    database = await open_office_database(data_dir, Settings())
    plate = Plate("", last_name, "Анна", "Викторовна", "консультант")
    async with database.begin() as tx:
        await put_agent(tx, login=login, password_hash=_PASSWORD_HASH, plate=plate, roles=roles, replace=True)
    await database.dispose()


async def place_order(data_dir: Path, title: str = "Терминал 1") -> IssuedOrder:
    database = await open_office_database(data_dir, Settings())
    enrolment = Enrolment(OrderStore(database), open_office_authority(data_dir), SteadyClock().now_s)
    issued = await enrolment.place_order(title=title, site="Невский, 1", created_by="test")
    await database.dispose()
    return issued


async def enrol_terminal(data_dir: Path, terminal_url: str, name: str) -> Identity:
    issued = await place_order(data_dir, title=name)
    slip = OrderSlip(terminal_url, issued.order_id, issued.code, issued.authority_sha256)
    return await enroll(slip, data_dir.parent / f"identity-{name}")


@contextlib.asynccontextmanager
async def running_office(data_dir: Path, limits: DeskLimits | None = None, **where: object) -> AsyncIterator[Office]:
    ports = {"desk_port": 0, "terminal_port": 0, **where}
    office = Office(Where(data_dir, **ports), limits)  # type: ignore[arg-type]
    await office.start()
    try:
        yield office
    finally:
        await office.stop()


async def serve_process(data_dir: Path) -> tuple[asyncio.subprocess.Process, dict[str, str]]:
    """The office as a program; gives it and what it said when ready."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "signaling_server", "serve", "--data", str(data_dir), "--json"),
        *("--desk-port", "0", "--terminal-port", "0"),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert process.stdout is not None
    async with asyncio.timeout(30):
        line = await process.stdout.readline()
    return process, json.loads(line)


class Peer:
    """One end of a WebSocket: waits for the message it wants, with a bound."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, decode: object) -> None:
        self.socket = socket
        self.heard: list[object] = []
        self._decode = decode

    async def send(self, message: object) -> None:
        await self.socket.send_str(encode(message).decode())  # type: ignore[arg-type]

    async def expect(self, kind: type[Message]) -> Message:
        """The next message of this kind; what comes before it stays in `heard`."""
        async with asyncio.timeout(WAIT_S_MAX):
            while True:
                frame = await self.socket.receive()
                assert frame.type is aiohttp.WSMsgType.TEXT, f"closed {self.socket.close_code} before {kind.__name__}"
                message = self._decode(frame.data)  # type: ignore[operator]
                self.heard.append(message)
                if isinstance(message, kind):
                    return message

    async def closed(self) -> int | None:
        """Waits for the other side to close; gives its code."""
        async with asyncio.timeout(WAIT_S_MAX):
            while (await self.socket.receive()).type is aiohttp.WSMsgType.TEXT:
                pass
        return self.socket.close_code


class Crowd:
    """Everybody who talks to one office in a test; closes them all."""

    def __init__(self) -> None:
        self._stack = contextlib.AsyncExitStack()

    async def __aenter__(self) -> Crowd:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    async def http(self) -> aiohttp.ClientSession:
        return await self._stack.enter_async_context(aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)))

    async def signed_in(self, office_url: str, login: str = "anna") -> aiohttp.ClientSession:
        http = await self.http()
        async with http.post(f"{office_url}/api/sign-in", json={"login": login, "password": PASSWORD}) as answer:
            assert answer.status == 200, await answer.text()
        return http

    async def page(self, office_url: str, http: aiohttp.ClientSession, *, ready: bool = True) -> Peer:
        socket = await http.ws_connect(f"{office_url}/ws/desk", headers={"Origin": office_url})
        peer = Peer(await self._stack.enter_async_context(_closing(socket)), decode_for_agent)
        await peer.expect(DeskSnapshot)
        if ready:
            await peer.send(WELL)
            await peer.send(SetReady("ready", True))
        return peer

    async def terminal(self, terminal_url: str, identity: Identity, call_id: str | None = None) -> Peer:
        http = await self.http()
        socket = await http.ws_connect(f"{terminal_url}/ws/terminal", ssl=identity.ssl_context())
        peer = Peer(await self._stack.enter_async_context(_closing(socket)), decode_for_terminal)
        await peer.send(TerminalHello("1.0", call_id=call_id))
        await peer.expect(TerminalWelcome)
        return peer


async def take_call(page: Peer) -> str:
    """Accepts what rings; gives the call's id."""
    call = (await page.expect(CallOffered)).call
    await page.send(AcceptCall("accept", call.call_id, call.token))
    return call.call_id


async def until(condition: object, within_s: float = WAIT_S_MAX) -> None:
    """Waits for an async condition with a bound."""
    end_s = time.monotonic() + within_s
    while not await condition():  # type: ignore[operator]
        assert time.monotonic() < end_s, "the condition did not come true"
        await asyncio.sleep(0.05)


@contextlib.asynccontextmanager
async def _closing(socket: aiohttp.ClientWebSocketResponse) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    try:
        yield socket
    finally:
        await socket.close()
