"""The sandbox's addresses of accounts: summary, details, supply, readings."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import msgspec
from aiohttp import web
from msgspec import Struct

from payment.sandbox import accounts_api, supply_api
from payment.sandbox.accounts_api import last_billed_month
from payment.sandbox.clock import today
from payment.sandbox.faults import Api
from payment.sandbox.handling import READINGS, STORE, json_answer, meet_fault
from payment.sandbox.readings_api import SentReadings
from payment.sandbox.seed import ACCOUNTS, SeedAccount

routes = web.RouteTableDef()

Json = dict[str, object]


class AttributeForm(Struct, frozen=True):
    attribute: str


class PhoneForm(Struct, frozen=True):
    phone: str


@routes.post("/phones/accounts")
async def of_phone(request: web.Request) -> web.Response:
    form = msgspec.json.decode(await request.read(), type=PhoneForm)
    if meet_fault(request, Api.ACCOUNTS, form.phone):
        return json_answer({"accounts": []})
    return json_answer(accounts_api.of_phone(ACCOUNTS.values(), form.phone))


@routes.post("/accounts/{account}/by-phone")
async def by_phone(request: web.Request) -> web.Response:
    form = msgspec.json.decode(await request.read(), type=PhoneForm)
    return _opened(request, lambda seed: accounts_api.phone_is_bound(seed, form.phone))


@routes.get("/accounts/{account}")
async def summary(request: web.Request) -> web.Response:
    return _about(request, accounts_api.summary)


@routes.post("/accounts/{account}/verify")
async def verify(request: web.Request) -> web.Response:
    form = msgspec.json.decode(await request.read(), type=AttributeForm)
    return _opened(request, lambda seed: accounts_api.attribute_is_right(seed, form.attribute))


@routes.post("/accounts/{account}/by-bill")
async def by_bill(request: web.Request) -> web.Response:
    return _about(request, lambda seed: _details(request, seed))


@routes.get("/accounts/{account}/charges")
async def charges(request: web.Request) -> web.Response:
    month = date.fromisoformat(f"{request.query['month']}-01")
    return _about(request, lambda seed: supply_api.charges(seed, month, last_billed_month(today())))


@routes.get("/accounts/{account}/history")
async def history(request: web.Request) -> web.Response:
    count = int(request.query["months"])
    return _about(
        request, lambda seed: supply_api.history(seed, _credited(request, seed), count, last_billed_month(today()))
    )


@routes.get("/accounts/{account}/tariff")
async def tariff(request: web.Request) -> web.Response:
    day = date.fromisoformat(request.query["on"])
    return _about(request, lambda seed: supply_api.tariff(seed, day))


@routes.get("/accounts/{account}/meters")
async def meters(request: web.Request) -> web.Response:
    return _about(request, lambda seed: supply_api.meters(seed, last_billed_month(today())))


@routes.post("/accounts/{account}/readings")
async def readings(request: web.Request) -> web.Response:
    sent = msgspec.json.decode(await request.read(), type=SentReadings)
    key = request.headers.get("Idempotency-Key", "")
    if not key or sent.account != request.match_info["account"]:
        raise ValueError("no Idempotency-Key, or the account is not that of the address")
    if meet_fault(request, Api.READINGS, sent.account):
        return json_answer({"reason": "meter_not_found"}, status=422)
    status, answer = request.app[READINGS].take(key, sent, last_billed_month(today()))
    return json_answer(answer, status)


@routes.get("/health")
async def health(_request: web.Request) -> web.Response:
    return json_answer({"ok": True})


def _opened(request: web.Request, proved: Callable[[SeedAccount], bool]) -> web.Response:
    """What is owed, to who proved himself; an unknown account is told as everywhere."""
    seed = ACCOUNTS.get(request.match_info["account"])
    if seed is not None and not proved(seed):
        return json_answer({"error": "attribute_refused"}, status=403)
    return _about(request, lambda seed: _details(request, seed))


def _about(request: web.Request, tell: Callable[[SeedAccount], Json | None]) -> web.Response:
    account = request.match_info["account"]
    seed = None if meet_fault(request, Api.ACCOUNTS, account) else ACCOUNTS.get(account)
    said = tell(seed) if seed is not None else None
    return json_answer({"error": "account_not_found"}, status=404) if said is None else json_answer(said)


def _details(request: web.Request, seed: SeedAccount) -> Json:
    return accounts_api.details(seed, _credited(request, seed), today())


def _credited(request: web.Request, seed: SeedAccount) -> int:
    return request.app[STORE].credited_minor(seed.account)
