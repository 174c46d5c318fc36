"""The words of a receipt. Lines are values; what paper they land on is the printer's business."""

from __future__ import annotations

from dataclasses import dataclass

from payment.contract import PayOutcome, Receipt
from payment.money import rubles


@dataclass(frozen=True, slots=True)
class Issuer:
    """Whose terminal it is; both stand on the slip."""

    organisation: str
    support_phone: str
    terminal_title: str


@dataclass(frozen=True, slots=True)
class Heading:
    """Centred, in bold; `large` for the one line that must be seen."""

    text: str
    large: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    """A name at the left edge, its value at the right one."""

    name: str
    value: str
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph."""

    text: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across the paper."""


ReceiptLine = Heading | Pair | Words | Rule

_TITLE = {False: "Квитанция о приёме платежа", True: "Извещение"}
_STATUS: dict[PayOutcome | None, str] = {
    None: "Купюра на проверке",
    PayOutcome.CREDITED: "Платёж зачислен",
    PayOutcome.UNKNOWN: "Платёж принят",
    PayOutcome.REFUSED: "Платёж не зачислен",
}
_EXPLANATION: dict[PayOutcome | None, str] = {
    None: "Приёмник не подтвердил, что купюра у нас. Мы проверим кассету и зачислим деньги на лицевой счёт. "
    "Сохраните это извещение.",
    PayOutcome.CREDITED: "Спасибо! Сохраните квитанцию до получения следующего счёта.",
    PayOutcome.UNKNOWN: "Деньги приняты и будут зачислены на лицевой счёт, как только восстановится связь. "
    "Повторно платить не нужно. Сохраните квитанцию.",
    PayOutcome.REFUSED: "Деньги приняты, но лицевой счёт их не принял. Они не потеряны: позвоните нам и назовите "
    "номер операции, мы зачислим или вернём их.",
}


def readable_txn_id(txn_id: str) -> str:
    """In fives, as a person reads it out on the phone."""
    return " ".join(txn_id[at : at + 5] for at in range(0, len(txn_id), 5))


def receipt_lines(receipt: Receipt, issuer: Issuer) -> tuple[ReceiptLine, ...]:
    """The slip from top to bottom."""
    lines: list[ReceiptLine] = [Heading(issuer.organisation), Heading(_TITLE[receipt.outcome is None])]
    if receipt.copy:
        lines.append(Heading("КОПИЯ", large=True))
    lines += [
        Rule(),
        Pair("Дата и время", receipt.printed_at),
        Pair("Терминал", issuer.terminal_title or receipt.terminal_id),
        Pair("Номер операции", readable_txn_id(receipt.txn_id)),
        Rule(),
        Pair("Услуга", receipt.service_title),
        Pair("Лицевой счёт", receipt.account, bold=True),
        Rule(),
        *_money_lines(receipt),
        Rule(),
        Heading(_STATUS[receipt.outcome], large=True),
    ]
    if receipt.provider_txn:
        lines.append(Pair("Номер зачисления", receipt.provider_txn))
    lines += [Words(_EXPLANATION[receipt.outcome]), Rule(), Heading(f"Справки: {issuer.support_phone}")]
    return tuple(lines)


def _money_lines(receipt: Receipt) -> list[ReceiptLine]:
    doubt = [Pair("На проверке", rubles(receipt.in_doubt_minor), bold=True)] if receipt.in_doubt_minor else []
    if receipt.outcome is None:
        return [*doubt]
    credit = "К зачислению" if receipt.outcome is PayOutcome.UNKNOWN else "Сумма платежа"
    return [
        Pair("Внесено наличными", rubles(receipt.inserted_minor)),
        Pair("Комиссия", rubles(receipt.fee_minor)),
        Pair(credit, rubles(receipt.paid_minor), bold=True),
        *doubt,
    ]
