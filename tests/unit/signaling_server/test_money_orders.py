"""A decision of two people becomes an order, the terminal's own cashier carries it out, its journal ends the item."""

from __future__ import annotations

import json

import pytest
import pytest_asyncio

from payment.contract import Means, NoteEscrowed, NoteMoving, PaymentOrder, PayOutcome
from payment.ledger import Books, Place
from signaling_server.contract import money as m
from signaling_server.money.orders import Orders
from signaling_server.refusal import ServiceRefusedError
from signaling_server.storage import money as rows
from signaling_server.storage import money_orders as order_rows
from signaling_server.storage.money_desk import PaymentSearch
from terminal_app.core.office_orders import to_payment
from tests.unit.payment.ways_world import WaysWorld
from tests.unit.signaling_server.money_scene import ORLOVA, PETROV, JournalOfTerminal, MoneyScene, money_scene

ACCOUNT, OTHER = "100000017", "200000028"
TWO_NOTES_MINOR = 500_00


class Fleet:
    """One terminal: its cashier among far ends that remember, its journal on the way to the office, its link."""

    def __init__(self, scene: MoneyScene) -> None:
        self.scene = scene
        self.world = WaysWorld()
        self.cashier = self.world.cashier()
        self.linked = True
        self.orders = Orders(scene.database, scene.clock, self._hear, lambda terminal_id: self.linked)
        self._journal = JournalOfTerminal()

    def _hear(self, terminal_id: str, message) -> None:
        assert (terminal_id, self.linked) == ("T-1", True)
        self.cashier.on_event(to_payment(message))

    def pays(self, outcome: PayOutcome, means: Means = Means.CASH) -> None:
        self.world.next_outcomes = [outcome]
        self.cashier.open_visit(PaymentOrder(ACCOUNT, asked_minor=TWO_NOTES_MINOR, means=means))
        if means is Means.CASH:
            self.world.put_in(self.cashier, TWO_NOTES_MINOR)
            self.cashier.pay()
        else:
            self.world.settle(self.cashier)
            self.world.acquirer.pay(TWO_NOTES_MINOR)
        self.world.settle(self.cashier, 10)
        self.cashier.close_visit()

    async def works(self, seconds: int = 10) -> None:
        """The office tells what waits, the terminal acts, its journal goes up."""
        await self.orders.tell()
        self.world.settle(self.cashier, seconds)
        await self.uploads()

    async def uploads(self) -> None:
        sent = len(self._journal.rows)
        for record in self.world.records[sent:]:
            self._journal.write_text(record.kind, json.dumps(record.data, ensure_ascii=False))
        if len(self._journal.rows) > sent:
            for first in range(sent + 1, len(self._journal.rows) + 1, 50):
                await self.scene.take(self._journal, first, min(first + 49, len(self._journal.rows)))

    async def open_item(self) -> m.MoneyItemRow:
        items = [item for item in await self.scene.items() if item.kind is not m.MoneyItemKind.FISCAL]
        (item,) = items
        return item

    async def decided(self, act: m.ProposalAct, account: str = "") -> m.MoneyItemRow:
        item = await self.open_item()
        await self.scene.desk.propose(ORLOVA, m.ProposeMove(item.item_id, act, "Клиент ошибся цифрой", account))
        proposal = (await self.open_item()).proposals[-1]
        await self.scene.desk.decide(PETROV, m.DecideProposal(proposal.proposal_id, True))
        return item

    async def payment(self, account: str) -> m.PaymentRow:
        (found,) = (await self.scene.desk.payments(ORLOVA, PaymentSearch(account=account))).payments
        return found

    def books(self) -> Books:
        found = Books((record.kind, record.data) for record in self.world.records)
        assert found.faults() == []
        return found


@pytest_asyncio.fixture
async def fleet(tmp_path):
    async with money_scene(tmp_path) as scene:
        yield Fleet(scene)


async def claimed(fleet: Fleet) -> None:
    payment = await fleet.payment(ACCOUNT)
    await fleet.scene.desk.claim(ORLOVA, m.ClaimPayment("T-1", payment.txn_id, "Платили за другую квартиру"))


