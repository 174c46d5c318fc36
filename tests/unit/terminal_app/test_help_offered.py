"""«Нужна помощь?»: who stands without a touch, or could not be understood twice, is offered a consultant."""

from __future__ import annotations

from dataclasses import replace

import pytest

from terminal_app.core.visit import HELP_AFTER_ERRORS, step
from terminal_app.core.visit_events import (
    AccountFound,
    AccountMissing,
    AttributeRefused,
    BillRefused,
    Tick,
)
from terminal_app.core.visit_values import Visit, VisitRules
from terminal_app.ipc import messages as ipc
from terminal_app.ipc.messages import AccountView, Notice, Screen
from terminal_app.ipc.modes import PATIENCE, ChooseModes, Modes
from terminal_app.ipc.pages import OpenService
from tests.unit.terminal_app.touching_customer import Customer

RULES = VisitRules()
OFFER_S = 20.0
ACCOUNT = AccountView("100000017", "Бел••••• И. П.", "Невский пр., д. 1•")
WRONG_ACCOUNT = (ipc.SubmitAccount("999999999"), AccountMissing())


def walk(*told, visit: Visit | None = None, now_s: float = 0.0) -> Visit:
    visit = visit or Visit()
    for event in told:
        visit, _ = step(visit, event, RULES, now_s)
    return visit


@pytest.mark.clause("6.3.3a", owner="terminal_app")
def test_who_stands_for_twenty_seconds_is_offered_help_until_he_touches():
    visit = walk(ipc.StartPayment())
    assert not walk(Tick(), visit=visit, now_s=OFFER_S - 0.1).help_offered
    offered = walk(Tick(), visit=visit, now_s=OFFER_S)
    assert (offered.help_offered, offered.idle_left_s) == (True, 0)
    assert not walk(ipc.CustomerActive(), visit=offered, now_s=OFFER_S + 1).help_offered
    assert not walk(ipc.CustomerActive(), Tick(), visit=offered, now_s=OFFER_S + 1).help_offered


def test_who_needs_more_time_is_not_disturbed_sooner():
    visit = walk(ChooseModes(Modes(voice=True)), ipc.StartPayment())
    assert not walk(Tick(), visit=visit, now_s=OFFER_S * PATIENCE - 0.1).help_offered
    assert walk(Tick(), visit=visit, now_s=OFFER_S * PATIENCE).help_offered


def test_nobody_is_offered_anything_where_nobody_is_or_all_is_done():
    assert not walk(Tick(), now_s=1_000.0).help_offered
    assert not walk(Tick(), visit=Visit(screen=Screen.RECEIPT), now_s=OFFER_S + 1).help_offered


@pytest.mark.clause("6.3.3a", owner="terminal_app")
@pytest.mark.parametrize(
    "twice",
    [
        (*WRONG_ACCOUNT, *WRONG_ACCOUNT),
        (*WRONG_ACCOUNT, ipc.StartBillScan(), BillRefused(Notice.QR_UNREADABLE)),
        (
            ipc.SubmitAccount("100000017"),
            AccountFound(ACCOUNT),
            ipc.ConfirmAccount(),
            ipc.SubmitSecondAttribute("0000"),
            AttributeRefused(),
            ipc.SubmitSecondAttribute("0001"),
            AttributeRefused(),
        ),
    ],
    ids=["numbers", "a number and a bill", "attributes"],
)
def test_two_errors_are_an_offer_of_help_and_one_is_none(twice):
    assert HELP_AFTER_ERRORS == 2
    visit = walk(ipc.StartPayment())
    offers = []
    for event in twice:
        visit = walk(event, visit=visit)
        offers.append(visit.help_offered)
    assert (offers[-1], any(offers[:-1])) == (True, False)
    assert walk(ipc.CustomerActive(), Tick(), visit=visit).help_offered  # he still does not know how
    left = replace(walk(ipc.GoHome(), visit=visit), active_at_s=0.0, entered_at_s=0.0)
    assert left == Visit()


def test_what_a_service_cannot_take_counts_too():
    customer = Customer()
    customer.comes_to_the_meters(OpenService("readings"))
    customer.types("12а")
    assert not customer.visit.help_offered
    customer.types("12а")
    assert (customer.visit.errors, customer.visit.help_offered) == (HELP_AFTER_ERRORS, True)
