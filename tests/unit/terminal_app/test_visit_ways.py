"""By what means a visit is paid: offered, chosen, given up, declined, unknown; and a payment found after a fall."""

from __future__ import annotations

from dataclasses import replace

import pytest

from payment.contract import CardOutcome, CashInSnapshot, CashPhase, Means, PaymentOrder, Receipt
from terminal_app.core import visit_events as events
from terminal_app.core.visit import step
from terminal_app.core.visit_values import Visit, VisitRules
from terminal_app.ipc.messages import (
    AccountView,
    BalanceView,
    ChooseAmount,
    ChooseMeans,
    Dismiss,
    GoBack,
    GoHome,
    Notice,
    PaymentMeans,
    Screen,
)

ACCOUNT = AccountView("100000017", "К••• А. В.", "ул. Б•••, д. 1•")
AMOUNT = Visit(screen=Screen.AMOUNT, account=ACCOUNT, balance=BalanceView(500_00, "ноябрь 2026", [], "23.11.2026"))
BOTH, ONLY_CARD, ONLY_CASH = VisitRules(card=True), VisitRules(cash=False, card=True), VisitRules()
CARD_ORDER = PaymentOrder("100000017", asked_minor=500_00, means=Means.CARD)
AUTHORIZING = CashInSnapshot(phase=CashPhase.AUTHORIZING, order=CARD_ORDER)
CARD = replace(AMOUNT, screen=Screen.CARD_PAYMENT, asked_minor=500_00, cash=AUTHORIZING)
FAILED = CashInSnapshot(phase=CashPhase.DONE, order=CARD_ORDER, payment_failed=True, card_outcome=CardOutcome.DECLINED)


def after(visit, *happened, rules=BOTH):
    done = []
    for event in happened:
        visit, effects = step(visit, event, rules, 10.0)
        done += effects
    return visit, done


def test_with_both_ways_the_customer_is_asked():
    asked, effects = after(AMOUNT, ChooseAmount(500_00))
    assert (asked.screen, asked.asked_minor, effects) == (Screen.MEANS, 500_00, [])
    by_card, effects = after(asked, ChooseMeans(PaymentMeans.CARD))
    assert (by_card.screen, effects) == (Screen.CARD_PAYMENT, [events.OpenCashIn(CARD_ORDER)])
    by_cash, effects = after(asked, ChooseMeans(PaymentMeans.CASH))
    assert (by_cash.screen, effects) == (
        Screen.CASH_IN,
        [events.OpenCashIn(PaymentOrder("100000017", asked_minor=500_00))],
    )
    assert after(asked, GoBack())[0].screen is Screen.AMOUNT


@pytest.mark.parametrize(
    ("rules", "amount_minor", "screen"),
    [
        (ONLY_CARD, 500_00, Screen.CARD_PAYMENT),
        (ONLY_CASH, 500_00, Screen.CASH_IN),
        (BOTH, 0, Screen.CASH_IN),  # any sum: a card needs a named one
        (ONLY_CARD, 0, Screen.NOTICE),
        (VisitRules(cash=False), 500_00, Screen.NOTICE),
    ],
)
def test_with_one_way_nobody_is_asked_and_without_any_it_is_said(rules, amount_minor, screen):
    visit, _ = after(AMOUNT, ChooseAmount(amount_minor), rules=rules)
    assert visit.screen is screen
    if screen is Screen.NOTICE:
        assert (visit.notice, visit.notice_back) == (Notice.CASH_UNAVAILABLE, Screen.BALANCE)


def test_a_way_that_went_away_while_the_customer_thought_is_not_begun():
    asked, _ = after(AMOUNT, ChooseAmount(500_00))
    assert after(asked, ChooseMeans(PaymentMeans.CARD), rules=ONLY_CASH) == (asked, [])
    assert after(AMOUNT, ChooseMeans(PaymentMeans.CARD)) == (replace(AMOUNT, active_at_s=10.0), [])


