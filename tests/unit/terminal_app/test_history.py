"""История: only of an identified customer, a few months at a glance, each of them in full, on paper when wanted."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from payment.billing.account_values import History
from payment.money import rubles
from terminal_app.core.tasks import history, registry
from terminal_app.core.tasks.task import AskHistory, BillingTold, Call, Chosen, Need, Printed, Silence

sys.path.append(str(Path(__file__).parents[2] / "ui"))
from page_states import CONTEXT, HISTORY


def test_it_is_told_only_to_whom_the_account_is_his():
    assert registry.SERVICES["history"].need is Need.IDENTIFIED
    asked, effects = history.begin(CONTEXT)
    assert effects == [AskHistory("040123456", history.MONTHS_ASKED)]
    shown, _ = asked.step(BillingTold(HISTORY), CONTEXT)
    assert shown == history.Months(HISTORY)


@pytest.mark.parametrize("event", [BillingTold(None), BillingTold(History("040123456", ())), Silence()])
def test_without_an_answer_a_person_is_offered(event):
    stopped, _ = history.begin(CONTEXT)[0].step(event, CONTEXT)
    assert [choice.key for choice in stopped.page(CONTEXT).choices] == ["consultant", "menu"]
    assert stopped.step(Chosen("consultant"), CONTEXT)[1] == [Call()]


def test_every_month_is_reached_once_by_earlier():
    task, seen = history.Months(HISTORY), []
    while True:
        keys = [choice.key for choice in task.page(CONTEXT).choices]
        seen += [key for key in keys if key not in ("earlier", "print")]
        if "earlier" not in keys:
            break
        task, _ = task.step(Chosen("earlier"), CONTEXT)
    assert seen == [month.month for month in HISTORY.months]


def test_a_month_tells_what_was_charged_paid_and_owed_without_a_bare_minus():
    months = history.Months(HISTORY)
    for month, word in zip(HISTORY.months[:2], ("history.owed", "history.over"), strict=True):
        one, _ = months.step(Chosen(month.month), CONTEXT)
        pairs = {pair.name.key: pair.value.text for pair in one.page(CONTEXT).pairs}
        assert pairs["history.charged"] == rubles(month.charged_minor)
        assert pairs[word] == rubles(abs(month.balance_minor))


def test_the_slip_has_all_months_and_is_offered_once_it_failed():
    months = history.Months(HISTORY)
    _, (slip,) = months.step(Chosen("print"), CONTEXT)
    assert ("Лицевой счёт", "040123456") in slip.pairs
    assert sum(name == "начислено" for name, _ in slip.pairs) == len(HISTORY.months)
    for done in (True, False):
        after, _ = months.step(Printed(done), CONTEXT)
        assert ("print" in [choice.key for choice in after.page(CONTEXT).choices]) is not done
    dry = replace(CONTEXT, availability=type(CONTEXT.availability)(cash=True, printer=False))
    assert "print" not in [choice.key for choice in months.page(dry).choices]
