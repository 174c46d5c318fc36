"""A visit is held to the rules of its day: fees, limits, and what its accounts have paid already."""

from __future__ import annotations

from datetime import date

import pytest

from payment.cashier import Cashier
from payment.contract import AcceptorChanged, CashSettings, Means, NoteAnswer, OrderLine, PaymentOrder, PayOutcome
from payment.day_rules import DayRules
from payment.fees import FeeRule
from payment.money_rules import DatedRules, MoneyRules
from payment.transaction_values import VisitOpened
from terminal_app.config import TerminalConfig
from tests.unit.payment.till_world import TillWorld

BASE = CashSettings("17")
FEE = FeeRule(150, on_top=True)
RULES = DatedRules(
    [
        MoneyRules(date(2026, 1, 1), payment_min_minor=50_00),
        MoneyRules(
            date(2027, 1, 1), payment_max_minor=60_000_00, anonymous_cash_max_minor=60_000_00, fees={"gas": FEE}
        ),
    ]
)
ORDER = PaymentOrder("1", more=(OrderLine("2", service="gas"),))
NOW, NEXT_YEAR = "20261123141200", "20270101000000"


def paid(account: str, amount_minor: int, means: str = "cash") -> tuple[str, dict[str, object]]:
    return "pay_intent", {"account": account, "txn_date": NOW, "amount_minor": amount_minor, "means": means}


def test_without_dated_rules_and_before_the_first_ones_the_settings_hold_alone():
    for rules, local in ((None, NOW), (RULES, "20251231235959")):
        assert DayRules(BASE, rules).of(ORDER, local) == (ORDER, BASE)


@pytest.mark.parametrize(("local", "least", "most"), [(NOW, 50_00, 15_000_00), (NEXT_YEAR, 10_00, 60_000_00)])
def test_the_rules_of_the_day_are_the_till_s(local, least, most):
    _, settings = DayRules(BASE, RULES).of(ORDER, local)
    assert (settings.amount_min_minor, settings.amount_max_minor) == (least, most)


def test_the_account_that_has_paid_most_today_narrows_the_visit():
    rules = DayRules(BASE, RULES, [paid("1", 1_000_00)])
    rules.add(*paid("2", 14_000_00))
    rules.add(*paid("3", 15_000_00))
    assert rules.of(ORDER, NOW)[1].amount_max_minor == 1_000_00
    assert rules.of(PaymentOrder("1"), NOW)[1].amount_max_minor == 14_000_00
    assert rules.of(PaymentOrder("2", means=Means.CARD), NOW)[1].amount_max_minor == 15_000_00


def test_a_service_has_the_fee_of_the_day_unless_the_order_names_its_own():
    order, _ = DayRules(BASE, RULES).of(ORDER, NEXT_YEAR)
    assert [line.fee for line in order.lines] == [FeeRule(), FEE]
    own = FeeRule(10)
    named = PaymentOrder("1", service="gas", fee=own, more=(OrderLine("2", service="gas", fee=own),))
    assert DayRules(BASE, RULES).of(named, NEXT_YEAR)[0] == named
    assert DayRules(BASE, RULES).of(PaymentOrder("1", service="gas"), NEXT_YEAR)[0].fee == FEE


def cashier_by(world: TillWorld, rules: DatedRules) -> Cashier:
    cashier = Cashier(
        journal=world,
        acceptor=world,
        billing=world,
        printer=world,
        clock=world,
        settings=world.settings,
        tell=world.told.append,
        records=world.records,
        rules=rules,
    )
    cashier.on_event(AcceptorChanged(ready=True))
    return cashier


def test_the_cashier_takes_the_fee_of_the_day_and_no_more_than_its_limit():
    world = TillWorld()
    cashier = cashier_by(
        world, DatedRules([MoneyRules(date(2026, 1, 1), payment_max_minor=1_000_00, fees={"electricity": FEE})])
    )
    cashier.open_visit(PaymentOrder("1"))
    world.put_in(cashier, 1_000_00, 100_00)
    assert cashier.snapshot.inserted_minor == 1_000_00
    assert cashier.snapshot.settings.amount_max_minor == 1_000_00  # what the screen says may be inserted
    cashier.leave()
    assert world.requests[-1].amount_minor == 985_22  # and its fee of 14,78


