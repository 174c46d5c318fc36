"""What the cashier does not look at because nothing waits there: it must be sure that nothing does."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from payment.contract import CashSettings, FiscalChanged, Moment
from payment.outstanding import Outstanding
from payment.simulation.pairs import VISITS, records_of
from payment.transaction import step, waits
from payment.transaction_values import Context, Phase, TimePassed, Transaction
from tests.unit.payment.rule_steps import LOCAL, VISIT

MUCH_LATER_S = 1_000_000.0
LATER = Context(Moment(0, MUCH_LATER_S, LOCAL), CashSettings("17", fiscal_required=True), True, "0017", coins=True)
REGISTERS = (
    FiscalChanged(ready=False),
    FiscalChanged(ready=True, shift_open=True),
    FiscalChanged(ready=True, shift_open=True, shift_hours=23),
    FiscalChanged(ready=True),
)


@pytest.mark.parametrize("recovered", [False, True])
@pytest.mark.parametrize("phase", Phase)
def test_time_changes_nothing_for_a_visit_that_does_not_wait(phase: Phase, recovered: bool):
    state = replace(VISIT, phase=phase, recovered=recovered, moving=True)
    if not waits(state):
        assert step(state, TimePassed(), LATER) == (state, [])


def test_some_phases_wait_and_some_do_not():
    assert {phase for phase in Phase if not waits(Transaction(phase=phase))} == {
        Phase.IDLE,
        Phase.ACCEPTING,
        Phase.DONE,
    }


@pytest.mark.parametrize("name", VISITS)
def test_works_that_rest_have_nothing_due_after_any_record_of_a_visit(name: str):
    rested = 0
    outstanding = Outstanding()
    for record in records_of(name):
        outstanding.enter(record.kind, record.data)
        for register in REGISTERS:
            for phase in (Phase.IDLE, Phase.DONE):
                state = Transaction(phase=phase, register=register)
                if outstanding.rests(state, LATER.settings):
                    rested += 1
                    reaction = outstanding.due(state, LATER)
                    assert (reaction.effects, reaction.told) == ([], ()), (record, register)
    assert rested > 0, "the visit ends with nothing under way"
