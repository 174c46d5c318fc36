"""A fiscal document as the tags of FFD 1.2, for archives, drivers and people who check receipts. Pure.

Amounts stay whole kopecks, quantities are decimal text; what the register adds itself (numbers, sign, its own name and
taxpayer number) is not here.
"""

from __future__ import annotations

from dataclasses import dataclass

from payment.fiscal.values import QUANTITY_ONE, Agent, FiscalDocument, FiscalItem

FFD_1_2 = 4  # tag 1209
ACCOUNT_TITLE = "Лицевой счёт"


@dataclass(frozen=True, slots=True)
class Tag:
    """One TLV; the value of a compound one is tags."""

    number: int
    value: str | int | tuple[Tag, ...]


def document_tags(document: FiscalDocument) -> tuple[Tag, ...]:
    """Everything that the document says, in the order of a receipt."""
    payments = document.payments
    return (
        Tag(1209, FFD_1_2),
        Tag(1054, document.kind.value),
        Tag(1055, document.tax_system.value),
        *correction_tags(document),
        *(Tag(1059, item_tags(item)) for item in document.items),
        Tag(1020, document.total_minor),
        Tag(1031, payments.cash_minor),
        Tag(1081, payments.electronic_minor),
        Tag(1215, payments.advance_minor),
        Tag(1216, payments.credit_minor),
        Tag(1217, payments.other_minor),
        *extra_tags(document),
    )


def extra_tags(document: FiscalDocument) -> tuple[Tag, ...]:
    """What is neither an item nor a payment: the automat, its place, the customer's contact, his accounts."""
    written = (
        Tag(1036, document.automat_number),
        Tag(1009, document.address),
        Tag(1187, document.place),
        Tag(1060, document.site),
        Tag(1117, document.sender_email if document.contact else ""),  # a copy is sent from somewhere
        Tag(1008, document.contact),
        Tag(1084, (Tag(1085, ACCOUNT_TITLE), Tag(1086, document.accounts)) if document.accounts else ""),
        Tag(1192, document.fiscal_id),
    )
    return tuple(tag for tag in written if tag.value)


def correction_tags(document: FiscalDocument) -> tuple[Tag, ...]:
    """Empty for a receipt that corrects nothing."""
    if (correction := document.correction) is None:
        return ()
    number = (Tag(1179, correction.order_number),) if correction.order_number else ()
    return Tag(1173, correction.cause.value), Tag(1174, (Tag(1178, correction.corrected_on), *number))


def item_tags(item: FiscalItem) -> tuple[Tag, ...]:
    return (
        Tag(1030, item.name),
        Tag(1079, item.price_minor),
        Tag(1023, quantity_text(item.quantity_millionths)),
        Tag(2108, item.measure.value),
        Tag(1043, item.amount_minor),
        Tag(1199, item.vat.value),
        Tag(1200, item.vat_minor),
        Tag(1214, item.method.value),
        Tag(1212, item.subject.value),
        *(() if item.agent is None else agent_tags(item.agent)),
    )


def agent_tags(agent: Agent) -> tuple[Tag, ...]:
    return (
        Tag(1222, agent.kind.value),
        Tag(1223, (Tag(1073, agent.agent_phone),)),
        Tag(1224, (Tag(1171, agent.supplier_phone), Tag(1225, agent.supplier_name))),
        Tag(1226, agent.supplier_inn),
    )


def quantity_text(quantity_millionths: int) -> str:
    """1_500_000 -> "1.5"."""
    whole, rest = divmod(quantity_millionths, QUANTITY_ONE)
    return f"{whole}.{rest:06d}".rstrip("0").rstrip(".")
