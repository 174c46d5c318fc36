"""Where the electronic receipt goes: asked before the payment, kept for the stay, told to the till with its order."""

from __future__ import annotations

import pytest

from payment.contract import CashInSnapshot, CashPhase, Means, PaymentOrder
from terminal_app.core import visit as visits
from terminal_app.core.basket import order_view
from terminal_app.core.visit_events import CashChanged, OpenCashIn
from terminal_app.core.visit_values import Visit, VisitRules
from terminal_app.ipc.messages import (
    AccountView,
    BalanceView,
    ChooseAmount,
    ChooseMeans,
    GoBack,
    GoHome,
    PaymentMeans,
    Screen,
)
from terminal_app.ipc.orders import AnotherAccount, DueView, Gather
from terminal_app.ipc.pages import Choose, Enter, OpenService

OWN = AccountView("100000058", "Г••••••• П. Н.", "г. С•••••")
BALANCE = BalanceView(500_00, "октябрь 2026", [], "23.11.2026", [DueView("electricity", "Электроэнергия", 500_00)])
KNOWN = Visit(screen=Screen.AMOUNT, account=OWN, balance=BALANCE)
RULES, BOTH = VisitRules(), VisitRules(card=True, qr=True)
DONE = CashChanged(CashInSnapshot(CashPhase.DONE))


def after(visit: Visit, *events: object, rules: VisitRules = RULES) -> tuple[Visit, list]:
    effects: list = []
    for event in events:
        visit, effects = visits.step(visit, event, rules, 1.0)
    return visit, effects


def order(effects: list) -> PaymentOrder:
    (opened,) = effects
    assert isinstance(opened, OpenCashIn)
    return opened.order


def named(visit: Visit, way: str, text: str) -> Visit:
    return after(
        visit, OpenService("receipt_contact"), Choose("receipt_contact", way), Enter(f"receipt_contact.{way}", text)
    )[0]


@pytest.mark.parametrize(
    ("way", "typed", "kept", "masked"),
    [
        ("phone", "+79211234567", "+79211234567", "+7 921 ***-**-67"),
        ("email", "Ivan@Mail.RU", "Ivan@mail.ru", "I***@mail.ru"),
    ],
)
def test_where_the_receipt_goes_is_asked_before_the_payment_shown_masked_and_told_to_the_till(way, typed, kept, masked):
    asked = named(KNOWN, way, typed)
    view = order_view(asked, receipt_sent=True)
    assert (asked.screen, asked.account, view.contact) == (Screen.AMOUNT, OWN, masked)
    for means in PaymentMeans:
        effects = after(asked, ChooseAmount(500_00), ChooseMeans(means), rules=BOTH)[1]
        assert (order(effects).contact, order(effects).means) == (kept, Means(means.value))


@pytest.mark.parametrize(
    ("way", "typed"), [("phone", "+71111111111"), ("email", "ivan@mail"), ("email", "иван@mail.ru")]
)
def test_what_is_no_address_is_said_beside_the_field_and_nothing_is_kept(way, typed):
    visit = named(KNOWN, way, typed)
    assert visit.page.entry.error.key == f"receipt_contact.{way}.wrong"
    assert (visit.page.entry.draft, visit.contact) == (typed, "")


def test_who_has_named_an_address_may_take_it_back():
    visit, _ = after(named(KNOWN, "phone", "+79211234567"), OpenService("receipt_contact"))
    assert [choice.key for choice in visit.page.choices] == ["phone", "email", "none"]
    assert after(visit, Choose("receipt_contact", "none"))[0].contact == ""


def test_back_from_the_question_leads_to_the_sum_and_it_is_asked_nowhere_else():
    visit, _ = after(KNOWN, OpenService("receipt_contact"))
    assert after(visit, GoBack())[0] == after(KNOWN, GoBack(), ChooseAmount(0))[0]
    assert after(Visit(), OpenService("receipt_contact"))[0].screen is Screen.ATTRACT


def test_the_address_stays_for_one_more_account_of_this_customer_and_is_gone_with_him():
    visit = named(after(KNOWN, Gather(), GoBack())[0], "phone", "+79211234567")
    listed, _ = after(visit, Gather(), AnotherAccount())
    assert listed.contact == "+79211234567"
    paid, _ = after(after(visit, ChooseAmount(500_00))[0], DONE, AnotherAccount())
    assert paid.contact == "+79211234567"
    assert after(paid, GoBack())[0].contact == ""
    assert after(listed, GoHome())[0].contact == ""
