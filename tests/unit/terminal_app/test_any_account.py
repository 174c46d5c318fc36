"""Any terminal serves any account of the company: where the customer lives refuses nobody."""

from __future__ import annotations

import re

import pytest
from msgspec import structs

from terminal_app.config import Billing
from terminal_app.core.visit_events import (
    AccountFound,
    AskDetails,
    AttributeAccepted,
    FindAccount,
    OpenCashIn,
)
from terminal_app.ipc.messages import (
    ChooseAmount,
    ConfirmAccount,
    Screen,
    StartPayment,
    SubmitAccount,
    SubmitSecondAttribute,
)
from tests.unit.terminal_app.touching_customer import CONTEXT, Customer

DISTRICTS = {
    "100000017": "г. Санкт-Петербург, Невский пр., д. 1••",
    "470012345": "Ленинградская обл., Выборгский р-н, пос. Р•••••, д. 1•",
    "530099881": "Новгородская обл., г. Старая Русса, ул. М•••••, д. •",
}


@pytest.mark.clause("5.1.2a", "6.2.3", owner="terminal_app")
@pytest.mark.parametrize("account", DISTRICTS)
def test_the_account_of_any_district_is_told_its_balance_and_paid_here(account):
    assert re.fullmatch(Billing().account_pattern, account)
    customer = Customer()
    customer.touch(StartPayment())
    customer.touch(SubmitAccount(account))
    assert customer.effects == [FindAccount(account)]
    found = structs.replace(CONTEXT.account, account=account, address_masked=DISTRICTS[account])
    customer.hears(AccountFound(found))
    customer.touch(ConfirmAccount())
    customer.touch(SubmitSecondAttribute("4321"))
    assert customer.effects == [AskDetails(account, "4321")]
    customer.hears(AttributeAccepted(CONTEXT.balance))
    assert customer.visit.screen is Screen.BALANCE
    customer.touch(ChooseAmount(0))
    customer.touch(ChooseAmount(500_00))
    (opened,) = customer.effects
    assert isinstance(opened, OpenCashIn)
    assert {line.account for line in opened.order.lines} == {account}
