"""One touch, one command: what is sent again and what is not."""

from __future__ import annotations

from terminal_app.ipc.messages import GoHome, PressPay
from terminal_app.ui.presenters.press_gate import ANSWER_S_MAX, PressGate


def test_the_same_press_is_not_sent_again_before_the_answer():
    gate = PressGate()
    assert gate.allows(PressPay(), revision=7, now_s=10.0)
    assert not gate.allows(PressPay(), revision=7, now_s=10.2)
    assert gate.allows(PressPay(), revision=8, now_s=10.3)


def test_a_press_that_meant_nothing_may_be_tried_again_and_others_are_free():
    gate = PressGate()
    assert gate.allows(PressPay(), revision=7, now_s=10.0)
    assert gate.allows(GoHome(), revision=7, now_s=10.1)
    assert not gate.allows(GoHome(), revision=7, now_s=10.2)
    assert gate.allows(GoHome(), revision=7, now_s=10.1 + ANSWER_S_MAX)
