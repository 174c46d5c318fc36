"""What every open thread of the journal is now: one pure answer for each record a power cut or a kill can follow.

| last record of a visit | what is done |
|---|---|
| session_open, stacked, returned, coin_in | no more money; what is inside is paid to the account, else it is closed |
| escrow_seen | the note goes back; in the stacker: owed to the visit |
| decision(stack) | the device tells: stacked -> credited, returned -> back, nothing -> in doubt |
| coin_rejected, coins_lost, coin_counter_reset | counted from there; coins still buffered are told again, else known |
| coins_remembered | counted from there, by the device it names |
| card_intent, card_result(unknown) | the last result is asked; never a second sale |
| card_result(approved) | lines without an intent are paid |
| card_result(declined), card_review | the visit is closed |
| card_reversal | the same reversal again |
| card_reversed | done: closed; refused: the settlement or a person decides |
| qr_intent | nobody has seen the QR: abandoned, cancelled |
| qr_registered | watched until it is final; a late payment is credited |
| qr_result | paid: lines without an intent are paid; else the visit is closed |
| pay_intent | the same request again; lines without an intent get theirs |
| pay_result | all lines answered: the fiscal document where one is due, then the receipt |
| fiscal_intent | the register is asked: closed -> its numbers; surely absent -> the same document once more |
| fiscal_done, fiscal_refused, receipt_intent | the receipt, marked КОПИЯ where it may be on paper already |
| receipt_done | the visit is closed |
| collection_open | signed in: goes on; a removal nobody answers for: until the cassette is back |
| cassette_out, cassette_in | until the acceptor is ready: it has a cassette then, and the counters are reset |
| counters_reset | signed in: goes on; else over |
| move_ordered, cancel_intent, refund_intent | the office's order goes on: the same question again |
| move_withdrawn | the order is forgotten, and refused when it comes (again) |
| settlement_intent | no verdict: `settlement_done` says so, the day goes on |

Works (payment/outstanding.py) follow the same records; what the power-ups of an acceptor mean stands in rules/note.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from msgspec.structs import replace

from payment.cassette import COUNTED, Cassette
from payment.contract import CardOutcome, JournalRecord, Means, PayOutcome
from payment.ledger import Books
from payment.outstanding import Outstanding
from payment.rules.card import slip_of
from payment.rules.fiscal import done_of
from payment.rules.pay import order_of, pay_of
from payment.transaction_values import Collection, Decided, Escrow, Phase, Transaction, without_visit

ON_TOP_MAX = 5  # an acceptor's memory of events (ccTalk) holds no more


@dataclass(frozen=True, slots=True)
class Open:
    """What a new cashier goes on with."""

    transaction: Transaction = field(default_factory=Transaction)
    outstanding: Outstanding = field(default_factory=Outstanding)
    cassette: Cassette = field(default_factory=Cassette)
    books: Books = field(default_factory=Books)
    printed_before: bool = False  # a receipt of the open visit may be on paper already


def recover(records: Sequence[JournalRecord]) -> Open:
    """Folds the whole journal."""
    books, cassette = Books(), Cassette()
    outstanding = Outstanding(books)
    state = Transaction()
    last_visit = _last_of("session_open", records)
    last_note = _last_of("escrow_seen", records[:last_visit])
    parts = (
        (records[:last_note], _BESIDE_NOTES),
        (records[last_note:last_visit], _OUTLIVES),
        (records[last_visit:], _FOLLOW),
    )
    for part, followed in parts:
        for record in part:
            kind, data = record.kind, record.data
            books.add(kind, data)
            outstanding.enter(kind, data)
            if kind in COUNTED:
                cassette.add(kind, data)
            if (follow := followed.get(kind)) is not None:
                state = follow(state, data)
    state = replace(state, stacked_before=_on_top(records))
    printed_before = any(record.kind == "receipt_intent" for record in records[last_visit:])
    return Open(_rebuilt(state), outstanding, cassette, books, printed_before)


def _last_of(kind: str, records: Sequence[JournalRecord]) -> int:
    """Where the last one of a kind stands: nothing of earlier visits, or of earlier notes, is left behind it."""
    return next((at for at in range(len(records) - 1, -1, -1) if records[at].kind == kind), 0)


def _on_top(records: Sequence[JournalRecord]) -> tuple[int, ...]:
    """The notes stacked last, newest first, as the acceptor called them; it remembers no more of them than these."""
    stacked: Iterator[Mapping[str, Any]] = (
        record.data for record in reversed(records) if record.kind in ("stacked", "cash_unidentified")
    )
    return tuple(data.get("reported_minor") or data["value_minor"] for data in islice(stacked, ON_TOP_MAX))


def _rebuilt(state: Transaction) -> Transaction:
    collection = state.collection
    if collection is not None and not collection.authorised and not collection.cassette_out:
        state = replace(state, collection=replace(collection, cassette_out=True))
    if state.phase is Phase.IDLE and state.escrow is not None:
        state = replace(state, phase=Phase.FINISHING)
    return replace(state, recovered=state.phase is not Phase.IDLE)


# --- one function for each record that changes the visit in hand ------------------------------------------------------


def _session_open(state: Transaction, data: Mapping[str, Any]) -> Transaction:
    """Money by card or QR needs its intent first."""
    order = order_of(data)
    phase = Phase.FINISHING if order.means is Means.CASH else Phase.DONE
    return replace(without_visit(state), phase=phase, session_id=data["session_id"], order=order)


def _session_closed(state: Transaction, data: Mapping[str, Any]) -> Transaction:
    return without_visit(state)


def _escrow_seen(state: Transaction, data: Mapping[str, Any]) -> Transaction:
    of_visit = state.order is not None  # else nobody's, or of a visit that is over
    escrow = Escrow(data["value_minor"], of_visit=of_visit, session_id=data.get("session_id", ""))
    return replace(state, escrow=escrow, last_doubted_minor=0, last_stacked_minor=0)


def _decision(state: Transaction, data: Mapping[str, Any]) -> Transaction:
    if state.escrow is None:
        return state
    return replace(state, escrow=replace(state.escrow, decided=Decided(data["decision"])))


def _stacked(state: Transaction, data: Mapping[str, Any]) -> Transaction:
    value: int = data["value_minor"]
    after = replace(state, last_stacked_minor=value)
    if data.get("from") == "in_doubt":
        after = replace(after, last_doubted_minor=0, in_doubt_minor=max(0, state.in_doubt_minor - value))
    else:
        after = replace(after, escrow=None)
    if data.get("to") == "unallocated":
        return after
    return replace(after, inserted_minor=state.inserted_minor + value)


def _returned(state: Transaction, data: Mapping[str, Any]) -> Transaction:
    return replace(state, escrow=None)


def _in_doubt(state: Transaction, data: Mapping[str, Any]) -> Transaction:
    value: int = data["value_minor"]
    mine = (
        value if data.get("session_id", "") == state.session_id else 0
    )  # else of a note that an earlier visit left behind
    return replace(state, escrow=None, last_doubted_minor=value, in_doubt_minor=state.in_doubt_minor + mine)


def _repeat_ignored(state: Transaction, data: Mapping[str, Any]) -> Transaction:
    return replace(state, last_stacked_minor=0)


def _coin_in(state: Transaction, data: Mapping[str, Any]) -> Transaction:
    counted = _coin_counted(state, data)
    if data.get("to") == "unallocated":
        return counted
    return replace(counted, inserted_minor=state.inserted_minor + data["value_minor"])


def _coin_counted(state: Transaction, data: Mapping[str, Any]) -> Transaction:
    return replace(state, coin_counter=data["counter"], coin_device=data.get("device", state.coin_device))


def _coins_lost(state: Transaction, data: Mapping[str, Any]) -> Transaction:
    return replace(state, coin_counter=data.get("counter", state.coin_counter))


def _coin_counter_reset(state: Transaction, data: Mapping[str, Any]) -> Transaction:
    return replace(state, coin_counter=0)


def _operation_intent(state: Transaction, data: Mapping[str, Any]) -> Transaction:
    if data["session_id"] != state.session_id or state.order is None:
        return state
    phase = Phase.AUTHORIZING if state.order.means is Means.CARD else Phase.QR_SHOWN
    return replace(state, phase=phase, operation_id=data["operation_id"], operation_minor=data["amount_minor"])


def _card_result(state: Transaction, data: Mapping[str, Any]) -> Transaction:
    if data["operation_id"] != state.operation_id or state.phase is not Phase.AUTHORIZING:
        return state
    outcome = CardOutcome(data["outcome"])
    told = replace(state, card_outcome=outcome)
    match outcome:
        case CardOutcome.APPROVED:
            return replace(told, card=slip_of(data), inserted_minor=data["amount_minor"])
        case CardOutcome.DECLINED:
            return replace(told, phase=Phase.DONE)
        case CardOutcome.UNKNOWN:
            return told


def _operation_over(state: Transaction, data: Mapping[str, Any]) -> Transaction:
    """Reviewed or reversed: nothing is left for the visit, unless the reversal is to be sent again."""
    waiting = state.phase in (Phase.AUTHORIZING, Phase.QR_SHOWN) and data.get("outcome") != "unknown"
    return replace(state, phase=Phase.DONE) if waiting and data["operation_id"] == state.operation_id else state


def _qr_result(state: Transaction, data: Mapping[str, Any]) -> Transaction:
    if data["state"] != "paid" or "to" in data:
        return _operation_over(state, data)
    if data["operation_id"] != state.operation_id or state.phase is not Phase.QR_SHOWN:
        return state
    return replace(state, qr_id=data["provider_id"], inserted_minor=data["amount_minor"])


def _pay_intent(state: Transaction, data: Mapping[str, Any]) -> Transaction:
    if data["session_id"] != state.session_id or state.phase in (Phase.IDLE, Phase.DONE):
        return state  # a late payment: its customer is gone
    return replace(state, phase=Phase.PAYING, pays=(*state.pays, pay_of(data)))


def _pay_result(state: Transaction, data: Mapping[str, Any]) -> Transaction:
    if state.phase is not Phase.PAYING:
        return state
    outcome = PayOutcome(data["outcome"])
    pays = tuple(
        replace(pay, outcome=outcome, provider_txn=data["provider_txn"])
        if pay.request.txn_id == data["txn_id"] and pay.outcome in (None, PayOutcome.UNKNOWN)
        else pay
        for pay in state.pays
    )
    if any(pay.outcome is None for pay in pays):
        return replace(state, pays=pays)
    document_due = any(pay.fiscal and pay.outcome is not PayOutcome.REFUSED for pay in pays)
    return replace(state, pays=pays, phase=Phase.FISCALISING if document_due else Phase.PRINTING)


def _fiscal_intent(state: Transaction, data: Mapping[str, Any]) -> Transaction:
    mine = data["session_id"] == state.session_id
    return replace(state, fiscal_total_minor=data["total_minor"]) if mine else state


def _fiscal_done(state: Transaction, data: Mapping[str, Any]) -> Transaction:
    if data["session_id"] != state.session_id or state.phase is not Phase.FISCALISING:
        return state
    return replace(state, phase=Phase.PRINTING, fiscal=done_of(data))


def _fiscal_refused(state: Transaction, data: Mapping[str, Any]) -> Transaction:
    if data["session_id"] != state.session_id or state.phase is not Phase.FISCALISING:
        return state
    return replace(state, phase=Phase.PRINTING, fiscal_total_minor=0)


def _receipt_intent(state: Transaction, data: Mapping[str, Any]) -> Transaction:
    if state.pays:
        return replace(state, phase=Phase.PRINTING)
    return state if state.phase is Phase.FINISHING else replace(state, phase=Phase.DONE)


def _receipt_done(state: Transaction, data: Mapping[str, Any]) -> Transaction:
    if data["session_id"] != state.session_id:
        return state
    return replace(state, phase=Phase.DONE, receipt_printed=data["printed"])


def _collection_open(state: Transaction, data: Mapping[str, Any]) -> Transaction:
    collection = Collection(data["collection_id"], data["number"], data["authorised"])
    return replace(state, collection=collection, alarm=state.alarm and not collection.authorised)


def _cassette_out(state: Transaction, data: Mapping[str, Any]) -> Transaction:
    if state.collection is None:
        return state  # of a journal older than collections
    return replace(state, collection=replace(state.collection, cassette_out=True), alarm=data.get("alarm", state.alarm))


def _counters_reset(state: Transaction, data: Mapping[str, Any]) -> Transaction:
    collection = state.collection
    if collection is None or not collection.authorised:
        return replace(state, collection=None)
    return replace(state, collection=replace(collection, cassette_out=False))


def _collection_closed(state: Transaction, data: Mapping[str, Any]) -> Transaction:
    return replace(state, collection=None)


_BESIDE_NOTES: dict[str, Callable[[Transaction, Mapping[str, Any]], Transaction]] = {
    "coin_in": _coin_in,
    "coin_rejected": _coin_counted,
    "coins_remembered": _coin_counted,
    "coins_lost": _coins_lost,
    "coin_counter_reset": _coin_counter_reset,
    "collection_open": _collection_open,
    "cassette_out": _cassette_out,
    "counters_reset": _counters_reset,
    "collection_closed": _collection_closed,
}
_OUTLIVES = _BESIDE_NOTES | {
    "escrow_seen": _escrow_seen,
    "decision": _decision,
    "stacked": _stacked,
    "returned": _returned,
    "in_doubt": _in_doubt,
    "repeat_ignored": _repeat_ignored,
}
_FOLLOW = _OUTLIVES | {
    "session_open": _session_open,
    "session_closed": _session_closed,
    "card_intent": _operation_intent,
    "card_result": _card_result,
    "card_review": _operation_over,
    "card_reversed": _operation_over,
    "qr_intent": _operation_intent,
    "qr_result": _qr_result,
    "pay_intent": _pay_intent,
    "pay_result": _pay_result,
    "fiscal_intent": _fiscal_intent,
    "fiscal_done": _fiscal_done,
    "fiscal_refused": _fiscal_refused,
    "receipt_intent": _receipt_intent,
    "receipt_done": _receipt_done,
}
