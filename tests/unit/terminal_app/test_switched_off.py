"""A service that this terminal leaves out is nowhere to be seen, and what is left leads somewhere."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from msgspec import structs

from terminal_app.core import visit as visits
from terminal_app.core.offered import offer_at
from terminal_app.core.visit_values import Visit, VisitRules
from terminal_app.ipc.messages import Screen, TerminalState
from terminal_app.ipc.pages import Choose
from terminal_app.schedule import OFFERED, Schedule
from terminal_app.ui.presenters.attract import AttractPresenter

sys.path.append(str(Path(__file__).parents[2] / "ui"))
from page_states import CONTEXT

NOON = datetime(2026, 11, 30, 12, 0, tzinfo=ZoneInfo("Europe/Moscow"))
TILES = {"pay": {"pay", "scan"}, "readings": {"readings"}}  # of the first screen, by what they begin
MENUS = ("menu", "organisations", "office")


def seen(left_out: list[str]) -> set[str]:
    """Everything that can be touched from the first screen on; each of it has to lead somewhere."""
    able = structs.replace(CONTEXT.availability, offer=offer_at(Schedule(left_out=left_out), NOON))
    rules = VisitRules(context=replace(CONTEXT, account=None, balance=None, availability=able))
    first = TerminalState(1, Screen.ATTRACT, able)
    presenter = AttractPresenter(first)
    found: set[str] = set()
    for tile in presenter.view(first).choices:
        press = presenter.press(tile.key, first)
        assert press is not None
        inside, _ = visits.step(Visit(), press, rules, 1.0)
        assert inside.screen is not Screen.ATTRACT, tile.key
        found |= {tile.key, *_in_menu(inside, rules)}
    return found


def _in_menu(visit: Visit, rules: VisitRules) -> set[str]:
    page = visit.page
    if visit.screen is not Screen.PAGE_LIST or page is None or page.name not in MENUS:
        return set()
    services = {choice.key for choice in page.choices} - {"consultant"}
    assert services, f"nothing but a consultant in {page.name}"
    found = set(services)
    for service in services:
        inside, _ = visits.step(visit, Choose(page.name, service), rules, 1.0)
        assert (inside.screen, inside.page) != (visit.screen, page), service
        found |= _in_menu(inside, rules)
    return found


@pytest.mark.clause("8.1.6", owner="terminal_app")
@pytest.mark.parametrize("name", OFFERED)
def test_a_service_that_is_switched_off_disappears_and_nothing_else_does(name):
    gone = seen([]) - seen([name])
    assert gone == ({name} | TILES.get(name, set())) & seen([])
    assert not {name, *TILES.get(name, set())} & seen([name])


@pytest.mark.clause("8.1.6", owner="terminal_app")
@pytest.mark.parametrize("name", [name for name in OFFERED if name in seen([])])
def test_where_one_service_is_left_the_way_to_it_is_left_too(name):
    ways = {"menu": "services"}
    left = seen([other for other in OFFERED if other != name])
    assert name in left
    assert left <= {name, *TILES.get(name, set()), *MENUS, *ways.values()}
