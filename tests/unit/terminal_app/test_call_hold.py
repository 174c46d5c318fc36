"""A consultant who is away: words at 0:45, ways out at 2:00, and what the customer chooses really happens."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from signaling_server.contract.cases import CaseKind
from signaling_server.contract.messages import CallCancelled
from signaling_server.contract.notes import HOLD_ANSWERS, CallNote, CardAnswer, CardKind, NoteAuthor
from terminal_app.core import visit as visits
from terminal_app.core.call import CallTick, Press, ToMedia, ToOffice
from terminal_app.core.call_hold import MINUTE_S, WAYS_S
from terminal_app.core.state import Surroundings, terminal_state
from terminal_app.core.tasks import written
from terminal_app.core.tasks.written_draft import CALL_BACK, Stage, stage_of
from terminal_app.core.visit_values import Visit, VisitRules
from terminal_app.ipc import media_messages as media
from terminal_app.ipc.call_messages import HOLD_SERVICES, CallPane, HoldStage, OpenPane
from terminal_app.ipc.messages import Availability, GoBack, Liveness, Screen
from terminal_app.ipc.pages import OpenService
from terminal_app.ui.presenters.call_result import CallResultPresenter

sys.path.append(str(Path(__file__).parent))
sys.path.append(str(Path(__file__).parents[2] / "ui"))
from page_states import CONTEXT
from test_call_cards import answers, card
from test_call_notes import shown
from test_terminal_call import TO_LIVE, live, tell

from payment.contract import CashInSnapshot, CashSettings
from terminal_app.contacts import Contacts

PAUSE, RETURN = card(CardKind.PAUSE, "p1"), card(CardKind.RETURN, "p2")


def held(until_s: float, *, step_s: float = 1.0):
    """A call whose agent went away at second 0, and the notes that the terminal told by itself until then."""
    call, _ = tell(*TO_LIVE, live(Liveness.LIVE), PAUSE)
    told: list[CallNote] = []
    now_s = 0.0
    while now_s < until_s:
        now_s += step_s
        call, effects = tell(live(Liveness.LIVE), CallTick(), call=call, now_s=now_s)
        told += [each.message for each in effects if isinstance(each, ToOffice)]
    return call, told


def state_of(call, visit: Visit | None = None):
    around = Surroundings(Availability(), Contacts(), "", CashSettings(terminal_id="t"))
    return terminal_state(visit or Visit(), call, CashInSnapshot(), around)


@pytest.mark.clause("9.4.12", owner="terminal_app")
def test_no_hold_is_longer_than_two_minutes_without_an_offer():
    assert (MINUTE_S, WAYS_S) == (45.0, 120.0)
    call, told = held(MINUTE_S - 1)
    assert (call.hold.stage, told) == (HoldStage.HELD, [])
    call, told = held(MINUTE_S)
    assert call.view().hold is HoldStage.MINUTE
    call, told = held(WAYS_S)
    assert [(note.author, note.answer_to, note.answer) for note in told] == [
        (NoteAuthor.TERMINAL, "p1", CardAnswer.MINUTE),
        (NoteAuthor.TERMINAL, "p1", CardAnswer.WAYS),
    ]
    assert (shown(call), call.view().hold) == (Screen.CALL_CARD, HoldStage.WAYS)
    assert state_of(call).call.ways == list(HOLD_SERVICES)
    asleep, told = held(WAYS_S, step_s=WAYS_S)  # a clock that jumped
    assert asleep.hold.stage is HoldStage.MINUTE
    assert tell(CallTick(), call=asleep, now_s=WAYS_S + 0.2)[0].hold.stage is HoldStage.WAYS


def test_the_words_come_back_over_a_card_that_was_put_away_and_over_reading_but_not_over_writing():
    call, _ = held(10.0)
    away, _ = tell(Press(GoBack(), request_id="w1"), call=call)
    assert shown(away) is Screen.CALL_LIVE
    assert shown(tell(CallTick(), call=away, now_s=MINUTE_S)[0]) is Screen.CALL_CARD
    reading, _ = tell(Press(OpenPane(CallPane.NOTES)), call=away)
    assert shown(tell(CallTick(), call=reading, now_s=MINUTE_S)[0]) is Screen.CALL_CARD
    writing, _ = tell(Press(OpenPane(CallPane.PAD)), call=away)
    writing, _ = tell(CallTick(), call=writing, now_s=MINUTE_S)
    assert shown(writing) is Screen.CALL_PAD
    assert shown(tell(Press(GoBack()), call=writing)[0]) is Screen.CALL_CARD


def test_the_return_ends_the_hold_and_a_second_pause_within_one_counts_on():
    call, _ = held(100.0)
    again, _ = tell(card(CardKind.PAUSE, "p3"), call=call, now_s=100.0)
    assert tell(CallTick(), call=again, now_s=WAYS_S)[0].hold.stage is HoldStage.WAYS
    back, _ = tell(RETURN, call=call, now_s=110.0)
    assert tell(CallTick(), call=back, now_s=500.0)[0].hold.stage is HoldStage.NONE
    anew, _ = tell(card(CardKind.PAUSE, "p3"), call=back, now_s=500.0)
    assert tell(CallTick(), call=anew, now_s=500.0 + MINUTE_S - 1)[0].hold.stage is HoldStage.HELD


@pytest.mark.parametrize("press", [answers(CardAnswer.WAIT, "p1"), Press(GoBack(), request_id="w1")])
def test_who_waits_on_is_offered_the_ways_again_two_minutes_later(press):
    call, _ = held(WAYS_S)
    waits, effects = tell(press, call=call, now_s=130.0)
    assert (shown(waits), waits.hold.stage) == (Screen.CALL_LIVE, HoldStage.HELD)
    assert [effect.message.answer_to for effect in effects] == ["p1"]
    for now_s in (130.0 + MINUTE_S, 130.0 + WAYS_S):
        waits, _ = tell(live(Liveness.LIVE), CallTick(), call=waits, now_s=now_s)
    assert (shown(waits), waits.hold.stage) == (Screen.CALL_CARD, HoldStage.WAYS)


@pytest.mark.clause("9.4.12", owner="terminal_app")
@pytest.mark.parametrize("way", HOLD_SERVICES)
def test_the_way_that_is_chosen_ends_the_call_and_opens_its_service(way):
    call, _ = held(WAYS_S)
    after, effects = tell(answers(way, "p1"), call=call, now_s=121.0)
    answer, *rest = effects
    assert (answer.message.answer_to, answer.message.answer) == ("p1", way)
    assert rest == [ToOffice(CallCancelled("c1", way)), ToMedia(media.StopCall())]
    assert after.screen is Screen.CALL_RESULT
    state = state_of(after)
    opens = CallResultPresenter(state).press("way_on", state)
    assert opens == OpenService(HOLD_SERVICES[way])
    visit, _ = visits.step(Visit(), opens, VisitRules(context=CONTEXT), 1.0)
    assert visit.stay is not None
    assert visit.stay.service == HOLD_SERVICES[way]


def test_a_way_that_was_not_offered_is_none():
    call, _ = held(MINUTE_S)
    for way in HOLD_ANSWERS:
        assert tell(answers(way, "p1"), call=call, now_s=46.0) == (call, [])
        assert tell(answers(way, "other"), call=held(WAYS_S)[0])[1] == []


def test_in_the_middle_of_a_payment_only_waiting_is_offered():
    assert state_of(held(WAYS_S)[0], Visit(screen=Screen.CASH_IN)).call.ways == []


def test_to_be_called_back_the_topic_and_the_phone_are_asked_and_the_request_is_written():
    task, effects = written.call_back(replace(CONTEXT, account=None))
    assert effects == []
    assert stage_of(task.draft, CONTEXT) is Stage.GROUP
    assert (task.draft.kind, task.draft.text) == (CaseKind.REQUEST, CALL_BACK)
    topic = CONTEXT.facts.topics[0]
    assert stage_of(replace(task.draft, group=topic.group_title, topic=topic), CONTEXT) is Stage.PHONE
