"""From a decision of two people to the terminal that carries it out, and back to the page.

The money lies in the terminal's books, so the terminal alone moves it; what it did comes back with its journal. What no
terminal can do (a credit of an earlier day, cash over the counter) stays with a person.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from signaling_server.clock import Clock, milliseconds
from signaling_server.contract import money as m
from signaling_server.money.change_values import ACCOUNTING, ORDER_PREFIX, ItemOpened, OrderEnded, PaymentCancelled
from signaling_server.storage import money as rows
from signaling_server.storage import money_desk as desk_rows
from signaling_server.storage import money_orders as order_rows
from signaling_server.storage.money_orders import Operation

TELL_PERIOD_S = 2.0  # a terminal that is not connected hears it when it is

CLAIM_PREFIX = "claim-"
_RECORD_NAME = re.compile(r"([0-9]{1,18})-([0-9a-f]{8})")  # money/journals.py makes it
_FOUND_BY_RECOUNT = "in_doubt"  # the record that began the item


@dataclass(frozen=True, slots=True)
class Lies:
    """What is known of the money of an item."""

    payment: RowMapping | None  # it was taken by
    operation: Operation | None
    in_doubt: bool


def order_of(item: RowMapping, act: str, account: str, lies: Lies, today: str) -> dict[str, Any] | None:
    """The order's fields without its number; None: a person has to do it. `today` is YYYYMMDD. Pure."""
    payment = lies.payment
    wrong = item["kind"] == m.MoneyItemKind.WRONG_ACCOUNT
    credit = _credit(payment) if wrong and payment is not None and payment["outcome"] == "credited" else None
    if item["kind"] == m.MoneyItemKind.CONFLICT or (credit is not None and credit.txn_date[:8] != today):
        return None
    known: dict[str, Any] = {
        "amount_minor": item["amount_minor"],
        "in_doubt": lies.in_doubt,
        "credit": credit,
        "means": payment["means"] if payment is not None else _means(item, lies),
        "service": payment["service"] if payment is not None else "",
        "of_txn": payment["txn_id"] if payment is not None else "",
    }
    if act == m.ProposalAct.READDRESS:
        return {**known, "act": m.MoveAct.READDRESS, "account": account}
    if lies.operation is not None and lies.operation.amount_minor == item["amount_minor"]:
        return {**known, "act": m.MoveAct.REFUND_QR, "operation_id": lies.operation.operation_id}
    return {**known, "act": m.MoveAct.FREE} if credit is not None else None


def given_back(item: RowMapping, lies: Lies) -> dict[str, Any] | None:
    """The order that takes out of the books what a person has given back; None: it never lay there."""
    credited = lies.payment is not None and lies.payment["outcome"] == "credited"
    if item["kind"] == m.MoneyItemKind.CONFLICT or (item["kind"] == m.MoneyItemKind.WRONG_ACCOUNT and credited):
        return None
    of_txn = lies.payment["txn_id"] if lies.payment is not None else ""
    known = {"amount_minor": item["amount_minor"], "in_doubt": lies.in_doubt, "of_txn": of_txn}
    return {**known, "act": m.MoveAct.GIVEN_BACK}


def _credit(payment: RowMapping) -> m.CreditToCancel:
    return m.CreditToCancel(**{name: payment[name] for name in m.CreditToCancel.__struct_fields__})


def _means(item: RowMapping, lies: Lies) -> str:
    if lies.operation is not None:
        return "qr"
    return "card" if item["kind"] == m.MoneyItemKind.CARD_REVIEW else "cash"


async def lies_of(tx: AsyncConnection, item: RowMapping) -> Lies:
    """Looks up what an order has to say."""
    terminal_id, reference = item["terminal_id"], item["reference"]
    if item["kind"] == m.MoneyItemKind.WRONG_ACCOUNT:
        reference = reference.removeprefix(CLAIM_PREFIX)
    payment = await rows.payment(tx, terminal_id, reference)
    in_doubt = item["kind"] == m.MoneyItemKind.IN_DOUBT
    if payment is not None:
        operation = await order_rows.operation_of_session(tx, terminal_id, payment["session_id"])
        return Lies(payment, operation, in_doubt=False)
    if (named := _RECORD_NAME.fullmatch(reference)) is not None:
        began = await order_rows.kind_of_record(tx, terminal_id, int(named[1]), named[2])
        in_doubt = in_doubt or began == _FOUND_BY_RECOUNT
    if in_doubt:  # an order that did not succeed has taken it out of doubt all the same
        before = await order_rows.orders_of_item(tx, item["item_id"])
        in_doubt = not any(json.loads(row["data"])["in_doubt"] for row in before if row["accepted_at_ms"])
    return Lies(None, await order_rows.operation_named(tx, terminal_id, reference), in_doubt)


async def give(
    tx: AsyncConnection, item: RowMapping, proposal_id: str, fields: dict[str, Any], at_ms: int
) -> m.MoneyMoveOrdered:
    """Writes the order down; it is told from then on."""
    number = await order_rows.number_of_orders(tx, proposal_id) + 1
    order = m.MoneyMoveOrdered(order_id=f"{ORDER_PREFIX}{proposal_id}-{number}", **fields)
    await order_rows.add_order(
        tx,
        order_id=order.order_id,
        proposal_id=proposal_id,
        terminal_id=item["terminal_id"],
        data=msgspec.json.encode(order).decode(),
        created_at_ms=at_ms,
    )
    return order


def is_by_hand(given: RowMapping | None) -> bool:
    """A person has to do what was decided: no terminal can, it has only freed the money, or its disk is gone."""
    if given is None or given["state"] == order_rows.UNSURE:
        return True
    return bool(given["state"] == order_rows.DONE and json.loads(given["data"])["act"] == m.MoveAct.FREE)


