"""Less than the bill asks, more than it asks, and the slip once more: what a visit makes of them."""

from __future__ import annotations

from itertools import combinations_with_replacement

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace as altered

from payment.contract import NOTES_MINOR, CashInSnapshot, CashPhase, CashSettings, PaymentOrder, PayOutcome, Receipt
from payment.fees import FeeRule
from terminal_app.contacts import Contacts
from terminal_app.core import visit_events as events
from terminal_app.core.call import Call
from terminal_app.core.state import Surroundings, terminal_state
from terminal_app.core.sums import least_sum_minor
from terminal_app.core.visit import RESULT_S_MAX, step
from terminal_app.core.visit_values import Visit, VisitRules
from terminal_app.ipc.messages import (
    AccountView,
    Availability,
    BalanceView,
    CashView,
    Dismiss,
    GoHome,
    Notice,
    PressPay,
    PrintCopy,
    Screen,
)

RULES = VisitRules()
ACCOUNT = AccountView("100000017", "Бел••••• И. П.", "Невский пр., д. 1•")
BALANCE = BalanceView(1_543_21, "ноябрь 2026", [], "23.11.2026")
ORDER = PaymentOrder("100000017", asked_minor=1_543_21)
INSIDE = CashInSnapshot(CashPhase.ACCEPTING, ORDER, 1_500_00, may_pay=True, acceptor_ready=True)
FEE = FeeRule(rate_bp=100)
SLIP = Receipt("7", "2026-11-23 12:00", "t", "100000017", "Электроэнергия", 500_00, 0, 500_00, PayOutcome.CREDITED)
PRINTED = CashInSnapshot(CashPhase.DONE, ORDER, receipt=SLIP, receipt_printed=True, copies_left=3)


def at_cash(snapshot: CashInSnapshot) -> Visit:
    asked_minor = ORDER.asked_minor
    return Visit(Screen.CASH_IN, account=ACCOUNT, balance=BALANCE, asked_minor=asked_minor, cash=snapshot)


def told(visit: Visit, *happened: events.Event, now_s: float = 1.0) -> tuple[Visit, list[events.Effect]]:
    effects: list[events.Effect] = []
    for event in happened:
        visit, effects = step(visit, event, RULES, now_s)
    return visit, effects


def shown(snapshot: CashInSnapshot, *, most_minor: int = 15_000_00) -> CashView:
    around = Surroundings(Availability(), Contacts(), "", CashSettings("t1", amount_max_minor=most_minor))
    cash = terminal_state(at_cash(snapshot), Call(), snapshot, around).cash
    assert cash is not None
    return cash


# --- less -----------------------------------------------------------------------------------------------------------


def test_less_than_is_to_pay_is_asked_about_once_and_paid_at_the_second_press():
    asked, effects = told(at_cash(INSIDE), PressPay())
    assert (asked.screen, asked.notice, effects) == (Screen.NOTICE, Notice.PAY_LESS, [])
    assert told(asked, PressPay())[1] == [events.PayCash()]


@pytest.mark.parametrize("inserted_minor", [1_543_21, 1_550_00])
def test_all_that_is_to_pay_is_paid_at_once(inserted_minor):
    enough = altered(INSIDE, inserted_minor=inserted_minor)
    assert told(at_cash(enough), PressPay())[1] == [events.PayCash()]


def test_where_no_sum_was_named_nobody_is_asked():
    any_sum = Visit(Screen.CASH_IN, account=ACCOUNT, cash=altered(INSIDE, order=PaymentOrder("100000017")))
    assert told(any_sum, PressPay())[1] == [events.PayCash()]


def test_with_its_fee_the_sum_to_pay_is_larger():
    priced = altered(INSIDE, order=altered(ORDER, fee=FEE), inserted_minor=1_543_21)
    assert told(at_cash(priced), PressPay())[0].notice is Notice.PAY_LESS
    cash = shown(priced)
    assert (cash.asked_minor, cash.fee_minor) == (1_558_80, 15_43)


def test_below_the_least_payment_no_press_counts():
    little = altered(INSIDE, inserted_minor=10_00, may_pay=False)
    visit, effects = told(at_cash(little), PressPay())
    assert (visit.screen, effects) == (Screen.CASH_IN, [])
    covered, _ = told(at_cash(INSIDE), PressPay(), events.CashChanged(altered(INSIDE, may_pay=False)))
    assert told(covered, PressPay())[1] == []


def test_who_wants_to_insert_more_says_so_by_a_touch_or_by_a_note():
    asked, _ = told(at_cash(INSIDE), PressPay())
    by_touch, effects = told(asked, Dismiss())
    assert (by_touch.screen, effects) == (Screen.CASH_IN, [])
    moving = altered(INSIDE, note_moving=True, in_escrow_minor=100_00)
    for note in (moving, altered(INSIDE, inserted_minor=1_600_00)):
        by_note, effects = told(asked, events.CashChanged(note))
        assert (by_note.screen, by_note.notice, effects) == (Screen.CASH_IN, Notice.NONE, [])


def test_news_that_are_no_note_leave_the_question_where_it_is():
    asked, _ = told(at_cash(INSIDE), PressPay())
    same, _ = told(asked, events.CashChanged(altered(INSIDE, card_ready=True)))
    assert (same.screen, same.notice) == (Screen.NOTICE, Notice.PAY_LESS)


