"""What people do with money that the journals brought: find a payment, own and end an item, recount a cassette.

Money is moved by four eyes: who proposes a re-addressing or a refund does not approve it. Every act is in the audit in
the same transaction. An item is ended once; the page that is late is told so.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping

from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from payment.reconciliation.compare import compare_counts
from payment.reports.values import Report
from signaling_server.clock import Clock, milliseconds
from signaling_server.contract import money as m
from signaling_server.desk.call import Agent
from signaling_server.local_time import local_date
from signaling_server.money import orders, withdrawals
from signaling_server.money.change_values import ACCOUNTING, ItemOpened
from signaling_server.money.refund_order import refund_order
from signaling_server.refusal import ServiceRefusedError
from signaling_server.storage import money as rows
from signaling_server.storage import money_desk as desk_rows
from signaling_server.storage import money_orders as order_rows
from signaling_server.storage.money_desk import PaymentSearch

PAYMENTS_SHOWN_MAX = 200
ITEMS_SHOWN_MAX = 300
COLLECTIONS_SHOWN_MAX = 100
VALUE_MINOR_MAX = 1_000_000
COUNT_MAX = 100_000
ROLES_THAT_ACT = frozenset({"accountant", "supervisor", "administrator"})
_MOVABLE = frozenset(
    {
        m.MoneyItemKind.IN_DOUBT,
        m.MoneyItemKind.UNALLOCATED,
        m.MoneyItemKind.CARD_REVIEW,
        m.MoneyItemKind.WRONG_ACCOUNT,
        m.MoneyItemKind.CONFLICT,
    }
)


def may_act(agent: Agent) -> bool:
    """Everybody on duty may search for a payment; money is handled by those whose work it is."""
    return not ROLES_THAT_ACT.isdisjoint(agent.roles)


class MoneyDesk:
    """The page «Деньги»."""

    def __init__(self, database: AsyncEngine, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def _now_ms(self) -> int:
        return milliseconds(self._clock.now_s())

    # --- what is shown ----------------------------------------------------------------------------------------------

    async def payments(self, agent: Agent, search: PaymentSearch) -> m.PaymentsAnswer:
        """Newest first. Raises ServiceRefusedError when nothing narrows the search."""
        if search == PaymentSearch():
            raise ServiceRefusedError("nothing_asked", "Укажите лицевой счёт, номер с чека или время")
        async with self._database.begin() as tx:
            found = await desk_rows.search_payments(tx, search, PAYMENTS_SHOWN_MAX + 1)
        shown = [_payment(row) for row in found[:PAYMENTS_SHOWN_MAX]]
        return m.PaymentsAnswer(shown, more=len(found) > PAYMENTS_SHOWN_MAX, may_act=may_act(agent))

    async def items(self, agent: Agent, *, closed: bool) -> m.MoneyItemsAnswer:
        async with self._database.begin() as tx:
            found = await desk_rows.items(tx, closed=closed, limit=ITEMS_SHOWN_MAX + 1)
            shown = found[:ITEMS_SHOWN_MAX]
            proposals = await desk_rows.proposals_of(tx, [row["item_id"] for row in shown])
            proposal_ids = [each["proposal_id"] for of_item in proposals.values() for each in of_item]
            given = await order_rows.orders_of(tx, proposal_ids)
            open_minor = await desk_rows.open_sum_minor(tx)
        listed = [
            _item(
                row,
                [
                    _proposal(each, given.get(each["proposal_id"]), agent, row["terminal_seen_ms"])
                    for each in proposals.get(row["item_id"], [])
                ],
                mine=row["owner"] == agent.login,
            )
            for row in shown
        ]
        more = len(found) > ITEMS_SHOWN_MAX
        return m.MoneyItemsAnswer(self._now_ms(), listed, open_minor, more, may_act(agent))

    async def collections(self, agent: Agent) -> m.CollectionsAnswer:
        async with self._database.begin() as tx:
            found = await desk_rows.collections(tx, COLLECTIONS_SHOWN_MAX)
        return m.CollectionsAnswer([_collection(row) for row in found], may_act(agent))

    async def refund_order(self, proposal_id: str) -> Report:
        """The paper for a refund that a person pays out. Raises ServiceRefusedError."""
        async with self._database.begin() as tx:
            proposal = await desk_rows.proposal(tx, proposal_id)
            decided = (m.ProposalState.APPROVED, m.ProposalState.DONE)
            if proposal is None or proposal["act"] != m.ProposalAct.REFUND or proposal["state"] not in decided:
                raise ServiceRefusedError("unknown_refund", "Такого решения о возврате нет")
            item = await desk_rows.item(tx, proposal["item_id"])
            assert item is not None
            payment = (await orders.lies_of(tx, item)).payment
            title = await desk_rows.terminal_title(tx, item["terminal_id"])
        return refund_order(item, proposal, payment, title)

    # --- what is done -----------------------------------------------------------------------------------------------

    async def take(self, agent: Agent, form: m.TakeItem) -> None:
        """The item is this person's from now on. Raises ServiceRefusedError."""
        async with self._database.begin() as tx:
            item = await _open_item(tx, form.item_id)
            await desk_rows.change_item(tx, form.item_id, owner=agent.login)
            await self._audit(tx, agent, "take", form.item_id, f"from {item['owner']}")

    async def close(self, agent: Agent, form: m.CloseItem) -> None:
        """Ends an item: where money moves, once what two people decided is done. Raises ServiceRefusedError."""
        async with self._database.begin() as tx:
            item = await _open_item(tx, form.item_id)
            if item["kind"] in _MOVABLE and item["amount_minor"]:
                await self._done_by_hand(tx, item)
            await self._close(tx, agent, form.item_id, form.resolution.strip())

    async def _done_by_hand(self, tx: AsyncConnection, item: RowMapping) -> None:
        """What the terminal carries out ends with its own record; what a person gave back leaves its books."""
        decided = await _proposal_in(tx, item["item_id"], m.ProposalState.APPROVED)
        if decided is None:
            raise ServiceRefusedError("needs_decision", "Здесь есть деньги: предложите зачисление или возврат")
        given = (await order_rows.orders_of(tx, [decided["proposal_id"]])).get(decided["proposal_id"])
        if not orders.is_by_hand(given):
            raise ServiceRefusedError("terminal_does_it", "Это исполняет терминал: запись закроется сама")
        await desk_rows.change_proposal(tx, decided["proposal_id"], state=m.ProposalState.DONE.value)
        fields = orders.given_back(item, await orders.lies_of(tx, item))
        unsure = given is not None and given["state"] == order_rows.UNSURE  # the books went with the disk
        if decided["act"] == m.ProposalAct.REFUND and fields is not None and not unsure:
            await orders.give(tx, item, decided["proposal_id"], fields, self._now_ms())

    async def claim(self, agent: Agent, form: m.ClaimPayment) -> None:
        """A credited payment was meant for another account: from now on it is an item. Raises ServiceRefusedError."""
        async with self._database.begin() as tx:
            payment = await rows.payment(tx, form.terminal_id, form.txn_id)
            if payment is None:
                raise ServiceRefusedError("unknown_payment", "Такого платежа нет")
            if payment["outcome"] != m.PaymentOutcome.CREDITED:
                raise ServiceRefusedError(
                    "not_credited", "Этот платёж не зачислен: его деньги разбирают в разделе «Разобрать»"
                )
            kind, reference = m.MoneyItemKind.WRONG_ACCOUNT, f"{orders.CLAIM_PREFIX}{form.txn_id}"
            detail, amount_minor = form.reason.strip(), payment["amount_minor"]
            item = ItemOpened(kind, reference, amount_minor, ACCOUNTING, self._now_ms(), detail)
            if not await rows.open_item(tx, form.terminal_id, item, payment["account"]):
                raise ServiceRefusedError(
                    "claimed_already", "По этому платежу обращение уже есть: оно в разделе «Разобрать»"
                )
            await self._audit(tx, agent, "claim", form.txn_id, detail)

    async def may_reprint(self, agent: Agent, form: m.ReprintSlip) -> None:
        """Anybody on duty may; it stands in the audit. Raises ServiceRefusedError."""
        async with self._database.begin() as tx:
            if await rows.payment(tx, form.terminal_id, form.txn_id) is None:
                raise ServiceRefusedError("unknown_payment", "Такого платежа нет")
            await self._audit(tx, agent, "reprint", form.txn_id, form.terminal_id)

    async def propose(self, agent: Agent, form: m.ProposeMove) -> None:
        """Asks a second person to approve. Raises ServiceRefusedError."""
        account = form.account.strip()
        if form.act is m.ProposalAct.READDRESS and not account:
            raise ServiceRefusedError("no_account", "Укажите лицевой счёт, на который зачислить деньги")
        async with self._database.begin() as tx:
            item = await _open_item(tx, form.item_id)
            if item["kind"] not in _MOVABLE or not item["amount_minor"]:
                raise ServiceRefusedError("no_money", "По этой записи деньги не переводят")
            if await _proposal_in(tx, form.item_id, m.ProposalState.PROPOSED, m.ProposalState.APPROVED) is not None:
                raise ServiceRefusedError("proposed_already", "Решение по этой записи уже предложено или принято")
            proposal_id = uuid.uuid4().hex
            await desk_rows.add_proposal(
                tx,
                proposal_id=proposal_id,
                item_id=form.item_id,
                act=form.act.value,
                account=account if form.act is m.ProposalAct.READDRESS else "",
                reason=form.reason.strip(),
                proposed_by=agent.login,
                proposed_at_ms=self._now_ms(),
                state=m.ProposalState.PROPOSED.value,
            )
            detail = f"{form.act} {item['amount_minor']} {account}: {form.reason.strip()}"
            await self._audit(tx, agent, "propose", form.item_id, detail)

    async def decide(self, agent: Agent, form: m.DecideProposal) -> None:
        """The second pair of eyes; then the terminal does it, or a person where it cannot.

        Raises: ServiceRefusedError.
        """
        async with self._database.begin() as tx:
            proposal = await desk_rows.proposal(tx, form.proposal_id)
            if proposal is None or proposal["state"] != m.ProposalState.PROPOSED:
                raise ServiceRefusedError("decided_already", "Это решение уже принято или отклонено")
            if proposal["proposed_by"] == agent.login and form.approve:
                raise ServiceRefusedError("four_eyes", "Своё предложение подтвердить нельзя: нужен второй человек")
            item = await _open_item(tx, proposal["item_id"])
            state = m.ProposalState.APPROVED if form.approve else m.ProposalState.DECLINED
            at_ms = self._now_ms()
            decided = {"state": state.value, "decided_by": agent.login, "decided_at_ms": at_ms}
            await desk_rows.change_proposal(tx, form.proposal_id, **decided)
            if form.approve:
                await self._order(tx, item, proposal, at_ms)
            word = "approve" if form.approve else "decline"
            detail = (
                f"{proposal['act']} {item['amount_minor']} {proposal['account']} proposed by {proposal['proposed_by']}"
            )
            await self._audit(tx, agent, word, proposal["item_id"], detail)

    async def _order(self, tx: AsyncConnection, item: RowMapping, proposal: RowMapping, at_ms: int) -> None:
        today = local_date(self._clock.now_s()).strftime("%Y%m%d")
        lies = await orders.lies_of(tx, item)
        fields = orders.order_of(item, proposal["act"], proposal["account"], lies, today)
        if fields is not None:
            await orders.give(tx, item, proposal["proposal_id"], fields, at_ms)

    async def withdraw(self, agent: Agent, form: m.WithdrawDecision) -> None:
        """One person is enough: the money stays where it lies. Raises ServiceRefusedError."""
        async with self._database.begin() as tx:
            proposal, reason = await desk_rows.proposal(tx, form.proposal_id), form.reason.strip()
            await withdrawals.withdraw(tx, proposal, reason, agent.login, self._now_ms())
            await self._audit(tx, agent, "withdraw", form.proposal_id, reason)

    async def recount(self, agent: Agent, form: m.RecountCollection) -> None:
        """What the cash office counted; a difference becomes an item. A second recount is refused, not an edit."""
        counted = _counted(form)
        async with self._database.begin() as tx:
            collection = await rows.collection(tx, form.terminal_id, form.collection_id)
            if collection is None:
                raise ServiceRefusedError("unknown_collection", "Такой инкассации нет")
            if collection["counted_at_ms"]:
                raise ServiceRefusedError("counted_already", "Пересчёт этой инкассации уже записан")
            at_ms = self._now_ms()
            values = {"counted": rows.counts_text(counted), "counted_by": agent.login, "counted_at_ms": at_ms}
            await rows.change_collection(tx, form.terminal_id, form.collection_id, **values)
            await self._audit(tx, agent, "recount", form.collection_id, json.dumps(values["counted"]))
            await self._compare(tx, collection, counted, at_ms)

    async def _compare(
        self, tx: AsyncConnection, collection: RowMapping, counted: Mapping[int, int], at_ms: int
    ) -> None:
        """A surplus first explains the notes in doubt of exactly that value; the rest is an item."""
        terminal_id = collection["terminal_id"]
        expected = rows.counts_of(collection["counts"])
        for doubt in await rows.doubts_of_collection(tx, terminal_id, collection["opened_at_ms"]):
            value_minor = doubt["amount_minor"]
            if counted.get(value_minor, 0) > expected.get(value_minor, 0):
                expected[value_minor] = expected.get(value_minor, 0) + 1
                await desk_rows.change_item(
                    tx,
                    doubt["item_id"],
                    kind=m.MoneyItemKind.UNALLOCATED.value,
                    detail="Пересчёт нашёл купюру в кассете: её можно зачислить",
                )
            else:
                absent = "Пересчёт показал: купюры в кассете нет"
                await desk_rows.change_item(tx, doubt["item_id"], closed_at_ms=at_ms, resolution=absent)
        for found in compare_counts(expected, counted).found:
            surplus_minor = found.there_minor - found.here_minor
            word = "Излишек" if surplus_minor > 0 else "Недостача"
            told = _here_and_there(int(found.key), expected, counted)
            detail = f"{word} в инкассации № {collection['number']}, номинал {int(found.key) // 100} ₽: {told}"
            reference = f"{collection['collection_id']}-{found.key}"
            item = ItemOpened(m.MoneyItemKind.RECOUNT, reference, abs(surplus_minor), ACCOUNTING, at_ms, detail)
            await rows.open_item(tx, terminal_id, item, "")

    async def _close(self, tx: AsyncConnection, agent: Agent, item_id: str, resolution: str) -> None:
        at_ms = self._now_ms()
        await desk_rows.change_item(tx, item_id, closed_at_ms=at_ms, resolution=resolution, owner=agent.login)
        await self._audit(tx, agent, "close", item_id, resolution)

    async def _audit(self, tx: AsyncConnection, agent: Agent, act: str, subject: str, detail: str) -> None:
        await desk_rows.write_audit(
            tx, at_ms=self._now_ms(), login=agent.login, act=act, subject=subject, detail=detail
        )


