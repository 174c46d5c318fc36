"""The sandbox over HTTP: its parts put together, its oracles and switches."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from pathlib import Path
from typing import IO

import msgspec
from aiohttp import web

from payment.command import CommandError
from payment.sandbox import page, routes_accounts, routes_billing, routes_sbp
from payment.sandbox.acquirer import QrStore
from payment.sandbox.faults import FaultOrder, FaultSwitch
from payment.sandbox.handling import FAULTS, QRS, READINGS, STORE, json_answer, middleware
from payment.sandbox.readings_api import ReadingsStore
from payment.sandbox.store import CreditStore, StoreError, hold

REQUEST_SIZE_MAX = 1024 * 1024  # a register of a day
LOCK: web.AppKey[IO[bytes]] = web.AppKey("lock")
SHUTDOWN_S = 1  # a `late` answer must not keep the sandbox alive

routes = web.RouteTableDef()


def make_app(database: Path) -> web.Application:
    """Raises: StoreError."""
    app = web.Application(client_max_size=REQUEST_SIZE_MAX, middlewares=[middleware])
    app[LOCK] = hold(database)
    app[STORE], app[READINGS], app[QRS] = CreditStore(database), ReadingsStore(database), QrStore(database)
    app[FAULTS] = FaultSwitch()
    for part in (routes, routes_billing.routes, routes_accounts.routes, routes_sbp.routes):
        app.add_routes(part)
    app.on_cleanup.append(_close)
    return app


async def serve(host: str, port: int, database: Path, ready: Callable[[int], None]) -> None:
    """Listens until SIGTERM or SIGINT; `ready` is told the port.

    Raises:
        CommandError: the database or the port cannot be used.
    """
    try:
        app = make_app(database)
    except StoreError as error:
        raise CommandError(str(error)) from error
    runner = web.AppRunner(app, shutdown_timeout=SHUTDOWN_S, access_log=None)
    stopped = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stopped.set)
    try:
        await runner.setup()
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            raise CommandError(f"порт {host}:{port} не открыть: {error.strerror}") from error
        ready(runner.addresses[0][1])
        await stopped.wait()
    finally:
        await runner.cleanup()


async def _close(app: web.Application) -> None:
    for store in (app[STORE], app[READINGS], app[QRS]):
        store.close()
    app[LOCK].close()


@routes.get("/credits")
async def credits_of_all(request: web.Request) -> web.Response:
    return json_answer([credit.as_json() for credit in request.app[STORE].all()])


@routes.get("/readings")
async def readings_of_all(request: web.Request) -> web.Response:
    return json_answer(request.app[READINGS].all())


@routes.get("/faults")
async def faults_now(request: web.Request) -> web.Response:
    return _faults(request)


@routes.post("/faults")
async def faults_set(request: web.Request) -> web.Response:
    request.app[FAULTS].set(msgspec.json.decode(await request.read(), type=FaultOrder))
    return _faults(request)


@routes.get("/")
async def index(request: web.Request) -> web.Response:
    return web.Response(text=page.render(request.app[STORE]), content_type="text/html")


def _faults(request: web.Request) -> web.Response:
    return web.Response(body=request.app[FAULTS].as_json(), content_type="application/json")
