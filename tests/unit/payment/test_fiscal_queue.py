"""A document for every payment, once: the register is asked, never blindly told again, and waited for in a queue."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from payment.contract import CashPhase, FiscalChanged, FiscalDone, Means, NoteEscrowed, PayOutcome
from payment.fiscal.check import FISCAL_ID_SIZE_MAX
from payment.ledger import Place
from payment.rules.fiscal import RETURN_SUFFIX, fiscal_id_of
from tests.unit.payment.till_world import ORDER, OTHER_ORDER, check_books
from tests.unit.payment.ways_world import READY_REGISTER, WaysWorld


@pytest.fixture
def world() -> WaysWorld:
    return WaysWorld()


def paid(world: WaysWorld, order=ORDER, amount=500_00):
    cashier = world.cashier()
    cashier.open_visit(order)
    world.put_in(cashier, amount)
    cashier.pay()
    world.settle(cashier, 2)
    return cashier


def documents(world: WaysWorld) -> list[int]:
    return [sale.total_minor for sale in world.register.documents.values()]


def test_the_slip_bears_the_numbers_of_its_document(world):
    cashier = paid(world)
    receipt = world.receipts[0]
    assert (receipt.fiscal.fn, receipt.fiscal.fd, receipt.fiscal_awaited) == ("9999078900000001", 1, False)
    assert cashier.unfiscalised() == 0
    sale = next(iter(world.register.documents.values()))
    assert [(line.account, line.amount_minor, line.owed_minor) for line in sale.lines] == [
        ("100000017", 500_00, 500_00)
    ]


@pytest.mark.parametrize("means", Means)
def test_where_the_electronic_copy_goes_reaches_the_document_whole_and_the_slip_masked(world, means):
    world.register.absent = 2  # even by way of a repeat
    cashier = world.cashier()
    cashier.open_visit(replace(ORDER, means=means, contact="+79211234567"))
    if means is Means.CASH:
        world.put_in(cashier, 500_00)
        cashier.pay()
    if means is Means.QR:
        world.acquirer.pay(500_00)
    world.settle(cashier, 60)
    (sale,) = world.register.documents.values()
    assert (sale.means, sale.contact) == (means, "+79211234567")
    assert world.receipts[0].contact == "+7 921 ***-**-67"


def test_the_id_of_a_document_fits_into_its_tag_and_is_its_payments_alone(world):
    paid(world)
    (sale,) = world.register.documents.values()
    assert sale.fiscal_id == fiscal_id_of(sale.lines[0].txn_id)
    ids = [fiscal_id_of(txn_id) for txn_id in ("0" * 20, "25112312302534610003", "25112312302534610004", "9" * 20)]
    assert len(set(ids)) == len(ids)
    assert max(map(len, ids)) + len(RETURN_SUFFIX) <= FISCAL_ID_SIZE_MAX


def test_a_document_whose_end_is_unknown_is_asked_for_and_not_made_twice(world):
    world.register.lost = 1
    cashier = paid(world)
    world.settle(cashier, 5)
    assert documents(world) == [500_00]
    assert (world.log.count("FISCALISE"), world.log.count("ASK FISCAL")) == (1, 1)
    assert world.receipts[0].fiscal is not None


def test_a_document_that_is_surely_absent_is_made_again(world):
    world.register.absent = 2
    cashier = paid(world)
    world.settle(cashier, 30)
    assert documents(world) == [500_00]
    assert world.log.count("FISCALISE") == 3
    assert world.kinds().count("fiscal_intent") == 1


def test_a_register_that_stays_silent_holds_nobody_and_the_document_follows(world):
    world.register.absent = 99
    cashier = paid(world)
    world.settle(cashier, 25)
    assert cashier.snapshot.phase is CashPhase.DONE
    assert (world.receipts[0].fiscal, world.receipts[0].fiscal_awaited) == (None, True)
    assert cashier.unfiscalised() == 1
    cashier.close_visit()
    world.register.absent = 0
    world.settle(cashier, 120)
    assert documents(world) == [500_00]
    assert cashier.unfiscalised() == 0


def test_a_document_refused_for_good_is_left_to_a_person_and_holds_no_other(world):
    world.register.refuses = True
    cashier = paid(world)
    assert world.data("fiscal_refused")["final"] is True
    assert cashier.snapshot.phase is CashPhase.DONE
    cashier.close_visit()
    world.register.refuses = False
    cashier.open_visit(OTHER_ORDER)
    world.put_in(cashier, 100_00)
    cashier.pay()
    world.settle(cashier, 3)
    assert documents(world) == [100_00]


def test_without_a_ready_register_notes_go_back(world):
    cashier = world.cashier()
    cashier.on_event(FiscalChanged(ready=False, fault="paper_out"))
    cashier.open_visit(ORDER)
    cashier.on_event(NoteEscrowed(500_00))
    assert world.log[-1] == "RETURN"
    assert not cashier.snapshot.fiscal_ready


def test_what_is_inside_when_the_register_dies_is_paid_and_waits_in_the_queue(world):
    cashier = world.cashier()
    cashier.open_visit(ORDER)
    world.put_in(cashier, 500_00)
    cashier.on_event(FiscalChanged(ready=False, fault="drive"))
    cashier.pay()
    world.settle(cashier, 3)
    assert world.credited() == {ORDER.account: 500_00}
    assert world.receipts[0].fiscal_awaited
    assert documents(world) == []
    cashier.close_visit()
    cashier.on_event(READY_REGISTER)
    world.settle(cashier, 3)
    assert documents(world) == [500_00]


def test_a_payment_that_billing_refused_has_no_document(world):
    world.billing = PayOutcome.REFUSED
    cashier = paid(world)
    world.settle(cashier, 30)
    assert documents(world) == []
    assert (world.receipts[0].unallocated_minor, world.receipts[0].fiscal_awaited) == (500_00, False)
    assert check_books(world).balance(Place.UNALLOCATED) == 500_00


def test_a_payment_with_no_sure_answer_has_its_document_at_once_and_no_second_one_later(world):
    world.next_outcomes = [PayOutcome.UNKNOWN]
    cashier = paid(world)
    assert documents(world) == [500_00]
    cashier.close_visit()
    world.settle(cashier, 60)
    assert world.credited() == {ORDER.account: 500_00}
    assert documents(world) == [500_00]


def test_documents_are_made_one_at_a_time_in_the_order_of_payments(world):
    cashier = world.cashier()
    for order, amount in ((ORDER, 100_00), (OTHER_ORDER, 500_00)):
        cashier.open_visit(order)
        world.put_in(cashier, amount)
        cashier.on_event(FiscalChanged(ready=False))
        cashier.pay()
        world.settle(cashier, 3)
        cashier.close_visit()
        cashier.on_event(FiscalChanged(ready=False))
        if order is ORDER:
            cashier.on_event(READY_REGISTER)
    world.settle(cashier, 5)
    cashier.on_event(READY_REGISTER)
    world.settle(cashier, 5)
    assert documents(world) == [100_00, 500_00]


def test_numbers_of_another_document_are_not_ours(world):
    world.register.absent = 1
    cashier = paid(world)
    cashier.on_event(FiscalDone("another", "9999078900000001", 5, 1, "202611231412", 7, 5))
    assert "fiscal_done" not in world.kinds()


def test_a_shift_is_opened_and_closed_by_itself_between_customers_only(world):
    cashier = world.cashier()
    cashier.on_event(FiscalChanged(ready=True, shift_open=False))
    world.settle(cashier, 3)
    assert world.log.count("OPEN SHIFT") == 1, "asked once"
    cashier.on_event(READY_REGISTER)
    cashier.open_visit(ORDER)
    cashier.on_event(FiscalChanged(ready=True, shift_open=True, shift_hours=23))
    world.settle(cashier, 3)
    assert "CLOSE SHIFT" not in world.log
    cashier.leave()
    world.settle(cashier, 12)
    assert world.log.count("CLOSE SHIFT") == 1


def test_a_terminal_without_a_register_owes_no_documents():
    world = WaysWorld()
    world.settings = type(world.settings)(terminal_id="17")
    cashier = paid(world)
    assert world.kinds().count("fiscal_intent") == 0
    assert cashier.unfiscalised() == 0
    assert world.credited() == {ORDER.account: 500_00}


def test_what_the_drive_wants_is_written_down_when_it_is_worse_and_not_every_hour():
    world = WaysWorld()
    cashier = world.cashier()
    for unsent_days, days_left in ((2, 40), (3, 40), (4, 40), (10, 30), (10, 29), (0, 3)):
        told = FiscalChanged(ready=True, shift_open=True, unsent_days=unsent_days, drive_days_left=days_left)
        cashier.on_event(told)
    written = [record.data for record in world.records if record.kind == "fiscal_warning"]
    assert [(each["what"], each["severity"]) for each in written] == [
        ("unsent", 1),
        ("unsent", 2),
        ("term", 2),
        ("term", 3),
    ]
    assert all("\u00a0дн" in str(each["words"]) for each in written)
