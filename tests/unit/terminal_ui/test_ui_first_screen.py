"""The first screen: where its tiles lead, and what they say of what does not work now."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from terminal_app.ipc.messages import Availability, Screen, TerminalState
from terminal_app.ipc.pages import OpenService
from terminal_app.ui.presenters.attract import AttractPresenter

STATE = TerminalState(1, Screen.ATTRACT, Availability(cash=True, printer=True, camera=True, billing=True, server=True))


@pytest.mark.parametrize(
    ("key", "service"), [("readings", "readings"), ("services", "menu"), ("organisations", "organisations")]
)
def test_a_tile_of_the_first_screen_opens_its_service(key, service):
    presenter = AttractPresenter(STATE)
    assert key in [choice.key for choice in presenter.view(STATE).choices]
    assert presenter.press(key, STATE) == OpenService(service)


def test_readings_can_be_begun_without_billing_and_the_tile_says_how_it_stands():
    def hint(state: TerminalState) -> str:
        return {choice.key: choice.hint for choice in AttractPresenter(state).view(state).choices}["readings"]

    assert hint(STATE) == "По номеру лицевого счёта"
    without = replace(STATE, availability=replace(STATE.availability, billing=False))
    assert hint(without) == "Сейчас нет связи с расчётами"
    assert AttractPresenter(without).press("readings", without) == OpenService("readings")
