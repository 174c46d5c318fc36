"""What a customer sees of a payment he puts together: services, accounts, the electronic receipt, one more account."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from terminal_app.ipc.messages import (
    AccountView,
    Availability,
    BalanceView,
    ChooseAmount,
    PressPay,
    Screen,
    TerminalState,
)
from terminal_app.ipc.orders import AnotherAccount, Gather, LineView, OrderView, ReceiptView
from terminal_app.ipc.pages import OpenService
from terminal_app.ui.presenters.amount import AmountPresenter
from terminal_app.ui.presenters.basket import BasketPresenter
from terminal_app.ui.presenters.receipt import ReceiptPresenter

ABLE = Availability(cash=True, printer=True, billing=True)
OWN, MOTHERS = "100000058", "100000017"
LINES = [LineView(OWN, "Электроэнергия", 1_303_16), LineView(OWN, "Пени", 61_40)]
ORDER = OrderView(may_gather=True, may_pick=True, may_add=True, receipt_offered=True)
AMOUNT = TerminalState(
    revision=1,
    screen=Screen.AMOUNT,
    availability=ABLE,
    account=AccountView(OWN, "", ""),
    balance=BalanceView(1_364_56, "", [], ""),
    order=ORDER,
)
BASKET = replace(AMOUNT, screen=Screen.BASKET, order=replace(ORDER, lines=LINES, total_minor=1_364_56))
RECEIPT = replace(AMOUNT, screen=Screen.RECEIPT, receipt=ReceiptView("1", 500_00, credited=True, printed=True))


def basket(state: TerminalState):
    return BasketPresenter(state).view(state)


def amount(**changes: object):
    state = replace(AMOUNT, order=replace(ORDER, **changes))
    return AmountPresenter(state).view(state)


def test_one_account_is_named_once_over_its_lines_and_the_whole_sum_stands_on_the_button():
    view = basket(BASKET)
    assert view.account == "Лицевой счёт 100\u00a0000\u00a0058"
    assert [(line.title, line.amount) for line in view.lines] == [
        ("Электроэнергия", "1\u00a0303,16\u00a0₽"),
        ("Пени", "61,40\u00a0₽"),
    ]
    assert view.pay_label == "Оплатить 1\u00a0364,56\u00a0₽"


def test_several_accounts_are_told_by_their_sums_and_which_one_gets_the_change():
    lines = [*LINES, LineView(MOTHERS, "Электроэнергия", 500_00)]
    view = basket(replace(BASKET, order=replace(BASKET.order, lines=lines)))
    assert view.account == ""
    assert [(line.title, line.amount) for line in view.lines] == [
        ("Счёт 100\u00a0000\u00a0058", "1\u00a0364,56\u00a0₽"),
        ("Счёт 100\u00a0000\u00a0017", "500,00\u00a0₽"),
    ]
    assert "100\u00a0000\u00a0058" in view.no_change


@pytest.mark.parametrize(
    ("key", "changes", "sent"),
    [
        ("pay", {}, PressPay()),
        ("pay", {"availability": Availability(billing=True)}, None),
        ("pay", {"availability": Availability(card=True)}, PressPay()),
        ("pay", {"busy": True}, None),
        ("pick", {}, OpenService("parts")),
        ("pick", {"order": replace(ORDER, may_pick=False)}, None),
        ("another", {}, AnotherAccount()),
        ("another", {"order": replace(ORDER, may_add=False)}, None),
        ("another", {"availability": Availability(cash=True)}, None),
        ("done", {}, None),
    ],
)
def test_a_list_offers_what_can_be_done_now(key, changes, sent):
    state = replace(BASKET, **changes)
    assert BasketPresenter(state).press(key, state) == sent


def test_where_only_cards_are_taken_nothing_is_said_of_change():
    assert basket(replace(BASKET, availability=Availability(card=True, billing=True))).no_change == ""


def test_one_thing_is_asked_about_by_its_name_and_offered_whole():
    view = amount(part_title="Пени", part_minor=61_40, may_gather=False)
    assert view.title == "Сколько заплатить за «Пени»?"
    assert [suggestion.key for suggestion in view.suggestions] == ["sum_6140"]
    state = replace(AMOUNT, order=replace(ORDER, part_title="Пени", part_minor=61_40))
    assert AmountPresenter(state).press("sum_6140", state) == ChooseAmount(61_40)
    assert AmountPresenter(state).press("sum_136456", state) is None


@pytest.mark.parametrize("changes", [{"gathering": True}, {"lines": LINES}])
def test_a_sum_for_a_list_is_asked_of_this_account(changes):
    assert amount(may_gather=False, **changes).title == "Сколько заплатить на этот счёт?"


@pytest.mark.parametrize(
    ("changes", "several", "receipt"),
    [
        ({}, "Несколько услуг или счетов", "Прислать чек на телефон или почту?"),
        ({"may_gather": False}, "", "Прислать чек на телефон или почту?"),
        ({"receipt_offered": False}, "Несколько услуг или счетов", ""),
        ({"contact": "i***@mail.ru"}, "Несколько услуг или счетов", "Чек придёт на i***@mail.ru"),
    ],
)
def test_quiet_choices_stand_under_the_sums_where_there_is_something_to_choose(changes, several, receipt):
    view = amount(**changes)
    assert (view.several, view.receipt) == (several, receipt)
    state = replace(AMOUNT, order=replace(ORDER, **changes))
    assert AmountPresenter(state).press("several", state) == (Gather() if several else None)
    assert AmountPresenter(state).press("receipt", state) == (OpenService("receipt_contact") if receipt else None)


@pytest.mark.parametrize(
    ("able", "offered"),
    [(ABLE, True), (Availability(billing=True), False), (Availability(cash=True), False), (Availability(), False)],
)
def test_after_a_payment_one_more_account_is_offered_while_it_can_be_paid(able, offered):
    state = replace(RECEIPT, availability=able)
    unknown = replace(state, receipt=replace(RECEIPT.receipt, card_unknown_minor=500_00))
    assert ReceiptPresenter(unknown).view(unknown).another is False
    assert ReceiptPresenter(state).view(state).another is offered
    assert ReceiptPresenter(state).press("another", state) == (AnotherAccount() if offered else None)


@pytest.mark.parametrize(
    ("contact", "said"),
    [
        ("", ""),
        ("+7 921 ***-**-67", "Электронный чек придёт на +7 921 ***-**-67"),
        ("k***@severo-zapadnaya-energia.ru", "Электронный чек придёт на k***@severo-…gia.ru"),
    ],
)
def test_a_receipt_says_where_the_electronic_one_goes(contact, said):
    state = replace(RECEIPT, receipt=replace(RECEIPT.receipt, contact=contact))
    assert ReceiptPresenter(state).view(state).sent.replace("\u00a0", " ") == said
