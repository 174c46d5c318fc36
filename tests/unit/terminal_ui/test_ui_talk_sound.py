"""How loud and how clear the consultant is, on the screen of the talk, and «плохо слышно» by one touch."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from msgspec.structs import replace

from terminal_app.ipc.call_messages import VOLUME_MAX, VOLUME_MIN, ChangeVolume, SoundQuality, WriteNote
from terminal_app.ipc.messages import Liveness, Screen
from terminal_app.ui.presenters.call_live import CallLivePresenter, CallLiveView

sys.path.append(str(Path(__file__).parents[2] / "ui"))
from terminal_states import CALL, at

LIVE = replace(CALL, liveness=Liveness.LIVE)


def seen(**call: object) -> CallLiveView:
    state = at(Screen.CALL_LIVE, call=replace(LIVE, **call))
    return CallLivePresenter(state).view(state)


@pytest.mark.parametrize(
    ("liveness", "quality", "bars", "words"),
    [
        (Liveness.LIVE, SoundQuality.GOOD, 3, "Слышно хорошо"),
        (Liveness.LIVE, SoundQuality.QUIET, 2, "Голос тихий"),
        (Liveness.LIVE, SoundQuality.WEAK, 1, "Связь слабая"),
        (Liveness.LIVE, SoundQuality.BROKEN, 1, "Плохо слышно? Пишите"),
        (Liveness.WEAK, SoundQuality.GOOD, 1, "Связь слабая"),
        (Liveness.RECONNECTING, SoundQuality.GOOD, 0, "Связи нет"),
    ],
)
def test_the_bars_say_in_words_what_reaches_the_customer(liveness, quality, bars, words):
    view = seen(liveness=liveness, quality=quality)
    assert (view.quality, view.quality_words) == (bars, words)
    assert view.quality_tone == ("good" if bars == 3 else "warn")


def test_one_touch_tells_the_agent_that_he_is_not_heard():
    state = at(Screen.CALL_LIVE, call=LIVE)
    pressed = CallLivePresenter(state).press("hear_badly", state)
    assert pressed == WriteNote(text="Вас плохо слышно, повторите, пожалуйста")


def test_the_keys_of_the_volume_end_where_it_does():
    state = at(Screen.CALL_LIVE, call=LIVE)
    presenter = CallLivePresenter(state)
    assert [presenter.press(key, state) for key in ("louder", "quieter")] == [ChangeVolume(1), ChangeVolume(-1)]
    assert (seen(volume=VOLUME_MAX).louder, seen(volume=VOLUME_MAX).quieter) == (False, True)
    assert (seen(volume=VOLUME_MIN).louder, seen(volume=VOLUME_MIN).quieter) == (True, False)
    assert seen(volume=4).volume_words == "Громкость 4 из 5"
