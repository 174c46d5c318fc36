"""A payment by a QR of СБП: shown when it is registered, watched until it is final, credited however late."""

from __future__ import annotations

import pytest

from payment.contract import CashPhase, Means, PaymentOrder, QrAnswered, QrState
from payment.ledger import Place
from tests.unit.payment.till_world import check_books
from tests.unit.payment.ways_world import WaysWorld

ORDER = PaymentOrder("100000017", asked_minor=1_543_21, means=Means.QR)


@pytest.fixture
def world() -> WaysWorld:
    return WaysWorld()


def shown(world: WaysWorld):
    cashier = world.cashier()
    cashier.open_visit(ORDER)
    world.settle(cashier)
    assert cashier.snapshot.qr_payload.startswith("https://qr.nspk.ru/")
    return cashier


def test_the_whole_qr_payment_leaves_its_records_in_the_agreed_order(world):
    cashier = shown(world)
    world.acquirer.pay(1_543_21)
    world.settle(cashier, 4)
    assert cashier.snapshot.phase is CashPhase.DONE
    cashier.close_visit()
    assert world.kinds() == [
        *("session_open", "qr_intent", "qr_registered", "qr_result", "pay_intent", "pay_result"),
        *("fiscal_intent", "fiscal_done", "receipt_intent", "receipt_done", "session_closed"),
    ]
    books = check_books(world)
    assert (books.balance(Place.QR_PAID), books.balance(Place.CREDITED)) == (1_543_21, 1_543_21)
    assert world.receipts[0].qr_id == "B1"


def test_the_qr_is_shown_only_when_its_registration_is_on_disk(world):
    cashier = world.cashier()
    cashier.open_visit(ORDER)
    world.held = True
    world.settle(cashier)
    assert cashier.snapshot.qr_payload == ""
    world.sync()
    assert cashier.snapshot.qr_payload != ""


def test_while_it_is_shown_the_bank_is_asked_every_three_seconds(world):
    cashier = shown(world)
    world.settle(cashier, 60)
    assert 18 <= world.log.count("ASK QR") <= 21


def test_a_qr_that_cannot_be_registered_ends_the_try(world):
    world.acquirer.refuses = True
    cashier = world.cashier()
    cashier.open_visit(ORDER)
    world.settle(cashier)
    assert (cashier.snapshot.phase, cashier.snapshot.payment_failed) == (CashPhase.DONE, True)
    world.settle(cashier, 30)
    assert "ASK QR" not in world.log


@pytest.mark.parametrize("state", [QrState.DECLINED, QrState.EXPIRED, QrState.REFUNDED])
def test_a_final_no_takes_nothing(world, state):
    cashier = shown(world)
    world.acquirer.ends(state)
    world.settle(cashier, 5)
    assert cashier.snapshot.payment_failed
    assert check_books(world).balance(Place.QR_PAID) == 0
    asked = world.log.count("ASK QR")
    world.settle(cashier, 30)
    assert world.log.count("ASK QR") == asked


def test_leaving_cancels_nothing_and_a_late_payment_is_credited_and_fiscalised(world):
    cashier = shown(world)
    cashier.leave()
    assert cashier.snapshot.phase is CashPhase.IDLE
    assert "CANCEL QR" not in world.log
    world.settle(cashier, 200)
    world.acquirer.pay(1_543_21)
    world.settle(cashier, 400)
    assert world.credited() == {"100000017": 1_543_21}
    assert len(world.register.documents) == 1


def test_a_qr_is_cancelled_when_its_time_is_over_and_still_watched(world):
    cashier = shown(world)
    world.settle(cashier, 245)
    assert world.log.count("CANCEL QR") == 1
    assert cashier.snapshot.payment_failed
    world.acquirer.pay(1_543_21)
    world.settle(cashier, 400)
    assert world.credited() == {"100000017": 1_543_21}


def test_a_payment_told_twice_is_credited_once(world):
    cashier = shown(world)
    world.acquirer.pay(1_543_21)
    world.settle(cashier, 4)
    cashier.on_event(QrAnswered(world.data("qr_intent")["operation_id"], QrState.PAID, 1_543_21, "B1"))
    world.settle(cashier, 30)
    assert len(world.credits) == 1
    assert check_books(world).balance(Place.QR_PAID) == 1_543_21


def test_another_amount_than_asked_is_kept_for_a_person(world):
    cashier = shown(world)
    world.acquirer.pay(1_000_00)
    world.settle(cashier, 4)
    assert world.credits == {}
    assert check_books(world).balance(Place.UNALLOCATED) == 1_000_00
    assert world.receipts[0].unallocated_minor == 1_000_00


def test_a_qr_that_is_registered_when_its_customer_is_gone_is_cancelled(world):
    cashier = world.cashier()
    cashier.open_visit(ORDER)
    cashier.leave()
    world.settle(cashier)
    assert "CANCEL QR" in world.log
    assert cashier.snapshot.qr_payload == ""


def test_a_qr_nobody_has_seen_before_the_lights_went_out_is_abandoned(world):
    cashier = world.cashier()
    cashier.open_visit(ORDER)
    cashier = world.restarted()
    world.settle(cashier, 5)
    assert world.data("qr_result")["state"] == "abandoned"
    assert "CANCEL QR" in world.log
