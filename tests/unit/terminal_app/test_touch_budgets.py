"""How few touches the frequent errands take. Typing a field is one touch, «Дальше» another."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from payment.billing.account_values import AccountDetails, AccountsOfPhone, AccountSummary
from payment.contract import CashInSnapshot, CashPhase
from signaling_server.contract.services import CodeProved, CodePurpose, CodeSent
from terminal_app.core.tasks.task import AskByPhone, AskOffice, AskOfPhone, BillingTold, Told
from terminal_app.core.visit_events import (
    AccountFound,
    AskByBill,
    AskDetails,
    AttributeAccepted,
    BillRead,
    CashChanged,
    PayCash,
    TaskTold,
)
from terminal_app.ipc.messages import (
    ChooseAmount,
    ChooseMeans,
    ConfirmAccount,
    PaymentMeans,
    PressPay,
    Screen,
    StartBillScan,
    StartPayment,
    SubmitAccount,
    SubmitSecondAttribute,
)
from terminal_app.ipc.orders import AnotherAccount, Gather
from terminal_app.ipc.pages import Choose, Enter, OpenService
from tests.unit.terminal_app.touching_customer import ACCOUNT, CONTEXT, Customer

SENT = CodeSent("-", "code-1", "+7 921 ***-**-67", 600, 60, 3)
BOUND = AccountsOfPhone((AccountSummary(ACCOUNT, "К•••• А. В.", "г. Санкт-Петербург, пр. Б•••, д. 1"),))
DETAILS = AccountDetails(ACCOUNT, 100_00, 100_00, 0, 0, "октябрь 2026", "2026-10", charges=(), as_of="23.11.2026")
PROVED = CodeProved("-", "code-1", CodePurpose.IDENTIFY, [])


@pytest.mark.clause("4.2.3e")
def test_a_balance_takes_six_touches_at_most():
    customer = Customer()
    customer.touch(StartPayment())
    customer.touch(SubmitAccount(ACCOUNT), touches=2)
    customer.hears(AccountFound(CONTEXT.account))
    customer.touch(ConfirmAccount())
    customer.touch(SubmitSecondAttribute("4321"), touches=2)
    assert customer.effects == [AskDetails(ACCOUNT, "4321")]
    customer.hears(AttributeAccepted(CONTEXT.balance))
    assert (customer.visit.screen, customer.touches) == (Screen.BALANCE, 6)


@pytest.mark.clause("4.2.3e")
def test_a_balance_by_phone_and_code_takes_six_touches_at_most():
    customer = Customer()
    customer.touch(StartPayment())
    customer.touch(OpenService("by_phone"))
    customer.touch(Enter("by_phone", "+79210000067"), touches=2)
    customer.hears(TaskTold(customer.asked(AskOffice).asked, Told(SENT)))
    customer.touch(Enter("phone_code", "123456"), touches=2)
    customer.hears(TaskTold(customer.asked(AskOffice).asked, Told(PROVED)))
    customer.hears(TaskTold(customer.asked(AskOfPhone).asked, BillingTold(BOUND)))
    customer.hears(TaskTold(customer.asked(AskByPhone).asked, BillingTold(DETAILS)))
    assert (customer.visit.screen, customer.touches) == (Screen.BALANCE, 6)


@pytest.mark.clause("4.2.3e")
def test_a_balance_by_the_bill_in_the_hand_takes_three_touches_at_most():
    customer = Customer()
    customer.touch(StartBillScan())
    customer.hears(BillRead(ACCOUNT, 0))
    customer.hears(AccountFound(CONTEXT.account))
    customer.touch(ConfirmAccount())
    assert customer.effects == [AskByBill(ACCOUNT)]
    customer.hears(AttributeAccepted(CONTEXT.balance))
    assert (customer.visit.screen, customer.touches) == (Screen.BALANCE, 2)


@pytest.mark.clause("4.2.3e")
@pytest.mark.parametrize(
    ("opened", "touches"),
    [([OpenService("readings")], 11), ([OpenService("menu"), Choose("menu", "readings")], 12)],
)
def test_three_zones_of_an_account_known_by_its_number_alone_take_twelve_touches_at_most(opened, touches):
    customer = Customer()
    customer.comes_to_the_meters(*opened)
    assert customer.visit.screen is Screen.PAGE_ENTRY
    customer.gives()
    assert (customer.touches, customer.visit.balance) == (touches, None)


def noted(amount_minor: int) -> CashChanged:
    inside = CashInSnapshot(CashPhase.ACCEPTING, inserted_minor=amount_minor, may_pay=True, acceptor_ready=True)
    return CashChanged(inside)


def shows_his_bill(customer):
    """The bill in the hand stands for number and proof: two touches to the balance."""
    customer.touch(StartBillScan())
    customer.hears(BillRead(ACCOUNT, 0))
    customer.hears(AccountFound(CONTEXT.account))
    customer.touch(ConfirmAccount())
    customer.hears(AttributeAccepted(CONTEXT.balance))


@pytest.mark.clause("4.2.3e")
def test_a_payment_by_notes_into_a_known_number_takes_seven_touches_beside_the_notes():
    customer = Customer()
    customer.touch(StartPayment())
    customer.touch(SubmitAccount(ACCOUNT), touches=2)
    customer.hears(AccountFound(CONTEXT.account))
    customer.touch(ChooseAmount(0))  # «Только заплатить»
    customer.touch(ChooseAmount(500_00))
    customer.hears(noted(500_00))
    customer.touch(PressPay())
    assert (customer.effects, customer.touches) == ([PayCash()], 6)


@pytest.mark.clause("4.2.3e")
def test_where_cards_and_qr_are_taken_too_it_takes_one_touch_more_and_still_no_more_than_seven():
    customer = Customer(card=True, qr=True)
    customer.touch(StartPayment())
    customer.touch(SubmitAccount(ACCOUNT), touches=2)
    customer.hears(AccountFound(CONTEXT.account))
    customer.touch(ChooseAmount(0))
    customer.touch(ChooseAmount(500_00))
    customer.touch(ChooseMeans(PaymentMeans.CASH))
    customer.hears(noted(500_00))
    customer.touch(PressPay())
    assert (customer.effects, customer.touches) == ([PayCash()], 7)


@pytest.mark.clause("4.2.3e")
def test_a_payment_by_notes_of_the_bill_in_the_hand_takes_seven_touches_beside_the_notes():
    customer = Customer()
    shows_his_bill(customer)
    customer.touch(ChooseAmount(0))
    customer.touch(ChooseAmount(CONTEXT.balance.due_minor))
    customer.hears(noted(CONTEXT.balance.due_minor))
    customer.touch(PressPay())
    assert (customer.effects, customer.touches) == ([PayCash()], 5)


def test_what_may_be_chosen_beside_the_sum_costs_nobody_else_a_touch():
    """Two accounts in one payment, the second by its number alone, and a receipt by phone."""
    customer = Customer()
    shows_his_bill(customer)
    customer.touch(ChooseAmount(0))
    customer.touch(OpenService("receipt_contact"))
    customer.touch(Choose("receipt_contact", "phone"))
    customer.types("+79211234567")
    assert (customer.visit.screen, customer.touches) == (Screen.AMOUNT, 7)
    customer.touch(Gather())
    customer.touch(AnotherAccount())
    customer.touch(SubmitAccount("100000017"), touches=2)
    customer.hears(AccountFound(replace(CONTEXT.account, account="100000017")))
    customer.touch(ChooseAmount(0))
    customer.touch(ChooseAmount(500_00))
    customer.touch(PressPay())
    (opened,) = customer.effects
    assert (len(opened.order.lines), opened.order.contact) == (4, "+79211234567")
    assert customer.touches == 14
