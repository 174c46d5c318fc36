"""Modes of accessibility in the visit: chosen by the customer, three times the patience, gone at the end."""

from __future__ import annotations

from dataclasses import replace

import pytest

from terminal_app.core import call as calls
from terminal_app.core.visit import RESULT_S_MAX, step
from terminal_app.core.visit_events import Tick
from terminal_app.core.visit_values import Visit, VisitRules
from terminal_app.ipc import messages as ipc
from terminal_app.ipc.modes import PATIENCE, ChooseModes, Language, Modes, TextSize

RULES = VisitRules()
CHOICES = {
    "large": Modes(text_size=TextSize.LARGE),
    "largest": Modes(text_size=TextSize.LARGEST),
    "contrast": Modes(contrast=True),
    "low": Modes(low=True),
    "plain": Modes(plain=True),
    "voice": Modes(voice=True),
}


def walk(visit: Visit, *told, now_s: float = 0.0) -> Visit:
    for event in told:
        visit, _ = step(visit, event, RULES, now_s)
    return visit


@pytest.mark.parametrize("name", CHOICES)
def test_each_mode_is_chosen_alone_and_stays_on_the_way(name):
    visit = walk(Visit(), ChooseModes(CHOICES[name]), ipc.StartPayment(), ipc.StartBillScan(), ipc.GoBack())
    assert visit.screen is ipc.Screen.ACCOUNT_ENTRY
    assert visit.modes == CHOICES[name]
    assert walk(visit, ipc.GoBack()).modes == CHOICES[name]


def test_the_end_of_the_visit_forgets_the_modes():
    visit = walk(Visit(), ChooseModes(Modes(voice=True, language=Language.ENGLISH)), ipc.StartPayment(), ipc.GoHome())
    assert visit == Visit(active_at_s=visit.active_at_s, entered_at_s=visit.entered_at_s)


@pytest.mark.clause("9.6.4", owner="terminal_app")
@pytest.mark.parametrize("name", CHOICES)
def test_every_mode_makes_the_terminal_three_times_as_patient(name):
    visit = walk(Visit(), ChooseModes(CHOICES[name]), ipc.StartPayment())
    ask_s = RULES.idle_ask_s * PATIENCE
    assert walk(visit, Tick(), now_s=ask_s - 1).idle_left_s == 0
    asked = walk(visit, Tick(), now_s=ask_s + 1)
    assert asked.idle_left_s == RULES.idle_leave_s * PATIENCE
    assert walk(asked, Tick(), now_s=ask_s + RULES.idle_leave_s * PATIENCE + 1).screen is ipc.Screen.ATTRACT


def test_a_language_alone_asks_for_no_more_time():
    assert Modes(language=Language.ENGLISH).patience == 1


def test_modes_left_on_the_first_screen_are_asked_about_and_then_forgotten():
    visit = walk(Visit(), ChooseModes(Modes(contrast=True)))
    assert walk(visit, Tick(), now_s=RULES.idle_ask_s * PATIENCE + 1).idle_left_s > 0
    left = walk(visit, Tick(), now_s=(RULES.idle_ask_s + RULES.idle_leave_s) * PATIENCE + 1)
    assert left.modes == Modes()
    assert walk(Visit(), Tick(), now_s=10_000.0).idle_left_s == 0


@pytest.mark.clause("9.6.4", owner="terminal_app")
def test_the_receipt_and_the_result_of_a_call_wait_three_times_as_long():
    shown = replace(Visit(), screen=ipc.Screen.RECEIPT, modes=Modes(voice=True))
    assert walk(shown, Tick(), now_s=RESULT_S_MAX * PATIENCE - 1).screen is ipc.Screen.RECEIPT
    assert walk(shown, Tick(), now_s=RESULT_S_MAX * PATIENCE).screen is ipc.Screen.ATTRACT
    result = calls.Call(screen=ipc.Screen.CALL_RESULT)
    assert calls.step(result, calls.CallTick(PATIENCE), calls.CASE_S_MAX + 1)[0].screen is ipc.Screen.CALL_RESULT
    assert calls.step(result, calls.CallTick(), calls.CASE_S_MAX + 1)[0].screen is None
