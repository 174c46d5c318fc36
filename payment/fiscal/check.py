"""What a fiscal register would refuse, refused before it is sent. Pure."""

from __future__ import annotations

import re
from datetime import date

from payment.codes.check_digits import inn_is_good, is_digits
from payment.fees import half_up
from payment.fiscal.contact import ContactError, read_contact
from payment.fiscal.values import (
    BEFORE_SUPPLY,
    QUANTITY_ONE,
    Agent,
    Correction,
    CorrectionCause,
    FiscalDocument,
    FiscalItem,
    Method,
    Subject,
)
from payment.fiscal.vat import CALCULATED, calculated, vat_inside

ITEMS_MAX = 100
FISCAL_ID_SIZE_MAX = 16  # characters of tag 1192
AMOUNT_MAX_MINOR = (1 << 40) - 1  # five bytes of a VLN
_SIZES_MAX = (("automat_number", 20), ("address", 256), ("place", 256), ("site", 256), ("sender_email", 64))
_REQUIRED = ("automat_number", "address", "place")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")


class FiscalDocumentError(ValueError):
    """No register would close this document; the text says why."""


def check_document(document: FiscalDocument) -> None:
    """Raises FiscalDocumentError for the first thing that is wrong."""
    _check_fields(document)
    if not 1 <= len(document.items) <= ITEMS_MAX:
        raise FiscalDocumentError(f"a document has 1..{ITEMS_MAX} items, not {len(document.items)}")
    for item in document.items:
        _check_item(item)
    payments = document.payments
    parts = (
        payments.cash_minor,
        payments.electronic_minor,
        payments.advance_minor,
        payments.credit_minor,
        payments.other_minor,
    )
    if min(parts) < 0 or payments.total_minor != document.total_minor:
        raise FiscalDocumentError(f"{payments.total_minor} is paid for items of {document.total_minor} kopecks")
    if document.total_minor > AMOUNT_MAX_MINOR:
        raise FiscalDocumentError("the sum does not fit into a document")
    if document.correction is not None:
        _check_correction(document.correction)


def _check_fields(document: FiscalDocument) -> None:
    fiscal_id = document.fiscal_id
    if not (1 <= len(fiscal_id) <= FISCAL_ID_SIZE_MAX and fiscal_id.isascii() and fiscal_id.isprintable()):
        raise FiscalDocumentError(f"a fiscal id is 1..{FISCAL_ID_SIZE_MAX} ASCII characters, not {fiscal_id!r}")
    for name, size_max in _SIZES_MAX:
        _check_text(name, getattr(document, name), size_max, required=name in _REQUIRED)
    _check_text("accounts", document.accounts, 256, required=False)
    if document.contact:
        try:
            normal = read_contact(document.contact)
        except ContactError as error:
            raise FiscalDocumentError(str(error)) from error
        if normal != document.contact:
            raise FiscalDocumentError("the customer's contact is not in its normal form")


def _check_text(name: str, text: str, size_max: int, *, required: bool) -> None:
    if len(text) > size_max or (required and not text.strip()) or _CONTROL.search(text):
        raise FiscalDocumentError(f"{name} is empty, longer than {size_max}, or holds a control character")


def _check_item(item: FiscalItem) -> None:
    _check_text("the name of an item", item.name, 128, required=True)
    if not (0 < item.amount_minor <= AMOUNT_MAX_MINOR and item.price_minor >= 0 and item.quantity_millionths > 0):
        raise FiscalDocumentError(f"{item.name}: the amount, price or quantity is not above zero")
    if half_up(item.price_minor * item.quantity_millionths, QUANTITY_ONE) != item.amount_minor:
        raise FiscalDocumentError(f"{item.name}: price by quantity is not the amount")
    if item.vat_minor != vat_inside(item.amount_minor, item.vat):
        raise FiscalDocumentError(f"{item.name}: the tax is not the part of the sum that its rate makes")
    if item.method in BEFORE_SUPPLY and item.vat is not calculated(item.vat):
        raise FiscalDocumentError(f"{item.name}: money before the supply bears the calculated rate")
    if item.method not in BEFORE_SUPPLY and item.vat in CALCULATED:
        raise FiscalDocumentError(f"{item.name}: a settlement does not bear a calculated rate")
    if item.method is Method.ADVANCE and item.subject is not Subject.PAYMENT:
        raise FiscalDocumentError(f"{item.name}: the subject of an advance is a payment")
    if item.agent is not None:
        _check_agent(item.agent)


def _check_agent(agent: Agent) -> None:
    _check_text("the supplier's name", agent.supplier_name, 256, required=True)
    if not inn_is_good(agent.supplier_inn):
        raise FiscalDocumentError("the supplier's taxpayer number fails its check digit")
    for phone in (agent.supplier_phone, agent.agent_phone):
        if re.fullmatch(r"\+7\d{10}", phone, re.ASCII) is None:
            raise FiscalDocumentError("a phone of an agent or a supplier is +7 and ten digits")


def _check_correction(correction: Correction) -> None:
    day = correction.corrected_on
    try:
        date(int(day[:4]), int(day[4:6]), int(day[6:]))
    except ValueError as error:
        raise FiscalDocumentError("the corrected day is not a date") from error
    if not is_digits(day, 8):
        raise FiscalDocumentError("the corrected day is not written as YYYYMMDD")
    _check_text(
        "the order's number", correction.order_number, 32, required=correction.cause is CorrectionCause.BY_ORDER
    )
