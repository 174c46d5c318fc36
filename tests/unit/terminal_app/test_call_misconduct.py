"""A talk that the consultant ended for misbehaviour: a warning before it, a number after it, and no word too much."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from signaling_server.contract.messages import CallEnded, CallEndReason, CaseRegistered
from signaling_server.contract.notes import CardAnswer, CardKind
from terminal_app.core.call import ToMedia, ToOffice
from terminal_app.ipc import media_messages as media
from terminal_app.ipc.messages import Dismiss, Screen
from terminal_app.ui.presenters.call_card import CallCardPresenter
from terminal_app.ui.presenters.call_result import CallResultPresenter

sys.path.append(str(Path(__file__).parent))
from test_call_cards import answers, card
from test_call_hold import state_of
from test_call_notes import shown
from test_terminal_call import TO_LIVE, tell


@pytest.mark.clause("9.4.10", owner="terminal_app")
def test_first_a_warning_stands_then_the_talk_ends_in_neutral_words_and_a_number():
    warning = card(CardKind.WARNING, text="Пожалуйста, говорите спокойно")
    call, effects = tell(*TO_LIVE, warning)
    assert (shown(call), effects) == (Screen.CALL_CARD, [ToOffice(warning)])  # told to be seen
    state = state_of(call)
    assert CallCardPresenter(state).view(state).title == "Предупреждение"
    assert shown(tell(answers(CardAnswer.UNDERSTOOD), call=call)[0]) is Screen.CALL_LIVE
    ended, effects = tell(CallEnded("c1", CallEndReason.MISCONDUCT), call=call)
    assert effects == [ToMedia(media.StopCall())]
    told, _ = tell(CaseRegistered("c1", "Э-26-000123", "26.11.2026", ""), call=ended)
    state = state_of(told)
    presenter = CallResultPresenter(state)
    view = presenter.view(state)
    assert (state.screen, view.cases[0].number, view.thanks) == (Screen.CALL_RESULT, "Э-26-000123", "")
    assert presenter.press("done", state) == Dismiss()  # no survey


def test_a_usual_end_is_thanked_for():
    call, _ = tell(*TO_LIVE, CallEnded("c1", CallEndReason.AGENT_ENDED))
    assert CallResultPresenter(state_of(call)).view(state_of(call)).thanks