_NOT_TOLD = "Ждём связи с терминалом."
_PROGRESS = {
    order_rows.WAITING: "Передано терминалу, ждём его журнала.",
    order_rows.ACCEPTED: "Терминал принял решение.",
    order_rows.BEGUN: "Терминал исполняет.",
    order_rows.UNSURE: "Диск терминала заменён: исполнено ли решение, неизвестно. Спросите банк или биллинг.",
    order_rows.WITHDRAWN: "Отозвано, терминал его не исполнит.",
}
_IN_WITHDRAWAL = "Отзываем. Терминал мог уже начать: ждём его журнала."
_PROGRESS_WITHDRAWN = {
    order_rows.WAITING: _IN_WITHDRAWAL,
    order_rows.ACCEPTED: _IN_WITHDRAWAL,
    order_rows.BEGUN: "Отозвать не успели: терминал исполняет.",
}


def progress_words(given: RowMapping | None) -> str:
    """How far it is, for the page; a person's own work says nothing."""
    if given is None:
        return ""
    state = given["state"]
    if given["withdrawn_at_ms"] and state in _PROGRESS_WITHDRAWN:
        return _PROGRESS_WITHDRAWN[state]
    if state == order_rows.WAITING and not given["told_at_ms"]:
        return _NOT_TOLD
    if state in _PROGRESS:
        return _PROGRESS[state]
    if is_by_hand(given):
        return "В биллинге платёж отменён, деньги можно выдать."
    return str(given["reason"])


# --- what the journal says of it --------------------------------------------------------------------------------------


async def accepted(tx: AsyncConnection, order_id: str, at_ms: int) -> None:
    """The terminal has written it down."""
    known = await order_rows.order(tx, order_id)
    if known is not None and known["state"] == order_rows.WAITING:
        await order_rows.change_order(tx, order_id, state=order_rows.ACCEPTED, accepted_at_ms=at_ms)


async def begun(tx: AsyncConnection, order_id: str) -> None:
    """From here on it can only end."""
    known = await order_rows.order(tx, order_id)
    if known is not None and known["state"] in (order_rows.WAITING, order_rows.ACCEPTED):
        await order_rows.change_order(tx, order_id, state=order_rows.BEGUN)


async def freed(tx: AsyncConnection, cancelled: PaymentCancelled) -> None:
    """An order that was to do no more is over; a person goes on."""
    known = await order_rows.order(tx, cancelled.order_id)
    if known is not None and json.loads(known["data"])["act"] == m.MoveAct.FREE:
        await order_rows.change_order(tx, cancelled.order_id, state=order_rows.DONE, ended_at_ms=cancelled.at_ms)


async def ended(tx: AsyncConnection, end: OrderEnded) -> None:
    """Done: the item is over, unless a person has still to give the money back. Failed: people decide anew."""
    known = await order_rows.order(tx, end.order_id)
    if known is None or known["state"] in (order_rows.DONE, order_rows.FAILED):
        return
    if known["state"] in (order_rows.WITHDRAWN, order_rows.UNSURE):
        if end.done:
            await _books_differ(tx, known, end, "Решение отозвано, а терминал его исполнил")
        return
    state = order_rows.DONE if end.done else order_rows.FAILED
    values = {"state": state, "reason": end.words, "ended_at_ms": end.at_ms}
    await order_rows.change_order(tx, end.order_id, **values)
    order = json.loads(known["data"])
    proposal = await desk_rows.proposal(tx, known["proposal_id"])
    assert proposal is not None
    if order["act"] == m.MoveAct.GIVEN_BACK:
        if not end.done:
            await _books_differ(tx, known, end, "Деньги выданы клиенту, а журнал терминала их не списал")
        return
    outcome = m.ProposalState.DONE if end.done else m.ProposalState.FAILED
    await desk_rows.change_proposal(tx, proposal["proposal_id"], state=outcome.value)
    if end.done:
        await desk_rows.change_item(tx, proposal["item_id"], closed_at_ms=end.at_ms, resolution=end.words)


async def _books_differ(tx: AsyncConnection, known: RowMapping, end: OrderEnded, words: str) -> None:
    detail, amount_minor = f"{words}: {end.words}", json.loads(known["data"])["amount_minor"]
    kind = m.MoneyItemKind.CONFLICT
    item = ItemOpened(kind, end.order_id, amount_minor, ACCOUNTING, end.at_ms, detail)
    await rows.open_item(tx, known["terminal_id"], item, "")


# --- telling ----------------------------------------------------------------------------------------------------------


class Orders:
    """Tells terminals what waits for them."""

    def __init__(
        self, database: AsyncEngine, clock: Clock, send: Callable[[str, Struct], None], is_here: Callable[[str], bool]
    ) -> None:
        self._database = database
        self._clock = clock
        self._send = send
        self._is_here = is_here

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await self.tell()
            await asyncio.sleep(TELL_PERIOD_S)

    async def tell(self) -> None:
        """Everything that no journal has confirmed; a terminal that knows an order already takes no notice."""
        at_ms = milliseconds(self._clock.now_s())
        async with self._database.begin() as tx:
            here = [each for each in await order_rows.terminals_to_tell(tx) if self._is_here(each)]
            waiting = await order_rows.orders_to_tell(tx, here, at_ms) if here else []
        for row in waiting:
            order = msgspec.json.decode(row["data"], type=m.MoneyMoveOrdered)
            self._send(row["terminal_id"], m.MoneyMoveWithdrawn(order.order_id) if row["withdrawn_at_ms"] else order)
