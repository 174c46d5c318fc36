"""The sandbox over HTTP: decode, ask, encode."""

from __future__ import annotations

import asyncio
import json
import logging
import signal
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path

import msgspec
from aiohttp import web
from msgspec import Struct

from payment.command import CommandError
from payment.sandbox import accounts_api, osmp_api, page
from payment.sandbox.faults import FaultMode, FaultOrder, FaultSwitch, deliver, drop
from payment.sandbox.seed import ACCOUNTS, SeedAccount
from payment.sandbox.store import CreditStore, StoreError

REQUEST_SIZE_MAX = 16 * 1024
SHUTDOWN_S = 1  # a `late` answer must not keep the sandbox alive
OTHER_TXN_ID = "99999999999999999999"

STORE = web.AppKey("store", CreditStore)
FAULTS = web.AppKey("faults", FaultSwitch)
# What a broken billing still answers: the oracle, the switch itself and the page of accounts.
NEVER_DOWN = frozenset({"/credits", "/faults", "/"})

routes = web.RouteTableDef()
_log = logging.getLogger(__name__)


class AttributeForm(Struct, frozen=True):
    attribute: str


def make_app(store: CreditStore) -> web.Application:
    app = web.Application(client_max_size=REQUEST_SIZE_MAX, middlewares=[_middleware])
    app[STORE] = store
    app[FAULTS] = FaultSwitch()
    app.add_routes(routes)
    return app


async def serve(host: str, port: int, database: Path, ready: Callable[[int], None]) -> None:
    """Listens until SIGTERM or SIGINT; `ready` is told the port.

    Raises:
        CommandError: the database or the port cannot be used.
    """
    try:
        store = CreditStore(database)
    except StoreError as error:
        raise CommandError(str(error)) from error
    runner = web.AppRunner(make_app(store), shutdown_timeout=SHUTDOWN_S, access_log=None)
    stopped = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stopped.set)
    try:
        await runner.setup()
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            raise CommandError(f"cannot listen on {host}:{port}: {error.strerror}") from error
        ready(runner.addresses[0][1])
        await stopped.wait()
    finally:
        await runner.cleanup()
        store.close()


@web.middleware
async def _middleware(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    if request.path not in NEVER_DOWN and request.app[FAULTS].take_down():
        return drop(request)
    try:
        return await handler(request)
    except (msgspec.DecodeError, UnicodeDecodeError, LookupError) as error:  # the last: an unknown charset
        return _json({"error": "bad_request", "detail": str(error)}, status=400)


# --- OSMP -----------------------------------------------------------------------------------------------------------


@routes.get("/osmp")
@routes.post("/osmp")
async def osmp(request: web.Request) -> web.Response:
    asked = await request.post() if request.method == "POST" else request.query
    parameters = {name: [str(value) for value in asked.getall(name)] for name in asked}
    faults, store = request.app[FAULTS], request.app[STORE]
    fault = faults.take_pay() if parameters.get("command") == ["pay"] else FaultMode.NONE
    answer = osmp_api.respond(parameters, store, refuse=fault is FaultMode.REFUSE)
    _log.info("%s %s -> %s", parameters.get("command"), answer.txn_id, answer.result)
    swapped = osmp_api.Answer(OTHER_TXN_ID, answer.result, answer.comment, answer.prv_txn, answer.amount)
    body, swapped_body = osmp_api.to_xml(answer), osmp_api.to_xml(swapped)
    return await deliver(request, body, swapped_body, fault, faults.delay_s)


# --- accounts -------------------------------------------------------------------------------------------------------


@routes.get("/accounts/{account}")
async def account_summary(request: web.Request) -> web.Response:
    seed = _seed(request)
    return _json(accounts_api.summary(seed)) if seed else _not_found()


@routes.post("/accounts/{account}/verify")
async def account_verify(request: web.Request) -> web.Response:
    form = msgspec.json.decode(await request.read(), type=AttributeForm)
    seed = _seed(request)
    if seed is None:
        return _not_found()
    if not accounts_api.attribute_is_right(seed, form.attribute):
        return _json({"error": "attribute_refused"}, status=403)
    return _details(request, seed)


@routes.post("/accounts/{account}/by-bill")
async def account_by_bill(request: web.Request) -> web.Response:
    seed = _seed(request)
    return _details(request, seed) if seed else _not_found()


@routes.get("/health")
async def health(_request: web.Request) -> web.Response:
    return _json({"ok": True})


# --- the oracle, the faults, the page -------------------------------------------------------------------------------


@routes.get("/credits")
async def credits_of_all(request: web.Request) -> web.Response:
    return _json([credit.as_json() for credit in request.app[STORE].all()])


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


def _seed(request: web.Request) -> SeedAccount | None:
    return ACCOUNTS.get(request.match_info["account"])


def _details(request: web.Request, seed: SeedAccount) -> web.Response:
    today = datetime.now().astimezone().date()
    return _json(accounts_api.details(seed, request.app[STORE].credited_minor(seed.account), today))


def _not_found() -> web.Response:
    return _json({"error": "account_not_found"}, status=404)


def _json(answer: object, status: int = 200) -> web.Response:
    return web.json_response(answer, status=status, dumps=lambda value: json.dumps(value, ensure_ascii=False))
