"""The OSMP wire, pure: parameters of a request out, an answer in.

Whatever is not a well-formed answer of ours with a known result is UNKNOWN, with the reason in words: money may have
moved. XML is read without document types and entities, in the encoding that it declares.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlencode
from xml.parsers import expat

from payment.billing.osmp_dialects import (
    AnswerNames,
    CheckOutcome,
    Command,
    Dialect,
    Parameter,
    PaymentStatus,
)
from payment.contract import CancelAnswered, CancelOutcome, PayAnswered, PayOutcome, PayRequest
from payment.money import MoneyFormatError, osmp_sum, parse_rubles

DEPTH_MAX = 8
COMMENT_LENGTH_MAX = 200
PROVIDER_TXN_LENGTH_MAX = 20
DETAILS_MAX = 20

Outcome = TypeVar("Outcome")


class OsmpAnswerError(ValueError):
    """The bytes are not an answer of the protocol; the text says why and carries no data of the customer."""


class CommandMissingError(Exception):
    """The dialect has no such command: whoever asked should have looked at the dialect first."""


@dataclass(frozen=True, slots=True)
class CheckAnswered:
    """What billing says of an account. `details` are its own words (fio, debt, address), names in the dialect's."""

    outcome: CheckOutcome
    result_code: int | None = None
    comment: str = ""
    details: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class StatusAnswered:
    """What billing knows of the payment `txn_id`."""

    txn_id: str
    status: PaymentStatus
    provider_txn: str = ""
    result_code: int | None = None
    comment: str = ""


# --- out -------------------------------------------------------------------------------------------------------------


def parameters(
    dialect: Dialect, command: Command, request: PayRequest, provider_txn: str = ""
) -> list[tuple[str, str]]:
    """A request in the dialect's names and order.

    Raises:
        CommandMissingError: the dialect does not know the command.
    """
    if command not in dialect.calls:
        raise CommandMissingError(f"{dialect.name} has no command for {command.value}")
    word, carried = dialect.calls[command]
    values = {
        Parameter.TXN_ID: request.txn_id,
        Parameter.TXN_DATE: request.txn_date,
        Parameter.ACCOUNT: request.account,
        Parameter.SUM: osmp_sum(request.amount_minor),
        Parameter.PROVIDER_TXN: provider_txn,
    }
    return [(dialect.command_name, word), *((dialect.names[name], values[name]) for name in carried)]


def encoded(dialect: Dialect, named: list[tuple[str, str]]) -> str:
    """Parameters percent-encoded, ASCII; what the dialect's encoding cannot say is sent as `?`, never dropped."""
    return urlencode(named, encoding=dialect.encoding, errors="replace")


# --- in --------------------------------------------------------------------------------------------------------------


def read_pay(body: bytes, request: PayRequest, dialect: Dialect) -> PayAnswered:
    """The answer to `request`: UNKNOWN unless it surely is one."""
    try:
        answer = _read(body, request.txn_id, dialect)
        outcome = _meaning(answer, dialect.pay_results)
        if outcome is PayOutcome.CREDITED:
            _check_credit(answer, request.amount_minor)
    except OsmpAnswerError as error:
        return unknown_pay(request.txn_id, str(error))
    return PayAnswered(request.txn_id, outcome, answer.provider_txn, answer.result, answer.comment)


def unknown_pay(txn_id: str, reason: str) -> PayAnswered:
    return PayAnswered(txn_id, PayOutcome.UNKNOWN, comment=reason)


def read_check(body: bytes, request: PayRequest, dialect: Dialect) -> CheckAnswered:
    try:
        answer = _read(body, request.txn_id, dialect)
        outcome = _meaning(answer, dialect.check_results)
    except OsmpAnswerError as error:
        return CheckAnswered(CheckOutcome.UNKNOWN, comment=str(error))
    return CheckAnswered(outcome, answer.result, answer.comment, answer.details)


def read_cancel(body: bytes, txn_id: str, dialect: Dialect) -> CancelAnswered:
    try:
        answer = _read(body, txn_id, dialect)
        outcome = _meaning(answer, dialect.cancel_results)
    except OsmpAnswerError as error:
        return CancelAnswered(txn_id, CancelOutcome.UNKNOWN, comment=str(error))
    return CancelAnswered(txn_id, outcome, answer.result, answer.comment)


def confirmed_cancel(answer: CancelAnswered, known: StatusAnswered) -> CancelAnswered:
    """A cancel that billing calls done, as its status bears it out: a late answer to the pay would look the same."""
    if known.status is PaymentStatus.CANCELLED:
        return answer
    return CancelAnswered(answer.txn_id, CancelOutcome.UNKNOWN, comment="the status does not tell of a cancel yet")


def credited_after_all(unknown: PayAnswered, known: StatusAnswered) -> PayAnswered:
    """A pay without an answer, as billing's status knows it; NOT_FOUND proves nothing: it may still be on its way."""
    if known.status is not PaymentStatus.CREDITED:
        return unknown
    return PayAnswered(unknown.txn_id, PayOutcome.CREDITED, known.provider_txn, known.result_code, known.comment)


