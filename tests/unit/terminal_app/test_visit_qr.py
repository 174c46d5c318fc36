"""A payment by СБП on the screen: offered where it can begin, followed, left, never cut short by a time-out."""

from __future__ import annotations

import pytest

from payment.contract import CashInSnapshot, CashPhase, CashSettings, Means
from terminal_app.contacts import Contacts
from terminal_app.core import visit as visits
from terminal_app.core.call import Call
from terminal_app.core.state import Surroundings, terminal_state
from terminal_app.core.visit_events import CashChanged, CloseCashIn, LeaveCashIn, OpenCashIn, PowerEnding, Tick
from terminal_app.core.visit_values import Visit, VisitRules
from terminal_app.ipc.messages import (
    AccountView,
    Availability,
    ChooseAmount,
    ChooseMeans,
    Dismiss,
    GoBack,
    GoHome,
    Notice,
    PaymentMeans,
    Screen,
)

AMOUNT = Visit(screen=Screen.AMOUNT, account=AccountView("100000017", "", ""))
QR_ONLY, ALL = VisitRules(cash=False, qr=True), VisitRules(card=True, qr=True)
LINK = "https://qr.nspk.ru/AD1"
SHOWN = CashInSnapshot(CashPhase.QR_SHOWN, qr_payload=LINK)
AROUND = Surroundings(Availability(qr=True), Contacts(), "", CashSettings("17"))


def after(visit: Visit, *events: object, rules: VisitRules = QR_ONLY, now_s: float = 1.0) -> tuple[Visit, list]:
    effects: list = []
    for event in events:
        visit, effects = visits.step(visit, event, rules, now_s)
    return visit, effects


def test_where_it_is_the_only_way_it_begins_at_once_and_the_code_reaches_the_screen():
    paying, effects = after(AMOUNT, ChooseAmount(500_00))
    (opened,) = effects
    assert isinstance(opened, OpenCashIn)
    assert (paying.screen, opened.order.means, opened.order.asked_minor) == (Screen.QR_PAYMENT, Means.QR, 500_00)
    shown, _ = after(paying, CashChanged(SHOWN))
    from_core = terminal_state(shown, Call(), SHOWN, AROUND)
    assert (from_core.cash.qr, from_core.cash.asked_minor) == (LINK, 500_00)


def test_the_code_of_a_payment_that_was_left_is_not_shown_for_the_next_one():
    again, _ = after(paying(), GoBack(), ChooseAmount(700_00))
    assert again.screen is Screen.QR_PAYMENT
    assert terminal_state(again, Call(), SHOWN, AROUND).cash.qr == ""


def test_with_others_it_is_one_of_the_ways_and_without_a_sum_none():
    asked, _ = after(AMOUNT, ChooseAmount(500_00), rules=ALL)
    assert asked.screen is Screen.MEANS
    assert after(asked, ChooseMeans(PaymentMeans.QR), rules=ALL)[0].screen is Screen.QR_PAYMENT
    assert after(asked, ChooseMeans(PaymentMeans.QR), rules=VisitRules(card=True))[0].screen is Screen.MEANS
    assert after(AMOUNT, ChooseAmount(0))[0].notice is Notice.CASH_UNAVAILABLE


def paying() -> Visit:
    return after(AMOUNT, ChooseAmount(500_00), CashChanged(SHOWN))[0]


def test_what_the_bank_says_leads_on_by_itself():
    assert after(paying(), CashChanged(CashInSnapshot(CashPhase.PAYING)))[0].screen is Screen.PAYING
    assert after(paying(), CashChanged(CashInSnapshot(CashPhase.DONE)))[0].screen is Screen.RECEIPT
    failed, effects = after(paying(), CashChanged(CashInSnapshot(CashPhase.DONE, payment_failed=True)))
    assert (failed.notice, effects) == (Notice.QR_NOT_PAID, [CloseCashIn()])
    assert after(failed, Dismiss())[0].screen is Screen.AMOUNT


@pytest.mark.parametrize(
    ("press", "screen"),
    [(GoBack(), Screen.AMOUNT), (GoHome(), Screen.ATTRACT), (PowerEnding(), Screen.ATTRACT)],
)
def test_leaving_lets_the_payment_go_and_it_is_watched_on_by_the_till(press, screen):
    left, effects = after(paying(), press)
    assert (left.screen, effects) == (screen, [LeaveCashIn()])


def test_a_customer_who_looks_at_his_phone_is_not_asked_whether_he_is_here():
    waiting, effects = after(paying(), Tick(), now_s=239.0)
    assert (waiting.screen, waiting.idle_left_s, effects) == (Screen.QR_PAYMENT, 0, [])
