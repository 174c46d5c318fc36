"""The voice says who is on the line, and tells core only when that was said or given up."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

import pytest
from msgspec.structs import replace

from terminal_app.ipc.messages import Screen
from terminal_app.ipc.modes import Language
from terminal_app.ui.presenters.plate import introduction
from terminal_app.ui.voice.voice import Voice

sys.path.append(str(Path(__file__).parents[2] / "ui"))
from terminal_states import CALL, STATES, at

WAIT_S_MAX = 20.0


class Ear:
    """A loudspeaker that remembers, and holds a phrase until it is let go."""

    audible = True

    def __init__(self) -> None:
        self.order: list[str] = []
        self.began, self.go = threading.Event(), threading.Event()

    def play(self, sound, stopped) -> None:
        self.order.append("began")
        self.began.set()
        while not self.go.wait(0.01) and not stopped():
            pass
        self.order.append("ended")


def test_the_words_name_the_person_the_position_and_the_company():
    state = at(Screen.CALL_LIVE, call=replace(CALL, introducing=True))
    words = introduction(state)
    assert "Константинопольская Александра Вячеславовна" in words
    assert "Главный специалист-консультант" in words
    assert introduction(STATES["call_live"]) == "", "he is heard already"


@pytest.mark.parametrize("cut_short", [False, True])
def test_it_is_over_when_it_was_said_or_something_else_is_said_instead(cut_short):
    ear, over = Ear(), threading.Event()
    voice = Voice(ear)

    def told() -> None:
        ear.order.append("over")
        over.set()

    voice.say(["С вами говорит Анна"], Language.RUSSIAN, slow=False, ended=lambda _: told())
    assert ear.began.wait(WAIT_S_MAX)
    assert not over.is_set(), "not while it is being said"
    if cut_short:
        voice.hush()
    else:
        ear.go.set()
    assert over.wait(WAIT_S_MAX)
    assert ear.order == ["began", "ended", "over"]
