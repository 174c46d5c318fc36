"""Without billing money is taken by the policy only, delivered later, and never above what may wait."""

from __future__ import annotations

from msgspec.structs import replace

from payment.contract import BillingChanged, CashSettings, NoteEscrowed, PaymentOrder, PayOutcome
from tests.unit.payment.till_world import ORDER, OTHER_ORDER
from tests.unit.payment.ways_world import SETTINGS, WaysWorld


def offline(settings: CashSettings = SETTINGS, order: PaymentOrder = ORDER):
    world = WaysWorld(settings=settings, billing=PayOutcome.UNKNOWN)
    cashier = world.cashier()
    cashier.on_event(BillingChanged(reachable=False))
    cashier.open_visit(order)
    return world, cashier


def taken(world, cashier, value_minor: int = 500_00) -> bool:
    cashier.on_event(NoteEscrowed(value_minor))
    return world.log[-1] == "STACK"


def test_an_account_checked_lately_is_paid_without_a_network_and_delivered_when_it_is_back():
    world, cashier = offline()
    world.put_in(cashier, 500_00)
    cashier.pay()
    world.settle(cashier, 30)
    assert world.receipts[0].outcome is PayOutcome.UNKNOWN
    assert cashier.undelivered() == 1
    cashier.close_visit()
    world.billing = PayOutcome.CREDITED
    cashier.on_event(BillingChanged(reachable=True))
    world.settle(cashier, 900)
    assert world.credited() == {ORDER.account: 500_00}


def test_an_account_nobody_checked_is_not_paid_without_a_network():
    assert not taken(*offline(order=replace(ORDER, checked=False)))
    world, cashier = offline(order=replace(ORDER, checked=False))
    cashier.on_event(BillingChanged(reachable=True))
    assert taken(world, cashier)


def test_where_the_policy_forbids_it_no_note_is_taken_without_a_network():
    assert not taken(*offline(replace(SETTINGS, offline_allowed=False)))


def test_what_waits_for_billing_has_a_ceiling():
    world, cashier = offline(replace(SETTINGS, offline_total_max_minor=700_00))
    world.put_in(cashier, 500_00)
    cashier.pay()
    world.settle(cashier, 30)
    cashier.close_visit()
    cashier.open_visit(OTHER_ORDER)
    world.put_in(cashier, 200_00)
    assert cashier.snapshot.inserted_minor == 200_00
    assert not taken(world, cashier, 10_00)


def test_a_full_cassette_takes_no_note():
    world = WaysWorld(settings=replace(SETTINGS, cassette_notes_max=2))
    cashier = world.cashier()
    cashier.open_visit(ORDER)
    world.put_in(cashier, 10_00, 10_00)
    assert not taken(world, cashier, 10_00)
