"""One sum, one thing, several things, several accounts: what is put together, and the order that comes of it."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payment.billing.account_values import AccountDetails, Charge
from payment.contract import CashInSnapshot, CashPhase, CashSettings, Means, OrderLine, PaymentOrder, Purpose
from payment.fees import FeeRule
from payment.fiscal.vat import Vat
from terminal_app.core import visit as visits
from terminal_app.core.basket import LINES_MAX, dues_of, lines_of, order_view
from terminal_app.core.sums import fee_minor, sum_above
from terminal_app.core.visit_events import (
    AccountFound,
    AskDetails,
    AttributeAccepted,
    AttributeRefused,
    CashChanged,
    CloseCashIn,
    LeaveCashIn,
    OpenCashIn,
)
from terminal_app.core.visit_values import Visit, VisitRules
from terminal_app.ipc.messages import (
    AccountView,
    BalanceView,
    ChooseAmount,
    ChooseMeans,
    ConfirmAccount,
    Dismiss,
    GoBack,
    Notice,
    PaymentMeans,
    PressPay,
    Screen,
    SubmitAccount,
    SubmitSecondAttribute,
)
from terminal_app.ipc.orders import AnotherAccount, DueView, Gather
from terminal_app.ipc.pages import Choose, OpenService

OWN = AccountView("100000058", "Г••••••• П. Н.", "г. С•••••")
MOTHERS = AccountView("100000017", "Б••••••• И. П.", "г. С•••••")
ENERGY = DueView("electricity", "Электроэнергия", 1_303_16)
RECONNECTION = DueView("reconnection", "Повторное подключение", 1_850_00, "other", "2026-10", 11)
PENALTY = DueView("penalty", "Пени", 61_40, "other", vat_code=6)
DUES = [ENERGY, RECONNECTION, PENALTY]
BALANCE = BalanceView(3_214_56, "октябрь 2026", [], "23.11.2026", DUES)
KNOWN = Visit(screen=Screen.AMOUNT, account=OWN, balance=BALANCE)
UNSEEN = Visit(screen=Screen.AMOUNT, account=MOTHERS)
BOTH = VisitRules(card=True, qr=True)


RULES = VisitRules()


def after(visit: Visit, *events: object, rules: VisitRules = RULES) -> tuple[Visit, list]:
    effects: list = []
    for event in events:
        visit, effects = visits.step(visit, event, rules, 1.0)
    return visit, effects


def shown(visit: Visit) -> list[tuple[str, str, int]]:
    return [(line.account[-2:], line.title, line.amount_minor) for line in order_view(visit, receipt_sent=True).lines]


def order(effects: list) -> PaymentOrder:
    (opened,) = effects
    assert isinstance(opened, OpenCashIn)
    return opened.order


# --- what is due, thing by thing ------------------------------------------------------------------------------------


def details(debt_minor: int, penalty_minor: int, advance_minor: int, *charges: Charge) -> AccountDetails:
    due_minor = debt_minor + penalty_minor - advance_minor
    return AccountDetails(
        "100000058",
        due_minor,
        debt_minor,
        penalty_minor,
        advance_minor,
        "октябрь 2026",
        "2026-10",
        charges,
        "23.11.2026",
    )


BILL = (
    Charge("Электроэнергия, 212 кВт·ч", 1_303_16, "2026-10", 11),
    Charge("Повторное подключение", 1_850_00, "2026-10", 11, "reconnection", "other"),
    Charge("Пени", 61_40),
)


def test_a_bill_of_several_things_is_offered_thing_by_thing_with_its_tax_and_purpose():
    assert dues_of(details(3_153_16, 61_40, 0, *BILL)) == DUES


def test_an_advance_leaves_nothing_due_and_a_plain_bill_is_energy_alone():
    assert dues_of(details(0, 0, 500_00, *BILL[:1])) == []
    assert dues_of(details(0, 0, 0)) == []
    assert dues_of(details(900_00, 0, 0, *BILL[:1])) == [DueView("electricity", "Электроэнергия", 900_00)]


def test_what_was_paid_since_the_bill_is_off_the_energy_first_then_off_the_service():
    assert [due.amount_minor for due in dues_of(details(2_000_00, 61_40, 0, *BILL))] == [150_00, 1_850_00, 61_40]
    assert [due.amount_minor for due in dues_of(details(1_000_00, 61_40, 0, *BILL))] == [1_000_00, 61_40]


def test_a_service_charged_for_twice_is_one_thing():
    twice = Charge("Повторное подключение", 100_00, "2026-09", 11, "reconnection", "other")
    assert [due.amount_minor for due in dues_of(details(3_253_16, 0, 0, *BILL[:2], twice))] == [1_303_16, 1_950_00]


MONEY = st.integers(0, 10_000_00)
CHARGES = st.lists(
    st.tuples(st.sampled_from(["", "reconnection", "lamp"]), st.integers(-5_000_00, 5_000_00)), max_size=6
)


@given(MONEY, MONEY, MONEY, CHARGES)
def test_things_due_are_together_just_what_is_due_and_none_is_empty(debt, penalty, advance, charges):
    told = details(debt, penalty, advance, *(Charge("x", amount, None, None, service) for service, amount in charges))
    dues = dues_of(told)
    assert sum(due.amount_minor for due in dues) == max(0, told.due_minor)
    assert all(due.amount_minor > 0 for due in dues)
    assert len({due.service for due in dues}) == len(dues)


@given(st.integers(1, 10_000_00), st.lists(st.integers(1, 3_000_00), max_size=4))
def test_a_sum_is_never_more_or_less_than_its_lines(amount_minor, dues):
    named = [DueView(f"s{number}", "x", due) for number, due in enumerate(dues)]
    lines = lines_of(Visit(account=OWN, balance=BalanceView(sum(dues), "", [], "", named)), amount_minor)
    assert sum(line.asked_minor for line in lines) == amount_minor
    assert all(line.asked_minor > 0 for line in lines)


# --- all of an account: one touch -----------------------------------------------------------------------------------


def test_all_that_is_due_is_one_touch_and_every_thing_is_a_line_of_the_order():
    paying, effects = after(KNOWN, ChooseAmount(3_214_56))
    assert paying.screen is Screen.CASH_IN
    assert order(effects).lines == (
        OrderLine(OWN.account, asked_minor=1_303_16),
        OrderLine(OWN.account, "reconnection", "Повторное подключение", 1_850_00, Purpose.OTHER, "2026-10", 11),
        OrderLine(OWN.account, "penalty", "Пени", 61_40, Purpose.OTHER, vat_code=Vat.NONE),
    )


def test_a_rounded_sum_lies_on_the_energy_and_a_smaller_one_reaches_as_far_as_it_does():
    asked = [line.asked_minor for line in order(after(KNOWN, ChooseAmount(3_250_00))[1]).lines]
    assert asked == [1_338_60, 1_850_00, 61_40]
    asked = [line.asked_minor for line in order(after(KNOWN, ChooseAmount(2_000_00))[1]).lines]
    assert asked == [1_303_16, 696_84]


def test_an_account_known_by_its_number_alone_gets_one_line():
    assert order(after(UNSEEN, ChooseAmount(500_00))[1]).lines == (OrderLine(MOTHERS.account, asked_minor=500_00),)


# --- things of a bill, one by one -----------------------------------------------------------------------------------


def test_the_list_begins_with_the_whole_bill_and_is_paid_in_one_touch_more():
    listed, effects = after(KNOWN, Gather())
    assert (listed.screen, effects) == (Screen.BASKET, [])
    assert shown(listed) == [
        ("58", "Электроэнергия", 1_303_16),
        ("58", "Повторное подключение", 1_850_00),
        ("58", "Пени", 61_40),
    ]
    assert [line.asked_minor for line in order(after(listed, PressPay())[1]).lines] == [1_303_16, 1_850_00, 61_40]


def picked(visit: Visit, number: int) -> Visit:
    return after(visit, OpenService("parts"), Choose("parts", f"due_{number}"))[0]


def test_one_thing_is_chosen_its_sum_asked_and_the_rest_of_the_bill_stays_out():
    asked = picked(after(KNOWN, Gather())[0], 2)
    view = order_view(asked, receipt_sent=False)
    assert (asked.screen, view.part_title, view.part_minor) == (Screen.AMOUNT, "Пени", 61_40)
    listed, _ = after(asked, ChooseAmount(61_40))
    assert shown(listed) == [("58", "Пени", 61_40)]
    both, _ = after(picked(listed, 1), ChooseAmount(1_000_00))
    assert shown(both) == [("58", "Пени", 61_40), ("58", "Повторное подключение", 1_000_00)]


def test_a_sum_named_anew_takes_the_place_of_the_one_before():
    once, _ = after(picked(after(KNOWN, Gather())[0], 0), ChooseAmount(100_00))
    again, _ = after(picked(once, 0), ChooseAmount(200_00))
    assert shown(again) == [("58", "Электроэнергия", 200_00)]


def test_back_from_one_thing_leaves_the_list_as_it_was():
    listed, _ = after(KNOWN, Gather())
    back, _ = after(picked(listed, 2), GoBack())
    assert (back.screen, shown(back)) == (Screen.BASKET, shown(listed))


def test_a_thing_that_is_not_due_is_no_thing():
    assert after(KNOWN, OpenService("parts"), Choose("parts", "due_7"))[0].part == ""
    assert after(Visit(), OpenService("parts"))[0].screen is Screen.ATTRACT


# --- several accounts -------------------------------------------------------------------------------------------------


def found(visit: Visit, account: AccountView) -> Visit:
    return after(visit, SubmitAccount(account.account), AccountFound(account))[0]


def with_mothers(visit: Visit) -> Visit:
    """One more account by its number alone."""
    return after(found(after(visit, AnotherAccount())[0], MOTHERS), ChooseAmount(0), ChooseAmount(500_00))[0]


def test_two_accounts_are_one_order_and_the_second_is_asked_for_without_the_first_being_shown():
    listed, _ = after(KNOWN, Gather())
    asked, effects = after(listed, AnotherAccount())
    assert (asked.screen, effects) == (Screen.ACCOUNT_ENTRY, [])
    assert (asked.account, asked.balance, asked.account_typed) == (None, None, "")
    listed = with_mothers(listed)
    assert shown(listed)[-1] == ("17", "Электроэнергия", 500_00)
    paid = order(after(listed, PressPay())[1])
    assert [(line.account, line.asked_minor) for line in paid.lines][-1] == (MOTHERS.account, 500_00)
    assert paid.asked_total_minor == 3_714_56


def test_a_list_of_accounts_known_by_their_numbers_alone_begins_with_a_sum():
    asked, _ = after(UNSEEN, Gather())
    assert (asked.screen, asked.gathering) == (Screen.AMOUNT, True)
    assert after(asked, GoBack())[0].gathering is False
    listed, _ = after(asked, ChooseAmount(300_00))
    assert shown(listed) == [("17", "Электроэнергия", 300_00)]


def test_back_from_the_next_account_leads_to_the_list_and_back_from_there_drops_the_last_one():
    listed = with_mothers(after(KNOWN, Gather())[0])
    entry, _ = after(listed, AnotherAccount())
    back, _ = after(entry, GoBack())
    assert (back.screen, shown(back)) == (Screen.BASKET, shown(listed))
    dropped, _ = after(back, GoBack())
    assert [account for account, _, _ in shown(dropped)] == ["58"] * 3
    assert after(dropped, GoBack())[0].screen is Screen.ACCOUNT_ENTRY


def test_back_from_the_list_asks_the_last_sum_once_more():
    listed = with_mothers(after(KNOWN, Gather())[0])
    asked, _ = after(listed, GoBack())
    assert (asked.screen, asked.account) == (Screen.AMOUNT, MOTHERS)
    assert shown(after(asked, ChooseAmount(700_00))[0])[-1] == ("17", "Электроэнергия", 700_00)


def test_a_wrong_account_of_a_list_is_typed_anew_and_the_list_stays():
    asked = found(after(after(KNOWN, Gather())[0], AnotherAccount())[0], MOTHERS)
    entry, _ = after(asked, GoBack())
    assert (entry.screen, len(shown(entry))) == (Screen.ACCOUNT_ENTRY, 3)


def test_who_does_not_know_the_second_attribute_keeps_what_he_pays_for_others():
    asked, _ = after(found(after(after(KNOWN, Gather())[0], AnotherAccount())[0], MOTHERS), ConfirmAccount())
    for _ in range(3):
        asked, effects = after(asked, SubmitSecondAttribute("0000"))
        assert effects == [AskDetails(MOTHERS.account, "0000")]
        asked, _ = after(asked, AttributeRefused())
    assert (asked.screen, asked.notice, asked.account) == (Screen.NOTICE, Notice.ATTRIBUTE_ATTEMPTS_SPENT, None)
    assert after(asked, Dismiss())[0].screen is Screen.BASKET


def test_the_list_grows_up_to_a_slip_as_long_as_a_hand():
    listed, _ = after(UNSEEN, Gather(), ChooseAmount(100_00))
    for number in itertools.count():
        if not order_view(listed, receipt_sent=False).may_add:
            break
        account = AccountView(f"10000010{number}", "", "")
        listed, _ = after(found(after(listed, AnotherAccount())[0], account), ChooseAmount(0), ChooseAmount(100_00))
    assert len(shown(listed)) == LINES_MAX
    assert after(listed, AnotherAccount())[0] == listed


@pytest.mark.parametrize("means", PaymentMeans)
def test_every_way_to_pay_leads_back_to_the_list(means):
    listed, _ = after(KNOWN, Gather(), rules=BOTH)
    paying, effects = after(listed, PressPay(), ChooseMeans(means), rules=BOTH)
    assert order(effects).means is Means(means.value)
    if means is PaymentMeans.CASH:
        back, effects = after(paying, GoBack())
        assert effects == [LeaveCashIn()]
    elif means is PaymentMeans.QR:
        failed = CashChanged(CashInSnapshot(CashPhase.DONE, payment_failed=True))
        back, effects = after(paying, failed)
        assert (back.notice, effects) == (Notice.QR_NOT_PAID, [CloseCashIn()])
        back, _ = after(back, Dismiss())
    else:
        back, _ = after(paying, CashChanged(CashInSnapshot(CashPhase.AUTHORIZING, payment_failed=True)), Dismiss())
    assert (back.screen, shown(back)) == (Screen.BASKET, shown(listed))
    assert after(listed, PressPay(), GoBack(), rules=BOTH)[0].screen is Screen.BASKET


def test_a_list_that_cannot_be_paid_now_says_so_and_stays():
    told, _ = after(after(KNOWN, Gather())[0], PressPay(), rules=VisitRules(cash=False))
    assert told.notice is Notice.CASH_UNAVAILABLE
    assert after(told, Dismiss())[0].screen is Screen.BASKET


def test_fee_and_advance_of_several_lines_are_those_of_their_services():
    lines = (OrderLine("2", "lamp", asked_minor=500_00, fee=FeeRule(rate_bp=1_000, on_top=True)),)
    cash = CashInSnapshot(CashPhase.ACCEPTING, order=PaymentOrder("1", asked_minor=1_000_00, more=lines))
    visit = Visit(screen=Screen.CASH_IN, asked_minor=1_500_00, cash=cash)
    assert fee_minor(visit) == 50_00
    thousands = CashSettings("17", denominations_minor=frozenset({1_000_00}))
    assert sum_above(visit, thousands) == (2_000_00, 450_00)


# --- after a payment --------------------------------------------------------------------------------------------------

DONE = CashChanged(CashInSnapshot(CashPhase.DONE))


def test_after_a_payment_the_same_customer_may_pay_for_one_more_account_and_nothing_of_the_first_is_left():
    paid, _ = after(after(KNOWN, Gather(), PressPay())[0], DONE)
    assert (paid.screen, paid.basket) == (Screen.RECEIPT, ())
    again, effects = after(paid, AnotherAccount())
    assert effects == [CloseCashIn()]
    assert again == Visit(screen=Screen.ACCOUNT_ENTRY, active_at_s=1.0, entered_at_s=1.0)


@pytest.mark.parametrize("screen", [Screen.ATTRACT, Screen.AMOUNT, Screen.BALANCE, Screen.CASH_IN, Screen.PAYING])
def test_one_more_account_and_a_list_are_offered_nowhere_else(screen):
    visit = Visit(screen=screen, account=OWN, balance=BALANCE, active_at_s=1.0)
    assert after(visit, AnotherAccount()) == (visit, [])
    assert screen is Screen.AMOUNT or after(visit, Gather()) == (visit, [])


def test_a_second_account_of_a_list_is_identified_as_the_first_was():
    asked = found(after(after(KNOWN, Gather())[0], AnotherAccount())[0], MOTHERS)
    seen, _ = after(asked, ConfirmAccount(), SubmitSecondAttribute("4321"))
    seen, _ = after(seen, AttributeAccepted(BalanceView(100_00, "", [], "", [DueView("electricity", "Э", 100_00)])))
    listed, _ = after(seen, ChooseAmount(0), ChooseAmount(100_00))
    assert [account for account, _, _ in shown(listed)] == ["58", "58", "58", "17"]
