"""HTTP of the page «Деньги»: decode, ask, encode."""

from __future__ import annotations

import asyncio
import logging
import re
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import web

from payment.reports.pdf import ReportError, write_pdf
from payment.reports.values import Report
from signaling_server.contract import money as m
from signaling_server.contract.decoding import decode_body
from signaling_server.desk.call import Agent
from signaling_server.money.money_desk import MoneyDesk, may_act
from signaling_server.storage.money_desk import PaymentSearch
from signaling_server.web.acts import Form, act, entitled_agent, refusable
from signaling_server.web.desk_site import DESK, signed_in_agent
from signaling_server.web.middleware import ApiError, json

MONEY = web.AppKey("money", MoneyDesk)
TEXT_LENGTH_MAX = 64
_MOMENT = re.compile(r"[0-9]{8}(?:[0-9]{6})?")
_STATUSES = {
    **dict.fromkeys(("unknown_item", "unknown_collection", "unknown_payment", "unknown_refund"), 404),
    **dict.fromkeys(("nothing_asked", "no_account", "bad_count"), 400),
}
_LOG = logging.getLogger(__name__)
routes = web.RouteTableDef()


@routes.get("/api/money/payments")
async def payments(request: web.Request) -> web.Response:
    """Payments of an account, of a slip's number, or of a time (`since`, `until`: YYYYMMDD[HHMMSS])."""
    agent = await signed_in_agent(request)
    asked = {name: request.query.get(name, "").strip() for name in ("account", "number", "since", "until")}
    if any(len(text) > TEXT_LENGTH_MAX for text in asked.values()):
        raise ApiError(400, "bad_request", "Слишком длинный запрос")
    for name in ("since", "until"):
        if asked[name] and not _MOMENT.fullmatch(asked[name]):
            raise ApiError(400, "bad_request", "Время задаётся как ГГГГММДД или ГГГГММДДЧЧММСС")
    asked["number"] = asked["number"].replace(" ", "")
    with_sentence = refusable(request.app[MONEY].payments(agent, PaymentSearch(**asked)), _STATUSES)
    return json(await with_sentence)


@routes.get("/api/money/items")
async def items(request: web.Request) -> web.Response:
    """What a person has to look at; `closed=1` for what is ended."""
    agent = await _who_may_act(request)
    return json(await request.app[MONEY].items(agent, closed=request.query.get("closed") == "1"))


@routes.get("/api/money/collections")
async def collections(request: web.Request) -> web.Response:
    """The emptyings of cassettes, newest first."""
    return json(await request.app[MONEY].collections(await _who_may_act(request)))


@routes.get("/api/money/refunds/{proposal_id:[0-9a-f]+}.pdf")
async def refund_order(request: web.Request) -> web.Response:
    """The order to give money back, for printing and signing."""
    await _who_may_act(request)
    report = await refusable(request.app[MONEY].refund_order(request.match_info["proposal_id"]), _STATUSES)
    try:
        body = await asyncio.to_thread(_pdf, report)
    except ReportError as error:
        _LOG.error("no paper can be made: %s", error)
        raise ApiError(503, "no_paper", "Документ не собрать: на сервере нет шрифта DejaVu") from None
    return web.Response(body=body, content_type="application/pdf")


def _pdf(report: Report) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "order.pdf"
        write_pdf(path, report)
        return path.read_bytes()


@routes.post("/api/money/take")
async def take(request: web.Request) -> web.Response:
    """I own this item."""
    return await _act(request, m.TakeItem, request.app[MONEY].take)


@routes.post("/api/money/close")
async def close(request: web.Request) -> web.Response:
    """Ends an item without moving money."""
    return await _act(request, m.CloseItem, request.app[MONEY].close)


@routes.post("/api/money/claim")
async def claim(request: web.Request) -> web.Response:
    """A credited payment was meant for another account."""
    return await _act(request, m.ClaimPayment, request.app[MONEY].claim)


@routes.post("/api/money/reprint")
async def reprint(request: web.Request) -> web.Response:
    """A copy of a payment's slip at its terminal, for the customer who stands there; open to all on duty."""
    agent = await signed_in_agent(request)
    form = decode_body(await request.read(), m.ReprintSlip)
    if not request.app[DESK].terminal_is_here(form.terminal_id):
        raise ApiError(409, "terminal_away", "Терминал не на связи: копию напечатать не на чем")
    await refusable(request.app[MONEY].may_reprint(agent, form), _STATUSES)
    request.app[DESK].send_to_terminal(form.terminal_id, m.SlipCopyOrdered(form.txn_id))
    return web.Response(status=204)


@routes.post("/api/money/propose")
async def propose(request: web.Request) -> web.Response:
    """Proposes a re-addressing or a refund to a second person."""
    return await _act(request, m.ProposeMove, request.app[MONEY].propose)


@routes.post("/api/money/decide")
async def decide(request: web.Request) -> web.Response:
    """Approves or declines somebody else's proposal."""
    return await _act(request, m.DecideProposal, request.app[MONEY].decide)


@routes.post("/api/money/withdraw")
async def withdraw(request: web.Request) -> web.Response:
    """Takes a decision back that its terminal has not begun."""
    return await _act(request, m.WithdrawDecision, request.app[MONEY].withdraw)


@routes.post("/api/money/recount")
async def recount(request: web.Request) -> web.Response:
    """Stores what the cash office counted."""
    return await _act(request, m.RecountCollection, request.app[MONEY].recount)


async def _act(request: web.Request, kind: type[Form], do: Callable[[Agent, Form], Awaitable[None]]) -> web.Response:
    return await act(request, await _who_may_act(request), kind, do, _STATUSES)


async def _who_may_act(request: web.Request) -> Agent:
    return await entitled_agent(request, may_act, "Этот раздел открыт бухгалтерии. Доступ выдаёт администратор")
