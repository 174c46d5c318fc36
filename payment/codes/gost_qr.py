"""The payment QR of a paper bill. Pure: bytes in, fields out, and back.

Source: GOST R 56042-2014. Layout: "ST" + version "0001" + encoding digit + separator + Name=Value pairs.
A customer's bill comes from any printer, so keys are matched without case and the trailing separator, the byte-order
mark and the line end of a scanner are taken as they come; what the standard limits is refused when it is broken.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from payment.codes.check_digits import account_key_is_good, correspondent_key_is_good, inn_is_good, is_digits

MARK = b"ST"
VERSION = b"0001"
HEADER_SIZE = 8  # mark, version, encoding digit, separator (its last byte)
PAYLOAD_SIZE_MAX = 2953  # what the largest QR symbol holds
SEPARATORS = "|^~;#$&*!"  # in the order of preference when composing

REQUIRED = ("Name", "PersonalAcc", "BankName", "BIC", "CorrespAcc")
_LENGTHS_MAX = {
    "Name": 160,
    "PersonalAcc": 20,
    "BankName": 45,
    "BIC": 9,
    "CorrespAcc": 20,
    "Sum": 18,
    "Purpose": 210,
    "PayeeINN": 12,
    "PayerINN": 12,
    "DrawerStatus": 2,
    "KPP": 9,
    "CBC": 20,
    "OKTMO": 11,
    "PaytReason": 2,
    "TaxPeriod": 10,
    "DocNo": 15,
    "DocDate": 10,
    "TaxPaytKind": 2,
}
LENGTHS_MAX: Mapping[str, int] = MappingProxyType(_LENGTHS_MAX)
_FREE = (
    "lastName firstName middleName payerAddress personalAccount docIdx pensAcc contract persAcc flat phone payerIdType "
    "payerIdNum childFio birthDate paymTerm paymPeriod category serviceName counterId counterVal quittId quittDate "
    "instNum classNum specFio addAmount ruleId execId regType uin TechCode"
)
_CANONICAL = {name: name for name in (*LENGTHS_MAX, *_FREE.split())}
_CANONICAL_LOWER = {name.lower(): name for name in _CANONICAL} | {"technicalcode": "TechCode"}
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")


class BillEncoding(enum.Enum):
    """The digit after the version."""

    CP1251 = 1
    UTF_8 = 2
    KOI8_R = 3


_ENCODINGS = {str(encoding.value).encode(): encoding for encoding in BillEncoding}
_CODECS = {BillEncoding.CP1251: "cp1251", BillEncoding.UTF_8: "utf-8", BillEncoding.KOI8_R: "koi8-r"}


class BillQrError(ValueError):
    """The code cannot be paid as a bill."""


class NotABillError(BillQrError):
    """Some other code: a link, a receipt, a ticket."""


class DamagedBillError(BillQrError):
    """Begins like a bill and breaks the standard."""


class MissingFieldError(BillQrError):
    """A bill without a field that the standard requires."""

    def __init__(self, field: str) -> None:
        super().__init__(f"the bill has no {field}")
        self.field = field


@dataclass(frozen=True, slots=True)
class BillQr:
    """What a bill says; `fields` by their canonical names, own fields of the payee as they were written."""

    fields: Mapping[str, str]

    @property
    def account(self) -> str:
        """The customer's account with the supplier; empty when the bill names none."""
        return (self.fields.get("persAcc") or self.fields.get("personalAccount") or "").strip()

    @property
    def sum_minor(self) -> int | None:
        """Kopecks asked; None when the bill leaves the sum open."""
        return int(self.fields["Sum"]) if self.fields.get("Sum") else None

    @property
    def payee_inn(self) -> str:
        return self.fields.get("PayeeINN", "")

    @property
    def personal_acc(self) -> str:
        """The payee's bank account."""
        return self.fields["PersonalAcc"]

    @property
    def period(self) -> str:
        return self.fields.get("paymPeriod", "")


@dataclass(frozen=True, slots=True)
class PayeeAllowList:
    """Whom a bill may pay here."""

    inns: frozenset[str]
    personal_accounts: frozenset[str]


def is_ours(bill: BillQr, payees: PayeeAllowList) -> bool:
    """Every requisite that the bill names and the settings list must agree, and at least one must be compared."""
    compared = []
    if payees.personal_accounts:
        compared.append(bill.personal_acc in payees.personal_accounts)
    if payees.inns and (bill.payee_inn or not payees.personal_accounts):
        compared.append(bill.payee_inn in payees.inns)
    return bool(compared) and all(compared)


def parse(payload: bytes) -> BillQr:
    """Reads the bytes of a code.

    Raises:
        NotABillError: it does not begin as a bill.
        MissingFieldError: a required field is absent or empty.
        DamagedBillError: anything else that the standard does not allow.
    """
    body = payload.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n").rstrip(b"\r\n")
    if not body.startswith(MARK + VERSION):
        raise NotABillError("the code is not a bill")
    if not HEADER_SIZE < len(body) <= PAYLOAD_SIZE_MAX:
        raise DamagedBillError(f"a bill of {len(body)} bytes")
    text = _text(body[HEADER_SIZE - 1 :], _encoding(body[6:7]))
    separator = text[0]
    if separator.isalnum() or separator == "=":
        raise DamagedBillError("the separator is a letter, a digit or the sign of equality")
    fields = _fields(text.split(separator))
    _check(fields)
    return BillQr(MappingProxyType(fields))


