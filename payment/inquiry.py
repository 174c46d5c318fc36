"""«Деньги не зачислились», «нет чека»: what became of a payment, answered from the journal. Pure.

A person names an account, or the number on a slip; the answer is a value, one paragraph of Russian words with a way on,
and a copy of the slip that says what is true now.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from msgspec.structs import replace

from payment.contract import CardSlip, FiscalDone, JournalRecord, PaidLine, PaymentOrder, PayOutcome, Receipt
from payment.fiscal.contact import masked_contact
from payment.money import rubles
from payment.rules.card import slip_of as card_slip_of
from payment.rules.fiscal import done_of
from payment.rules.pay import order_of, overall, pay_of
from payment.transaction_values import Pay


class Fate(enum.Enum):
    """Where the money of a payment is."""

    CREDITED = "credited"
    ON_ITS_WAY = "on_its_way"
    PARTLY_REFUSED = "partly_refused"
    REFUSED = "refused"
    REFUNDED = "refunded"
    READDRESSED = "readdressed"
    GIVEN_BACK = "given_back"
    ASIDE = "aside"  # another amount than asked: a person decides
    CARD_UNKNOWN = "card_unknown"
    IN_DOUBT = "in_doubt"
    NOTHING_TAKEN = "nothing_taken"
    NOT_ENDED = "not_ended"  # the customer stands there, or the terminal has fallen and will end it by itself


@dataclass(slots=True)
class Inquiry:
    """One payment as the journal tells it."""

    session_id: str
    order: PaymentOrder
    opened_ms: int  # UTC
    closed: bool = False
    taken_minor: int = 0
    aside_minor: int = 0  # not what was asked: nobody's yet
    in_doubt_minor: int = 0
    card_unknown_minor: int = 0
    refunded_minor: int = 0
    moved_minor: int = 0  # to another account, by a decision of the office
    given_back_minor: int = 0  # by a decision of the office
    pays: dict[str, Pay] = field(default_factory=dict)
    operation_id: str = ""
    card: CardSlip | None = None
    qr_id: str = ""
    fiscal: FiscalDone | None = None
    fiscal_total_minor: int = 0
    fiscal_awaited: bool = False
    printed: bool | None = None  # None: no slip was begun

    @property
    def number(self) -> str:
        """On its slip; "" when nothing was paid."""
        return next(iter(self.pays), self.operation_id)

    @property
    def fate(self) -> Fate:
        if self.pays:
            return self._fate_of_pays()
        if self.aside_minor:
            return Fate.ASIDE
        if not self.closed and (self.taken_minor or not self.in_doubt_minor):
            return Fate.NOT_ENDED
        if self.card_unknown_minor:
            return Fate.CARD_UNKNOWN
        if self.taken_minor:
            return Fate.ON_ITS_WAY
        return Fate.IN_DOUBT if self.in_doubt_minor else Fate.NOTHING_TAKEN

    def _fate_of_pays(self) -> Fate:
        if self.refunded_minor:
            return Fate.REFUNDED
        if self.given_back_minor:
            return Fate.GIVEN_BACK
        if self.moved_minor:
            return Fate.READDRESSED
        outcomes = {pay.outcome for pay in self.pays.values()}
        if outcomes == {PayOutcome.CREDITED}:
            return Fate.CREDITED
        if outcomes == {PayOutcome.REFUSED}:
            return Fate.REFUSED
        return Fate.PARTLY_REFUSED if PayOutcome.REFUSED in outcomes else Fate.ON_ITS_WAY


def inquire(records: Iterable[JournalRecord], named: str) -> list[Inquiry]:
    """Payments of an account, or the one with this number on its slip (spaces do not matter), the newest first."""
    name = named.replace(" ", "")
    found = _all(records).values()
    mine = [each for each in found if name in _names(each)]
    return sorted(mine, key=lambda each: -each.opened_ms)


def _names(inquiry: Inquiry) -> set[str]:
    accounts = {line.account for line in inquiry.order.lines}
    return accounts | set(inquiry.pays) | {inquiry.session_id, inquiry.operation_id} - {""}


def _all(records: Iterable[JournalRecord]) -> dict[str, Inquiry]:
    found: dict[str, Inquiry] = {}
    session_of: dict[str, str] = {}  # by txn_id, for journals whose results do not name their visit
    moved: dict[str, str] = {}  # payments that the office ordered, by txn_id: of which visit the money was
    for record in records:
        data: Mapping[str, Any] = record.data
        session_id = data.get("session_id") or session_of.get(data.get("txn_id", ""), "")
        if record.kind == "session_open":
            found[session_id] = Inquiry(session_id, order_of(data), record.wall_ms)
        elif record.kind == "pay_intent" and (of_session := session_of.get(data.get("of_txn", ""))) is not None:
            found[of_session].moved_minor += data["amount_minor"]
            moved[data["txn_id"]] = of_session
        elif record.kind == "pay_result" and data["txn_id"] in moved:
            if data["outcome"] == "refused":
                found[moved[data["txn_id"]]].moved_minor -= data["amount_minor"]
        elif session_id in found and (follow := _FOLLOW.get(record.kind)) is not None:
            follow(found[session_id], data)
            if record.kind == "pay_intent":
                session_of[data["txn_id"]] = session_id
    return found


# --- what each record says --------------------------------------------------------------------------------------------


def _money(inquiry: Inquiry, data: Mapping[str, Any]) -> None:
    value: int = data["value_minor"]
    if data.get("from") == "in_doubt":
        inquiry.in_doubt_minor = max(0, inquiry.in_doubt_minor - value)
    if data.get("to") == "unallocated":
        inquiry.aside_minor += value
    else:
        inquiry.taken_minor += value


def _in_doubt(inquiry: Inquiry, data: Mapping[str, Any]) -> None:
    inquiry.in_doubt_minor += data["value_minor"]


def _card_intent(inquiry: Inquiry, data: Mapping[str, Any]) -> None:
    inquiry.operation_id, inquiry.card_unknown_minor = data["operation_id"], data["amount_minor"]


def _card_result(inquiry: Inquiry, data: Mapping[str, Any]) -> None:
    if data["outcome"] == "unknown":
        return
    inquiry.card_unknown_minor = 0
    if data["outcome"] == "approved":
        inquiry.taken_minor, inquiry.card = data["amount_minor"], card_slip_of(data)


def _card_review(inquiry: Inquiry, data: Mapping[str, Any]) -> None:
    inquiry.card_unknown_minor, inquiry.aside_minor = 0, data["amount_minor"]


def _card_reversed(inquiry: Inquiry, data: Mapping[str, Any]) -> None:
    if data["outcome"] != "done":
        return
    inquiry.card_unknown_minor = 0
    if data["of"] == "approved":
        inquiry.refunded_minor = data["amount_minor"]


def _qr_result(inquiry: Inquiry, data: Mapping[str, Any]) -> None:
    if data["state"] != "paid":
        return
    inquiry.operation_id, inquiry.qr_id = data["operation_id"], data["provider_id"]
    if data.get("to") == "unallocated":
        inquiry.aside_minor = data["amount_minor"]
    else:
        inquiry.taken_minor = data["amount_minor"]


def _pay_intent(inquiry: Inquiry, data: Mapping[str, Any]) -> None:
    pay = pay_of(data)
    inquiry.pays[pay.request.txn_id] = pay
    inquiry.fiscal_awaited = pay.fiscal


def _pay_result(inquiry: Inquiry, data: Mapping[str, Any]) -> None:
    pay = inquiry.pays.get(data["txn_id"])
    if pay is not None:
        answered = replace(pay, outcome=PayOutcome(data["outcome"]), provider_txn=data["provider_txn"])
        inquiry.pays[data["txn_id"]] = answered


def _cancel_result(inquiry: Inquiry, data: Mapping[str, Any]) -> None:
    pay = inquiry.pays.get(data["txn_id"])
    if pay is not None and data["outcome"] == "cancelled":
        inquiry.pays[data["txn_id"]] = replace(pay, outcome=PayOutcome.REFUSED)


def _moved(inquiry: Inquiry, data: Mapping[str, Any]) -> None:
    if data["to"] == "refunded":
        inquiry.given_back_minor += data["amount_minor"]


def _fiscal_intent(inquiry: Inquiry, data: Mapping[str, Any]) -> None:
    inquiry.fiscal_total_minor = data["total_minor"]


def _fiscal_done(inquiry: Inquiry, data: Mapping[str, Any]) -> None:
    inquiry.fiscal, inquiry.fiscal_awaited = done_of(data), False


def _fiscal_refused(inquiry: Inquiry, data: Mapping[str, Any]) -> None:
    inquiry.fiscal_awaited = True  # a person makes a correction


def _receipt_done(inquiry: Inquiry, data: Mapping[str, Any]) -> None:
    inquiry.printed = data["printed"]


def _session_closed(inquiry: Inquiry, data: Mapping[str, Any]) -> None:
    inquiry.closed = True


_FOLLOW: dict[str, Callable[[Inquiry, Mapping[str, Any]], None]] = {
    "stacked": _money,
    "coin_in": _money,
    "in_doubt": _in_doubt,
    "card_intent": _card_intent,
    "card_result": _card_result,
    "card_review": _card_review,
    "card_reversed": _card_reversed,
    "qr_result": _qr_result,
    "pay_intent": _pay_intent,
    "pay_result": _pay_result,
    "cancel_result": _cancel_result,
    "moved": _moved,
    "fiscal_intent": _fiscal_intent,
    "fiscal_done": _fiscal_done,
    "fiscal_refused": _fiscal_refused,
    "receipt_done": _receipt_done,
    "session_closed": _session_closed,
}

# --- what a person is told --------------------------------------------------------------------------------------------

_WITH_US = "Деньги у нас: назовите консультанту номер операции, мы зачислим или вернём их."
_WORDS = {
    Fate.CREDITED: "Платёж на {taken} зачислен.",
    Fate.ON_ITS_WAY: "Мы приняли {taken} и зачислим их на лицевой счёт, как только восстановится связь. "
    "Платить ещё раз не нужно.",
    Fate.PARTLY_REFUSED: "Часть платежа на {taken} лицевой счёт не принял. " + _WITH_US,
    Fate.REFUSED: "Мы приняли {taken}, но лицевой счёт их не принял. " + _WITH_US,
    Fate.REFUNDED: "Платёж не прошёл, и {refunded} возвращены на карту. Банк покажет их в течение нескольких дней.",
    Fate.READDRESSED: "По вашему обращению {moved} зачисляются на другой лицевой счёт. Номер нового платежа назовёт "
    "консультант.",
    Fate.GIVEN_BACK: "По вашему обращению {given_back} возвращены вам.",
    Fate.ASIDE: "Мы приняли {aside}, но это не та сумма, о которой просили. " + _WITH_US,
    Fate.CARD_UNKNOWN: "Банк не сообщил, списаны ли {unknown}. Мы спросим его сами: если деньги списаны, "
    "мы их зачислим, если нет, они останутся на карте.",
    Fate.IN_DOUBT: "{doubt} остались на проверке. Мы откроем кассету и зачислим деньги, если они там.",
    Fate.NOTHING_TAKEN: "По этой операции мы не взяли денег.",
}
_NOT_ENDED = "Платёж на терминале ещё не закончен. "
_NOT_ENDED_TAKEN = _NOT_ENDED + (
    "Принято {taken}: мы зачислим их, когда платёж завершат на терминале или терминал завершит его сам."
)
_NOT_ENDED_ASKED = _NOT_ENDED + "Терминал ждёт ответа банка о списании {unknown}."
_NOT_ENDED_EMPTY = _NOT_ENDED + "Денег мы пока не взяли."
_ALSO_IN_DOUBT = " Ещё {doubt} на проверке: мы откроем кассету и зачислим их, если они там."
_DOCUMENT_FOLLOWS = " Кассовый чек ещё не готов, мы сделаем его и пришлём или выдадим."


def inquiry_words(inquiry: Inquiry) -> str:
    """One paragraph; it always says where the money is and what happens next."""
    words = _not_ended(inquiry) if inquiry.fate is Fate.NOT_ENDED else _WORDS[inquiry.fate]
    if inquiry.in_doubt_minor and inquiry.fate is not Fate.IN_DOUBT:
        words += _ALSO_IN_DOUBT
    if inquiry.fiscal_awaited and inquiry.fate in (Fate.CREDITED, Fate.ON_ITS_WAY):
        words += _DOCUMENT_FOLLOWS
    return words.format(
        taken=rubles(inquiry.taken_minor),
        refunded=rubles(inquiry.refunded_minor),
        aside=rubles(inquiry.aside_minor),
        unknown=rubles(inquiry.card_unknown_minor),
        doubt=rubles(inquiry.in_doubt_minor),
        moved=rubles(inquiry.moved_minor),
        given_back=rubles(inquiry.given_back_minor),
    )


def _not_ended(inquiry: Inquiry) -> str:
    if inquiry.taken_minor:
        return _NOT_ENDED_TAKEN
    return _NOT_ENDED_ASKED if inquiry.card_unknown_minor else _NOT_ENDED_EMPTY


def copy_of(inquiry: Inquiry, *, terminal_id: str, printed_at: str) -> Receipt:
    """The slip once more, marked КОПИЯ, as things stand now."""
    pays = list(inquiry.pays.values())
    lines = tuple(
        PaidLine(
            pay.request.txn_id,
            pay.request.account,
            pay.line.service_title,
            pay.line.purpose,
            pay.request.amount_minor,
            pay.fee_minor,
            pay.outcome or PayOutcome.UNKNOWN,
            pay.provider_txn,
        )
        for pay in pays
    )
    refused = sum(line.amount_minor + line.fee_minor for line in lines if line.outcome is PayOutcome.REFUSED)
    return Receipt(
        txn_id=inquiry.number,
        printed_at=printed_at,
        terminal_id=terminal_id,
        account=inquiry.order.account,
        service_title=inquiry.order.service_title,
        inserted_minor=sum(line.amount_minor + line.fee_minor for line in lines),
        fee_minor=sum(line.fee_minor for line in lines),
        paid_minor=sum(line.amount_minor for line in lines),
        outcome=overall(pays) if pays else None,
        provider_txn=pays[0].provider_txn if pays else "",
        copy=True,
        in_doubt_minor=inquiry.in_doubt_minor,
        means=inquiry.order.means,
        lines=lines if len(lines) > 1 else (),
        asked_minor=inquiry.order.asked_total_minor,
        unallocated_minor=(refused if lines else inquiry.aside_minor) - _gone_on_minor(inquiry),
        card_unknown_minor=inquiry.card_unknown_minor,
        card=inquiry.card,
        qr_id=inquiry.qr_id,
        fiscal=inquiry.fiscal,
        fiscal_total_minor=inquiry.fiscal_total_minor,
        fiscal_awaited=inquiry.fiscal_awaited,
        contact=_copied_to(inquiry),
    )


def _copied_to(inquiry: Inquiry) -> str:
    """Where the electronic copy of a fiscal document goes, masked."""
    document = inquiry.fiscal is not None or inquiry.fiscal_awaited
    return masked_contact(inquiry.order.contact) if document else ""


def _gone_on_minor(inquiry: Inquiry) -> int:
    """What does not lie with us any more: back on a card, given back, paid to another account."""
    return inquiry.refunded_minor + inquiry.given_back_minor + inquiry.moved_minor