async def test_refused_money_goes_where_two_people_said_and_the_item_ends_by_itself(fleet):
    fleet.pays(PayOutcome.REFUSED)
    await fleet.uploads()
    item = await fleet.decided(m.ProposalAct.READDRESS, OTHER)
    (proposal,) = (await fleet.open_item()).proposals
    assert (proposal.state, proposal.by_hand, proposal.progress) == ("approved", False, "Ждём связи с терминалом.")
    await fleet.works()
    (closed,) = await fleet.scene.items(closed=True)
    assert (closed.item_id, closed.resolution) == (item.item_id, f"Зачислено на счёт {OTHER}, номер 77")
    assert closed.proposals[0].state is m.ProposalState.DONE
    assert fleet.world.credited() == {OTHER: TWO_NOTES_MINOR}
    moved = await fleet.payment(OTHER)
    assert (moved.outcome, moved.amount_minor, moved.means) == ("credited", TWO_NOTES_MINOR, "cash")
    assert await fleet.scene.items() == []


async def test_an_order_waits_for_its_terminal_and_is_told_again_until_the_journal_has_it(fleet):
    fleet.pays(PayOutcome.REFUSED)
    await fleet.uploads()
    await fleet.decided(m.ProposalAct.READDRESS, OTHER)
    fleet.linked = False
    await fleet.works()
    assert fleet.world.credited() == {}
    fleet.linked = True
    for _ in range(3):  # told thrice before the journal goes up
        await fleet.orders.tell()
    fleet.cashier = fleet.world.restarted()
    await fleet.works(60)
    await fleet.works(60)
    assert fleet.world.credited() == {OTHER: TWO_NOTES_MINOR}
    assert fleet.world.kinds().count("move_ordered") == 1


async def test_what_the_terminal_does_nobody_marks_as_done(fleet):
    fleet.pays(PayOutcome.REFUSED)
    await fleet.uploads()
    item = await fleet.decided(m.ProposalAct.READDRESS, OTHER)
    with pytest.raises(ServiceRefusedError) as refusal:
        await fleet.scene.desk.close(ORLOVA, m.CloseItem(item.item_id, "Зачислено"))
    assert refusal.value.reason == "terminal_does_it"


async def test_an_account_that_billing_refuses_leaves_the_item_open_with_the_reason(fleet):
    fleet.pays(PayOutcome.REFUSED)
    await fleet.uploads()
    await fleet.decided(m.ProposalAct.READDRESS, "300000039")
    fleet.world.next_outcomes = [PayOutcome.REFUSED]
    await fleet.works()
    (proposal,) = (await fleet.open_item()).proposals
    assert (proposal.state, proposal.progress) == (m.ProposalState.FAILED, "Биллинг отказал, код None")
    await fleet.decided(m.ProposalAct.READDRESS, OTHER)
    await fleet.works()
    assert fleet.world.credited() == {OTHER: TWO_NOTES_MINOR}
    assert await fleet.scene.items() == []
    fleet.books()


async def test_a_payment_to_a_wrong_account_is_claimed_cancelled_and_paid_anew(fleet):
    fleet.pays(PayOutcome.CREDITED)
    await fleet.uploads()
    await claimed(fleet)
    await fleet.decided(m.ProposalAct.READDRESS, OTHER)
    await fleet.works()
    assert fleet.world.credited() == {OTHER: TWO_NOTES_MINOR}
    assert (await fleet.payment(ACCOUNT)).outcome is m.PaymentOutcome.CANCELLED
    (receipt,) = await fleet.scene.items()
    assert (receipt.kind, "чек возврата" in receipt.detail) == (m.MoneyItemKind.FISCAL, True)


async def test_a_claim_is_for_credited_payments_and_stands_once(fleet):
    fleet.pays(PayOutcome.CREDITED)
    await fleet.uploads()
    await claimed(fleet)
    with pytest.raises(ServiceRefusedError) as twice:
        await claimed(fleet)
    with pytest.raises(ServiceRefusedError) as unknown:
        await fleet.scene.desk.claim(ORLOVA, m.ClaimPayment("T-1", "1", "нет такого"))
    assert (twice.value.reason, unknown.value.reason) == ("claimed_already", "unknown_payment")


async def test_a_credit_of_an_earlier_day_is_left_to_people(fleet):
    fleet.pays(PayOutcome.CREDITED)
    await fleet.uploads()
    await claimed(fleet)
    fleet.scene.clock.s += 86_400
    item = await fleet.decided(m.ProposalAct.READDRESS, OTHER)
    await fleet.works()
    (proposal,) = (await fleet.open_item()).proposals
    assert (proposal.state, proposal.by_hand) == (m.ProposalState.APPROVED, True)
    assert fleet.world.credited() == {ACCOUNT: TWO_NOTES_MINOR}
    await fleet.scene.desk.close(ORLOVA, m.CloseItem(item.item_id, "Биллинг перенёс по письму 12"))
    await fleet.works()
    assert fleet.books().balance(Place.CREDITED) == TWO_NOTES_MINOR