def test_what_was_paid_today_is_remembered_by_the_next_visit_and_after_a_restart():
    world, rules = TillWorld(), DatedRules([MoneyRules(date(2026, 1, 1), anonymous_cash_max_minor=1_500_00)])
    cashier = cashier_by(world, rules)
    cashier.open_visit(PaymentOrder("1"))
    world.put_in(cashier, 1_000_00)
    cashier.leave()
    world.answer(cashier, PayOutcome.CREDITED)
    world.print_out(cashier)
    cashier.close_visit()
    for till in (cashier_by(world, rules), cashier):
        till.open_visit(PaymentOrder("1"))
        world.put_in(till, 1_000_00, 500_00)
        assert till.snapshot.inserted_minor == 500_00


# --- the rules that are shipped ---------------------------------------------------------------------------------------


def shipped(world: TillWorld) -> Cashier:
    settings = TerminalConfig().cash_settings("17")
    return cashier_by(replace_settings(world, settings), TerminalConfig().dated_rules())


def replace_settings(world: TillWorld, settings: CashSettings) -> TillWorld:
    world.settings = settings
    return world


def paid_today(world: TillWorld, cashier: Cashier, *notes_minor: int) -> None:
    cashier.open_visit(PaymentOrder("100000017"))
    world.put_in(cashier, *notes_minor)
    cashier.pay()
    world.answer(cashier, PayOutcome.CREDITED)
    world.print_out(cashier)
    cashier.close_visit()


def test_a_terminal_out_of_the_box_takes_no_more_cash_of_an_account_in_a_day_than_the_law_lets_it():
    world = TillWorld()
    cashier = shipped(world)
    paid_today(world, cashier, 5000_00, 5000_00)
    cashier.open_visit(PaymentOrder("100000017"))
    assert cashier.snapshot.settings is not None
    assert cashier.snapshot.settings.limit_words == (
        "Без паспорта закон разрешает внести сегодня наличными ещё до 5\u00a0000,00\u00a0₽."
    )
    world.put_in(cashier, 2000_00, 2000_00, 2000_00)
    assert cashier.snapshot.inserted_minor == 4000_00
    assert cashier.snapshot.note_answer is NoteAnswer.OVER_LIMIT


def test_where_nothing_may_be_taken_it_is_said_and_the_slot_stays_shut():
    world = TillWorld()
    cashier = shipped(world)
    for _ in range(3):
        paid_today(world, cashier, 5000_00)
    world.log.clear()
    cashier.open_visit(PaymentOrder("100000017"))
    assert "ENABLE" not in world.log
    assert cashier.snapshot.settings is not None
    assert "только с паспортом" in cashier.snapshot.settings.limit_words
    cashier.pause()
    cashier.resume()
    assert "ENABLE" not in world.log
    cashier.leave()
    cashier.open_visit(PaymentOrder("200000028"))
    assert "ENABLE" in world.log, "another account is free"


def test_payments_of_one_stay_share_its_limit_and_the_next_customer_begins_anew():
    rules = DayRules(BASE, DatedRules([MoneyRules(date(2026, 1, 1), visit_max_minor=15_000_00)]))
    first = VisitOpened("s1", PaymentOrder("1", stay_id="stay"))
    assert rules.opened(first, NOW)[1].amount_max_minor == 15_000_00
    rules.add("pay_intent", {**paid("1", 14_000_00)[1], "session_id": "s1"})
    _, narrowed = rules.opened(VisitOpened("s2", PaymentOrder("2", stay_id="stay")), NOW)
    assert (narrowed.amount_max_minor, "За это посещение" in narrowed.limit_words) == (1_000_00, True)
    assert rules.opened(VisitOpened("s3", PaymentOrder("2", stay_id="next")), NOW)[1].amount_max_minor == 15_000_00
