"""A payment by card: one sale, whatever the bank answers or does not."""

from __future__ import annotations

import pytest

from payment.contract import (
    CardAnswered,
    CardOutcome,
    CashPhase,
    Means,
    PaymentOrder,
    PayOutcome,
    PinpadChanged,
    ReversalOutcome,
)
from payment.ledger import Place
from tests.unit.payment.till_world import check_books
from tests.unit.payment.ways_world import WaysWorld

ORDER = PaymentOrder("100000017", asked_minor=1_543_21, means=Means.CARD)


@pytest.fixture
def world() -> WaysWorld:
    return WaysWorld()


def begun(world: WaysWorld):
    cashier = world.cashier()
    cashier.open_visit(ORDER)
    return cashier


def test_the_whole_card_payment_leaves_its_records_in_the_agreed_order(world):
    cashier = begun(world)
    world.settle(cashier)
    assert cashier.snapshot.phase is CashPhase.DONE
    cashier.close_visit()
    assert world.kinds() == [
        *("session_open", "card_intent", "card_result", "pay_intent", "pay_result"),
        *("fiscal_intent", "fiscal_done", "receipt_intent", "receipt_done", "session_closed"),
    ]
    books = check_books(world)
    assert (books.balance(Place.CARD_APPROVED), books.balance(Place.CREDITED)) == (1_543_21, 1_543_21)
    assert world.credited() == {"100000017": 1_543_21}
    receipt = world.receipts[0]
    assert (receipt.means, receipt.card.rrn, receipt.card.masked_pan) == (
        Means.CARD,
        "123456789012",
        "220070******1234",
    )
    assert (receipt.fiscal.fd, receipt.fiscal_total_minor) == (1, 1_543_21)


def test_the_pinpad_is_asked_only_when_the_intent_is_on_disk(world):
    cashier = world.cashier()
    world.held = True
    cashier.open_visit(ORDER)
    assert "AUTHORIZE" not in world.log
    world.sync()
    assert world.log[-1] == "AUTHORIZE"


def test_a_declined_card_takes_nothing_and_the_next_try_is_a_new_operation(world):
    world.bank.says = CardOutcome.DECLINED
    cashier = begun(world)
    world.settle(cashier)
    shown = cashier.snapshot
    assert (shown.phase, shown.payment_failed, shown.card_outcome) == (CashPhase.DONE, True, CardOutcome.DECLINED)
    assert check_books(world).balance(Place.CARD_UNKNOWN) == 0
    world.bank.says = CardOutcome.APPROVED
    cashier.open_visit(ORDER)
    world.settle(cashier)
    operations = {record.data["operation_id"] for record in world.records if record.kind == "card_intent"}
    assert len(operations) == 2
    assert world.credited() == {"100000017": 1_543_21}


def test_an_unknown_answer_asks_the_last_result_and_never_sells_twice(world):
    world.bank.lost = 2
    cashier = begun(world)
    world.settle(cashier)
    assert check_books(world).balance(Place.CARD_UNKNOWN) == 1_543_21
    world.settle(cashier, 10)
    assert world.log.count("AUTHORIZE") == 1
    assert world.log.count("LAST RESULT") == 2
    assert world.credited() == {"100000017": 1_543_21}
    assert check_books(world).balance(Place.CARD_UNKNOWN) == 0


def test_an_unknown_that_stays_unknown_is_reversed(world):
    world.bank.lost = 99
    cashier = begun(world)
    world.settle(cashier, 60)
    assert world.log.count("REVERSE") == 1
    assert world.bank.charges == {}
    assert world.credits == {}
    assert world.register.documents == {}, "an unknown is not fiscalised"
    shown = cashier.snapshot
    assert (shown.phase, shown.payment_failed) == (CashPhase.DONE, True)
    assert check_books(world).balance(Place.CARD_UNKNOWN) == 0


def test_what_cannot_be_reversed_waits_for_the_settlement_and_the_customer_has_a_paper(world):
    world.bank.lost, world.bank.reversal = 99, ReversalOutcome.REFUSED
    cashier = begun(world)
    world.settle(cashier, 60)
    assert cashier.snapshot.phase is CashPhase.DONE
    assert world.receipts[0].card_unknown_minor == 1_543_21
    assert world.receipts[0].outcome is None
    assert check_books(world).balance(Place.CARD_UNKNOWN) == 1_543_21
    cashier.close_visit()
    cashier.settle()
    world.settle(cashier, 5)
    assert world.credited() == {"100000017": 1_543_21}, "the totals of the day say that it was approved"
    assert check_books(world).balance(Place.CARD_UNKNOWN) == 0
    assert len(world.register.documents) == 1


