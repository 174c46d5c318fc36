"""The words of a receipt. Lines are values; what paper they land on is the printer's business.

A slip promises no more than is known: billing said yes, said no, or has not answered. Whatever went wrong, the customer
leaves with the number of the operation, the sum, the time and a telephone. A repeat is marked КОПИЯ.
"""

from __future__ import annotations

from dataclasses import dataclass

from payment.codes.fiscal_qr import FiscalQr, FiscalQrError, compose
from payment.contract import FiscalDone, Means, PaidLine, PayOutcome, Receipt
from payment.money import rubles

CARD_SLIP_LINES_MAX = 40  # a bank's text; a longer one is a mistake of the pinpad


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
    """A paragraph; `large`: for poor sight."""

    text: str
    large: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across the paper."""


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code, centred."""

    text: str


ReceiptLine = Heading | Pair | Words | Rule | Code

_TAKEN = {Means.CASH: "Внесено наличными", Means.CARD: "Списано с карты", Means.QR: "Оплачено по СБП"}
_STATUS = {
    PayOutcome.CREDITED: "Платёж зачислен",
    PayOutcome.UNKNOWN: "Платёж принят",
    PayOutcome.REFUSED: "Платёж не зачислен",
}
_LINE_STATUS = {
    PayOutcome.CREDITED: "зачислено",
    PayOutcome.UNKNOWN: "будет зачислено",
    PayOutcome.REFUSED: "не зачислено",
}
_IN_DOUBT = (
    "Приёмник не подтвердил, что купюра у нас. Мы проверим кассету и зачислим деньги на лицевой счёт. "
    "Сохраните это извещение."
)
_CARD_UNKNOWN = (
    "Банк не ответил, списаны ли деньги с карты. Повторно платить не нужно: если они списаны, мы зачислим их на "
    "лицевой счёт или вернём на карту. Сохраните это извещение."
)
_EXPLANATION = {
    PayOutcome.CREDITED: "Спасибо! Сохраните чек до получения следующего счёта.",
    PayOutcome.UNKNOWN: "Деньги приняты и будут зачислены на лицевой счёт, как только восстановится связь. "
    "Повторно платить не нужно. Сохраните чек.",
    PayOutcome.REFUSED: "Деньги приняты, но лицевой счёт их не принял. Они не потеряны: позвоните нам и назовите "
    "номер операции, мы зачислим или вернём их.",
}
_PART_REFUSED = (
    "Часть денег лицевой счёт не принял. Они не потеряны: позвоните нам и назовите номер операции, мы зачислим или "
    "вернём их."
)
_FISCAL_AWAITED = "Кассовый чек будет сделан, как только заработает касса."


def readable_txn_id(txn_id: str) -> str:
    """In fives, as a person reads it out on the phone."""
    return " ".join(txn_id[at : at + 5] for at in range(0, len(txn_id), 5))


def readable_account(account: str) -> str:
    """In threes, as the screen shows it; a number with letters stays as it is."""
    return " ".join(account[at : at + 3] for at in range(0, len(account), 3)) if account.isdigit() else account


def receipt_lines(receipt: Receipt, issuer: Issuer) -> tuple[ReceiptLine, ...]:
    """The slip from top to bottom."""
    return (
        *_head(receipt, issuer),
        *_order(receipt),
        Rule(),
        *_money(receipt),
        Rule(),
        *_outcome(receipt),
        *_bank(receipt),
        *_fiscal(receipt),
        Rule(),
        ask_at(issuer.support_phone),
    )


def ask_at(support_phone: str) -> ReceiptLine:
    """Whom to ask: the last line of every slip."""
    return Heading(f"Справки: {support_phone}")


def _head(receipt: Receipt, issuer: Issuer) -> list[ReceiptLine]:
    lost = receipt.outcome is None or receipt.outcome is PayOutcome.REFUSED
    return [
        Heading(issuer.organisation),
        Heading("Извещение" if lost else "Чек о приёме платежа"),
        *([Heading("КОПИЯ", large=True)] if receipt.copy else []),
        Rule(),
        Pair("Дата и время", receipt.printed_at),
        Pair("Терминал", issuer.terminal_title or receipt.terminal_id),
        Pair("Номер операции", readable_txn_id(receipt.txn_id)),
        Rule(),
    ]


# --- what was paid for -----------------------------------------------------------------------------------------------


def _order(receipt: Receipt) -> list[ReceiptLine]:
    if len(receipt.lines) < 2:
        return [
            Pair("Услуга", receipt.service_title),
            Pair("Лицевой счёт", readable_account(receipt.account), bold=True),
        ]
    return [row for number, line in enumerate(receipt.lines, start=1) for row in _order_line(number, line)]


def _order_line(number: int, line: PaidLine) -> list[ReceiptLine]:
    return [
        Pair(f"{number}. {line.service_title}", rubles(line.amount_minor), bold=True),
        Pair("Лицевой счёт", readable_account(line.account)),
        *([Pair("Комиссия", rubles(line.fee_minor))] if line.fee_minor else []),
        Pair("Состояние", _LINE_STATUS[line.outcome]),
        *([Pair("Номер зачисления", line.provider_txn)] if line.provider_txn else []),
    ]


