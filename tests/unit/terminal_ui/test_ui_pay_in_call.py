"""What stands around a payment beside the talk: who is on the line, the way back to him, and no way to lose money."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from msgspec.structs import replace

from terminal_app.ipc.call_messages import Pays, StopHelp
from terminal_app.ipc.messages import StartBillScan
from terminal_app.ui import theme
from terminal_app.ui.presenters.account_entry import AccountEntryPresenter
from terminal_app.ui.presenters.call_card import CallCardPresenter
from terminal_app.ui.presenters.chrome import ChromePresenter

sys.path.append(str(Path(__file__).parents[2] / "ui"))
from terminal_states import STATES

FREE = [name for name, state in STATES.items() if state.call is not None and state.call.pays is Pays.FREE]
HELD = [name for name, state in STATES.items() if state.call is not None and state.call.pays is Pays.HELD]


@pytest.mark.parametrize("name", FREE)
def test_while_no_money_lies_inside_one_touch_leads_back_to_the_talk(name):
    chrome = ChromePresenter(theme.brand)
    view = chrome.view(STATES[name])
    assert view.plate.full_name
    assert (view.helped, view.back_to_talk[0]) == (True, "Вернуться к разговору")
    assert not view.consultant
    assert not view.home
    assert chrome.press("stop_help", STATES[name]) == StopHelp()


@pytest.mark.parametrize("name", HELD)
def test_over_money_there_is_no_way_back_and_the_consultant_is_said_to_be_there(name):
    chrome = ChromePresenter(theme.brand)
    assert chrome.view(STATES[name]).back_to_talk[0] == ""
    assert chrome.view(STATES[name]).plate.full_name
    assert chrome.press("stop_help", STATES[name]) is None


def test_no_bill_is_scanned_by_a_camera_that_the_talk_has():
    alone, talking = STATES["account_entry"], STATES["pays_account_entry"]
    assert AccountEntryPresenter(alone).press("scan", alone) == StartBillScan()
    assert AccountEntryPresenter(talking).press("scan", talking) is None


def test_the_card_says_sum_purpose_and_account():
    state = STATES["call_card_payment"]
    view = CallCardPresenter(state).view(state)
    words = [piece.replace("\u00a0", " ") for piece in (view.title, *view.pieces)]
    assert words[0].startswith("Оплатить 1 500,00 ₽")
    assert words[-1].startswith("Лицевой счёт 040")
    assert view.main is not None
    assert view.main.title == "Оплатить сейчас"
    unable = replace(state, availability=replace(state.availability, cash=False, card=False, qr=False))
    assert "answer_pay" not in [choice.key for choice in CallCardPresenter(unable).view(unable).others]