async def _open_item(tx: AsyncConnection, item_id: str) -> RowMapping:
    item = await desk_rows.item(tx, item_id)
    if item is None:
        raise ServiceRefusedError("unknown_item", "Такой записи нет")
    if item["closed_at_ms"]:
        raise ServiceRefusedError("closed_already", "Эту запись уже закрыли")
    return item


async def _proposal_in(tx: AsyncConnection, item_id: str, *states: m.ProposalState) -> RowMapping | None:
    proposals = (await desk_rows.proposals_of(tx, [item_id])).get(item_id, [])
    return next((row for row in proposals if row["state"] in states), None)


def _counted(form: m.RecountCollection) -> dict[int, int]:
    if not form.counted:
        raise ServiceRefusedError("nothing_counted", "Введите, сколько насчитали: 0, если денег не было")
    counted: dict[int, int] = {}
    for each in form.counted:
        good = 0 < each.value_minor <= VALUE_MINOR_MAX and 0 <= each.count <= COUNT_MAX
        if not good or each.value_minor in counted:
            raise ServiceRefusedError("bad_count", "Каждый номинал вводится один раз, целым числом штук")
        counted[each.value_minor] = each.count
    return counted


def _here_and_there(value_minor: int, expected: Mapping[int, int], counted: Mapping[int, int]) -> str:
    return f"по журналу {expected.get(value_minor, 0)} шт., на деле {counted.get(value_minor, 0)} шт."


