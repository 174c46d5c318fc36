"""One payment of several lines: what is asked goes to each, what is above is an advance of the first."""

from __future__ import annotations

import pytest

from payment.contract import CashPhase, Means, OrderLine, PayAnswered, PaymentOrder, PayOutcome, Purpose
from payment.fees import FeeRule
from payment.ledger import Place
from tests.unit.payment.till_world import check_books
from tests.unit.payment.ways_world import WaysWorld

LINES = (
    OrderLine("200000028", "meter", "Поверка счётчика", 200_00, Purpose.COMMERCIAL),
    OrderLine("300000039", "other", "Справка", 50_00, Purpose.OTHER),
)
ORDER = PaymentOrder("100000017", asked_minor=300_00, more=LINES)


@pytest.fixture
def world() -> WaysWorld:
    return WaysWorld()


def paying(world: WaysWorld, *notes: int, order: PaymentOrder = ORDER):
    cashier = world.cashier()
    cashier.open_visit(order)
    world.put_in(cashier, *notes)
    cashier.pay()
    world.wait(cashier, 2)
    return cashier


def test_each_line_is_credited_what_it_asks_for_and_the_rest_is_an_advance_of_the_first(world):
    cashier = paying(world, 500_00, 100_00)
    world.settle(cashier, 2)
    assert world.credited() == {"100000017": 350_00, "200000028": 200_00, "300000039": 50_00}
    assert len({request.txn_id for request in world.requests}) == 3
    assert check_books(world).balance(Place.CREDITED) == 600_00


def test_too_little_is_shared_in_proportion_and_no_kopeck_vanishes(world):
    cashier = paying(world, 100_00)
    world.settle(cashier, 2)
    assert world.credited() == {"100000017": 54_55, "200000028": 36_36, "300000039": 9_09}


def test_all_intents_are_on_disk_before_the_first_request(world):
    cashier = world.cashier()
    cashier.open_visit(ORDER)
    world.put_in(cashier, 500_00, 50_00)
    cashier.pay()
    world.held = True
    world.wait(cashier, 2)
    assert world.log[-3:] == ["pay_intent"] * 3
    assert world.requests == []
    world.sync()
    assert len(world.requests) == 3


def test_one_document_has_an_item_source_for_each_line_with_its_purpose(world):
    cashier = paying(world, 500_00, 50_00)
    world.settle(cashier, 2)
    (sale,) = world.register.documents.values()
    assert [(line.purpose, line.amount_minor) for line in sale.lines] == [
        (Purpose.SUPPLY, 300_00),
        (Purpose.COMMERCIAL, 200_00),
        (Purpose.OTHER, 50_00),
    ]
    assert [line.outcome for line in world.receipts[0].lines] == [PayOutcome.CREDITED] * 3


def test_the_customer_waits_for_all_lines_and_a_refused_one_is_unallocated(world):
    world.next_outcomes = [PayOutcome.CREDITED, PayOutcome.REFUSED, PayOutcome.CREDITED]
    cashier = paying(world, 500_00, 50_00)
    cashier.on_event(world.answers.popleft())
    assert cashier.snapshot.phase is CashPhase.PAYING
    world.settle(cashier, 2)
    books = check_books(world)
    assert (books.balance(Place.CREDITED), books.balance(Place.UNALLOCATED)) == (350_00, 200_00)
    assert world.receipts[0].unallocated_minor == 200_00
    (sale,) = world.register.documents.values()
    assert sale.total_minor == 350_00


def test_a_line_with_no_sure_answer_is_repeated_alone(world):
    world.next_outcomes = [PayOutcome.CREDITED, PayOutcome.UNKNOWN, PayOutcome.CREDITED]
    cashier = paying(world, 500_00, 50_00)
    world.settle(cashier, 60)
    assert world.credited() == {"100000017": 300_00, "200000028": 200_00, "300000039": 50_00}
    assert len(world.requests) == 4
    assert len(world.register.documents) == 1


def test_a_line_that_billing_is_silent_about_does_not_hold_the_customer(world):
    cashier = paying(world, 500_00, 50_00)
    world.answers.pop()
    silent = world.requests[-1]
    world.settle(cashier, 30)
    assert world.receipts[0].outcome is PayOutcome.UNKNOWN
    cashier.on_event(PayAnswered(silent.txn_id, PayOutcome.CREDITED, "78"))
    assert cashier.undelivered() == 0
    assert check_books(world).balance(Place.PAYABLE) == 0


def test_a_card_is_asked_for_all_lines_together(world):
    cashier = world.cashier()
    order = PaymentOrder("100000017", asked_minor=300_00, more=LINES, means=Means.CARD)
    cashier.open_visit(order)
    world.settle(cashier, 2)
    assert list(world.bank.charges.values()) == [550_00]
    assert world.credited() == {"100000017": 300_00, "200000028": 200_00, "300000039": 50_00}


def test_a_card_of_which_one_line_is_credited_is_not_reversed(world):
    world.next_outcomes = [PayOutcome.REFUSED, PayOutcome.CREDITED, PayOutcome.REFUSED]
    cashier = world.cashier()
    cashier.open_visit(PaymentOrder("100000017", asked_minor=300_00, more=LINES, means=Means.CARD))
    world.settle(cashier, 30)
    assert "REVERSE" not in world.log
    assert check_books(world).balance(Place.UNALLOCATED) == 350_00


def test_a_fee_is_what_was_shown_before_the_first_note_and_stands_beside_the_credit(world):
    order = PaymentOrder("100000017", asked_minor=495_00, fee=FeeRule(rate_bp=100, on_top=True))
    cashier = paying(world, 500_00, order=order)
    world.settle(cashier, 2)
    books = check_books(world)
    assert (books.balance(Place.CREDITED), books.balance(Place.FEE)) == (495_05, 4_95)
    (sale,) = world.register.documents.values()
    assert [(line.amount_minor, line.fee_minor) for line in sale.lines] == [(495_05, 4_95)]
    assert (world.receipts[0].inserted_minor, world.receipts[0].fee_minor) == (500_00, 4_95)


def test_a_card_pays_the_fee_on_top_of_what_is_asked(world):
    order = PaymentOrder("100000017", asked_minor=495_05, fee=FeeRule(rate_bp=100, on_top=True), means=Means.CARD)
    cashier = world.cashier()
    cashier.open_visit(order)
    world.settle(cashier, 2)
    assert list(world.bank.charges.values()) == [500_00]
    assert world.credited() == {"100000017": 495_05}
