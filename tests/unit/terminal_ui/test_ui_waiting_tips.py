"""While one waits for a consultant: tips that turn at a touch only, and can be put away (clause 7.1.7)."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from msgspec.structs import replace

from signaling_server.contract.messages import WayToTalk
from terminal_app.ipc.call_messages import SoundTrouble
from terminal_app.ipc.messages import HangUp
from terminal_app.ui.locale import t
from terminal_app.ui.presenters.call_waiting import TIPS, CallWaitingPresenter

sys.path.append(str(Path(__file__).parents[2] / "ui"))
from terminal_states import STATES

WAITING = STATES["call_waiting"]


@pytest.mark.clause("7.1.7")
def test_tips_stand_one_at_a_time_turn_at_a_touch_and_can_be_left():
    waiting = CallWaitingPresenter(WAITING)
    first = waiting.view(WAITING)
    told = f"{first.place}. {first.forecast}".replace("\u00a0", " ")
    assert told == "Перед вами 2 человека. Ожидание: 1–4 минуты"
    moved_on = replace(WAITING, call=replace(WAITING.call, position=1))
    assert waiting.view(moved_on).tip == first.tip, "no tip turns by itself"
    seen = [first.tip]
    for _ in range(TIPS - 1):
        assert waiting.press("tip_next", WAITING) is None
        seen.append(waiting.view(WAITING).tip)
    assert len(set(seen)) == TIPS
    waiting.press("tip_next", WAITING)
    assert waiting.view(WAITING).tip == first.tip
    waiting.press("tip_away", WAITING)
    assert waiting.view(WAITING).tip == ""
    waiting.press("tip_next", WAITING)
    assert waiting.view(WAITING).tip == "", "what was put away stays away"
    assert waiting.press("cancel", WAITING) == HangUp()


@pytest.mark.parametrize(
    ("way", "trouble", "advice"),
    [
        (WayToTalk.SPEAK, SoundTrouble.NONE, ""),
        (WayToTalk.SPEAK, SoundTrouble.MICROPHONE, t("waiting.trouble.microphone")),
        (WayToTalk.TYPE, SoundTrouble.MICROPHONE, t("waiting.type")),  # the keyboard needs no microphone
        (WayToTalk.TYPE, SoundTrouble.BOTH, t("waiting.trouble.both")),  # «ответит голосом» would not be true
        (WayToTalk.WRITE, SoundTrouble.LOUDSPEAKER, t("waiting.trouble.loudspeaker")),
    ],
)
def test_nothing_is_promised_of_sound_that_does_not_work(way, trouble, advice):
    state = replace(WAITING, call=replace(WAITING.call, way=way, trouble=trouble))
    assert CallWaitingPresenter(state).view(state).advice == advice


def test_who_is_neither_seen_nor_heard_is_not_told_that_he_is_heard():
    blind = replace(WAITING, availability=replace(WAITING.availability, camera=False))
    silent = replace(blind, call=replace(blind.call, trouble=SoundTrouble.MICROPHONE))
    assert "услышит" in CallWaitingPresenter(blind).view(blind).preview_hint
    assert "услышит" not in CallWaitingPresenter(silent).view(silent).preview_hint