# --- rows as answers --------------------------------------------------------------------------------------------------


def _payment(row: RowMapping) -> m.PaymentRow:
    known = {name: row[name] for name in ("terminal_id", "terminal_title", "txn_id", "account", "service", "means")}
    return m.PaymentRow(
        **known,
        amount_minor=row["amount_minor"],
        fee_minor=row["fee_minor"],
        txn_date=row["txn_date"],
        outcome=m.PaymentOutcome(row["outcome"]),
        provider_txn=row["provider_txn"],
        receipt=row["receipt"],
        fiscal=row["fiscal"],
        taken_ms=row["taken_at_ms"],
        answered_ms=row["answered_at_ms"],
    )


def _item(row: RowMapping, proposals: list[m.ProposalRow], *, mine: bool) -> m.MoneyItemRow:
    known = {name: row[name] for name in ("item_id", "terminal_id", "terminal_title", "reference", "account")}
    return m.MoneyItemRow(
        **known,
        kind=m.MoneyItemKind(row["kind"]),
        amount_minor=row["amount_minor"],
        owner=row["owner"],
        detail=row["detail"],
        opened_ms=row["opened_at_ms"],
        closed_ms=row["closed_at_ms"],
        resolution=row["resolution"],
        proposals=proposals,
        mine=mine,
    )


