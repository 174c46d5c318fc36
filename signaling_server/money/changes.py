"""What one journal record means for the office, as values. Pure; what has to be looked up is looked up by the shell."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from payment.money import rubles
from signaling_server.contract.money import MoneyItemKind, PaymentOutcome
from signaling_server.local_time import local_date
from signaling_server.money.change_values import (
    ACCOUNTING,
    OPERATIONS,
    ORDER_PREFIX,
    CardDoubted,
    CardRefunded,
    Change,
    CollectionCounted,
    CollectionEnded,
    CollectionSeen,
    DocumentMade,
    ItemClosed,
    ItemOpened,
    OrderAccepted,
    OrderBegun,
    OrderEnded,
    OrderWithdrawn,
    PaymentAnswered,
    PaymentCancelled,
    PaymentTaken,
    QrPaid,
    ReceiptEnded,
    SessionSeen,
)

Data = Mapping[str, Any]


def changes_of(kind: str, data: Data, record: str, at_ms: int) -> list[Change]:
    """What the office learns from a record; `record` names it among all of its terminal.

    Raises:
        KeyError, TypeError, ValueError: the record lacks what its kind has to have.
    """
    reader = _READERS.get(kind)
    return reader(data, record, at_ms) if reader is not None else []


def unreadable(kind: str, record: str, at_ms: int) -> ItemOpened:
    """A record that is stored but not understood: a person of ours has to look."""
    detail = f"Запись {record} ({kind[:40]}) не понята: программа терминала другой версии"
    return ItemOpened(MoneyItemKind.CHAIN, record, 0, OPERATIONS, at_ms, detail)


# --- payments ---------------------------------------------------------------------------------------------------------


def _session(data: Data, record: str, at_ms: int) -> list[Change]:
    return [SessionSeen(_word(data["session_id"], 64), _word(data["account"]), at_ms)]


def _taken(data: Data, record: str, at_ms: int) -> list[Change]:
    begun: list[Change] = [OrderBegun(_word(data["session_id"], 64))] if data.get("from") == "unallocated" else []
    return [
        *begun,
        PaymentTaken(
            txn_id=_word(data["txn_id"], 32),
            session_id=_word(data.get("session_id", ""), 64),
            account=_word(data["account"]),
            service=_word(data.get("service", "")),
            means=_word(data.get("means", "cash"), 16),
            amount_minor=_whole(data["amount_minor"]),
            fee_minor=_whole(data.get("fee_minor", 0)),
            txn_date=_word(data["txn_date"], 14),
            at_ms=at_ms,
        ),
    ]


def _answered(data: Data, record: str, at_ms: int) -> list[Change]:
    outcome, provider_txn = PaymentOutcome(data["outcome"]).value, _word(data.get("provider_txn", ""), 64)
    changes: list[Change] = [PaymentAnswered(_word(data["txn_id"], 32), outcome, provider_txn, at_ms)]
    order_id = _word(data.get("session_id", ""), 64)
    if order_id.startswith(ORDER_PREFIX):
        return [*changes, *_order_paid(order_id, data, outcome, provider_txn, at_ms)]
    if outcome == "refused":
        amount_minor = _whole(data["amount_minor"]) + _whole(data.get("fee_minor", 0))
        code = data.get("result_code")
        detail = "Биллинг отказал" + (f", код {code}" if code is not None else "")
        refused = ItemOpened(MoneyItemKind.UNALLOCATED, data["txn_id"], amount_minor, ACCOUNTING, at_ms, detail)
        changes.append(refused)
    return changes


def _order_paid(order_id: str, data: Data, outcome: str, provider_txn: str, at_ms: int) -> list[Change]:
    """Money that two people had paid to another account. Refused, it lies with us as before: the item stays."""
    if outcome == "unknown":
        return []
    if outcome == "refused":
        return [OrderEnded(order_id, False, f"Биллинг отказал, код {data.get('result_code')}", at_ms)]
    words = f"Зачислено на счёт {_word(data.get('account', ''))}, номер {provider_txn}"
    return [OrderEnded(order_id, True, words, at_ms)]


def _receipt(data: Data, record: str, at_ms: int) -> list[Change]:
    return [ReceiptEnded(_word(data["txn_id"], 32), bool(data["printed"]))]


def _document(data: Data, record: str, at_ms: int) -> list[Change]:
    return [DocumentMade(_word(data["session_id"], 64), _word(f"ФН {data['fn']} ФД {data['fd']} ФП {data['fpd']}", 64))]


# --- cash that a person has to look at --------------------------------------------------------------------------------


def _stacked(data: Data, record: str, at_ms: int) -> list[Change]:
    value_minor = _whole(data["value_minor"])
    changes: list[Change] = []
    if data.get("from") == "in_doubt":
        found = "Приёмник сообщил: купюра в кассете"
        changes.append(ItemClosed(MoneyItemKind.IN_DOUBT, found, at_ms, amount_minor=value_minor))
    if data.get("to") == "unallocated":
        late = "Купюра принята после конца платежа"
        changes.append(_unallocated(data, record, value_minor, at_ms, late))
    return changes


def _coin(data: Data, record: str, at_ms: int) -> list[Change]:
    if data.get("to") != "unallocated":
        return []
    late = "Монета принята вне платежа"
    return [_unallocated(data, record, _whole(data["value_minor"]), at_ms, late)]


def _unidentified(data: Data, record: str, at_ms: int) -> list[Change]:
    nobody = "Купюра уложена без платежа"
    return [_unallocated(data, record, _whole(data["value_minor"]), at_ms, nobody)]


def _unallocated(data: Data, reference: str, amount_minor: int, at_ms: int, detail: str) -> ItemOpened:
    session_id = _word(data.get("session_id", ""), 64)
    return ItemOpened(
        MoneyItemKind.UNALLOCATED, reference, amount_minor, ACCOUNTING, at_ms, detail, session_id=session_id
    )


def _doubt(data: Data, record: str, at_ms: int) -> list[Change]:
    detail = "Приёмник не сообщил, где купюра: решает пересчёт кассеты"
    value_minor = _whole(data["value_minor"])
    session_id = _word(data.get("session_id", ""), 64)
    kind, reference = MoneyItemKind.IN_DOUBT, record
    return [ItemOpened(kind, reference, value_minor, ACCOUNTING, at_ms, detail, session_id=session_id)]


def _doubt_cleared(data: Data, record: str, at_ms: int) -> list[Change]:
    back = "Приёмник сообщил: купюра возвращена"
    value_minor = _whole(data["value_minor"])
    return [ItemClosed(MoneyItemKind.IN_DOUBT, back, at_ms, amount_minor=value_minor)]


def _coins_lost(data: Data, record: str, at_ms: int) -> list[Change]:
    detail = f"Монетоприёмник потерял события: {data.get('count') or 'число неизвестно'}"
    return [ItemOpened(MoneyItemKind.COINS_LOST, record, 0, OPERATIONS, at_ms, detail)]


# --- card, QR, fiscal register ----------------------------------------------------------------------------------------


def _card_review(data: Data, record: str, at_ms: int) -> list[Change]:
    asked, got = _whole(data["asked_minor"]), _whole(data["amount_minor"])
    detail = f"Банк списал не ту сумму: просили {rubles(asked)}, списано {rubles(got)}"
    kind, account = MoneyItemKind.CARD_REVIEW, _word(data.get("account", ""))
    reference, session_id = _word(data["operation_id"], 64), _word(data.get("session_id", ""), 64)
    return [ItemOpened(kind, reference, got, ACCOUNTING, at_ms, detail, account, session_id)]


def _card_reversed(data: Data, record: str, at_ms: int) -> list[Change]:
    if data.get("of") != "approved" or data["outcome"] == "refused":
        return []
    session_id = _word(data["session_id"], 64)
    return [CardRefunded(session_id, at_ms) if data["outcome"] == "done" else CardDoubted(session_id)]


def _moved(data: Data, record: str, at_ms: int) -> list[Change]:
    if order_id := data.get("order_id"):
        return [OrderEnded(_word(order_id, 64), True, "Деньги возвращены", at_ms)]
    if data.get("from") != "unallocated":
        return []
    reference = _word(data["txn_id"], 64)
    return [ItemClosed(MoneyItemKind.UNALLOCATED, "Переведено записью терминала", at_ms, reference)]


def _qr(data: Data, record: str, at_ms: int) -> list[Change]:
    if data.get("state") != "paid":
        return []
    operation_id, amount_minor = _word(data["operation_id"], 64), _whole(data["amount_minor"])
    paid = QrPaid(_word(data.get("session_id", ""), 64), operation_id, amount_minor)
    if data.get("to") != "unallocated":
        return [paid]
    other = "По QR оплачена другая сумма"
    return [paid, _unallocated(data, operation_id, amount_minor, at_ms, other)]


def _settlement(data: Data, record: str, at_ms: int) -> list[Change]:
    if data.get("agreed") is not False:
        return []
    detail = f"Сверка с банком не сошлась: у банка {data.get('count')}, у нас {data.get('own_count')} операций"
    differs = abs(_whole(data.get("total_minor", 0)) - _whole(data.get("own_total_minor", 0)))
    return [ItemOpened(MoneyItemKind.SETTLEMENT, _word(data["settlement_id"], 64), differs, ACCOUNTING, at_ms, detail)]


def _fiscal_refused(data: Data, record: str, at_ms: int) -> list[Change]:
    detail = f"Чек не пробит, нужна коррекция: {data.get('reason', '')}"
    kind, session_id = MoneyItemKind.FISCAL, _word(data.get("session_id", ""), 64)
    return [ItemOpened(kind, _word(data["fiscal_id"], 64), 0, ACCOUNTING, at_ms, detail, session_id=session_id)]


def _fiscal_warning(data: Data, record: str, at_ms: int) -> list[Change]:
    """Once a day for each thing and its severity, however often the terminal is started."""
    day = local_date(at_ms // 1_000).strftime("%Y%m%d")
    reference = f"warning-{_word(data['what'], 32)}-{_whole(data['severity'])}-{day}"
    return [ItemOpened(MoneyItemKind.FISCAL, reference, 0, OPERATIONS, at_ms, _word(data["words"]))]


# --- what two people decided ------------------------------------------------------------------------------------------


def _ordered(data: Data, record: str, at_ms: int) -> list[Change]:
    return [OrderAccepted(_word(data["order_id"], 64), at_ms)]


def _begun(data: Data, record: str, at_ms: int) -> list[Change]:
    return [OrderBegun(_word(data["order_id"], 64))]


def _withdrawn(data: Data, record: str, at_ms: int) -> list[Change]:
    return [OrderWithdrawn(_word(data["order_id"], 64), at_ms)]


def _cancelled(data: Data, record: str, at_ms: int) -> list[Change]:
    """The credit is undone; its receipt, if there is one, is not."""
    order_id, txn_id = _word(data["order_id"], 64), _word(data["txn_id"], 32)
    if data["outcome"] != "cancelled":
        words = f"Биллинг не отменил платёж: {_word(data.get('reason', ''))}"
        return [OrderEnded(order_id, False, words, at_ms)]
    detail = "Платёж отменён в биллинге. Если чек пробит, нужен чек возврата"
    receipt = ItemOpened(MoneyItemKind.FISCAL, f"cancel-{txn_id}", 0, ACCOUNTING, at_ms, detail)
    return [PaymentCancelled(txn_id, order_id, at_ms), receipt]


def _move_failed(data: Data, record: str, at_ms: int) -> list[Change]:
    reason = _word(data["reason"])
    return [OrderEnded(_word(data["order_id"], 64), False, reason[:1].upper() + reason[1:], at_ms)]


# --- collections ------------------------------------------------------------------------------------------------------


def _collection(data: Data, record: str, at_ms: int) -> list[Change]:
    authorised = bool(data["authorised"])
    collector, seal = _word(data.get("collector", "")), _word(data.get("seal", ""))
    seen = CollectionSeen(_word(data["collection_id"], 64), int(data["number"]), authorised, collector, seal, at_ms)
    if authorised:
        return [seen]
    amount_minor = _whole(data.get("notes_total_minor", 0)) + _whole(data.get("coins_total_minor", 0))
    detail = "Кассета вынута без входа инкассатора"
    return [
        seen,
        ItemOpened(MoneyItemKind.REMOVAL, _word(data["collection_id"], 64), amount_minor, OPERATIONS, at_ms, detail),
    ]


def _reset(data: Data, record: str, at_ms: int) -> list[Change]:
    counts: dict[int, int] = {}
    for counted in (data.get("notes", {}), data.get("coins", {})):
        for value, number in counted.items():
            counts[int(value)] = counts.get(int(value), 0) + _whole(number)
    return [CollectionCounted(_word(data["collection_id"], 64), counts, _whole(data.get("in_doubt_minor", 0)))]


def _collection_closed(data: Data, record: str, at_ms: int) -> list[Change]:
    return [CollectionEnded(_word(data["collection_id"], 64), at_ms)]


def _word(value: object, size: int = 200) -> str:
    if not isinstance(value, str) or len(value) > size:
        raise ValueError(f"a text of at most {size} signs")
    return value


def _whole(amount: object) -> int:
    if not isinstance(amount, int) or isinstance(amount, bool) or amount < 0:
        raise ValueError("a whole number, not negative")
    return amount


_READERS: dict[str, Callable[[Data, str, int], list[Change]]] = {
    "session_open": _session,
    "pay_intent": _taken,
    "pay_result": _answered,
    "receipt_done": _receipt,
    "fiscal_done": _document,
    "stacked": _stacked,
    "coin_in": _coin,
    "cash_unidentified": _unidentified,
    "in_doubt": _doubt,
    "doubt_cleared": _doubt_cleared,
    "coins_lost": _coins_lost,
    "card_review": _card_review,
    "card_reversed": _card_reversed,
    "moved": _moved,
    "move_ordered": _ordered,
    "cancel_intent": _begun,
    "refund_intent": _begun,
    "move_withdrawn": _withdrawn,
    "cancel_result": _cancelled,
    "move_failed": _move_failed,
    "qr_result": _qr,
    "settlement_done": _settlement,
    "fiscal_refused": _fiscal_refused,
    "fiscal_warning": _fiscal_warning,
    "collection_open": _collection,
    "counters_reset": _reset,
    "collection_closed": _collection_closed,
}
