"""Faults on demand, of every API alike. All but `refuse` and `down` do what was asked first: the worst of each kind."""

from __future__ import annotations

import asyncio
import enum
from typing import Annotated

import msgspec
from aiohttp import web
from msgspec import Meta, Struct

COUNT_MAX = 100_000
DELAY_S_MAX = 300
OTHER_NUMBER = "99999999999999999999"  # whose answer a swapped one is

ENTITY_BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE response [<!ENTITY a0 "0000000000">'
    + b"".join(b'<!ENTITY a%d "%s">' % (level, b"&a%d;" % (level - 1) * 10) for level in range(1, 10))
    + b"]><response><osmp_txn_id>&a9;</osmp_txn_id><result>0</result></response>"
)
DEEP_JSON = b'{"a":' * 10_000 + b"1" + b"}" * 10_000
HTML = "<!DOCTYPE html><html><body><h1>Ведутся технические работы</h1></body></html>"


class FaultMode(enum.Enum):
    NONE = "none"
    LATE = "late"  # does it, answers after `delay_s`
    COMMIT_THEN_DROP = "commit_then_drop"  # does it, the connection breaks without an answer
    TWICE = "twice"  # one request, two answers on the wire
    CUT_BODY = "cut_body"  # half of the answer, then the connection breaks
    HTTP_500 = "http_500"
    HTML = "html"  # 200 and a page of a proxy
    ENTITY_BOMB = "entity_bomb"  # of JSON: brackets without end
    SWAPPED = "swapped"  # the answer about somebody else
    REFUSE = "refuse"  # a final refusal, nothing is done
    DOWN = "down"  # every connection breaks before anything is done, whichever `api`


class Api(enum.Enum):
    """Whose requests meet the fault."""

    PAY = "pay"
    CHECK = "check"
    CANCEL = "cancel"
    STATUS = "status"
    ACCOUNTS = "accounts"
    READINGS = "readings"
    REGISTERS = "registers"
    SBP = "sbp"
    REFUND = "refund"  # of a QR


class FaultOrder(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /faults`: the next `count` requests of the `api` meet the fault."""

    mode: FaultMode
    count: Annotated[int, Meta(ge=1, le=COUNT_MAX)] = 1
    delay_s: Annotated[int, Meta(ge=1, le=DELAY_S_MAX)] = 65  # of `late`: past the protocol's 60 s
    api: Api = Api.PAY


class FaultSwitch:
    """What the next requests meet."""

    def __init__(self) -> None:
        self.set(FaultOrder(FaultMode.NONE))

    def set(self, order: FaultOrder) -> None:
        self._order = order
        self._left = 0 if order.mode is FaultMode.NONE else order.count

    def take_down(self) -> bool:
        """Whether this request, of any kind, finds nobody."""
        return self._left > 0 and self._order.mode is FaultMode.DOWN and self._take() is FaultMode.DOWN

    def take(self, api: Api) -> FaultMode:
        """The fault that this request meets."""
        if self._left == 0 or self._order.mode is FaultMode.DOWN or self._order.api is not api:
            return FaultMode.NONE
        return self._take()

    def as_json(self) -> bytes:
        mode = self._order.mode if self._left else FaultMode.NONE
        return msgspec.json.encode({"mode": mode, "left": self._left, "api": self._order.api})

    @property
    def delay_s(self) -> int:
        return self._order.delay_s

    def _take(self) -> FaultMode:
        self._left -= 1
        return self._order.mode


async def deliver(
    request: web.Request, answer: web.Response, about: str, fault: FaultMode, delay_s: int
) -> web.Response:
    """Answers, or as the fault has it. `about` is the number in the answer that says whose it is."""
    body = answer.body if isinstance(answer.body, bytes) else b""
    kind = answer.headers["Content-Type"]
    match fault:
        case FaultMode.LATE:
            await asyncio.sleep(delay_s)
        case FaultMode.COMMIT_THEN_DROP:
            return drop(request)
        case FaultMode.TWICE:
            return _raw(request, _http(answer.status, kind, body) * 2)
        case FaultMode.CUT_BODY:
            return _raw(request, _http(answer.status, kind, body)[: -(len(body) // 2) or None])
        case FaultMode.HTTP_500:
            return web.Response(status=500, text="Internal Server Error")
        case FaultMode.HTML:
            return web.Response(text=HTML, content_type="text/html")
        case FaultMode.ENTITY_BOMB:
            return web.Response(body=ENTITY_BOMB if "xml" in kind else DEEP_JSON, headers={"Content-Type": kind})
        case FaultMode.SWAPPED:
            swapped = body.replace(about.encode(), OTHER_NUMBER.encode())
            return web.Response(body=swapped, status=answer.status, headers={"Content-Type": kind})
    return answer


def drop(request: web.Request) -> web.Response:
    """Breaks the connection; the returned response has nowhere to go."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


def _raw(request: web.Request, wire: bytes) -> web.Response:
    if request.transport is not None:
        request.transport.write(wire)
        request.transport.close()
    return web.Response()


def _http(status: int, kind: str, body: bytes) -> bytes:
    head = f"HTTP/1.1 {status} Answer\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body