def _proposal(row: RowMapping, given: RowMapping | None, agent: Agent, terminal_seen_ms: int) -> m.ProposalRow:
    return m.ProposalRow(
        proposal_id=row["proposal_id"],
        act=m.ProposalAct(row["act"]),
        account=row["account"],
        reason=row["reason"],
        proposed_by=row["proposed_by"],
        proposed_ms=row["proposed_at_ms"],
        state=m.ProposalState(row["state"]),
        decided_by=row["decided_by"],
        decided_ms=row["decided_at_ms"],
        mine=row["proposed_by"] == agent.login,
        by_hand=row["state"] == m.ProposalState.APPROVED and orders.is_by_hand(given),
        progress=orders.progress_words(given),
        order=withdrawals.progress_of(given, terminal_seen_ms),
    )


def _collection(row: RowMapping) -> m.CollectionRow:
    counts, counted = rows.counts_of(row["counts"]), rows.counts_of(row["counted"])
    known = {name: row[name] for name in ("terminal_id", "terminal_title", "collection_id", "number", "authorised")}
    return m.CollectionRow(
        **known,
        collector=row["collector"],
        seal=row["seal"],
        opened_ms=row["opened_at_ms"],
        closed_ms=row["closed_at_ms"],
        total_minor=sum(value * number for value, number in counts.items()),
        in_doubt_minor=row["in_doubt_minor"],
        counts=[m.CollectionCount(value, number) for value, number in sorted(counts.items(), reverse=True)],
        counted=[m.CollectionCount(value, number) for value, number in sorted(counted.items(), reverse=True)],
        counted_minor=sum(value * number for value, number in counted.items()),
        counted_by=row["counted_by"],
        counted_ms=row["counted_at_ms"],
    )