async def test_cash_given_back_over_the_counter_leaves_the_terminals_books(fleet):
    fleet.pays(PayOutcome.REFUSED)
    await fleet.uploads()
    item = await fleet.decided(m.ProposalAct.REFUND)
    await fleet.works()
    assert fleet.books().balance(Place.UNALLOCATED) == TWO_NOTES_MINOR
    await fleet.scene.desk.close(ORLOVA, m.CloseItem(item.item_id, "Выдано по ордеру 17"))
    await fleet.works()
    assert fleet.books().balance(Place.REFUNDED) == TWO_NOTES_MINOR
    (closed,) = await fleet.scene.items(closed=True)
    assert (closed.resolution, closed.proposals[0].state) == ("Выдано по ордеру 17", m.ProposalState.DONE)


async def test_a_credit_of_today_is_cancelled_before_a_person_gives_the_money_back(fleet):
    fleet.pays(PayOutcome.CREDITED)
    await fleet.uploads()
    await claimed(fleet)
    item = await fleet.decided(m.ProposalAct.REFUND)
    with pytest.raises(ServiceRefusedError):
        await fleet.scene.desk.close(ORLOVA, m.CloseItem(item.item_id, "Выдано"))
    await fleet.works()
    (proposal,) = (await fleet.open_item()).proposals
    assert (proposal.by_hand, proposal.progress) == (True, "В биллинге платёж отменён, деньги можно выдать.")
    await fleet.scene.desk.close(ORLOVA, m.CloseItem(item.item_id, "Выдано по ордеру 18"))
    await fleet.works()
    assert fleet.world.credited() == {}
    assert fleet.books().balance(Place.REFUNDED) == TWO_NOTES_MINOR


async def test_what_was_paid_by_qr_goes_back_by_the_bank(fleet):
    fleet.pays(PayOutcome.REFUSED, Means.QR)
    await fleet.uploads()
    await fleet.decided(m.ProposalAct.REFUND)
    await fleet.works()
    assert fleet.world.log.count("REFUND QR") == 1
    (closed,) = await fleet.scene.items(closed=True)
    assert closed.resolution == "Деньги возвращены"


async def test_a_note_in_doubt_that_the_recount_found_is_moved_once_even_by_a_second_decision(fleet):
    cashier = fleet.cashier
    cashier.open_visit(PaymentOrder(ACCOUNT))
    for event in (NoteMoving(True), NoteEscrowed(TWO_NOTES_MINOR), NoteMoving(False)):
        cashier.on_event(event)
    cashier.leave()
    fleet.world.settle(cashier, 90)
    await fleet.uploads()
    await fleet.decided(m.ProposalAct.READDRESS, "300000039")
    fleet.world.next_outcomes = [PayOutcome.REFUSED]
    await fleet.works()
    await fleet.decided(m.ProposalAct.READDRESS, OTHER)
    await fleet.works()
    assert fleet.world.credited() == {OTHER: TWO_NOTES_MINOR}
    assert fleet.books().balance(Place.IN_DOUBT) == 0


async def test_a_journal_that_does_not_hold_the_money_says_so(fleet):
    """The terminal's disk was replaced after the payment: its new books are empty."""
    fleet.pays(PayOutcome.REFUSED)
    await fleet.uploads()
    await fleet.decided(m.ProposalAct.READDRESS, OTHER)
    fleet.world = WaysWorld()
    fleet.cashier = fleet.world.cashier()
    fleet._journal = JournalOfTerminal("new disk")
    await fleet.works()
    items = await fleet.scene.items()
    (moved,) = [item for item in items if item.kind is m.MoneyItemKind.UNALLOCATED]
    assert moved.proposals[0].progress == "В журнале терминала этих денег нет"
    assert fleet.world.credited() == {}


async def test_a_twin_of_the_end_changes_nothing(fleet):
    fleet.pays(PayOutcome.REFUSED)
    await fleet.uploads()
    await fleet.decided(m.ProposalAct.READDRESS, OTHER)
    await fleet.works()
    async with fleet.scene.database.begin() as tx:
        payment = await rows.payment(tx, "T-1", fleet.world.requests[-1].txn_id)
    assert payment is not None
    assert payment["session_id"].startswith("order-")
    assert len(await fleet.scene.items(closed=True)) == 1


