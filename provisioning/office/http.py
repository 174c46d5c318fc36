"""Enrolment over HTTP: decode, ask, encode. The server puts these routes on the terminals' port."""

from __future__ import annotations

from typing import TypeVar

import msgspec
from aiohttp import web
from msgspec import Struct

from provisioning.contract import (
    BODY_SIZE_MAX,
    AuthorityAnswer,
    EnrolRefusal,
    EnrolRequest,
    NonceRequest,
)
from provisioning.office.enrolment import Enrolment, EnrolmentError

ENROLMENT = web.AppKey("enrolment", Enrolment)
routes = web.RouteTableDef()
Body = TypeVar("Body", bound=Struct)
_STATUSES = {
    "bad_request": 400,
    "unknown_order": 404,
    "wrong_proof": 403,
    "code_spent": 410,
    "bad_csr": 400,
    "stale_nonce": 409,
}


@routes.get("/enrolment/authority")
async def authority(request: web.Request) -> web.Response:
    """The authority's certificate: the terminal compares its key with the hash of the order."""
    return _json(AuthorityAnswer(request.app[ENROLMENT].authority_pem))


@routes.post("/enrolment/nonce")
async def nonce(request: web.Request) -> web.Response:
    """A fresh nonce for one attempt."""
    try:
        asked = await _body(request, NonceRequest)
        return _json(await request.app[ENROLMENT].nonce(asked.order_id))
    except EnrolmentError as error:
        return _refusal(error)


@routes.post("/enrolment/certificate")
async def certificate(request: web.Request) -> web.Response:
    """A certificate for a terminal that proves it knows the code."""
    try:
        return _json(await request.app[ENROLMENT].certificate(await _body(request, EnrolRequest)))
    except EnrolmentError as error:
        return _refusal(error)


async def _body(request: web.Request, kind: type[Body]) -> Body:
    try:
        raw = await request.read()
        if len(raw) > BODY_SIZE_MAX:
            raise ValueError("too long")
        return msgspec.json.decode(raw, type=kind)
    except ValueError:
        raise EnrolmentError("bad_request") from None


def _json(answer: Struct, status: int = 200) -> web.Response:
    return web.Response(body=msgspec.json.encode(answer), status=status, content_type="application/json")


def _refusal(error: EnrolmentError) -> web.Response:
    return _json(EnrolRefusal(error.error, str(error), error.attempts_left), _STATUSES[error.error])
