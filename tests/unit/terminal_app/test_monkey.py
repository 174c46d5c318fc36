"""Random touches, notes, answers and failures on core, presenters and cashier; `make fuzz` plays a million of them."""

from __future__ import annotations

import pytest

from payment.cashier import Cashier
from payment.contract import NoteStacked
from terminal_app.core import visit as visits
from tests.monkey.terminal import Monkey

ACTS = 20_000


@pytest.mark.parametrize("seed", [101, 102, 103])
def test_no_touch_breaks_anything_no_screen_is_a_dead_end_and_no_kopeck_is_lost(seed):
    monkey = Monkey(seed)
    monkey.run(ACTS)
    assert monkey.kept_minor > 5_000_00, "it did pay"
    assert monkey.visits > 50
    assert {"receipt", "balance", "call_waiting", "knowledge"} <= monkey.screens
    assert len(monkey.screens) > 50


def test_the_monkey_finds_a_screen_that_nobody_can_leave(monkeypatch):
    monkeypatch.setattr(visits, "_walked_away", lambda visit: (visit, []))
    with pytest.raises(AssertionError, match="nobody can leave"):
        Monkey(104).run(ACTS)


def test_the_monkey_finds_a_note_that_is_not_written_down(monkeypatch):
    whole = Cashier.on_event

    def deaf(cashier, event):
        if not isinstance(event, NoteStacked):
            whole(cashier, event)

    monkeypatch.setattr(Cashier, "on_event", deaf)
    with pytest.raises(AssertionError):
        Monkey(105).run(ACTS)