def test_totals_without_it_say_that_an_unknown_was_not_approved(world):
    world.bank.lost, world.bank.reversal = 99, ReversalOutcome.REFUSED
    cashier = begun(world)
    world.settle(cashier, 60)
    cashier.close_visit()
    world.bank.charges.clear()
    cashier.settle()
    world.settle(cashier, 5)
    assert world.credits == {}
    assert world.data("settlement_done")["found"] == "declined"
    assert check_books(world).balance(Place.CARD_UNKNOWN) == 0


def test_totals_that_fit_nothing_are_left_to_a_person(world):
    world.bank.lost, world.bank.reversal = 99, ReversalOutcome.REFUSED
    cashier = begun(world)
    world.settle(cashier, 60)
    cashier.close_visit()
    world.bank.charges["another"] = 5
    cashier.settle()
    world.settle(cashier, 5)
    assert world.data("settlement_done")["found"] == ""
    assert check_books(world).balance(Place.CARD_UNKNOWN) == 1_543_21


def test_a_reversal_without_an_answer_is_repeated(world):
    world.bank.lost, world.bank.reversal = 99, ReversalOutcome.UNKNOWN
    cashier = begun(world)
    world.settle(cashier, 60)
    assert world.log.count("REVERSE") > 2
    world.bank.reversal = ReversalOutcome.DONE
    world.settle(cashier, 120)
    assert check_books(world).balance(Place.CARD_UNKNOWN) == 0
    assert world.kinds().count("card_reversal") == 1


def test_while_the_bank_is_asked_about_one_operation_no_other_is_begun(world):
    world.bank.lost, world.bank.reversal = 99, ReversalOutcome.UNKNOWN
    cashier = begun(world)
    world.settle(cashier, 200)
    cashier.close_visit()
    assert not cashier.snapshot.card_ready
    cashier.open_visit(ORDER)
    world.settle(cashier)
    assert world.log.count("AUTHORIZE") == 1
    assert cashier.snapshot.payment_failed


def test_another_amount_than_asked_is_kept_for_a_person(world):
    world.bank.amount_off = 100
    cashier = begun(world)
    world.settle(cashier)
    assert world.credits == {}
    books = check_books(world)
    assert (books.balance(Place.CARD_APPROVED), books.balance(Place.UNALLOCATED)) == (1_544_21, 1_544_21)
    assert books.balance(Place.CARD_UNKNOWN) == 0
    assert world.receipts[0].unallocated_minor == 1_544_21


def test_a_card_is_reversed_only_when_billing_surely_credited_nothing(world):
    world.billing = PayOutcome.REFUSED
    cashier = begun(world)
    world.settle(cashier, 3)
    assert world.bank.charges == {}
    books = check_books(world)
    assert (books.balance(Place.REFUNDED), books.balance(Place.UNALLOCATED)) == (1_543_21, 0)
    assert world.register.documents == {}


def test_while_billing_is_unknown_the_card_is_not_reversed(world):
    world.billing = PayOutcome.UNKNOWN
    cashier = begun(world)
    world.settle(cashier, 600)
    assert "REVERSE" not in world.log
    world.billing = PayOutcome.CREDITED
    world.settle(cashier, 1_000)
    assert world.credited() == {"100000017": 1_543_21}


def test_a_card_that_is_reversed_after_its_document_gets_a_document_of_return(world):
    world.next_outcomes = [PayOutcome.UNKNOWN, PayOutcome.REFUSED]
    cashier = begun(world)
    world.settle(cashier, 30)
    kinds = [(sale.kind.value, sale.total_minor) for sale in world.register.documents.values()]
    assert kinds == [("income", 1_543_21), ("income_return", 1_543_21)]
    assert check_books(world).balance(Place.REFUNDED) == 1_543_21


