"""Coins: no escrow, a counter against counting twice, an alert where the counter says that something was missed."""

from __future__ import annotations

import pytest

from payment.contract import (
    CashPhase,
    CashSettings,
    CoinAccepted,
    CoinAcceptorChanged,
    CoinCounterReset,
    CoinEventsLost,
    NoteMoving,
)
from payment.ledger import Place
from tests.unit.payment.till_world import ORDER, OTHER_ORDER, check_books
from tests.unit.payment.ways_world import WaysWorld


@pytest.fixture
def world() -> WaysWorld:
    return WaysWorld()


def opened(world: WaysWorld):
    cashier = world.cashier()
    cashier.open_visit(ORDER)
    return cashier


def test_notes_and_coins_make_one_payment(world):
    cashier = opened(world)
    assert {"ENABLE", "COINS ON"} <= set(world.log)
    world.put_in(cashier, 500_00)
    cashier.on_event(CoinAccepted(10_00, 1))
    cashier.on_event(CoinAccepted(5_00, 2))
    assert cashier.snapshot.inserted_minor == 515_00
    cashier.pay()
    assert "COINS OFF" in world.log
    world.settle(cashier, 2)
    assert world.credited() == {ORDER.account: 515_00}
    books = check_books(world)
    assert (books.balance(Place.CASSETTE), books.balance(Place.COIN_BOX)) == (500_00, 15_00)
    assert dict(cashier.cassette().coins) == {10_00: 1, 5_00: 1}


def test_the_sum_grows_only_when_the_coin_and_its_counter_are_on_disk_in_one_record(world):
    cashier = opened(world)
    world.held = True
    cashier.on_event(CoinAccepted(10_00, 7))
    assert cashier.snapshot.inserted_minor == 0
    world.sync()
    assert cashier.snapshot.inserted_minor == 10_00
    assert (world.data("coin_in")["value_minor"], world.data("coin_in")["counter"]) == (10_00, 7)


def test_a_coin_told_again_is_credited_once(world):
    cashier = opened(world)
    for counter in (1, 2, 3, 4, 5, 1, 2, 3, 4, 5, 6):
        cashier.on_event(CoinAccepted(10_00, counter))
    assert cashier.snapshot.inserted_minor == 60_00


def test_the_counter_goes_on_after_255_with_1(world):
    cashier = opened(world)
    for counter in (254, 255, 1, 255, 1, 2):
        cashier.on_event(CoinAccepted(1_00, counter))
    assert cashier.snapshot.inserted_minor == 4_00
    assert "coins_lost" not in world.kinds()


def test_a_gap_of_the_counter_is_an_alert_and_the_coin_told_is_credited(world):
    cashier = opened(world)
    cashier.on_event(CoinAccepted(10_00, 1))
    cashier.on_event(CoinAccepted(10_00, 9))
    assert world.data("coins_lost")["count"] == 7
    assert cashier.snapshot.inserted_minor == 20_00


def test_events_the_device_itself_lost_are_an_alert_and_counted_on_from_there(world):
    cashier = opened(world)
    cashier.on_event(CoinAccepted(10_00, 1))
    cashier.on_event(CoinEventsLost(3, 4))
    cashier.on_event(CoinAccepted(10_00, 5))
    assert [kind for kind in world.kinds() if kind == "coins_lost"] == ["coins_lost"]
    assert cashier.snapshot.inserted_minor == 20_00


def test_after_a_reset_the_counter_begins_anew(world):
    cashier = opened(world)
    cashier.on_event(CoinAccepted(10_00, 3))
    cashier.on_event(CoinCounterReset())
    cashier.on_event(CoinAccepted(10_00, 1))
    assert cashier.snapshot.inserted_minor == 20_00
    assert "coins_lost" not in world.kinds()


def test_coins_still_buffered_at_a_restart_belong_to_the_visit_before(world):
    cashier = opened(world)
    cashier.on_event(CoinAccepted(10_00, 1))
    world.answers.clear()
    world.now_s += 20
    cashier = world.cashier(records=world.records, ready=False)
    cashier.open_visit(OTHER_ORDER)
    world.settle(cashier, 3)
    for counter in (1, 2):
        cashier.on_event(CoinAccepted(10_00, counter))
    cashier.on_event(CoinAcceptorChanged(ready=True))
    world.settle(cashier, 40)
    assert world.credited() == {ORDER.account: 20_00}


def test_a_coin_that_falls_when_its_payment_is_on_its_way_is_kept_for_a_person(world):
    cashier = opened(world)
    world.put_in(cashier, 100_00)
    cashier.pay()
    world.wait(cashier, 2)
    cashier.on_event(CoinAccepted(10_00, 1))
    world.settle(cashier)
    assert world.credited() == {ORDER.account: 100_00}
    assert check_books(world).balance(Place.UNALLOCATED) == 10_00


def test_a_coin_accepted_just_before_pay_is_waited_for(world):
    cashier = opened(world)
    world.put_in(cashier, 100_00)
    cashier.pay()
    assert world.requests == []
    cashier.on_event(CoinAccepted(10_00, 1))
    world.settle(cashier, 2)
    assert world.credited() == {ORDER.account: 110_00}


def test_near_the_limit_the_slot_of_coins_closes_and_one_that_still_fell_is_paid():
    world = WaysWorld(settings=CashSettings(terminal_id="17", fiscal_required=True, amount_max_minor=115_00))
    cashier = opened(world)
    world.put_in(cashier, 100_00)
    cashier.on_event(CoinAccepted(10_00, 1))
    assert world.log[-1] == "COINS OFF"
    cashier.on_event(CoinAccepted(10_00, 2))
    assert cashier.snapshot.may_pay
    cashier.pay()
    world.settle(cashier, 2)
    assert world.credited() == {ORDER.account: 120_00}


def test_pause_closes_both_slots(world):
    cashier = opened(world)
    cashier.pause()
    assert world.log[-2:] == ["DISABLE", "COINS OFF"]
    cashier.resume()
    assert world.log[-2:] == ["ENABLE", "COINS ON"]


def test_a_note_moving_and_coins_falling_are_both_waited_for(world):
    cashier = opened(world)
    cashier.on_event(CoinAccepted(10_00, 1))
    cashier.on_event(NoteMoving(True))
    cashier.pay()
    world.settle(cashier, 3)
    assert cashier.snapshot.phase is CashPhase.FINISHING
    cashier.on_event(NoteMoving(False))
    world.settle(cashier, 1)
    assert world.credited() == {ORDER.account: 10_00}