async def given(fleet: Fleet) -> m.ProposalRow:
    return (await fleet.open_item()).proposals[-1]


async def withdraw(fleet: Fleet) -> m.ProposalRow:
    proposal = await given(fleet)
    await fleet.scene.desk.withdraw(ORLOVA, m.WithdrawDecision(proposal.proposal_id, "Клиент передумал"))
    return await given(fleet)


async def ordered(fleet: Fleet) -> None:
    fleet.pays(PayOutcome.REFUSED)
    await fleet.uploads()
    await fleet.decided(m.ProposalAct.READDRESS, OTHER)


async def test_a_decision_that_never_left_the_office_is_withdrawn_at_once(fleet):
    await ordered(fleet)
    fleet.linked = False
    await fleet.works()
    proposal = await withdraw(fleet)
    assert (proposal.state, proposal.order.told_ms) == (m.ProposalState.WITHDRAWN, 0)
    assert (proposal.order.withdrawn_by, proposal.order.withdrawn_reason) == ("orlova", "Клиент передумал")
    fleet.linked = True
    await fleet.works()
    assert fleet.world.credited() == {}
    await fleet.decided(m.ProposalAct.READDRESS, OTHER)
    await fleet.works()
    assert fleet.world.credited() == {OTHER: TWO_NOTES_MINOR}


async def test_a_decision_that_the_terminal_may_have_waits_for_its_journal_and_is_never_carried_out(fleet):
    await ordered(fleet)
    kept, fleet.cashier.on_event = fleet.cashier.on_event, lambda event: None  # told, and cut off before it was written
    await fleet.orders.tell()
    fleet.cashier.on_event = kept
    fleet.linked = False
    proposal = await withdraw(fleet)
    assert (proposal.state, proposal.progress) == (
        m.ProposalState.APPROVED,
        "Отзываем. Терминал мог уже начать: ждём его журнала.",
    )
    fleet.linked = True
    await fleet.works()
    assert (await given(fleet)).state is m.ProposalState.WITHDRAWN
    assert fleet.world.credited() == {}
    fleet.books()


async def test_what_has_begun_is_not_withdrawn(fleet):
    await ordered(fleet)
    await fleet.works()
    (closed,) = await fleet.scene.items(closed=True)
    with pytest.raises(ServiceRefusedError) as refusal:
        await fleet.scene.desk.withdraw(ORLOVA, m.WithdrawDecision(closed.proposals[0].proposal_id, "поздно"))
    assert refusal.value.reason == "nothing_to_withdraw"
    assert fleet.world.credited() == {OTHER: TWO_NOTES_MINOR}


async def test_a_decision_is_withdrawn_once_and_an_unknown_one_not_at_all(fleet):
    await ordered(fleet)
    kept, fleet.cashier.on_event = fleet.cashier.on_event, lambda event: None
    await fleet.orders.tell()
    fleet.cashier.on_event = kept
    proposal = await withdraw(fleet)
    with pytest.raises(ServiceRefusedError) as twice:
        await withdraw(fleet)
    with pytest.raises(ServiceRefusedError) as unknown:
        await fleet.scene.desk.withdraw(ORLOVA, m.WithdrawDecision("no-such-one", "нет такого"))
    assert (twice.value.reason, unknown.value.reason) == ("withdrawn_already", "nothing_to_withdraw")
    assert proposal.order.may_withdraw is False


async def test_the_word_of_a_journal_that_began_later_is_not_believed(fleet):
    """The disk that may have carried the order out is gone: people ask the bank."""
    await ordered(fleet)
    kept, fleet.cashier.on_event = fleet.cashier.on_event, lambda event: None
    await fleet.orders.tell()
    fleet.cashier.on_event = kept
    proposal = await withdraw(fleet)
    (order_id,) = [row["order_id"] for row in await orders_of(fleet, proposal.proposal_id)]
    fleet.scene.clock.s += 60
    other = JournalOfTerminal("another boot")
    other.write("move_withdrawn", order_id=order_id)
    await fleet.scene.take(other, 1, 1)
    ((proposal,),) = [item.proposals for item in await fleet.scene.items() if item.proposals]
    assert (proposal.by_hand, proposal.progress) == (
        True,
        "Диск терминала заменён: исполнено ли решение, неизвестно. Спросите банк или биллинг.",
    )


async def orders_of(fleet: Fleet, proposal_id: str):
    async with fleet.scene.database.begin() as tx:
        return list((await order_rows.orders_of(tx, [proposal_id])).values())
