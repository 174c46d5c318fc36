"""The office decides what becomes of money that lies with us; the terminal does it once, whatever is cut off."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from msgspec.structs import replace

from payment.cashier import Cashier
from payment.contract import (
    CancelOutcome,
    CreditToCancel,
    Means,
    MoveAct,
    MoveOrdered,
    NoteEscrowed,
    NoteMoving,
    PaymentOrder,
    PayOutcome,
    PayRequest,
)
from payment.inquiry import Fate, inquire, inquiry_words
from payment.ledger import Books, Place
from payment.reconciliation.daily_totals import JournalSummary, totals_by_channel
from tests.unit.payment.till_world import ORDER, OTHER_ORDER
from tests.unit.payment.ways_world import WaysWorld

OTHER = OTHER_ORDER.account
READDRESS = MoveOrdered("order-1", MoveAct.READDRESS, 500_00, OTHER)


def paid(world: WaysWorld, outcome: PayOutcome) -> Cashier:
    """A visit of 500 rubles whose end billing has told."""
    world.next_outcomes = [outcome]
    cashier = world.cashier()
    cashier.open_visit(ORDER)
    world.put_in(cashier, 500_00)
    cashier.pay()
    world.settle(cashier, 3)
    cashier.close_visit()
    return cashier


def wrong_account(world: WaysWorld) -> MoveOrdered:
    """The customer named a wrong account, and billing has credited it."""
    (request,) = world.credits.values()
    credit = CreditToCancel(request, "77", world.data("pay_intent")["session_id"])
    return replace(READDRESS, credit=credit, of_txn=request.txn_id)


def books(world: WaysWorld) -> Books:
    found = Books((record.kind, record.data) for record in world.records)
    assert found.faults() == []
    return found


# --- to another account -----------------------------------------------------------------------------------------------


def test_refused_money_is_credited_to_the_account_that_the_office_names_and_gets_its_document():
    world = WaysWorld()
    cashier = paid(world, PayOutcome.REFUSED)
    assert books(world).balance(Place.UNALLOCATED) == 500_00
    cashier.on_event(READDRESS)
    world.settle(cashier, 5)
    assert world.credited() == {OTHER: 500_00}
    assert (books(world).balance(Place.UNALLOCATED), books(world).balance(Place.CREDITED)) == (0, 500_00)
    (document,) = world.register.documents.values()
    assert [(line.account, line.amount_minor) for line in document.lines] == [(OTHER, 500_00)]


def test_an_order_is_taken_once_however_often_it_is_told():
    world = WaysWorld()
    cashier = paid(world, PayOutcome.REFUSED)
    for _ in range(3):
        cashier.on_event(READDRESS)
        world.settle(cashier, 5)
    cashier = world.restarted()
    cashier.on_event(READDRESS)
    world.settle(cashier, 60)
    assert world.credited() == {OTHER: 500_00}
    assert world.kinds().count("move_ordered") == 1


def test_a_second_order_finds_the_money_gone_and_says_so():
    world = WaysWorld()
    cashier = paid(world, PayOutcome.REFUSED)
    cashier.on_event(READDRESS)
    cashier.on_event(replace(READDRESS, order_id="order-2"))
    world.settle(cashier, 5)
    assert world.credited() == {OTHER: 500_00}
    assert world.data("move_failed")["order_id"] == "order-2"
    assert "нет" in world.data("move_failed")["reason"]


def test_money_of_one_payment_is_never_moved_for_another():
    """The card of the second one was given its money back meanwhile; the first one's lies there all the same."""
    world = WaysWorld()
    cashier = paid(world, PayOutcome.REFUSED)
    cashier.open_visit(replace(ORDER, means=Means.CARD))
    world.next_outcomes = [PayOutcome.REFUSED]
    world.settle(cashier, 10)
    cashier.close_visit()
    by_card = world.data("pay_result")["txn_id"]
    assert world.data("card_reversed")["outcome"] == "done"
    cashier.on_event(replace(READDRESS, of_txn=by_card, means=Means.CARD))
    world.settle(cashier, 10)
    assert world.credited() == {}
    assert "нет" in world.data("move_failed")["reason"]
    assert books(world).balance(Place.UNALLOCATED) == 500_00


def test_a_new_account_that_billing_refuses_leaves_the_money_with_us_for_another_decision():
    world = WaysWorld()
    cashier = paid(world, PayOutcome.REFUSED)
    world.next_outcomes = [PayOutcome.REFUSED]
    cashier.on_event(READDRESS)
    world.settle(cashier, 5)
    assert books(world).balance(Place.UNALLOCATED) == 500_00
    cashier.on_event(replace(READDRESS, order_id="order-2", account="300000039"))
    world.settle(cashier, 5)
    assert world.credited() == {"300000039": 500_00}