def read_status(body: bytes, request: PayRequest, dialect: Dialect) -> StatusAnswered:
    """A credit counts only with the provider's number and the sum that was asked."""
    try:
        answer = _read(body, request.txn_id, dialect)
        status = _meaning(answer, dialect.status_results)
        if status is PaymentStatus.CREDITED:
            _check_credit(answer, request.amount_minor)
    except OsmpAnswerError as error:
        return StatusAnswered(request.txn_id, PaymentStatus.UNKNOWN, comment=str(error))
    return StatusAnswered(request.txn_id, status, answer.provider_txn, answer.result, answer.comment)


@dataclass(frozen=True, slots=True)
class _Answer:
    """The plain parts of an answer about our transaction."""

    result: int
    provider_txn: str
    amount: str
    comment: str
    details: tuple[tuple[str, str], ...]


def _read(body: bytes, txn_id: str, dialect: Dialect) -> _Answer:
    names = dialect.answer
    reader = _read_xml(body, names)
    fields = reader.fields
    if fields.get(names.txn_id) != txn_id:
        raise OsmpAnswerError("the answer is of another transaction")
    result = fields.get(names.result, "")
    if not (result.isascii() and result.isdigit() and len(result) <= 4):
        raise OsmpAnswerError("the result is unknown")
    return _Answer(
        int(result),
        fields.get(names.provider_txn, ""),
        fields.get(names.amount, ""),
        _clean(fields.get(names.comment, "")),
        tuple((name, _clean(value)) for name, value in reader.details[:DETAILS_MAX]),
    )


def _meaning(answer: _Answer, results: Mapping[int, Outcome]) -> Outcome:
    if answer.result not in results:
        raise OsmpAnswerError("the result is unknown")
    return results[answer.result]


def _check_credit(answer: _Answer, amount_minor: int) -> None:
    number = answer.provider_txn
    if not (number.isascii() and number.isdigit() and len(number) <= PROVIDER_TXN_LENGTH_MAX):
        raise OsmpAnswerError("a credit without the provider's number")
    try:
        credited_minor = parse_rubles(answer.amount)
    except MoneyFormatError as error:
        raise OsmpAnswerError("a credit without its sum") from error
    if credited_minor != amount_minor:
        raise OsmpAnswerError("another sum was credited than the one asked: for a person to review")


def _read_xml(body: bytes, names: AnswerNames) -> _AnswerReader:
    reader = _AnswerReader(names)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = reader.element_began
    parser.EndElementHandler = reader.element_ended
    parser.CharacterDataHandler = reader.text_came
    parser.StartDoctypeDeclHandler = reader.doctype_came
    try:
        parser.Parse(body, True)
    except OsmpAnswerError:
        raise
    except (expat.ExpatError, LookupError, ValueError) as error:  # the last two: encodings that expat does not know
        raise OsmpAnswerError("the answer is not whole XML") from error
    return reader


class _AnswerReader:
    """Collects the agreed children of the root and the lines of its `fields`; what dialects add is skipped."""

    def __init__(self, names: AnswerNames) -> None:
        self.fields: dict[str, str] = {}
        self.details: list[tuple[str, str]] = []
        self._root = names.root
        self._agreed = {names.txn_id, names.provider_txn, names.amount, names.result, names.comment}
        self._details = names.details
        self._depth = 0
        self._name = ""  # of the child of the root that is open
        self._title = ""  # of the detail that is open
        self._text = ""

    def doctype_came(self, *_declaration: object) -> None:
        raise OsmpAnswerError("a document type, so entities, in the answer")

    def element_began(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > DEPTH_MAX:
            raise OsmpAnswerError("the answer is nested too deep")
        if self._depth == 1 and name != self._root:
            raise OsmpAnswerError(f"the answer is no <{self._root}>")
        if self._depth == 2:
            if name in self.fields:
                raise OsmpAnswerError("a field is given twice")
            self._name, self._text = name, ""
        elif self._name in self._agreed and self._depth > 2:
            raise OsmpAnswerError("a field holds other elements")
        elif self._depth == 3:
            self._title, self._text = attributes.get("name", name), ""

    def text_came(self, text: str) -> None:
        if self._depth in (2, 3):
            self._text += text

    def element_ended(self, _name: str) -> None:
        if self._depth == 3 and self._name == self._details and len(self.details) < DETAILS_MAX:
            self.details.append((self._title[:COMMENT_LENGTH_MAX], self._text.strip()))
        if self._depth == 2:
            if self._name in self._agreed:
                self.fields[self._name] = self._text.strip()
            self._name = ""
        self._depth -= 1


def _clean(words: str) -> str:
    """Words of billing may reach a log or a slip, so they carry no control signs."""
    return "".join(sign for sign in words if unicodedata.category(sign)[0] != "C")[:COMMENT_LENGTH_MAX]
