"""What the two of a call write to each other, in virtual time."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from signaling_server.contract.messages import CallEnded, CallEndReason, WayToTalk
from signaling_server.contract.notes import NOTE_LENGTH_MAX, NOTES_MAX, POINTS_MAX, CallNote, Drawing, NoteAuthor
from terminal_app.core.call import Call, LinkChanged, Press, ToOffice
from terminal_app.core.state import Surroundings, terminal_state
from terminal_app.core.visit_values import Visit
from terminal_app.ipc.call_messages import CallPane, OpenPane, WriteNote
from terminal_app.ipc.media_messages import CallLiveness
from terminal_app.ipc.messages import Availability, ChooseWay, GoBack, HangUp, Liveness, Screen
from terminal_app.ui.presenters.call_live import CallLivePresenter
from terminal_app.ui.presenters.call_way import CallWayPresenter

sys.path.append(str(Path(__file__).parent))
from test_terminal_call import ACCEPTED, QUEUED, TO_LIVE, tell

from payment.contract import CashInSnapshot, CashSettings
from terminal_app.contacts import Contacts

DRAWING = Drawing(400, [[0, 0, 1000, 400]])
WORDS = CallNote("c1", "a1", NoteAuthor.AGENT, "Назовите номер счётчика")


def shown(call: Call) -> Screen:
    around = Surroundings(Availability(), Contacts(), "", CashSettings(terminal_id="t"))
    return terminal_state(Visit(), call, CashInSnapshot(), around).screen


def writes(**note: object) -> Press:
    return Press(WriteNote(**note), request_id="w1")


@pytest.mark.clause("9.6.10a", owner="terminal_app")
@pytest.mark.parametrize(("pane", "screen"), [(CallPane.PAD, Screen.CALL_PAD), (CallPane.KEYBOARD, Screen.CALL_TYPING)])
def test_writing_and_typing_lie_over_a_talk_that_goes_on(pane, screen):
    call, _ = tell(*TO_LIVE, Press(OpenPane(pane)))
    assert (shown(call), call.screen) == (screen, Screen.CALL_LIVE)
    assert shown(tell(Press(GoBack()), call=call)[0]) is Screen.CALL_LIVE
    note = {"drawing": DRAWING} if pane is CallPane.PAD else {"text": " Да "}
    call, effects = tell(writes(**note), call=call)
    told = CallNote("c1", "w1", NoteAuthor.CUSTOMER, note.get("text", "").strip(), note.get("drawing"))
    assert effects == [ToOffice(told)]
    assert shown(call) is Screen.CALL_LIVE


@pytest.mark.clause("8.1.2", owner="terminal_app")
def test_the_two_write_to_each_other_where_neither_has_a_camera():
    """From the question how to talk to the answer on the glass."""
    dark = Surroundings(Availability(sound=True, server=True, agents_on_duty=1), Contacts(), "", CashSettings("t"))
    call, _ = tell(*TO_LIVE[:3], call=Call())
    typing = CallWayPresenter(terminal_state(Visit(), call, CashInSnapshot(), dark))
    way = typing.press("type", terminal_state(Visit(), call, CashInSnapshot(), dark))
    assert way == ChooseWay(WayToTalk.TYPE)
    call, _ = tell(Press(way, request_id="r1"), QUEUED, ACCEPTED, call=call)
    call, _ = tell(CallLiveness("c1", 1, Liveness.LIVE, agent_has_video=False), WORDS, call=call)
    state = terminal_state(Visit(), call, CashInSnapshot(), dark)
    talk = CallLivePresenter(state)
    view = talk.view(state)
    assert (view.camera, view.picture, view.caption) == (False, False, WORDS.text)
    call, _ = tell(Press(talk.press("type", state)), call=call)
    assert shown(call) is Screen.CALL_TYPING
    _, effects = tell(writes(text="37204816"), call=call)
    assert effects == [ToOffice(CallNote("c1", "w1", NoteAuthor.CUSTOMER, "37204816"))]


def test_the_agents_words_are_kept_and_told_back_as_a_sign_that_they_are_seen():
    call, effects = tell(*TO_LIVE, WORDS)
    assert effects[-1] == ToOffice(WORDS)
    assert call.view().notes == [WORDS]
    assert tell(WORDS, call=call) == (call, [ToOffice(WORDS)])  # he did not know that it stands: told, not shown, anew


def test_an_agent_cannot_write_in_the_customers_name_nor_draw():
    call, _ = tell(*TO_LIVE, CallNote("c1", "a1", NoteAuthor.CUSTOMER, "Согласен", DRAWING))
    assert call.view().notes == [CallNote("c1", "a1", NoteAuthor.AGENT, "Согласен")]


def test_after_a_lost_link_and_on_a_page_loaded_anew_everything_is_told_again():
    call, _ = tell(*TO_LIVE, WORDS, writes(text="Да"))
    _, effects = tell(LinkChanged(up=False), LinkChanged(up=True), call=call)
    assert [effect.message.note_id for effect in effects] == ["a1", "w1"]
    _, effects = tell(type(ACCEPTED)("c1", ACCEPTED.plate, [], media_epoch=2), call=call)
    assert [effect.message.note_id for effect in effects if isinstance(effect, ToOffice)] == ["a1", "w1"]


@pytest.mark.parametrize(
    "note",
    [
        {},
        {"text": "  "},
        {"text": "я" * (NOTE_LENGTH_MAX + 1)},
        {"drawing": Drawing(400, [[0, 0, 5]])},
        {"drawing": Drawing(400, [[0, 500]])},
        {"drawing": Drawing(400, [[0, 0] * (POINTS_MAX + 1)])},
    ],
    ids=["nothing", "spaces", "too long", "half a point", "outside", "too many points"],
)
def test_a_note_that_no_screen_makes_is_none(note):
    call, _ = tell(*TO_LIVE, Press(OpenPane(CallPane.PAD)))
    assert tell(writes(**note), call=call) == (call, [])


def test_of_a_long_talk_the_last_notes_stay_and_the_end_forgets_them_all():
    call, _ = tell(*TO_LIVE, *(CallNote("c1", f"a{n}", NoteAuthor.AGENT, "…") for n in range(NOTES_MAX + 5)))
    assert call.view().notes[0].note_id == "a5"
    for end in (Press(HangUp()), CallEnded("c1", CallEndReason.AGENT_ENDED)):
        over, _ = tell(end, call=call)
        assert over.view().notes == []


def test_outside_a_live_call_nothing_is_written():
    assert tell(*TO_LIVE[:-1], WORDS)[0].view().notes == []
    assert tell(*TO_LIVE, CallNote("c9", "a1", NoteAuthor.AGENT, "чужое"))[0].view().notes == []
