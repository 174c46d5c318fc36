"""«Деньги не зачислились», «нет чека»: the journal answers, in words that say where the money is, and with a copy."""

from __future__ import annotations

import pytest

from payment.contract import (
    CashPhase,
    Means,
    NoteEscrowed,
    OrderLine,
    PaymentOrder,
    PayOutcome,
    ReversalOutcome,
)
from payment.inquiry import Fate, Inquiry, copy_of, inquire, inquiry_words
from tests.unit.payment.ways_world import WaysWorld

CARD = PaymentOrder("100000017", asked_minor=500_00, means=Means.CARD)


def cash(world: WaysWorld, *, order: PaymentOrder | None = None, wait_s: int = 3) -> None:
    cashier = world.cashier()
    cashier.open_visit(order or PaymentOrder("100000017", asked_minor=500_00))
    world.put_in(cashier, 500_00)
    cashier.pay()
    world.settle(cashier, wait_s)
    cashier.close_visit()


def card(world: WaysWorld, wait_s: int = 60) -> None:
    cashier = world.cashier()
    cashier.open_visit(CARD)
    world.settle(cashier, wait_s)
    cashier.close_visit()


def only(world: WaysWorld, named: str = "100000017") -> Inquiry:
    (found,) = inquire(world.records, named)
    return found


def test_a_credited_payment_is_found_by_its_account_and_by_the_number_as_it_is_printed():
    world = WaysWorld()
    cash(world)
    number = world.requests[0].txn_id
    printed = " ".join(number[at : at + 5] for at in range(0, 20, 5))
    assert only(world) == only(world, printed)
    assert only(world).fate is Fate.CREDITED
    assert inquiry_words(only(world)).startswith("Платёж на 500,00\u00a0₽ зачислен")
    assert only(world).printed is True


def test_a_payment_of_another_account_is_nobodys_business():
    world = WaysWorld()
    cash(world)
    assert inquire(world.records, "200000028") == []
    assert inquire(world.records, "") == []


def test_payments_of_an_account_come_the_newest_first():
    world = WaysWorld()
    for _ in range(3):
        cash(world)
    opened = [found.opened_ms for found in inquire(world.records, "100000017")]
    assert opened == sorted(opened, reverse=True)
    assert len(opened) == 3


def test_what_billing_has_not_answered_is_on_its_way_and_later_credited():
    world = WaysWorld(billing=PayOutcome.UNKNOWN)
    cash(world)
    assert only(world).fate is Fate.ON_ITS_WAY
    assert "ещё раз не нужно" in inquiry_words(only(world))
    world.billing = PayOutcome.CREDITED
    world.settle(world.restarted(), 60)
    assert only(world).fate is Fate.CREDITED


@pytest.mark.parametrize(
    ("outcomes", "fate"),
    [
        ([PayOutcome.REFUSED, PayOutcome.REFUSED], Fate.REFUSED),
        ([PayOutcome.CREDITED, PayOutcome.REFUSED], Fate.PARTLY_REFUSED),
        ([PayOutcome.CREDITED, PayOutcome.UNKNOWN], Fate.ON_ITS_WAY),
    ],
)
def test_lines_are_answered_for_together(outcomes, fate):
    world = WaysWorld(next_outcomes=list(outcomes))
    cash(world, order=PaymentOrder("100000017", asked_minor=300_00, more=(OrderLine("200000028", asked_minor=200_00),)))
    assert only(world).fate is fate
    assert only(world, "200000028").fate is fate


def test_money_that_went_back_to_the_card_is_said_to_have_gone_back():
    world = WaysWorld(billing=PayOutcome.REFUSED)
    card(world)
    assert only(world).fate is Fate.REFUNDED
    assert "500,00" in inquiry_words(only(world))


def test_an_unknown_of_the_bank_is_told_as_one():
    world = WaysWorld()
    world.bank.lost, world.bank.reversal = 99, ReversalOutcome.REFUSED
    card(world)
    assert only(world).fate is Fate.CARD_UNKNOWN


def test_another_amount_than_asked_lies_with_us():
    world = WaysWorld()
    world.bank.amount_off = 1_00
    card(world)
    assert only(world).fate is Fate.ASIDE
    assert "501,00" in inquiry_words(only(world))


def test_a_note_in_doubt_is_not_forgotten():
    world = WaysWorld()
    cashier = world.cashier()
    cashier.open_visit(PaymentOrder("100000017"))
    cashier.on_event(NoteEscrowed(500_00))
    world.wait(cashier, 60)
    cashier.leave()
    world.settle(cashier, 3)
    assert only(world).fate is Fate.IN_DOUBT
    assert "500,00" in inquiry_words(only(world))


def test_a_visit_that_took_nothing_says_so():
    world = WaysWorld()
    cashier = world.cashier()
    cashier.open_visit(PaymentOrder("100000017"))
    cashier.leave()
    world.settle(cashier, 3)
    assert only(world).fate is Fate.NOTHING_TAKEN


def test_a_visit_that_is_still_open_is_neither_credited_soon_nor_empty_for_good():
    world = WaysWorld()
    cashier = world.cashier()
    cashier.open_visit(PaymentOrder("100000017", asked_minor=500_00))
    assert only(world).fate is Fate.NOT_ENDED
    assert inquiry_words(only(world)) == "Платёж на терминале ещё не закончен. Денег мы пока не взяли."
    world.put_in(cashier, 500_00)
    said = inquiry_words(only(world))
    assert said.startswith("Платёж на терминале ещё не закончен. Принято 500,00\u00a0₽: мы зачислим их, когда")
    assert "связь" not in said
    cashier.pay()
    world.settle(cashier, 3)
    assert only(world).fate is Fate.CREDITED


def test_an_open_visit_that_waits_for_the_bank_says_so():
    world = WaysWorld()
    world.bank.lost = 99
    world.cashier().open_visit(CARD)
    assert only(world).fate is Fate.NOT_ENDED
    assert inquiry_words(only(world)).endswith("Терминал ждёт ответа банка о списании 500,00\u00a0₽.")


def test_a_document_that_is_still_due_is_promised():
    world = WaysWorld()
    world.register.absent = 99
    cash(world, wait_s=30)
    assert only(world).fiscal_awaited
    assert "чек" in inquiry_words(only(world))


def test_the_copy_says_what_the_slip_said_and_that_it_is_a_copy():
    world = WaysWorld()
    cash(world)
    slip = world.receipts[0]
    copy = copy_of(only(world), terminal_id="17", printed_at=slip.printed_at)
    assert copy.copy
    assert {name for name in slip.__struct_fields__ if getattr(slip, name) != getattr(copy, name)} == {"copy"}


def test_the_customer_may_have_his_slip_again_a_few_times_each_marked_as_a_copy():
    world = WaysWorld()
    cashier = world.cashier()
    cashier.open_visit(PaymentOrder("100000017", asked_minor=500_00))
    cashier.print_copy()
    world.put_in(cashier, 500_00)
    cashier.pay()
    world.settle(cashier, 3)
    assert (cashier.snapshot.copies, cashier.snapshot.copies_left) == (0, 3)
    for _ in range(5):
        cashier.print_copy()
        world.settle(cashier)
    assert [receipt.copy for receipt in world.receipts] == [False, True, True, True]
    assert world.kinds().count("receipt_copy") == 3
    assert (cashier.snapshot.copies, cashier.snapshot.copies_left) == (3, 0)
    assert cashier.snapshot.phase is CashPhase.DONE
