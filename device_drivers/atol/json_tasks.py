"""JSON tasks of ATOL's own driver (libfptr10): documents out, fiscal numbers in. Pure.

Source: notes on payments, "Fiscal receipt" (task of driver 10 and its answer); ATOL protocol, "Which interface".
Sums are written from kopecks as exact decimals: no binary fraction ever stands for money.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal

from device_drivers.contract.fiscal_printer import (
    DocumentClosed,
    DocumentKind,
    FiscalDocument,
    FiscalItem,
    FiscalPayments,
    FiscalTag,
)
from device_drivers.fiscal_session import UnfitError

_TYPES = {
    DocumentKind.INCOME: "sell",
    DocumentKind.INCOME_RETURN: "sellReturn",
    DocumentKind.OUTCOME: "buy",
    DocumentKind.OUTCOME_RETURN: "buyReturn",
}
_TAXATIONS = {1: "osn", 2: "usnIncome", 4: "usnIncomeOutcome", 16: "esn", 32: "patent"}
_METHODS = {
    1: "fullPrepayment",
    2: "prepayment",
    3: "advance",
    4: "fullPayment",
    5: "partialPayment",
    6: "credit",
    7: "creditPayment",
}
_OBJECTS = {
    1: "commodity",
    3: "job",
    4: "service",
    10: "payment",
    11: "agentCommission",
    13: "another",
    16: "otherContributions",
}
_VATS = {
    1: "vat20",
    2: "vat10",
    3: "vat120",
    4: "vat110",
    5: "vat0",
    6: "none",
    7: "vat5",
    8: "vat7",
    9: "vat105",
    10: "vat107",
    11: "vat22",
    12: "vat122",
}
_MILLIONTHS = 6
_PLACES = {1036: "machineNumber", 1009: "paymentsAddress", 1187: "paymentsPlace"}
CUSTOMER_TAG, USER_TAG, USER_NAME_TAG, USER_VALUE_TAG = 1008, 1084, 1085, 1086
_KNOWN_TO_REGISTER = (1060, 1117)  # of the registration: the register writes them by itself


class TaskAnswerError(ValueError):
    """An answer of the driver that cannot be read; the text says why."""


class _Number(str):
    """A JSON number by its digits."""


def document_task(document: FiscalDocument) -> str:
    """The task that makes a document.

    Raises:
        UnfitError: what this driver has no word for.
    """
    task: dict[str, object] = {
        "type": _TYPES[document.kind],
        "taxationType": _word(_TAXATIONS, document.tax_system, "tax system"),
        "electronically": False,
    }
    extra: list[dict[str, object]] = [{"type": "additionalAttribute", "value": document.fiscal_id}]  # tag 1192
    for tag in document.tags:
        if tag.number in _PLACES:
            task[_PLACES[tag.number]] = tag.value
        elif tag.number == CUSTOMER_TAG:
            task["clientInfo"] = {"emailOrPhone": tag.value}
        elif tag.number == USER_TAG:
            extra.append(_user_attribute(tag))
        elif tag.number not in _KNOWN_TO_REGISTER:
            raise UnfitError(f"the driver's tasks have no word for tag {tag.number}")
    task["items"] = [_item(item) for item in document.items] + extra
    task["payments"] = _payments(document.payments)
    task["total"] = rubles(document.total_minor)
    return _json(task)


def closed_document(fiscal_id: str, answer: str) -> DocumentClosed:
    """The numbers of a document from the answer to its task.

    Raises:
        TaskAnswerError: no such answer.
    """
    try:
        fiscal = json.loads(answer, parse_float=Decimal)["fiscalParams"]
        at = str(fiscal["fiscalDocumentDateTime"])
        return DocumentClosed(
            fiscal_id=fiscal_id,
            fn=str(fiscal["fnNumber"]),
            fd=int(fiscal["fiscalDocumentNumber"]),
            fpd=int(fiscal["fiscalDocumentSign"]),
            at=at[:16].replace("-", "").replace(":", ""),
            shift=int(fiscal["shiftNumber"]),
            number_in_shift=int(fiscal["fiscalReceiptNumber"]),
            total_minor=kopecks(fiscal["total"]),
        )
    except (ValueError, TypeError, KeyError, ArithmeticError) as error:
        raise TaskAnswerError(f"the driver's answer has no fiscal numbers: {error!r}") from None


def rubles(minor: int) -> str:
    """Kopecks as a JSON number of rubles: 154321 is `1543.21`."""
    return _Number(f"{minor // 100}.{minor % 100:02d}")


def kopecks(value: Decimal | int | str) -> int:
    """A sum of the driver in kopecks.

    Raises:
        ValueError: not whole kopecks.
    """
    minor = Decimal(value) * 100
    if minor != int(minor):
        raise ValueError(f"{value} is no whole number of kopecks")
    return int(minor)


def _item(item: FiscalItem) -> dict[str, object]:
    if item.tags:
        raise UnfitError("the driver's tasks are made without tags of an item here")
    tax: dict[str, object] = {"type": _word(_VATS, item.vat, "VAT code")}
    if item.vat_minor is not None:
        tax["sum"] = rubles(item.vat_minor)
    whole, rest = divmod(item.quantity_millionths, 10**_MILLIONTHS)
    quantity = f"{whole}.{rest:0{_MILLIONTHS}d}".rstrip("0").rstrip(".")
    return {
        "type": "position",
        "name": item.name,
        "price": rubles(item.price_minor),
        "quantity": _Number(quantity),
        "amount": rubles(item.amount_minor),
        "measurementUnit": item.measure,
        "paymentMethod": _word(_METHODS, item.method, "payment method"),
        "paymentObject": _word(_OBJECTS, item.subject, "payment subject"),
        "tax": tax,
    }


def _payments(payments: FiscalPayments) -> list[dict[str, object]]:
    parts = (
        ("cash", payments.cash_minor),
        ("electronically", payments.electronic_minor),
        ("prepaid", payments.advance_minor),
        ("credit", payments.credit_minor),
        ("other", payments.other_minor),
    )
    return [{"type": kind, "sum": rubles(amount)} for kind, amount in parts if amount]


def _user_attribute(tag: FiscalTag) -> dict[str, object]:
    inner = {part.number: part.value for part in tag.value} if isinstance(tag.value, tuple) else {}
    return {"type": "userAttribute", "name": inner.get(USER_NAME_TAG, ""), "value": inner.get(USER_VALUE_TAG, "")}


def _word(words: Mapping[int, str], code: int, what: str) -> str:
    if code not in words:
        raise UnfitError(f"the driver's tasks have no word for {what} {code}")
    return words[code]


def _json(value: object) -> str:
    """JSON whose numbers keep their digits."""
    match value:
        case _Number():
            return value[:]
        case dict():
            return "{" + ",".join(f"{_json(key)}:{_json(inner)}" for key, inner in value.items()) + "}"
        case list():
            return "[" + ",".join(map(_json, value)) + "]"
        case _:
            return json.dumps(value, ensure_ascii=False)
