"""The wire of an acquirer, pure: a question out, an answer in. What is not surely an answer about our order is none.

Money becomes kopecks by the unit of the dialect; a payment without its sum or the bank's number is not believed.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from urllib.parse import quote

import msgspec

from payment.billing.http_values import Request
from payment.billing.sbp_dialects import AcquirerDialect, AmountError, Route, from_wire, to_wire
from payment.codes.sbp_link import LINK_SIZE_MAX, SbpKind, SbpLinkError, parse
from payment.contract import QrAnswered, QrNotRegistered, QrRefundAnswered, QrRegistered, QrState

JSON = "application/json"
WORD_LENGTH_MAX = 64

_encode = msgspec.json.Encoder(decimal_format="number").encode
_decoder = msgspec.json.Decoder(dict[str, Any], float_hook=Decimal)


class AcquirerAnswerError(ValueError):
    """The bytes are no answer about our order; the text says why."""


def register_request(dialect: AcquirerDialect, url: str, operation_id: str, amount_minor: int, account: str) -> Request:
    """Asks for a QR of this sum; the bank keeps one a number, so that a repeat finds the first."""
    names = dialect.fields
    body: dict[str, object] = dict(dialect.constants)
    body |= {names.order: operation_id, names.account: account, names.amount: to_wire(amount_minor, dialect.unit)}
    return _request(dialect.register, url, operation_id, body)


def order_request(dialect: AcquirerDialect, route: Route, url: str, operation_id: str) -> Request:
    """Asks about an order, or cancels it, by `route`."""
    body = None if "{order}" in route.path else {dialect.fields.order: operation_id}
    return _request(route, url, operation_id, body)


def refund_request(dialect: AcquirerDialect, url: str, operation_id: str, amount_minor: int) -> Request:
    """Asks to give a payment back, whole; the order's number keeps a repeat from being a second refund."""
    names = dialect.fields
    body: dict[str, object] = {names.order: operation_id, names.amount: to_wire(amount_minor, dialect.refund_unit)}
    return _request(dialect.refund, url, operation_id, body)


def _request(route: Route, url: str, operation_id: str, body: dict[str, object] | dict[str, str] | None) -> Request:
    address = url.rstrip("/") + route.path.replace("{order}", quote(operation_id, safe=""))
    if body is None:
        return Request(route.method, address)
    return Request(route.method, address, body=_encode(body), content_type=JSON)


def read_registered(
    body: bytes, dialect: AcquirerDialect, operation_id: str, amount_minor: int
) -> QrRegistered | QrNotRegistered:
    """The QR to show, when the bank surely made it for our sum and it still waits."""
    try:
        said = _about(body, dialect, operation_id)
        qrc_id, payload = _text(said, dialect.fields.qrc_id), _text(said, dialect.fields.payload, LINK_SIZE_MAX)
        _check_link(payload, qrc_id, amount_minor)
        if dialect.fields.amount in said and _amount(said, dialect) != amount_minor:
            raise AcquirerAnswerError("the QR is of another sum")
        if dialect.fields.state in said and _state(said, dialect) is not QrState.NEW:
            raise AcquirerAnswerError("the QR does not wait for a payment any more")
    except AcquirerAnswerError as error:
        return QrNotRegistered(operation_id, str(error))
    return QrRegistered(operation_id, qrc_id, payload)


def read_state(body: bytes, dialect: AcquirerDialect, operation_id: str) -> QrAnswered:
    """What became of the QR: UNKNOWN unless the bank surely says it."""
    try:
        said = _about(body, dialect, operation_id)
        state = _state(said, dialect)
        if state not in (QrState.PAID, QrState.REFUNDED):
            return QrAnswered(operation_id, state)
        return QrAnswered(operation_id, state, _amount(said, dialect), _text(said, dialect.fields.provider_id))
    except AcquirerAnswerError:
        return QrAnswered(operation_id, QrState.UNKNOWN)


def read_refunded(body: bytes, dialect: AcquirerDialect, operation_id: str) -> QrRefundAnswered:
    """Done only when the bank calls the order refunded."""
    refunded = read_state(body, dialect, operation_id).state is QrState.REFUNDED
    return QrRefundAnswered(operation_id, done=True if refunded else None)


def _about(body: bytes, dialect: AcquirerDialect, operation_id: str) -> dict[str, Any]:
    try:
        said = _decoder.decode(body)
    except (ValueError, ArithmeticError, RecursionError) as error:  # msgspec's and decimal's, and brackets without end
        raise AcquirerAnswerError("the answer is not JSON as agreed") from error
    if said.get(dialect.fields.order) != operation_id:
        raise AcquirerAnswerError("the answer is of another order")
    return said


def _text(said: dict[str, Any], name: str, length_max: int = WORD_LENGTH_MAX) -> str:
    value = said.get(name)
    if not (isinstance(value, str) and value.isascii() and value.isprintable() and 0 < len(value) <= length_max):
        raise AcquirerAnswerError(f"{name} is missing or no plain text")
    return value


def _state(said: dict[str, Any], dialect: AcquirerDialect) -> QrState:
    word = said.get(dialect.fields.state)
    if not isinstance(word, str) or word not in dialect.states:
        raise AcquirerAnswerError("the state is in no table")
    return dialect.states[word]


def _amount(said: dict[str, Any], dialect: AcquirerDialect) -> int:
    try:
        return from_wire(said.get(dialect.fields.amount), dialect.unit)
    except AmountError as error:
        raise AcquirerAnswerError(str(error)) from error


def _check_link(payload: str, qrc_id: str, amount_minor: int) -> None:
    """A QR that leads anywhere else, or asks another sum, is never shown to a customer."""
    try:
        link = parse(payload)
    except SbpLinkError as error:
        raise AcquirerAnswerError(str(error)) from error
    if (link.qrc_id, link.kind, link.sum_minor) != (qrc_id, SbpKind.DYNAMIC, amount_minor):
        raise AcquirerAnswerError("the link is not of this QR and sum")
