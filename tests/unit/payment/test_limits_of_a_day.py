"""Dated limits at the till: the rules of the day, and what an account has paid today, a restart included."""

from __future__ import annotations

from datetime import date

import pytest

from payment.cashier import Cashier
from payment.contract import AcceptorChanged, CashPhase, Means, Moment, NoteEscrowed, PaymentOrder, PinpadChanged
from payment.money_rules import DatedRules, MoneyRules
from tests.unit.payment.till_world import ORDER, OTHER_ORDER
from tests.unit.payment.ways_world import READY_REGISTER, WaysWorld

RULES = DatedRules(
    [
        MoneyRules(starts_on=date(2026, 1, 1), payment_max_minor=600_00, anonymous_cash_max_minor=1_000_00),
        MoneyRules(starts_on=date(2027, 1, 1), payment_max_minor=100_00, anonymous_cash_max_minor=1_000_00),
    ]
)


@pytest.fixture
def world() -> WaysWorld:
    return WaysWorld()


def ruled(world: WaysWorld, records=()) -> Cashier:
    cashier = Cashier(
        journal=world,
        acceptor=world,
        billing=world,
        printer=world,
        clock=world,
        settings=world.settings,
        tell=world.told.append,
        records=list(records),
        pinpad=world.bank,
        fiscal=world.register,
        rules=RULES,
    )
    for event in (AcceptorChanged(ready=True), PinpadChanged(ready=True), READY_REGISTER):
        cashier.on_event(event)
    return cashier


def pay(world: WaysWorld, cashier: Cashier, *notes: int, order: PaymentOrder = ORDER) -> None:
    cashier.open_visit(order)
    world.put_in(cashier, *notes)
    cashier.pay()
    world.settle(cashier, 3)
    cashier.close_visit()


def takes(world: WaysWorld, cashier: Cashier, value_minor: int, order: PaymentOrder = ORDER) -> bool:
    cashier.open_visit(order)
    cashier.on_event(NoteEscrowed(value_minor))
    return world.log[-1] == "STACK"


def test_one_payment_goes_up_to_the_limit_of_its_day(world):
    cashier = ruled(world)
    cashier.open_visit(ORDER)
    world.put_in(cashier, 500_00, 100_00)
    assert cashier.snapshot.inserted_minor == 600_00
    cashier.on_event(NoteEscrowed(10_00))
    assert world.log[-1] == "RETURN"


@pytest.mark.parametrize("restart", [False, True])
def test_cash_of_one_account_in_a_day_has_a_ceiling_over_its_payments_and_over_a_restart(world, restart):
    cashier = ruled(world)
    pay(world, cashier, 500_00, 100_00)
    if restart:
        world.answers.clear()
        cashier = ruled(world, world.records)
    assert not takes(world, cashier, 500_00)
    assert world.data("session_open")["amount_max_minor"] == 400_00


def test_another_account_has_its_own_ceiling(world):
    cashier = ruled(world)
    pay(world, cashier, 500_00, 100_00)
    assert takes(world, cashier, 500_00, OTHER_ORDER)


def test_a_card_is_not_held_to_the_limit_of_cash_but_to_that_of_a_payment(world):
    cashier = ruled(world)
    pay(world, cashier, 500_00, 100_00)
    cashier.open_visit(PaymentOrder(ORDER.account, asked_minor=600_00, means=Means.CARD))
    world.settle(cashier, 3)
    assert list(world.bank.charges.values()) == [600_00]
    cashier.close_visit()
    cashier.open_visit(PaymentOrder(ORDER.account, asked_minor=600_01, means=Means.CARD))
    world.settle(cashier, 3)
    assert (cashier.snapshot.phase, cashier.snapshot.payment_failed) == (CashPhase.DONE, True)


def test_a_clock_before_the_first_rules_leaves_the_terminals_own_limits(world):
    cashier = ruled(world)
    world.now = lambda: Moment(0, world.now_s, "20200101000000")
    assert takes(world, cashier, 5000_00)