def test_an_approved_card_goes_on_to_the_receipt():
    paying, _ = after(CARD, events.CashChanged(CashInSnapshot(phase=CashPhase.PAYING, order=CARD_ORDER)))
    assert paying.screen is Screen.PAYING
    done, _ = after(paying, events.CashChanged(CashInSnapshot(phase=CashPhase.DONE, order=CARD_ORDER)))
    assert done.screen is Screen.RECEIPT


def test_a_declined_card_is_said_and_the_sum_may_be_paid_otherwise():
    declined, effects = after(CARD, events.CashChanged(FAILED))
    assert (declined.notice, effects) == (Notice.CARD_DECLINED, [events.CloseCashIn()])
    assert after(declined, Dismiss())[0].screen is Screen.AMOUNT


@pytest.mark.parametrize(("press", "screen"), [(GoBack(), Screen.AMOUNT), (GoHome(), Screen.ATTRACT)])
def test_who_gives_up_waits_for_the_bank_terminal_and_is_led_on_without_a_word(press, screen):
    leaving, effects = after(CARD, press)
    assert (leaving.screen, leaving.busy, effects) == (Screen.CARD_PAYMENT, True, [events.CancelCard()])
    gone, effects = after(leaving, events.CashChanged(FAILED))
    assert (gone.screen, gone.busy, effects) == (screen, False, [events.CloseCashIn()])
    if screen is Screen.ATTRACT:
        assert gone.account is None


def test_who_gives_up_before_the_sale_is_begun_is_heard_when_it_is():
    early = replace(CARD, cash=None)
    leaving, effects = after(early, GoBack())
    assert (leaving.busy, effects) == (True, [])
    leaving, effects = after(leaving, events.CashChanged(AUTHORIZING), events.CashChanged(AUTHORIZING))
    assert (leaving.screen, effects) == (Screen.CARD_PAYMENT, [events.CancelCard()])


def test_a_card_that_was_quicker_than_giving_up_is_paid():
    leaving, _ = after(CARD, GoHome())
    paid, effects = after(leaving, events.CashChanged(CashInSnapshot(phase=CashPhase.PAYING, order=CARD_ORDER)))
    assert (paid.screen, paid.busy, effects) == (Screen.PAYING, False, [])


def test_nobody_is_asked_whether_he_is_still_here_while_the_card_is_awaited():
    visit, effects = step(replace(CARD, active_at_s=0.0), events.Tick(), BOTH, 5_000.0)
    assert (visit.screen, visit.idle_left_s, effects) == (Screen.CARD_PAYMENT, 0, [])


def test_power_that_ends_lets_the_card_go():
    leaving, effects = after(CARD, events.PowerEnding())
    assert (leaving.busy, effects) == (True, [events.CancelCard()])


# --- a payment found after a fall ------------------------------------------------------------------------------------


def test_a_payment_recovered_is_told_to_who_stands_there_and_goes_away_with_a_touch():
    told, effects = after(Visit(), events.PaymentRecovered(600_00))
    assert (told.screen, told.notice, told.recovered_minor) == (Screen.NOTICE, Notice.PAYMENT_RECOVERED, 600_00)
    assert effects == []
    assert after(told, Dismiss())[0] == Visit(entered_at_s=10.0, active_at_s=10.0)
    busy = Visit(screen=Screen.BALANCE, account=ACCOUNT)
    assert after(busy, events.PaymentRecovered(600_00))[0].screen is Screen.BALANCE


def test_snapshots_of_the_recovered_payment_move_no_screen():
    told, _ = after(Visit(), events.PaymentRecovered(600_00))
    receipt = Receipt("1", "", "17", "100000017", "", 0, 0, 0, None)
    later, effects = after(told, events.CashChanged(CashInSnapshot(phase=CashPhase.DONE, receipt=receipt)))
    assert (later.screen, effects) == (Screen.NOTICE, [])
