"""What was sold and how it was paid, as a receipt of FFD 1.2. Pure.

Source: the payment notes, section 8; FNS order ЕД-7-20/662@ (FFD 1.2). Choices that are the accountant's stand in
`FiscalSettings`. What is built here has passed `check_document`: no register would refuse it for its arithmetic.
"""

from __future__ import annotations

from dataclasses import replace

from payment.contract import FiscalKind, FiscalSale, Means, SaleLine
from payment.fiscal.check import check_document
from payment.fiscal.values import (
    BEFORE_SUPPLY,
    Correction,
    DocumentKind,
    FiscalDocument,
    FiscalItem,
    FiscalPayments,
    FiscalSettings,
    Measure,
    Method,
    Subject,
)
from payment.fiscal.vat import Vat, calculated, general_vat, settled, vat_inside, vat_of_code

NAME_SIZE_MAX = 128  # tag 1030
FEE_NAME = "Комиссия за приём платежа"
_KINDS = {FiscalKind.INCOME: DocumentKind.INCOME, FiscalKind.INCOME_RETURN: DocumentKind.INCOME_RETURN}
_RETURNED = {
    DocumentKind.INCOME: DocumentKind.INCOME_RETURN,
    DocumentKind.INCOME_RETURN: DocumentKind.INCOME,
    DocumentKind.OUTCOME: DocumentKind.OUTCOME_RETURN,
    DocumentKind.OUTCOME_RETURN: DocumentKind.OUTCOME,
}


def fiscal_document(sale: FiscalSale, settings: FiscalSettings) -> FiscalDocument:
    """The receipt of a sale.

    Raises:
        FiscalDocumentError: the sale cannot be told to a register.
        VatError: a charge names no rate, and its period has none.
        ContactError: the customer's contact is neither a phone nor an e-mail.
    """
    accounts = dict.fromkeys(line.account for line in sale.lines if line.account)
    document = FiscalDocument(
        fiscal_id=sale.fiscal_id,
        kind=_KINDS[sale.kind],
        tax_system=settings.tax_system,
        items=tuple(item for line in sale.lines for item in _items(line, sale.sold_at, settings)),
        payments=_payments(sale),
        automat_number=settings.automat_number,
        address=settings.address,
        place=settings.place,
        site=settings.site,
        sender_email=settings.sender_email,
        contact=sale.contact,
        accounts=", ".join(accounts),
    )
    check_document(document)
    return document


def correction_of_missing(document: FiscalDocument, correction: Correction) -> FiscalDocument:
    """Money was taken and no receipt was made: the same items in a correction receipt."""
    corrected = replace(document, correction=correction)
    check_document(corrected)
    return corrected


def corrections_of_wrong(
    wrong: FiscalDocument, right: FiscalDocument, correction: Correction, fiscal_ids: tuple[str, str]
) -> tuple[FiscalDocument, FiscalDocument]:
    """A wrong receipt is undone by a correction of the opposite kind with its own data, then the right one is made."""
    undone = replace(wrong, fiscal_id=fiscal_ids[0], kind=_RETURNED[wrong.kind], correction=correction)
    remade = replace(right, fiscal_id=fiscal_ids[1], correction=correction)
    check_document(undone)
    check_document(remade)
    return undone, remade


def _items(line: SaleLine, sold_at: str, settings: FiscalSettings) -> list[FiscalItem]:
    """What was charged, what is above it, and the fee: each an item of its own."""
    rule = settings.item_rules[line.purpose]
    without_charge = 0 if rule.needs_charge else line.amount_minor
    asked_minor = min(line.amount_minor, line.owed_minor or without_charge)
    month = f"{sold_at[:4]}-{sold_at[4:6]}"
    own_rate = _rate(line, line.period or month, settings)
    of_day = own_rate if line.vat_code else _rate(line, month, settings)
    asked_name = rule.asked_name.format(service=line.service_title)
    if line.period:
        asked_name = f"{asked_name}, {line.period[5:7]}.{line.period[:4]}"
    above_name = rule.above_name.format(service=line.service_title)
    parts = (
        (asked_name, asked_minor, own_rate, rule.asked, rule.measure),
        (above_name, line.amount_minor - asked_minor, of_day, rule.above, Measure.PIECE),
        (FEE_NAME, line.fee_minor, _fee_rate(month, settings), _fee_means(settings), Measure.PIECE),
    )
    return [
        _item(name, amount, rate, means, measure, settings) for name, amount, rate, means, measure in parts if amount
    ]


def _item(
    name: str, amount_minor: int, rate: Vat, means: tuple[Method, Subject], measure: Measure, settings: FiscalSettings
) -> FiscalItem:
    method, subject = means
    vat = calculated(rate) if method in BEFORE_SUPPLY else settled(rate)
    return FiscalItem(
        name=name if len(name) <= NAME_SIZE_MAX else name[: NAME_SIZE_MAX - 1] + "…",
        price_minor=amount_minor,
        amount_minor=amount_minor,
        vat=vat,
        vat_minor=vat_inside(amount_minor, vat),
        method=method,
        subject=subject,
        measure=measure,
        agent=None if name == FEE_NAME else settings.agent,
    )


def _rate(line: SaleLine, period: str, settings: FiscalSettings) -> Vat:
    """The charge's own rate; else the general one of its period."""
    if not settings.vat_payer:
        return Vat.NONE
    return vat_of_code(line.vat_code) if line.vat_code else general_vat(period)


def _fee_rate(month: str, settings: FiscalSettings) -> Vat:
    return general_vat(month) if settings.vat_payer else Vat.NONE


def _fee_means(settings: FiscalSettings) -> tuple[Method, Subject]:
    return Method.FULL_SETTLEMENT, Subject.AGENT_FEE if settings.agent is not None else Subject.SERVICE


def _payments(sale: FiscalSale) -> FiscalPayments:
    if sale.means is Means.CASH:
        return FiscalPayments(cash_minor=sale.total_minor)
    return FiscalPayments(electronic_minor=sale.total_minor)