def test_a_customer_at_the_terminal_is_not_disturbed():
    world = WaysWorld()
    cashier = paid(world, PayOutcome.REFUSED)
    cashier.open_visit(PaymentOrder("100000017"))
    world.put_in(cashier, 100_00)
    cashier.on_event(READDRESS)
    world.settle(cashier, 5)
    assert cashier.snapshot.inserted_minor == 100_00
    cashier.pay()
    world.settle(cashier, 5)
    assert world.credited() == {OTHER: 500_00, "100000017": 100_00}
    assert cashier.snapshot.receipt is not None
    assert cashier.snapshot.receipt.account == "100000017"


# --- a credit of a wrong account --------------------------------------------------------------------------------------


def test_a_wrong_account_of_today_is_cancelled_at_billing_and_paid_anew():
    world = WaysWorld()
    cashier = paid(world, PayOutcome.CREDITED)
    cashier.on_event(wrong_account(world))
    world.settle(cashier, 5)
    assert world.credited() == {OTHER: 500_00}
    assert books(world).balance(Place.CREDITED) == 500_00
    assert len(world.register.documents) == 1, "its document names the wrong account: a person corrects it"


def test_a_cancel_without_an_answer_is_asked_again_and_nothing_is_paid_before_it_is_sure():
    world = WaysWorld()
    cashier = paid(world, PayOutcome.CREDITED)
    order = wrong_account(world)
    world.cancel_says = [CancelOutcome.UNKNOWN, CancelOutcome.UNKNOWN]
    cashier.on_event(order)
    world.settle(cashier, 2)
    assert world.log.count("CANCEL PAY") == 1
    assert world.credited() == {}
    world.settle(cashier, 60)
    assert world.credited() == {OTHER: 500_00}


def test_where_billing_keeps_the_credit_nothing_is_paid_anew():
    world = WaysWorld()
    cashier = paid(world, PayOutcome.CREDITED)
    world.cancel_says = [CancelOutcome.REFUSED]
    cashier.on_event(wrong_account(world))
    world.settle(cashier, 60)
    assert world.credited() == {ORDER.account: 500_00}
    assert (world.data("cancel_result")["outcome"], world.data("cancel_result")["reason"]) == ("refused", "как просили")


def test_a_credit_of_an_earlier_day_stands_in_billings_register_and_is_left_alone():
    world = WaysWorld()
    cashier = paid(world, PayOutcome.CREDITED)
    order = wrong_account(world)
    assert order.credit is not None
    yesterday = replace(order.credit, request=replace(order.credit.request, txn_date="20261122235959"))
    cashier.on_event(replace(order, credit=yesterday))
    world.settle(cashier, 60)
    assert "CANCEL PAY" not in world.log
    assert "реестр" in world.data("move_failed")["reason"]


# --- back to the customer ---------------------------------------------------------------------------------------------


def test_what_a_person_gave_back_leaves_the_books():
    world = WaysWorld()
    cashier = paid(world, PayOutcome.REFUSED)
    cashier.on_event(MoveOrdered("order-1", MoveAct.GIVEN_BACK, 500_00))
    world.settle(cashier, 5)
    assert (books(world).balance(Place.UNALLOCATED), books(world).balance(Place.REFUNDED)) == (0, 500_00)


def test_a_cancelled_credit_waits_with_us_until_a_person_has_given_it_back():
    world = WaysWorld()
    cashier = paid(world, PayOutcome.CREDITED)
    cashier.on_event(replace(wrong_account(world), act=MoveAct.FREE))
    world.settle(cashier, 5)
    assert (world.credited(), books(world).balance(Place.UNALLOCATED)) == ({}, 500_00)


@pytest.mark.parametrize(("lost", "asked"), [(0, 1), (2, 3)], ids=["at once", "after two lost answers"])
def test_a_paid_qr_goes_back_by_the_bank_once(lost, asked):
    world, cashier, order = refused_qr()
    world.acquirer.refunds = None if lost else True
    cashier.on_event(order)
    world.settle(cashier, 2)
    if lost:
        assert books(world).balance(Place.REFUNDED) == 0
        world.settle(cashier, 10)
        world.acquirer.refunds = True
        world.settle(cashier, 30)
    assert world.log.count("REFUND QR") == asked
    assert books(world).balance(Place.REFUNDED) == 500_00


def test_a_bank_that_will_not_give_back_is_told_to_the_office():
    world, cashier, order = refused_qr()
    world.acquirer.refunds = False
    cashier.on_event(order)
    world.settle(cashier, 30)
    assert "банк отказал" in world.data("move_failed")["reason"]
    assert books(world).balance(Place.UNALLOCATED) == 500_00


