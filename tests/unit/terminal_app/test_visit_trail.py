"""The trail of a visit: every screen once, touches and time, nothing personal, no trail of service mode."""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec
from msgspec.structs import replace

from signaling_server.contract.visits import VisitStep
from terminal_app.core.visit_trail import STEPS_MAX, VisitTrail

sys.path.append(str(Path(__file__).parents[2] / "ui"))
from terminal_states import STATES


def walked(trail: VisitTrail, *names: str) -> list[VisitStep]:
    ended: list[VisitStep] = []
    for number, name in enumerate(names):
        ended += trail.seen(STATES[name], 1_000 * number)
        trail.touched()
    return ended


def test_a_visit_is_told_when_the_first_screen_is_back():
    trail = VisitTrail()
    assert walked(trail, "attract", "account_entry", "account_entry", "balance", "receipt") == []
    steps = trail.seen(STATES["attract"], 9_000)
    assert [(step.screen, step.service, step.touches) for step in steps] == [
        ("account_entry", "pay", 2),
        ("balance", "pay", 1),
        ("receipt", "pay", 1),
    ]
    assert [step.duration_ms for step in steps] == [2_000, 1_000, 5_000]
    assert steps[-1].result == "credited"
    assert len({step.visit_id for step in steps}) == 1
    assert walked(trail, "attract", "balance", "attract")[0].visit_id != steps[0].visit_id


def test_every_screen_and_page_makes_a_step_that_the_office_takes():
    for name, state in STATES.items():
        if state.service:
            continue
        trail = VisitTrail()
        trail.seen(state, 1_000)
        for step in trail.seen(STATES["attract"], 2_000):
            assert msgspec.json.decode(msgspec.json.encode(step), type=VisitStep) == step, name


def test_nothing_that_the_screen_says_of_a_person_is_in_it():
    account = STATES["balance"].account
    trail = VisitTrail()
    walked(trail, "account_confirm", "balance", "receipt")
    told = msgspec.json.encode(trail.seen(STATES["attract"], 9_000)).decode()
    assert account.account not in told
    assert account.address_masked not in told
    assert account.name_masked not in told


def test_service_mode_is_no_visit():
    trail = VisitTrail()
    trail.seen(replace(STATES["balance"], service=True), 1_000)
    assert trail.seen(STATES["attract"], 2_000) == []


def test_a_clock_that_jumps_back_and_a_visit_without_an_end_stay_within_bounds():
    trail = VisitTrail()
    for number in range(STEPS_MAX + 10):
        trail.seen(STATES["balance" if number % 2 else "amount"], 1_000_000 - number)
    steps = trail.seen(STATES["attract"], 0)
    assert len(steps) == STEPS_MAX
    assert {step.duration_ms for step in steps} == {0}