def test_a_refund_the_bank_refuses_stays_unallocated(world):
    world.billing, world.bank.reversal = PayOutcome.REFUSED, ReversalOutcome.REFUSED
    cashier = begun(world)
    world.settle(cashier, 30)
    books = check_books(world)
    assert (books.balance(Place.UNALLOCATED), books.balance(Place.REFUNDED)) == (1_543_21, 0)
    assert world.log.count("REVERSE") == 1


def test_a_refusal_of_a_repeated_reversal_proves_nothing(world):
    """The first one may have been done and only its answer lost: a person asks the bank before anything is paid out."""
    world.billing, world.bank.reversal = PayOutcome.REFUSED, ReversalOutcome.UNKNOWN
    cashier = begun(world)
    world.settle(cashier, 2)
    world.bank.reversal = ReversalOutcome.REFUSED
    world.settle(cashier, 30)
    assert world.data("card_reversed")["outcome"] == "unknown"
    assert check_books(world).balance(Place.UNALLOCATED) == 1_543_21
    reversals = world.log.count("REVERSE")
    world.settle(cashier, 300)
    assert world.log.count("REVERSE") == reversals >= 2, "and the pinpad is free again"


def test_a_customer_who_is_gone_has_his_late_approval_credited(world):
    world.bank.lost = 99
    world.bank.reversal = ReversalOutcome.UNKNOWN
    cashier = begun(world)
    world.answers.clear()  # the pinpad is dead
    world.wait(cashier, 181)
    assert world.receipts[0].card_unknown_minor == 1_543_21
    world.print_out(cashier)
    cashier.close_visit()
    world.answers.clear()
    operation_id = world.data("card_intent")["operation_id"]
    cashier.on_event(CardAnswered(operation_id, CardOutcome.APPROVED, 1_543_21))
    world.settle(cashier, 3)
    assert world.credited() == {"100000017": 1_543_21}
    assert len(world.register.documents) == 1


def test_a_late_twin_of_an_answer_changes_nothing(world):
    cashier = begun(world)
    world.settle(cashier)
    operation_id = world.data("card_intent")["operation_id"]
    before = list(world.kinds())
    for outcome in CardOutcome:
        cashier.on_event(CardAnswered(operation_id, outcome, 1_543_21))
    world.settle(cashier, 5)
    assert world.kinds() == before


def test_without_a_ready_pinpad_no_card_is_asked_for(world):
    cashier = world.cashier()
    cashier.on_event(PinpadChanged(ready=False))
    cashier.open_visit(ORDER)
    assert "AUTHORIZE" not in world.log
    assert cashier.snapshot.payment_failed


def test_a_pinpad_that_tells_a_whole_card_number_is_not_believed_with_it(world):
    cashier = begun(world)
    world.answers.clear()
    told = CardAnswered(
        world.data("card_intent")["operation_id"],
        CardOutcome.APPROVED,
        1_543_21,
        masked_pan="4111111111111111",
        slip="КАРТА 4111111111111111",
    )
    cashier.on_event(told)
    assert "4111111111111111" not in str([record.data for record in world.records])
    world.settle(cashier)
    assert world.receipts[0].card.masked_pan == "411111******1111"


def test_a_settlement_is_remembered_over_a_restart_by_its_day(world):
    cashier = world.cashier()
    assert cashier.settled_on() == ""
    cashier.settle()
    world.settle(cashier, 2)
    assert cashier.settled_on() == world.now().local[:8]
    assert world.restarted().settled_on() == world.now().local[:8]


def test_a_settlement_waits_until_nobody_stands_there(world):
    cashier = begun(world)
    cashier.settle()
    assert "SETTLE" not in world.log
    world.settle(cashier)
    cashier.close_visit()
    cashier.settle()
    world.settle(cashier, 2)
    assert world.data("settlement_done")["agreed"] is True
    assert world.data("settlement_done")["own_total_minor"] == 1_543_21


def test_a_settlement_without_an_answer_ends_without_a_verdict_and_the_day_goes_on(world):
    cashier = begun(world)
    world.settle(cashier)
    cashier.close_visit()
    cashier.settle()
    cashier = world.restarted()
    world.settle(cashier, 2)
    assert world.data("settlement_done")["agreed"] is None
    cashier.settle()
    world.settle(cashier, 2)
    assert world.data("settlement_done")["own_total_minor"] == 1_543_21