def refused_qr() -> tuple[WaysWorld, Cashier, MoveOrdered]:
    world = WaysWorld()
    cashier = world.cashier()
    cashier.open_visit(replace(ORDER, means=Means.QR))
    world.settle(cashier)
    world.acquirer.pay(500_00)
    world.next_outcomes = [PayOutcome.REFUSED]
    world.settle(cashier, 10)
    cashier.close_visit()
    operation_id = world.data("qr_result")["operation_id"]
    return world, cashier, MoveOrdered("order-1", MoveAct.REFUND_QR, 500_00, means=Means.QR, operation_id=operation_id)


def test_a_note_in_doubt_that_the_recount_found_is_credited():
    world = WaysWorld()
    cashier = world.cashier()
    cashier.open_visit(ORDER)
    cashier.on_event(NoteMoving(True))
    cashier.on_event(NoteEscrowed(500_00))
    cashier.on_event(NoteMoving(False))
    cashier.leave()
    world.settle(cashier, 90)
    assert books(world).balance(Place.IN_DOUBT) == 500_00
    cashier.on_event(replace(READDRESS, in_doubt=True))
    world.settle(cashier, 5)
    assert world.credited() == {OTHER: 500_00}
    assert (books(world).balance(Place.IN_DOUBT), books(world).balance(Place.CASSETTE)) == (0, 500_00)


# --- what else reads the journal --------------------------------------------------------------------------------------


def test_money_that_is_moved_is_taken_once_in_the_totals_of_the_day():
    world = WaysWorld()
    cashier = paid(world, PayOutcome.REFUSED)
    cashier.on_event(replace(READDRESS, of_txn=world.data("pay_intent")["txn_id"]))
    world.settle(cashier, 5)
    totals = totals_by_channel(JournalSummary(world.records).payments(world.data("pay_intent")["txn_date"][:8]))[
        Means.CASH
    ]
    assert (totals.taken_minor, totals.credited_minor, totals.refused_minor) == (500_00, 500_00, 0)


@pytest.mark.parametrize("outcome", [PayOutcome.REFUSED, PayOutcome.CREDITED])
def test_who_asks_after_his_payment_hears_where_it_went(outcome):
    world = WaysWorld()
    cashier = paid(world, outcome)
    first = world.data("pay_intent")["txn_id"]
    order = wrong_account(world) if outcome is PayOutcome.CREDITED else replace(READDRESS, of_txn=first)
    cashier.on_event(order)
    world.settle(cashier, 5)
    (found,) = inquire(world.records, first)
    assert found.fate is Fate.READDRESSED
    assert "другой лицевой счёт" in inquiry_words(found)


def test_who_asks_after_a_payment_that_no_account_took_hears_that_the_money_is_with_us():
    world = WaysWorld()
    cashier = paid(world, PayOutcome.REFUSED)
    first = world.data("pay_intent")["txn_id"]
    world.next_outcomes = [PayOutcome.REFUSED]
    cashier.on_event(replace(READDRESS, of_txn=first))
    world.settle(cashier, 5)
    (found,) = inquire(world.records, first)
    assert (found.fate, found.moved_minor) == (Fate.REFUSED, 0)


# --- the lights go out ------------------------------------------------------------------------------------------------


class PowerCutError(BaseException):
    pass


@dataclass
class CutWorld(WaysWorld):
    """The lights go out before or after the n-th record or verb of an order."""

    cut_at: int = 0
    after: bool = False
    done: int = 0

    def _step(self, act) -> None:
        self.done += bool(self.cut_at)
        due = self.cut_at > 0 and self.done == self.cut_at
        if due and not self.after:
            raise PowerCutError
        act()
        if due:
            raise PowerCutError

    def append(self, kind, data, on_durable) -> None:
        self._step(lambda: super(CutWorld, self).append(kind, data, on_durable))

    def pay(self, request: PayRequest) -> None:
        self._step(lambda: super(CutWorld, self).pay(request))

    def cancel(self, request: PayRequest, provider_txn: str) -> None:
        self._step(lambda: super(CutWorld, self).cancel(request, provider_txn))


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("outcome", [PayOutcome.REFUSED, PayOutcome.CREDITED], ids=["unallocated", "wrong account"])
def test_an_order_that_is_cut_off_anywhere_is_carried_out_once(outcome, after):
    """The office tells it again after each start; the knife falls at every step, and once more in the recovery."""
    cuts = 0
    for first in range(1, 20):
        for second in (0, *range(1, 8)):
            world = CutWorld(after=after)
            cashier = paid(world, outcome)
            order = wrong_account(world) if outcome is PayOutcome.CREDITED else READDRESS
            for cut_at in (first, second, 0):
                world.cut_at, world.done = cut_at, 0
                try:
                    cashier.on_event(order)
                    world.settle(cashier, 40)
                except PowerCutError:
                    cuts += 1
                world.cut_at = 0
                cashier = world.restarted()
            world.settle(cashier, 900)
            assert world.credited() == {OTHER: 500_00}, (first, second)
            assert books(world).balance(Place.CREDITED) == 500_00
            assert books(world).balance(Place.UNALLOCATED) == 0
    assert cuts > 20
