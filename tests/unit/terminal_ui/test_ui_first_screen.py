"""The first screen: where its tiles lead, what they say of what does not work now; and the offer of help."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from terminal_app.ipc.messages import Availability, Screen, TerminalState
from terminal_app.ipc.pages import OpenService
from terminal_app.ui import theme
from terminal_app.ui.presenters.attract import AttractPresenter
from terminal_app.ui.presenters.chrome import FORGOTTEN_S, ChromePresenter

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


@pytest.mark.parametrize(
    ("able", "helps"), [(replace(STATE.availability, agents_on_duty=1), True), (STATE.availability, False)]
)
def test_help_is_offered_where_somebody_can_give_it(able, helps):
    presenter = ChromePresenter(theme.brand)
    assert presenter.view(replace(STATE, availability=able, help_offered=True)).helps is helps
    assert not presenter.view(replace(STATE, availability=able)).helps


@pytest.mark.parametrize("window", ["modes", "other_ways"])
def test_a_window_left_open_on_the_first_screen_does_not_wait_for_the_next_customer(window):
    presenter = ChromePresenter(theme.brand)
    presenter.press(window, STATE)
    assert not presenter.left_alone(STATE, FORGOTTEN_S - 1)
    assert not presenter.left_alone(replace(STATE, screen=Screen.BALANCE), FORGOTTEN_S), "a visit has an end of its own"
    assert presenter.view(STATE).dialog == window
    assert presenter.left_alone(STATE, FORGOTTEN_S)
    assert presenter.view(STATE).dialog == ""
    assert not presenter.left_alone(STATE, FORGOTTEN_S)
