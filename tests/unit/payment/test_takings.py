"""Limits of a day are held against what the journal says was taken for the account on that day."""

from __future__ import annotations

from datetime import date

from payment.contract import CashSettings
from payment.limits import Taken, room, settings_of
from payment.money_rules import MoneyRules
from payment.takings import Takings


def intent(account: str, day: str, amount_minor: int, **more: object) -> tuple[str, dict[str, object]]:
    return "pay_intent", {"account": account, "txn_date": f"{day}141200", "amount_minor": amount_minor, **more}


def takings(*records: tuple[str, dict[str, object]]) -> Takings:
    found = Takings()
    for record in records:
        found.add(*record)
    return found


def test_an_account_s_payments_of_a_day_add_up_with_their_fees_and_cash_apart():
    found = takings(
        intent("1", "20261123", 100, fee_minor=5),
        intent("1", "20261123", 1_000, means="card"),
        intent("1", "20261123", 20, means="cash"),
        intent("2", "20261123", 7),
        ("pay_result", {"account": "1", "txn_date": "20261123141200", "amount_minor": 100}),
    )
    assert found.of("1", "20261123") == Taken(account_today_minor=1_125, account_today_cash_minor=125)
    assert found.of("2", "20261123") == Taken(account_today_minor=7, account_today_cash_minor=7)
    assert found.of("3", "20261123") == Taken()


def test_a_new_day_begins_with_nothing_and_a_clock_put_back_adds_nothing():
    found = takings(intent("1", "20261123", 100), intent("1", "20261124", 10), intent("1", "20261123", 1))
    assert found.of("1", "20261124").account_today_minor == 10
    assert found.of("1", "20261123") == Taken()
    assert found.of("1", "20261125") == Taken()


def test_the_till_takes_what_the_rules_of_the_day_leave_to_the_account():
    rules = MoneyRules(
        date(2026, 1, 1), payment_min_minor=50_00, cassette_capacity_notes=600, offline_total_max_minor=5
    )
    base = CashSettings("17", fiscal_required=True)
    paid = Taken(account_today_minor=14_000_00, account_today_cash_minor=14_000_00)
    by_cash = settings_of(base, rules, room(rules, paid, cash=True), 0)
    assert (by_cash.amount_min_minor, by_cash.amount_max_minor) == (50_00, 1_000_00)
    assert (by_cash.offline_total_max_minor, by_cash.cassette_notes_max) == (5, 600)
    assert (by_cash.terminal_id, by_cash.fiscal_required) == ("17", True)
    by_card = settings_of(base, rules, room(rules, paid, cash=False), 0)
    assert by_card.amount_max_minor == 15_000_00
