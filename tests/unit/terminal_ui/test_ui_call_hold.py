"""What the screen says while the consultant is away."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from signaling_server.contract.notes import CardAnswer
from terminal_app.ipc.call_messages import AnswerCard
from terminal_app.ipc.messages import GoBack
from terminal_app.ui.presenters.call_card import CallCardPresenter

sys.path.append(str(Path(__file__).parents[2] / "ui"))
from terminal_states import STATES


def keys(name: str) -> dict[str, object]:
    state = STATES[name]
    presenter = CallCardPresenter(state)
    view = presenter.view(state)
    return {each.key: presenter.press(each.key, state) for each in (view.main, *view.others)}


@pytest.mark.clause("9.4.12", owner="terminal_app")
def test_the_four_ways_stand_on_the_glass_and_each_says_itself():
    state = STATES["call_hold_ways"]
    view = CallCardPresenter(state).view(state)
    words = [each.title.replace("\u00a0", " ") for each in (view.main, *view.others)]
    assert words == ["Подожду ещё", "Перезвоните мне", "Записаться на приём", "Оставить обращение"]
    ways = [CardAnswer.WAIT, CardAnswer.CALL_BACK, CardAnswer.BOOK, CardAnswer.MESSAGE]
    assert list(keys("call_hold_ways").values()) == [AnswerCard("card-pause", way) for way in ways]
    assert "больше двух минут" in view.title.replace("\u00a0", " ")


def test_one_more_minute_is_asked_for_and_the_talk_is_one_touch_away():
    state = STATES["call_hold_minute"]
    assert CallCardPresenter(state).view(state).title.replace("\u00a0", " ") == "Ещё минуту, пожалуйста"
    assert keys("call_hold_minute") == {"talk": GoBack()}


def test_who_pays_reads_what_can_be_done_later():
    assert keys("call_hold_later") == {"answer_wait": AnswerCard("card-pause", CardAnswer.WAIT)}
