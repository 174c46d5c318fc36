"""Rules of money that the office has decided on, from the order to its end: once, whatever is cut off meanwhile. Pure.

| stage | what is done |
|---|---|
| the order comes, for the first time | `move_ordered` |
| a credit stands in the way, its day is not over | `cancel_intent`, then billing is asked until it says yes or no |
| its day is over, or billing says no | `move_failed`, `cancel_result`: the credit stands |
| another account | `pay_intent` out of `unallocated`: from here on it is a pay like any other |
| back by СБП | `refund_intent`, then the bank is asked until it says yes or no |
| given back by a person, or the bank says yes | `moved` to `refunded` |
| the money does not lie here | `move_failed` |
| withdrawn before the first of these steps, or before it came | `move_withdrawn`: it is never taken any more |
| withdrawn later | nothing: it goes on to its end |

A cancel is asked for on the day of the payment only: with the night comes the register, and then the credit is final.
Source: payments notes, sections 2 and 4.
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Mapping
from typing import Any

import msgspec

from payment.contract import (
    CancelAnswered,
    CancelOutcome,
    MoveAct,
    MoveOrdered,
    MoveWithdrawn,
    OrderLine,
    PayRequest,
    QrRefundAnswered,
)
from payment.effects import CancelPay, Record, RefundQr, SendPay
from payment.ledger import Books, Place
from payment.rules.pay import intent_data
from payment.transaction_values import Context, Pay
from payment.work import Reaction, Work

REASON_LENGTH_MAX = 200


class Stage(enum.Enum):
    """How far an order is."""

    ORDERED = "ordered"
    CANCELLING = "cancelling"
    FREE = "free"  # the money lies in `unallocated`
    REFUNDING = "refunding"


class MoveWork(Work):
    """One order under way."""

    order: MoveOrdered = MoveOrdered("", MoveAct.FREE, 0)
    stage: Stage = Stage.ORDERED
    begun: bool = False  # billing or bank may have heard of it

    @property
    def asks_of(self) -> str:
        """The number that an answer names."""
        credit = self.order.credit
        if self.stage is Stage.CANCELLING and credit is not None:
            return credit.request.txn_id
        return self.order.operation_id if self.stage is Stage.REFUNDING else ""


def ordered(order: MoveOrdered) -> Reaction:
    """An order that the journal does not know yet."""
    return Reaction([Record("move_ordered", order_data(order))])


def stage_after(work: MoveWork, kind: str, data: Mapping[str, Any]) -> Stage | None:
    """None: the order is over."""
    match kind:
        case "cancel_intent":
            return Stage.CANCELLING
        case "cancel_result" if data["outcome"] == "cancelled" and work.order.act is not MoveAct.FREE:
            return Stage.FREE
        case "refund_intent":
            return Stage.REFUNDING
        case _:
            return None


def first_stage(order: MoveOrdered) -> Stage:
    return Stage.ORDERED if order.credit is not None else Stage.FREE


def due(work: MoveWork, unallocated_minor: int, context: Context) -> Reaction:
    """The next step. `unallocated_minor`: what lies there by the books."""
    if not work.is_due(context.now.monotonic_s):
        return Reaction()
    order = work.order
    match work.stage:
        case Stage.ORDERED:
            return _begin_cancel(order, context)
        case Stage.CANCELLING:
            work.asked(context.now.monotonic_s)
            return Reaction([_cancel(order)])
        case Stage.REFUNDING:
            work.asked(context.now.monotonic_s)
            return Reaction([RefundQr(order.operation_id, order.amount_minor)])
        case Stage.FREE:
            return _move(order, unallocated_minor, context)


def react(work: MoveWork, event: CancelAnswered | QrRefundAnswered, context: Context) -> Reaction:
    """An answer; without a sure one the same is asked again."""
    match event:
        case CancelAnswered(outcome=CancelOutcome.CANCELLED | CancelOutcome.REFUSED):
            return Reaction([_cancel_result(work.order, event)])
        case QrRefundAnswered(done=True):
            return Reaction([_moved(work.order)])
        case QrRefundAnswered(done=False):
            return Reaction([_failed(work.order, f"банк отказал в возврате: {event.reason}")])
        case _:
            settings = context.settings
            work.ask_again(context.now.monotonic_s, settings.pay_retry_first_s, settings.pay_retry_max_s)
            return Reaction()


def _begin_cancel(order: MoveOrdered, context: Context) -> Reaction:
    assert order.credit is not None
    if order.credit.request.txn_date[:8] != context.now.local[:8]:
        return Reaction([_failed(order, "день платежа закончился, биллинг уже получил реестр")])
    intent = Record("cancel_intent", {**_naming(order), "txn_id": order.credit.request.txn_id})
    return Reaction([intent, _cancel(order)])


def _cancel(order: MoveOrdered) -> CancelPay:
    assert order.credit is not None
    return CancelPay(order.credit.request, order.credit.provider_txn)


def _move(order: MoveOrdered, unallocated_minor: int, context: Context) -> Reaction:
    if order.amount_minor > unallocated_minor:
        return Reaction([_failed(order, "в журнале терминала этих денег нет")])
    match order.act:
        case MoveAct.READDRESS:
            pay = _pay(order, context)
            intent = Record("pay_intent", {**intent_data(pay), "from": Place.UNALLOCATED.value, "of_txn": order.of_txn})
            return Reaction([intent, SendPay(pay.request)])
        case MoveAct.REFUND_QR if not context.qr:
            return Reaction([_failed(order, "на терминале не настроен банк СБП")])
        case MoveAct.REFUND_QR:
            return Reaction([Record("refund_intent", _naming(order)), RefundQr(order.operation_id, order.amount_minor)])
        case _:
            return Reaction([_moved(order)])


def _pay(order: MoveOrdered, context: Context) -> Pay:
    """Under the order's own name in place of a visit's. A cancelled credit has its document: a person corrects it."""
    request = PayRequest(context.txn_id, context.now.local, order.account, order.amount_minor)
    line = OrderLine(order.account, order.service, order.service_title)
    fiscal = context.settings.fiscal_required and order.credit is None
    return Pay(request, order.order_id, line, order.means, fiscal=fiscal)


class Aside:
    """What lies in `unallocated` of each payment: money of one is never moved for another."""

    def __init__(self) -> None:
        self._lies: dict[str, int] = {}
        self._sessions: dict[str, str] = {}  # of these payments
        self._moved_for: dict[str, str] = {}  # the payment whose money an order moves

    def of(self, txn_id: str) -> int:
        return self._lies.get(txn_id, 0)

    def ordered(self, order: MoveOrdered) -> None:
        self._moved_for[order.order_id] = order.of_txn

    def enter(self, kind: str, data: Mapping[str, Any]) -> None:
        match kind:
            case "pay_result" if data["outcome"] == "refused":
                session_id = data.get("session_id", "")
                txn_id = self._moved_for.get(session_id) or data["txn_id"]  # refused anew: it lies as it lay before
                self._add(txn_id, data["amount_minor"] + data["fee_minor"])
                self._sessions.setdefault(txn_id, session_id)
            case "cancel_result" if data["outcome"] == "cancelled":
                self._add(data["txn_id"], data["amount_minor"])
            case "pay_intent" if "from" in data:
                self._add(data["of_txn"], -data["amount_minor"])
            case "moved" if "order_id" in data:
                self._add(data["txn_id"], -data["amount_minor"])
            case "card_reversed" if data["of"] == "approved" and data["outcome"] == "done":
                for txn_id in [each for each, session in self._sessions.items() if session == data["session_id"]]:
                    self._lies[txn_id] = 0

    def _add(self, txn_id: str, amount_minor: int) -> None:
        self._lies[txn_id] = self._lies.get(txn_id, 0) + amount_minor


class MoveQueue:
    """Follows the durable records; an order is taken once, however often it is told."""

    def __init__(self, books: Books) -> None:
        self._books = books
        self._aside = Aside()
        self._works: dict[str, MoveWork] = {}
        self._known: set[str] = set()

    def __len__(self) -> int:
        return len(self._works)

    def enter(self, kind: str, data: Mapping[str, Any], *, live: bool, now_s: float) -> None:
        self._aside.enter(kind, data)
        if kind == "move_ordered":
            order = order_of(data)
            self._known.add(order.order_id)
            self._aside.ordered(order)
            self._works[order.order_id] = MoveWork(order=order, stage=first_stage(order))
        elif kind == "move_withdrawn":
            self._known.add(data["order_id"])
            self._works.pop(data["order_id"], None)
        elif (work := self._works.get(data.get("session_id" if kind == "pay_intent" else "order_id", ""))) is not None:
            self._goes_on(work, stage_after(work, kind, data), now_s if live else None)

    def _goes_on(self, work: MoveWork, stage: Stage | None, now_s: float | None) -> None:
        if stage is None:
            del self._works[work.order.order_id]
            return
        work.stage, work.begun = stage, True
        work.ask_now()
        if now_s is not None and stage in (Stage.CANCELLING, Stage.REFUNDING):
            work.asked(now_s)

    def react(
        self, event: MoveOrdered | MoveWithdrawn | CancelAnswered | QrRefundAnswered, context: Context
    ) -> Reaction:
        if isinstance(event, MoveOrdered):
            known = event.order_id in self._known or not context.disk_writable
            return Reaction() if known else ordered(event)
        if isinstance(event, MoveWithdrawn):
            return self._withdraw(event.order_id) if context.disk_writable else Reaction()
        name = event.txn_id if isinstance(event, CancelAnswered) else event.operation_id
        asked = next((work for work in self._works.values() if work.asks_of == name), None)
        return Reaction() if asked is None else react(asked, event, context)

    def _withdraw(self, order_id: str) -> Reaction:
        """What has begun or is over speaks for itself in the journal."""
        work, known = self._works.get(order_id), order_id in self._known
        if known and (work is None or work.begun):
            return Reaction()
        return Reaction([Record("move_withdrawn", {"order_id": order_id, "known": known})])

    def due(self, context: Context, held: Collection[str] = ()) -> Reaction:
        """One step of one order. `held`: payments whose card is not done with: their money may yet go back to it."""
        for work in self._works.values():
            if work.order.of_txn not in held and (reaction := due(work, self._lies(work.order), context)).effects:
                return reaction
        return Reaction()

    def _lies(self, order: MoveOrdered) -> int:
        """What may be moved: of its payment, and never more than lies there at all."""
        whole = self._books.balance(Place.UNALLOCATED)
        return min(whole, self._aside.of(order.of_txn)) if order.of_txn else whole


# --- as the journal keeps it ------------------------------------------------------------------------------------------


def order_data(order: MoveOrdered) -> dict[str, object]:
    data: dict[str, object] = msgspec.to_builtins(order)
    return data


def order_of(data: Mapping[str, Any]) -> MoveOrdered:
    """The order of a `move_ordered` record."""
    return msgspec.convert(data, MoveOrdered)


def _naming(order: MoveOrdered) -> dict[str, object]:
    return {"order_id": order.order_id, "amount_minor": order.amount_minor}


def _cancel_result(order: MoveOrdered, answer: CancelAnswered) -> Record:
    credit = order.credit
    assert credit is not None
    named = {**_naming(order), "session_id": credit.session_id, "txn_id": credit.request.txn_id}
    reason = answer.comment[:REASON_LENGTH_MAX]
    return Record("cancel_result", {**named, "outcome": answer.outcome.value, "reason": reason})


def _moved(order: MoveOrdered) -> Record:
    return Record(
        "moved", {**_naming(order), "txn_id": order.of_txn, "from": Place.UNALLOCATED.value, "to": Place.REFUNDED.value}
    )


def _failed(order: MoveOrdered, reason: str) -> Record:
    return Record("move_failed", {**_naming(order), "reason": reason[:REASON_LENGTH_MAX]})
