"""The link to the office comes back by itself: at leisure, and at once in a call or from a new address."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable

import pytest
from aiohttp import WSMsgType, web
from aiohttp.test_utils import unused_port

from signaling_server.contract.messages import (
    CassetteReport,
    Heartbeat,
    ServerToTerminal,
    TerminalHello,
    TerminalWelcome,
    encode,
)
from terminal_app.core import link as link_module
from terminal_app.core.link import Link

LOOPBACK = "127.0.0.1"


class Office:
    """The far end: welcomes whoever says hello."""

    def __init__(self) -> None:
        self.port = unused_port()
        self.hellos = 0
        self._runner: web.AppRunner | None = None

    async def open(self) -> None:
        app = web.Application()
        app.router.add_get("/ws/terminal", self._talk)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, LOOPBACK, self.port).start()

    async def close(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _talk(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        async for frame in socket:
            if frame.type is WSMsgType.TEXT and "TerminalHello" in frame.data:
                self.hellos += 1
                await socket.send_str(encode(TerminalWelcome("t1", 1, 0, [], 1)).decode())
        return socket


@contextlib.asynccontextmanager
async def linked(office: Office, *, hurried: Callable[[], bool]) -> AsyncIterator[list[ServerToTerminal | None]]:
    changes: list[ServerToTerminal | None] = []
    link = Link(
        f"http://{LOOPBACK}:{office.port}",
        None,
        hello=lambda: TerminalHello("1.0"),
        heartbeat=lambda sequence: Heartbeat(sequence, "attract", [], CassetteReport()),
        on_message=lambda message: None,
        on_changed=changes.append,
        hurried=hurried,
    )
    running = asyncio.create_task(link.run())
    try:
        yield changes
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110 - programs of their own
            await asyncio.sleep(0.01)


async def test_in_a_call_the_office_is_found_again_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link_module, "BACKOFF_FIRST_S", 600.0)
    monkeypatch.setattr(link_module, "BACKOFF_MAX_S", 600.0)
    office, in_call = Office(), [False]
    async with linked(office, hurried=lambda: in_call[0]) as changes:
        await asyncio.sleep(0.2)  # there was no office: the next attempt is minutes away
        await office.open()
        await asyncio.sleep(0.5)
        assert changes == []
        in_call[0] = True
        began_s = time.monotonic()
        await until(lambda: changes)
        assert time.monotonic() - began_s < 5.0
        assert office.hellos == 1
    await office.close()


async def test_a_connection_from_an_address_that_is_gone_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    addresses = frozenset({LOOPBACK})
    monkeypatch.setattr(link_module, "local_addresses", lambda: addresses)
    office = Office()
    await office.open()
    async with linked(office, hurried=lambda: True) as changes:
        await until(lambda: office.hellos == 1 and len(changes) == 1)
        addresses = frozenset({"192.0.2.9"})
        await until(lambda: office.hellos == 2)
        assert [change is None for change in changes[:2]] == [False, True]
        await asyncio.sleep(1.0)
        assert office.hellos == 2, "over the loopback there is no address to watch"
    await office.close()
