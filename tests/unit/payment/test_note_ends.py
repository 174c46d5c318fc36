"""How a note ends: given back, rejected, in doubt; what a power-up, readiness and time say of it. Whole states."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from payment.contract import (
    AcceptorChanged,
    AcceptorPoweredUp,
    NoteAnswer,
    NoteEventsLost,
    NoteMoving,
    NoteRejected,
    NoteReturned,
    NotesRemembered,
    NoteStacked,
    PowerUpNote,
)
from payment.transaction import step
from payment.transaction_values import (
    COIN_S,
    NOTE_S_MAX,
    RESOLVE_S,
    Collection,
    Decided,
    Escrow,
    Phase,
    TimePassed,
)
from tests.unit.payment.rule_steps import CONTEXT, NOW_S, VISIT, at, record, went

NOTE = 1_000_00
INSIDE = replace(VISIT, escrow=Escrow(NOTE, Decided.STACK, NoteAnswer.NONE, 95.0), moving=True)
GOING_BACK = replace(VISIT, escrow=Escrow(NOTE, Decided.RETURN, NoteAnswer.OVER_LIMIT, 95.0), moving=True)
STACKED = {
    "escrow": None,
    "moving": False,
    "last_stacked_minor": NOTE,
    "inserted_minor": 1_500_00,
    "answer": NoteAnswer.STACKED,
    "answers": 1,
}


# --- given back, rejected, moving ------------------------------------------------------------------------------------

BACK = {"escrow": None, "moving": False, "answer": NoteAnswer.OVER_LIMIT, "answers": 1}


@pytest.mark.parametrize("reported", [NOTE, 0])
def test_a_returned_note_is_closed_and_its_reason_told(reported):
    went(GOING_BACK, NoteReturned(reported), BACK, [record("returned", value_minor=NOTE, how="device")])


def test_a_note_of_another_value_given_back_closes_nothing():
    went(GOING_BACK, NoteReturned(50_00), {}, [])


def test_a_note_given_back_that_nobody_saw_leaves_the_path_free():
    went(replace(VISIT, moving=True), NoteReturned(50_00), {"moving": False}, [])


@pytest.mark.parametrize(
    ("reason", "answer"), [("inhibited", NoteAnswer.NOT_ACCEPTED), ("torn", NoteAnswer.NOT_RECOGNISED)]
)
def test_a_rejected_note_is_told_of(reason, answer):
    changes = {"moving": False, "answer": answer, "answers": 1}
    went(replace(VISIT, moving=True), NoteRejected(reason), changes, [])


def test_answers_are_counted_on():
    assert step(replace(INSIDE, answers=4), NoteStacked(NOTE), CONTEXT)[0].answers == 5
    assert step(replace(GOING_BACK, answers=4), NoteReturned(NOTE), CONTEXT)[0].answers == 5
    assert step(replace(VISIT, answers=4), NoteRejected("torn"), CONTEXT)[0].answers == 5
    late = at(now_s=95.0 + NOTE_S_MAX)
    assert step(replace(INSIDE, answers=4), TimePassed(), late)[0].answers == 5


@pytest.mark.parametrize("moving", [True, False])
def test_the_path_is_as_the_device_says_while_no_note_is_open(moving):
    went(replace(VISIT, moving=not moving), NoteMoving(moving), {"moving": moving}, [])


def test_an_open_note_keeps_the_path_taken():
    went(replace(INSIDE, moving=False), NoteMoving(True), {"moving": True}, [])
    for deaf in ({"recovered": True}, {"ready": False}):
        went(replace(INSIDE, moving=False, **deaf), NoteMoving(False), {"moving": True}, [])


DOUBT = {
    "escrow": None,
    "moving": False,
    "in_doubt_minor": NOTE,
    "last_doubted_minor": NOTE,
    "answer": NoteAnswer.IN_DOUBT,
    "answers": 1,
}


def test_a_free_path_over_an_open_note_means_that_nobody_knows_its_end():
    how = "path_free_without_report"
    went(INSIDE, NoteMoving(False), DOUBT, [record("in_doubt", value_minor=NOTE, how=how)])
    went(GOING_BACK, NoteMoving(False), BACK, [record("returned", value_minor=NOTE, how=how)])


def test_doubts_of_one_visit_add_up():
    after, _ = step(replace(INSIDE, in_doubt_minor=50_00), NoteMoving(False), CONTEXT)
    assert after.in_doubt_minor == NOTE + 50_00


def test_a_free_path_ends_the_wait_of_a_visit_that_pays():
    after, _ = step(replace(VISIT, phase=Phase.FINISHING, moving=True), NoteMoving(False), CONTEXT)
    assert after.phase is Phase.PAYING


# --- power-up, readiness, time ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("note", PowerUpNote)
def test_a_power_up_with_nothing_open_is_an_incident_only_when_it_holds_a_note(note):
    incident = [record("incident", what="unknown_note_in_stacker")]
    went(VISIT, AcceptorPoweredUp(note), {}, incident if note is PowerUpNote.IN_STACKER else [])


def test_a_power_up_says_where_the_open_note_is():
    returned = record("returned", value_minor=NOTE, how="power_up_in_validator")
    went(INSIDE, AcceptorPoweredUp(PowerUpNote.IN_VALIDATOR), {**BACK, "answer": NoteAnswer.NONE}, [returned])
    went(INSIDE, AcceptorPoweredUp(PowerUpNote.IN_STACKER), STACKED, [record("stacked", value_minor=NOTE)])
    how = "power_up_without_report"
    went(INSIDE, AcceptorPoweredUp(PowerUpNote.NONE), DOUBT, [record("in_doubt", value_minor=NOTE, how=how)])
    went(GOING_BACK, AcceptorPoweredUp(PowerUpNote.NONE), BACK, [record("returned", value_minor=NOTE, how=how)])


NEW = {"ready": False, "greeted": False}
SINCE = {"ready_since_s": 50.0}


@pytest.mark.parametrize(
    ("before", "event", "changes"),
    [
        ({}, AcceptorChanged(True), {}),
        (NEW, AcceptorChanged(True), {"ready": True, "greeted": True, "ready_since_s": NOW_S}),
        (SINCE, AcceptorChanged(True), {}),
        (SINCE, AcceptorChanged(False, "cheated"), {"ready": False, "fault": "cheated", "ready_since_s": None}),
        (NEW, AcceptorChanged(False), {}),
        ({"fault": "jammed"}, AcceptorChanged(True), {"fault": "none"}),
    ],
)
def test_the_acceptor_is_known_since_when_it_is_ready(before, event, changes):
    went(replace(VISIT, **before), event, changes, [])


def test_a_jam_that_no_note_explains_is_written_down_once():
    changes = {"ready": False, "fault": "cassette_jammed"}
    incident = record("incident", what="jam_unknown_note", fault="cassette_jammed")
    went(VISIT, AcceptorChanged(False, "cassette_jammed"), changes, [incident])
    went(replace(VISIT, fault="cassette_jammed"), AcceptorChanged(False, "cassette_jammed"), changes, [])
    held_up = replace(INSIDE.escrow, jammed=True)
    went(INSIDE, AcceptorChanged(False, "cassette_jammed"), {**changes, "escrow": held_up}, [])


@pytest.mark.parametrize(
    ("how", "event", "held_ready_s"),
    [
        ("restart_without_report", TimePassed(), 80.0),
        ("power_up_without_report", AcceptorPoweredUp(PowerUpNote.NONE), None),
        ("events_lost", NoteEventsLost(1), None),
    ],
)
def test_a_note_that_jammed_on_its_way_back_is_in_doubt_and_never_counts_as_returned(how, event, held_ready_s):
    """Who cleared the jam may have laid it into the cassette. A simulated life in a million lost a note by it."""
    jammed, _ = step(replace(GOING_BACK, recovered=True), AcceptorChanged(False, "validator_jammed"), CONTEXT)
    cleared, _ = step(replace(jammed, ready_since_s=held_ready_s), AcceptorChanged(True), CONTEXT)
    after, effects = step(replace(cleared, ready_since_s=held_ready_s), event, CONTEXT)
    assert (after.escrow, after.in_doubt_minor) == (None, NOTE)
    assert record("in_doubt", value_minor=NOTE, how=how) in effects


def test_an_acceptor_that_can_take_money_has_its_cassette_back():
    out = replace(VISIT, ready=False, alarm=True, collection=Collection("c1", 3, False, cassette_out=True))
    after, effects = step(out, AcceptorChanged(True), CONTEXT)
    assert "cassette_in" in [effect.kind for effect in effects if hasattr(effect, "kind")]
    assert after.collection is None or not after.collection.cassette_out


@pytest.mark.parametrize("before", [INSIDE, GOING_BACK])
def test_a_note_whose_end_nobody_reports_is_in_doubt_in_the_end(before):
    written = record("in_doubt", value_minor=NOTE, how="no_report")
    went(before, TimePassed(), {}, [], at(now_s=95.0 + NOTE_S_MAX - 0.5))
    went(before, TimePassed(), DOUBT, [written], at(now_s=95.0 + NOTE_S_MAX))


def test_after_a_restart_an_acceptor_at_rest_has_its_say_and_then_knows_nothing():
    how = "restart_without_report"
    rests = {"recovered": True, "ready_since_s": 98.0}
    went(replace(INSIDE, **rests), TimePassed(), {}, [], at(now_s=98.0 + RESOLVE_S - 0.5))
    doubt = [record("in_doubt", value_minor=NOTE, how=how)]
    went(replace(INSIDE, **rests), TimePassed(), DOUBT, doubt, at(now_s=98.0 + RESOLVE_S))
    since_boot = {"recovered": True, "ready_since_s": 0.0}
    went(replace(INSIDE, **since_boot), TimePassed(), DOUBT, doubt, at(now_s=RESOLVE_S))
    returned = [record("returned", value_minor=NOTE, how=how)]
    went(replace(GOING_BACK, **rests), TimePassed(), BACK, returned, at(now_s=98.0 + RESOLVE_S))
    for not_yet in ({"recovered": True, "ready_since_s": None}, {"recovered": False, "ready_since_s": 50.0}):
        went(replace(INSIDE, **not_yet), TimePassed(), {}, [], at(now_s=98.0 + RESOLVE_S))


def test_time_means_nothing_to_a_visit_without_an_open_note():
    went(replace(VISIT, moving=True), TimePassed(), {}, [], at(now_s=5_000.0))


def test_a_path_that_stays_taken_holds_a_visit_only_for_a_while():
    waiting = replace(VISIT, phase=Phase.FINISHING, moving=True, since_s=90.0)
    went(waiting, TimePassed(), {}, [], at(now_s=90.0 + NOTE_S_MAX - 0.5))
    after, _ = step(waiting, TimePassed(), at(now_s=90.0 + NOTE_S_MAX))
    assert (after.phase, after.moving) == (Phase.PAYING, False)
    after, _ = step(replace(waiting, recovered=True), TimePassed(), at(now_s=90.5))
    assert (after.phase, after.moving) == (Phase.PAYING, False)


def test_coins_on_their_way_hold_a_visit_for_a_second():
    waiting = replace(VISIT, phase=Phase.FINISHING, since_s=90.0)
    went(waiting, TimePassed(), {}, [], at(now_s=90.0 + COIN_S - 0.25, coins=True))
    assert step(waiting, TimePassed(), at(now_s=90.0 + COIN_S, coins=True))[0].phase is Phase.PAYING
    assert step(waiting, TimePassed(), at(now_s=90.0, coins=False))[0].phase is Phase.PAYING


# --- what the acceptor remembers, and what it lost -------------------------------------------------------------------

RECOVERED = replace(INSIDE, stacked_before=(500_00, 100_00), phase=Phase.FINISHING, recovered=True)
DOUBTED = replace(VISIT, in_doubt_minor=NOTE, last_doubted_minor=NOTE, stacked_before=(500_00,))


@pytest.mark.parametrize(
    "memory", [(NOTE, 500_00, 100_00), (NOTE, 500_00), (NOTE,), (NOTE, 500_00, 100_00, 50_00, 10_00)]
)
def test_an_open_note_on_top_of_what_the_journal_knows_is_in_the_cassette(memory):
    after, effects = step(RECOVERED, NotesRemembered(memory), CONTEXT)
    assert (after.escrow, after.inserted_minor) == (None, 1_500_00)
    assert effects[0] == record("stacked", value_minor=NOTE)


def test_a_doubted_note_that_the_acceptor_remembers_is_credited_once():
    changes = {"in_doubt_minor": 0, "last_doubted_minor": 0, "last_stacked_minor": NOTE, "inserted_minor": 1_500_00}
    written = record("stacked", value_minor=NOTE, **{"from": "in_doubt"})
    went(DOUBTED, NotesRemembered((NOTE, 500_00)), changes, [written])
    settled, _ = step(DOUBTED, NotesRemembered((NOTE, 500_00)), CONTEXT)
    went(settled, NotesRemembered((NOTE, 500_00)), {}, [])


@pytest.mark.parametrize(
    ("before", "memory"),
    [
        (RECOVERED, ()),
        (RECOVERED, (500_00, 100_00)),  # it is not among them
        (RECOVERED, (200_00, 500_00)),  # nor does the rest fit
        (replace(RECOVERED, stacked_before=(NOTE, NOTE)), (NOTE, NOTE)),  # one more or not: nobody can tell
        (replace(RECOVERED, stacked_before=()), (NOTE, 500_00)),  # the journal knows no other note
        (replace(VISIT, stacked_before=(500_00,)), (NOTE, 500_00)),  # nothing is open
    ],
)
def test_what_an_acceptor_remembers_is_never_credited_blindly(before, memory):
    went(before, NotesRemembered(memory), {}, [])


def test_events_that_an_acceptor_lost_are_an_alert_and_leave_an_open_note_in_doubt():
    alert = record("incident", what="note_events_lost", count=3)
    went(VISIT, NoteEventsLost(3), {}, [alert])
    went(INSIDE, NoteEventsLost(3), DOUBT, [alert, record("in_doubt", value_minor=NOTE, how="events_lost")])
    returned = record("returned", value_minor=NOTE, how="events_lost")
    went(GOING_BACK, NoteEventsLost(3), BACK, [alert, returned])