def test_an_acceptor_that_stopped_leaves_nothing_to_ask():
    stopped = altered(INSIDE, acceptor_ready=False, acceptor_fault="jammed")
    assert told(at_cash(stopped), PressPay())[1] == [events.PayCash()]
    asked, _ = told(at_cash(INSIDE), PressPay())
    assert told(asked, events.CashChanged(stopped))[0].screen is Screen.CASH_IN


def test_the_question_pays_nothing_by_itself_until_the_customer_is_gone():
    asked, _ = told(at_cash(INSIDE), PressPay())
    waits, effects = told(asked, events.Tick(), now_s=RULES.idle_ask_personal_s)
    assert (waits.screen, effects) == (Screen.NOTICE, [])
    gone, effects = told(asked, events.Tick(), now_s=1.0 + RULES.idle_ask_personal_s + RULES.idle_leave_s)
    assert (gone.screen, effects) == (Screen.PAYING, [events.LeaveCashIn()])


def test_the_way_home_from_the_question_tells_of_the_money():
    asked, _ = told(at_cash(INSIDE), PressPay(), GoHome())
    assert asked.notice is Notice.MONEY_INSIDE


# --- more -----------------------------------------------------------------------------------------------------------

EMPTY = CashInSnapshot(CashPhase.ACCEPTING, ORDER, acceptor_ready=True)


def test_what_notes_cannot_make_is_an_advance_known_before_the_first_note():
    cash = shown(EMPTY)
    assert (cash.asked_minor, cash.above_minor, cash.advance_minor) == (1_543_21, 1_550_00, 6_79)


def test_coins_make_the_advance_smaller_and_a_fee_is_not_called_an_advance():
    with_coins = shown(altered(EMPTY, coins_ready=True))
    assert (with_coins.above_minor, with_coins.advance_minor) == (1_544_00, 79)
    priced = shown(altered(EMPTY, order=altered(ORDER, fee=FEE)))
    assert (priced.above_minor, priced.advance_minor) == (1_560_00, 1_560_00 - 15_60 - 1_543_21)


@pytest.mark.parametrize(
    ("order", "most_minor"),
    [
        (altered(ORDER, asked_minor=1_550_00), 15_000_00),  # notes make it
        (altered(ORDER, asked_minor=0), 15_000_00),  # any sum
        (ORDER, 1_545_00),  # the next sum may not be taken
        (ORDER, 1_000_00),  # nor the sum itself
    ],
)
def test_no_advance_is_foretold_where_there_need_be_none(order, most_minor):
    snapshot = altered(EMPTY, order=order)
    cash = shown(snapshot, most_minor=most_minor)
    assert (cash.above_minor, cash.advance_minor) == (0, 0)


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 3_000_00), st.frozensets(st.sampled_from(sorted(NOTES_MINOR)), min_size=1, max_size=3))
def test_the_least_sum_is_the_one_that_counting_finds(at_least_minor, notes):
    found = least_sum_minor(at_least_minor, notes)
    reached, front = {0}, {0}
    while front := {sum_ + note for sum_ in front for note in notes if sum_ < at_least_minor} - reached:
        reached |= front
    assert found == min(sum_ for sum_ in reached if sum_ >= at_least_minor)


def test_two_denominations_that_do_not_divide_one_another_are_counted_too():
    assert least_sum_minor(100_00, frozenset({200_00, 500_00})) == 200_00
    assert least_sum_minor(300_00, frozenset({200_00, 500_00})) == 400_00
    assert least_sum_minor(1, frozenset()) == 0
    sums = {a + b for a, b in combinations_with_replacement((200_00, 500_00), 2)}
    assert least_sum_minor(600_01, frozenset({200_00, 500_00})) == min(s for s in sums if s > 600_00)


# --- the slip once more -----------------------------------------------------------------------------------------------


def at_receipt(snapshot: CashInSnapshot) -> Visit:
    return Visit(Screen.RECEIPT, account=ACCOUNT, balance=BALANCE, cash=snapshot)


@pytest.mark.parametrize(
    "snapshot",
    [PRINTED, altered(PRINTED, receipt_printed=False), altered(PRINTED, copies=2, copies_left=1, copy_printed=False)],
    ids=["printed", "not printed", "a copy failed"],
)
def test_the_slip_is_printed_again_at_a_press(snapshot):
    visit, effects = told(at_receipt(snapshot), PrintCopy())
    assert (visit.screen, effects) == (Screen.RECEIPT, [events.PrintSlipCopy()])


@pytest.mark.parametrize(
    "snapshot",
    [
        altered(PRINTED, receipt_printed=None),
        altered(PRINTED, copies=1, copies_left=2),
        altered(PRINTED, copies=3, copies_left=0, copy_printed=True),
        altered(PRINTED, receipt=None),
    ],
    ids=["the slip prints", "a copy prints", "three were printed", "no slip"],
)
def test_no_copy_is_begun_over_another_nor_after_the_third(snapshot):
    assert told(at_receipt(snapshot), PrintCopy())[1] == []


def test_a_copy_is_asked_on_the_receipt_alone_and_keeps_it_shown():
    assert told(at_cash(PRINTED), PrintCopy())[1] == []
    visit, _ = told(at_receipt(PRINTED), PrintCopy(), now_s=RESULT_S_MAX - 1)
    assert told(visit, events.Tick(), now_s=RESULT_S_MAX + 1)[0].screen is Screen.RECEIPT
