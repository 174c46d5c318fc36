"""The office takes an order back: before it has begun it is dropped for good, later it goes on; never both."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from payment.contract import MoveAct, MoveWithdrawn, PayOutcome
from payment.ledger import Place
from tests.unit.payment.test_moves import OTHER, READDRESS, CutWorld, PowerCutError, books, paid, refused_qr
from tests.unit.payment.ways_world import WaysWorld

WITHDRAWN = MoveWithdrawn(READDRESS.order_id)


def test_an_order_that_comes_behind_its_withdrawal_is_not_taken_any_more():
    world = WaysWorld()
    cashier = paid(world, PayOutcome.REFUSED)
    cashier.on_event(WITHDRAWN)
    cashier.on_event(READDRESS)
    world.settle(cashier, 5)
    cashier = world.restarted()
    cashier.on_event(READDRESS)
    world.settle(cashier, 60)
    assert world.data("move_withdrawn") == {"order_id": READDRESS.order_id, "known": False}
    assert "move_ordered" not in world.kinds()
    assert (world.credited(), books(world).balance(Place.UNALLOCATED)) == ({}, 500_00)


def test_a_withdrawal_is_written_once_however_often_it_is_told():
    world = WaysWorld()
    cashier = paid(world, PayOutcome.REFUSED)
    for _ in range(3):
        cashier.on_event(WITHDRAWN)
        world.settle(cashier, 5)
    world.restarted().on_event(WITHDRAWN)
    assert world.kinds().count("move_withdrawn") == 1


def test_an_order_that_has_not_begun_is_dropped_and_the_money_can_be_decided_on_anew():
    """The lights went out behind its record; the withdrawal comes before anything else is done."""
    world = CutWorld(after=True)
    cashier = paid(world, PayOutcome.REFUSED)
    world.cut_at = 1
    with pytest.raises(PowerCutError):
        cashier.on_event(READDRESS)
    world.cut_at = 0
    cashier = world.restarted()
    cashier.on_event(WITHDRAWN)
    world.settle(cashier, 60)
    assert world.data("move_withdrawn")["known"] is True
    assert world.credited() == {}
    cashier.on_event(replace(READDRESS, order_id="order-2"))
    world.settle(cashier, 5)
    assert world.credited() == {OTHER: 500_00}


def test_a_refund_that_the_bank_has_heard_of_goes_on():
    world, cashier, order = refused_qr()
    world.acquirer.refunds = None
    cashier.on_event(order)
    world.settle(cashier, 2)
    cashier.on_event(MoveWithdrawn(order.order_id))
    world.acquirer.refunds = True
    world.settle(cashier, 60)
    assert "move_withdrawn" not in world.kinds()
    assert books(world).balance(Place.REFUNDED) == 500_00


def test_a_withdrawal_behind_the_end_changes_nothing():
    world = WaysWorld()
    cashier = paid(world, PayOutcome.REFUSED)
    cashier.on_event(replace(READDRESS, act=MoveAct.GIVEN_BACK))
    world.settle(cashier, 5)
    cashier.on_event(WITHDRAWN)
    assert world.kinds()[-1] == "moved"


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("withdrawn_first", [False, True], ids=["order first", "withdrawal first"])
def test_an_order_and_its_withdrawal_that_are_cut_off_anywhere_come_to_one_end(withdrawn_first, after):
    """Carried out or dropped, as the journal says: what was dropped is decided anew, and paid once in either case."""
    ends = set()
    told = [WITHDRAWN, READDRESS] if withdrawn_first else [READDRESS, WITHDRAWN]
    for first in range(1, 8):
        for second in (0, *range(1, 6)):
            world = CutWorld(after=after)
            cashier = paid(world, PayOutcome.REFUSED)
            for cut_at in (first, second, 0):
                world.cut_at, world.done = cut_at, 0
                try:
                    for event in told:
                        cashier.on_event(event)
                    world.settle(cashier, 40)
                except PowerCutError:
                    pass
                world.cut_at = 0
                cashier = world.restarted()
                told = [WITHDRAWN, READDRESS]  # what comes behind a restart comes the other way round
            world.settle(cashier, 900)
            dropped = "move_withdrawn" in world.kinds()
            ends.add(dropped)
            assert world.credited() == ({} if dropped else {OTHER: 500_00}), (first, second)
            if dropped:
                cashier.on_event(replace(READDRESS, order_id="order-2"))
                world.settle(cashier, 40)
            assert world.credited() == {OTHER: 500_00}
            assert books(world).balance(Place.CREDITED) == 500_00
            told = [WITHDRAWN, READDRESS] if withdrawn_first else [READDRESS, WITHDRAWN]
    assert ends == ({True} if withdrawn_first else {True, False})
