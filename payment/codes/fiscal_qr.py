"""The QR of a fiscal receipt. Pure.

Source: FNS, requisite 1196: `t=YYYYMMDDTHHMM[SS]&s=<rubles.kopecks>&fn=<16 digits>&i=<document>&fp=<sign>&n=<1..4>`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from payment.codes.check_digits import is_digits
from payment.money import MoneyFormatError, osmp_sum, parse_rubles

SIZE_MAX = 256
SIGN_MAX = (1 << 32) - 1
DOCUMENT_MAX = (1 << 32) - 1
SUM_MAX_MINOR = (1 << 40) - 1
_MOMENT = re.compile(r"(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)?", re.ASCII)
_SUM = re.compile(r"\d{1,11}(\.\d{1,2})?", re.ASCII)
_NAMES = frozenset(("t", "s", "fn", "i", "fp", "n"))


class FiscalQrError(ValueError):
    """Not the QR of a fiscal receipt; the text says why."""


@dataclass(frozen=True, slots=True)
class FiscalQr:
    """What the code says; the sum in kopecks."""

    at: str  # the register's local time, YYYYMMDDTHHMM or YYYYMMDDTHHMMSS
    sum_minor: int
    fn: str  # the drive, 16 digits
    fd: int  # the document
    fpd: int  # its sign
    kind: int = 1  # 1 income, 2 its return, 3 outcome, 4 its return: tag 1054


def compose(code: FiscalQr) -> str:
    """The text of the code as registers print it.

    Raises:
        FiscalQrError: a value that no receipt has.
    """
    if not 0 <= code.sum_minor <= SUM_MAX_MINOR:
        raise FiscalQrError("the sum is not that of a receipt")
    text = f"t={code.at}&s={osmp_sum(code.sum_minor)}&fn={code.fn}&i={code.fd}&fp={code.fpd}&n={code.kind}"
    if parse(text) != code:
        raise FiscalQrError("the code does not say what it was made of")
    return text


def parse(text: str) -> FiscalQr:
    """Reads the text of a code; the order of its parts does not matter.

    Raises:
        FiscalQrError: anything that a register does not print.
    """
    if not (text.isascii() and len(text) <= SIZE_MAX):
        raise FiscalQrError("not the code of a receipt")
    parts = _parts(text)
    return FiscalQr(
        at=_moment(parts["t"]),
        sum_minor=_sum(parts["s"]),
        fn=_fn(parts["fn"]),
        fd=_number(parts["i"], 1, DOCUMENT_MAX),
        fpd=_number(parts["fp"], 0, SIGN_MAX),
        kind=_number(parts["n"], 1, 4),
    )


def _parts(text: str) -> dict[str, str]:
    parts: dict[str, str] = {}
    for pair in text.split("&"):
        name, mark, value = pair.partition("=")
        if not mark or name in parts:
            raise FiscalQrError("a part without a value, or twice")
        parts[name] = value
    if parts.keys() != _NAMES:
        raise FiscalQrError("the parts are not those of a receipt")
    return parts


def _moment(text: str) -> str:
    if (found := _MOMENT.fullmatch(text)) is None:
        raise FiscalQrError("the moment is not written as registers write it")
    try:
        datetime(*(int(part or 0) for part in found.groups()))  # type: ignore[arg-type]  # noqa: DTZ001
    except ValueError as error:
        raise FiscalQrError("there is no such moment") from error
    return text


def _sum(text: str) -> int:
    if _SUM.fullmatch(text) is None:
        raise FiscalQrError("the sum is not rubles and kopecks")
    try:
        amount = parse_rubles(text)
    except MoneyFormatError as error:
        raise FiscalQrError("the sum is not rubles and kopecks") from error
    if amount > SUM_MAX_MINOR:
        raise FiscalQrError("the sum is not that of a receipt")
    return amount


def _fn(text: str) -> str:
    if not is_digits(text, 16):
        raise FiscalQrError("the drive's number is not of 16 digits")
    return text


def _number(text: str, least: int, most: int) -> int:
    if not (is_digits(text, len(text)) and len(text) <= 10) or not least <= int(text) <= most:
        raise FiscalQrError("a number of the receipt is not one of its kind")
    return int(text)