# --- money -----------------------------------------------------------------------------------------------------------


def _money(receipt: Receipt) -> list[ReceiptLine]:
    doubt: list[ReceiptLine] = []
    if receipt.in_doubt_minor:
        doubt.append(Pair("На проверке", rubles(receipt.in_doubt_minor), bold=True))
    if receipt.card_unknown_minor:
        doubt.append(Pair("Проверяется в банке", rubles(receipt.card_unknown_minor), bold=True))
    if receipt.outcome is None:
        return doubt
    credit = "К зачислению" if receipt.outcome is PayOutcome.UNKNOWN else "Сумма платежа"
    return [
        Pair(_TAKEN[receipt.means], rubles(receipt.inserted_minor)),
        Pair("Комиссия", rubles(receipt.fee_minor)),
        Pair(credit, rubles(receipt.paid_minor), bold=True),
        *_against_bill(receipt),
        *([Pair("Не зачислено", rubles(receipt.unallocated_minor), bold=True)] if receipt.unallocated_minor else []),
        *doubt,
    ]


def _against_bill(receipt: Receipt) -> list[ReceiptLine]:
    """What is left of the bill, or lies above it; of a payment that was refused neither is known."""
    if not receipt.asked_minor or receipt.outcome is PayOutcome.REFUSED:
        return []
    above_minor = receipt.paid_minor - receipt.asked_minor
    if above_minor > 0:
        return [Pair("Из них аванс", rubles(above_minor))]
    return [Pair("Осталось заплатить", rubles(-above_minor))] if above_minor < 0 else []


# --- what became of it -----------------------------------------------------------------------------------------------


def _outcome(receipt: Receipt) -> list[ReceiptLine]:
    if receipt.outcome is None:
        return _nothing_paid(receipt)
    single = receipt.provider_txn if len(receipt.lines) < 2 else ""
    explained = [Words(_EXPLANATION[receipt.outcome])]
    if receipt.unallocated_minor and receipt.outcome is not PayOutcome.REFUSED:
        explained.append(Words(_PART_REFUSED))
    if receipt.in_doubt_minor:
        explained.append(Words(_IN_DOUBT))
    if receipt.card_unknown_minor:
        explained.append(Words(_CARD_UNKNOWN))
    return [
        Heading(_STATUS[receipt.outcome], large=True),
        *([Pair("Номер зачисления", single)] if single else []),
        *explained,
    ]


def _nothing_paid(receipt: Receipt) -> list[ReceiptLine]:
    if receipt.card_unknown_minor:
        return [Heading("Оплата проверяется", large=True), Words(_CARD_UNKNOWN)]
    return [Heading("Купюра на проверке", large=True), Words(_IN_DOUBT)]


def _bank(receipt: Receipt) -> list[ReceiptLine]:
    """The bank's numbers, and its own text, which must be printed as it is."""
    if receipt.qr_id:
        return [Rule(), Pair("Номер операции СБП", receipt.qr_id)]
    if (card := receipt.card) is None:
        return []
    numbers = (
        ("Карта", card.masked_pan),
        ("Номер операции в банке (RRN)", card.rrn),
        ("Код авторизации", card.auth_code),
        ("Терминал банка", card.terminal_id),
    )
    text = [line.rstrip() for line in card.slip.splitlines()][:CARD_SLIP_LINES_MAX]
    return [Rule(), *(Pair(name, value) for name, value in numbers if value), *(Words(line) for line in text if line)]


def _fiscal(receipt: Receipt) -> list[ReceiptLine]:
    if receipt.fiscal is None:
        return [Rule(), Words(_FISCAL_AWAITED), *_electronic(receipt)] if receipt.fiscal_awaited else []
    done = receipt.fiscal
    return [
        Rule(),
        Pair("Кассовый чек", rubles(receipt.fiscal_total_minor)),
        Pair("Смена / чек", f"{done.shift} / {done.number_in_shift}"),
        Pair("ФН", done.fn),
        Pair("ФД / ФПД", f"{done.fd} / {done.fpd:010d}"),
        *_electronic(receipt),
        *_fiscal_code(done, receipt.fiscal_total_minor),
    ]


def _electronic(receipt: Receipt) -> list[ReceiptLine]:
    """Where its copy goes."""
    return [Pair("Электронный чек", receipt.contact)] if receipt.contact else []


def _fiscal_code(done: FiscalDone, total_minor: int) -> list[ReceiptLine]:
    """Numbers that are not those of a register make no code; they stand on the slip all the same."""
    at = f"{done.at[:8]}T{done.at[8:].removeprefix('T')}"
    try:
        return [Code(compose(FiscalQr(at, total_minor, done.fn, done.fd, done.fpd)))]
    except FiscalQrError:
        return []