def compose(
    fields: Mapping[str, str], *, encoding: BillEncoding = BillEncoding.UTF_8, separator: str | None = None
) -> bytes:
    """The bytes of a code: required fields first, canonical names, a separator that no value holds.

    Raises:
        MissingFieldError: a required field is absent or empty.
        DamagedBillError: a value that the standard, the encoding or the separator does not allow.
    """
    named = _fields([f"{key}={value}" for key, value in fields.items()])
    if len(named) != len(fields) or any(not key or "=" in key for key in fields):
        raise DamagedBillError("names of fields repeat, are empty or hold the sign of equality")
    _check(named)
    ordered = [*REQUIRED, *(name for name in named if name not in REQUIRED)]
    pairs = [f"{name}={named[name]}" for name in ordered if name in named]
    sign = _separator("".join(pairs)) if separator is None else separator
    if len(sign) != 1 or not sign.isascii() or sign.isalnum() or sign == "=" or not sign.isprintable():
        raise DamagedBillError("the separator must be one printable ASCII sign")
    if any(sign in pair for pair in pairs):
        raise DamagedBillError("a value holds the separator")
    try:
        text = sign.join(pairs).encode(_CODECS[encoding])
    except UnicodeEncodeError as error:
        raise DamagedBillError(f"{_CODECS[encoding]} has no such letters") from error
    payload = MARK + VERSION + str(encoding.value).encode() + sign.encode() + text
    if len(payload) > PAYLOAD_SIZE_MAX:
        raise DamagedBillError(f"{len(payload)} bytes do not fit into a code")
    return payload


def _encoding(digit: bytes) -> BillEncoding:
    if (encoding := _ENCODINGS.get(digit)) is None:
        raise DamagedBillError("an unknown encoding")
    return encoding


def _text(body: bytes, encoding: BillEncoding) -> str:
    """Many bills say UTF-8 and hold cp1251, so the other one is tried."""
    tried = (encoding, BillEncoding.CP1251) if encoding is BillEncoding.UTF_8 else (encoding,)
    for candidate in tried:
        try:
            return body.decode(_CODECS[candidate])
        except UnicodeDecodeError:
            continue
    raise DamagedBillError("the text is not in the encoding that the bill declares")


def _fields(pairs: list[str]) -> dict[str, str]:
    """Empty pairs stand where a separator is doubled or trails."""
    fields: dict[str, str] = {}
    # Names that differ in case only are one name, and may be written by a payee of his own.
    seen: dict[str, str] = {}
    if _CONTROL.search("".join(pairs)):
        raise DamagedBillError("a control character in a field")
    for pair in pairs:
        key, mark, value = pair.partition("=")
        if not key or not mark:
            if not pair:
                continue
            raise DamagedBillError("a field without a name or a value")
        if (name := _CANONICAL.get(key)) is None:
            lowered = key.lower()
            name = seen.setdefault(lowered, _CANONICAL_LOWER.get(lowered, key))
        if fields.setdefault(name, value) != value:
            raise DamagedBillError(f"two values of {name[:20]}")
    return fields


def _check(fields: Mapping[str, str]) -> None:
    for name in REQUIRED:
        may_be_empty = name == "CorrespAcc"  # an account kept by the Bank of Russia has none
        if name not in fields or not (fields[name] or may_be_empty):
            raise MissingFieldError(name)
    for name, value in fields.items():
        if len(value) > _LENGTHS_MAX.get(name, PAYLOAD_SIZE_MAX):
            raise DamagedBillError(f"{name} is longer than {_LENGTHS_MAX[name]}")
    if (asked := fields.get("Sum")) and not is_digits(asked, len(asked)):
        raise DamagedBillError("Sum is not a whole number of kopecks")
    if (inn := fields.get("PayeeINN")) and not inn_is_good(inn):
        raise DamagedBillError("PayeeINN fails its check digit")
    _check_bank(fields["BIC"], fields["PersonalAcc"], fields["CorrespAcc"])


def _check_bank(bic: str, account: str, correspondent: str) -> None:
    if not (is_digits(bic, 9) and is_digits(account, 20)):
        raise DamagedBillError("BIC or PersonalAcc is not of 9 and 20 digits")
    # Accounts of the treasury begin with 0 and have a rule of their own; their correspondent ones have the usual one.
    if not account.startswith("0") and not account_key_is_good(bic, account):
        raise DamagedBillError("PersonalAcc fails the key of its bank")
    if is_digits(correspondent, 20) and not correspondent_key_is_good(bic, correspondent):
        raise DamagedBillError("CorrespAcc fails the key of its bank")


def _separator(text: str) -> str:
    for sign in SEPARATORS:
        if sign not in text:
            return sign
    raise DamagedBillError("the values hold every separator")
