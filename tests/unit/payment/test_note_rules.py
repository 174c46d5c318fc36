"""Each rule of a note: what exactly it changes, writes and commands, and that it changes nothing else."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from payment.cassette import CassetteCount
from payment.contract import (
    FiscalChanged,
    NoteAnswer,
    NoteEscrowed,
    NoteStacked,
)
from payment.effects import Verb
from payment.transaction import step
from payment.transaction_values import Collection, Decided, Escrow, Phase, Transaction
from tests.unit.payment.rule_steps import CONTEXT, NOW_S, VISIT, at, record, went

NOTE = 1_000_00
STACKING = Escrow(NOTE, Decided.STACK, NoteAnswer.NONE, 95.0)
RETURNING = Escrow(NOTE, Decided.RETURN, NoteAnswer.OVER_LIMIT, 95.0)
INSIDE = replace(VISIT, escrow=STACKING, moving=True)
GOING_BACK = replace(VISIT, escrow=RETURNING, moving=True)
SEEN = record("escrow_seen", value_minor=NOTE)
EMPTY = Transaction(session_id="s1", ready=True, greeted=True)


def decision(decided: str, why: str, value_minor: int = NOTE):
    return record("decision", value_minor=value_minor, decision=decided, why=why)


def decided(state: Transaction, context=CONTEXT, value_minor: int = NOTE) -> str:
    """What is decided of a note now."""
    _, (_, written, _) = step(state, NoteEscrowed(value_minor), context)
    return written.data["why"]


# --- the decision ----------------------------------------------------------------------------------------------------


def test_a_note_is_seen_decided_and_stacked_and_old_reports_are_forgotten():
    before = replace(VISIT, last_doubted_minor=5, last_stacked_minor=7)
    escrow = Escrow(NOTE, Decided.STACK, NoteAnswer.NONE, NOW_S)
    changes = {"escrow": escrow, "moving": True, "last_doubted_minor": 0, "last_stacked_minor": 0}
    went(before, NoteEscrowed(NOTE), changes, [SEEN, decision("stack", "stack"), Verb.STACK])


def test_a_note_over_the_limit_is_seen_decided_and_given_back_with_its_reason():
    before = replace(VISIT, inserted_minor=14_500_00)
    escrow = Escrow(NOTE, Decided.RETURN, NoteAnswer.OVER_LIMIT, NOW_S)
    effects = [SEEN, decision("return", "over_limit"), Verb.RETURN_NOTE]
    went(before, NoteEscrowed(NOTE), {"escrow": escrow, "moving": True}, effects)


@pytest.mark.parametrize("phase", [Phase.IDLE, Phase.PAYING, Phase.PRINTING, Phase.DONE])
def test_a_note_for_nobody_is_written_down_and_given_back(phase):
    escrow = Escrow(NOTE, Decided.RETURN, NoteAnswer.NOT_ACCEPTED, NOW_S)
    effects = [SEEN, decision("return", "not_accepted"), Verb.RETURN_NOTE]
    went(replace(VISIT, phase=phase), NoteEscrowed(NOTE), {"escrow": escrow, "moving": True}, effects)


def test_the_last_note_that_was_on_its_way_is_taken_after_pay_was_pressed():
    assert decided(replace(VISIT, phase=Phase.FINISHING)) == "stack"


@pytest.mark.parametrize(
    "changes",
    [
        {"greeted": False},
        {"recovered": True},
        {"paused": True},
        {"alarm": True},
        {"collection": Collection("c", 1, True)},
        {"billing_reachable": False, "order": replace(VISIT.order, checked=False)},
        {"billing_reachable": False, "order": None},
    ],
    ids=str,
)
def test_a_note_is_not_taken_where_it_could_not_be_answered_for(changes):
    context = at(offline_allowed=True)
    assert decided(VISIT, context) == "stack"
    assert decided(replace(VISIT, **changes), context) == "not_accepted"


def test_without_billing_a_known_account_is_paid_only_where_the_setting_allows_it():
    dark = replace(VISIT, billing_reachable=False, order=replace(VISIT.order, checked=True))
    assert decided(dark, at(offline_allowed=True)) == "stack"
    assert decided(dark, at(offline_allowed=False)) == "not_accepted"
    assert decided(VISIT, at(offline_allowed=False)) == "stack"


@pytest.mark.parametrize(("undelivered", "why"), [(98_500_00, "stack"), (98_500_01, "not_accepted")])
def test_what_waits_for_billing_has_a_ceiling_with_all_that_is_inside(undelivered, why):
    assert decided(VISIT, at(undelivered_minor=undelivered, offline_total_max_minor=100_000_00)) == why


@pytest.mark.parametrize(("notes", "why"), [(999, "stack"), (1_000, "not_accepted")])
def test_a_full_cassette_takes_no_note(notes, why):
    context = at(cassette=CassetteCount(notes={10_00: notes}), cassette_notes_max=1_000)
    assert decided(VISIT, context) == why


def test_where_a_document_is_due_a_note_is_taken_only_when_it_can_be_made():
    due = at(fiscal_required=True)
    assert decided(VISIT, due) == "not_accepted"
    assert decided(replace(VISIT, register=FiscalChanged(ready=True)), due) == "stack"
    for hours, why in ((23, "stack"), (24, "not_accepted")):  # the shift is over at 24, and begins none at 23
        register = FiscalChanged(ready=True, shift_open=True, shift_hours=hours)
        assert decided(replace(VISIT, register=register), due) == why


def test_a_disk_that_cannot_be_written_takes_no_note():
    assert decided(VISIT, at(disk_writable=False)) == "not_accepted"


def test_another_note_shows_that_the_open_one_went_unreported():
    stacking = [record("in_doubt", value_minor=NOTE, how="another_note_came")]
    changes = {
        "escrow": Escrow(100_00, Decided.STACK, NoteAnswer.NONE, NOW_S),
        "in_doubt_minor": NOTE,
        "answer": NoteAnswer.IN_DOUBT,
        "answers": 1,
    }
    taken = [record("escrow_seen", value_minor=100_00), decision("stack", "stack", 100_00), Verb.STACK]
    went(INSIDE, NoteEscrowed(100_00), changes, [*stacking, *taken])


def test_the_same_value_again_is_another_note_while_the_program_ran():
    _, effects = step(INSIDE, NoteEscrowed(NOTE), CONTEXT)
    assert [effect.kind for effect in effects[:-1]] == ["in_doubt", "escrow_seen", "decision"]


def test_a_note_that_comes_over_an_open_one_when_nobody_pays_is_given_back():
    state = replace(INSIDE, phase=Phase.PAYING, escrow=replace(STACKING, of_visit=False))
    after, effects = step(state, NoteEscrowed(100_00), CONTEXT)
    assert effects[-1] is Verb.RETURN_NOTE
    assert after.escrow == Escrow(100_00, Decided.RETURN, NoteAnswer.NOT_ACCEPTED, NOW_S)


def test_after_a_restart_the_same_note_seen_again_goes_back():
    back = replace(STACKING, decided=Decided.RETURN, answer=NoteAnswer.NOT_ACCEPTED)
    before = replace(INSIDE, recovered=True, moving=False)
    effects = [decision("return", "seen_again"), Verb.RETURN_NOTE]
    went(before, NoteEscrowed(NOTE), {"escrow": back, "moving": True}, effects)
    idle = replace(before, phase=Phase.IDLE)
    went(idle, NoteEscrowed(NOTE), {"escrow": back, "moving": True}, effects)


def test_after_a_restart_a_note_of_another_value_is_another_note():
    after, effects = step(replace(INSIDE, recovered=True), NoteEscrowed(100_00), CONTEXT)
    assert effects[0] == record("in_doubt", value_minor=NOTE, how="another_note_came")
    assert effects[-1] is Verb.RETURN_NOTE
    assert after.escrow.value_minor == 100_00


# --- stacked ---------------------------------------------------------------------------------------------------------

STACKED = {
    "escrow": None,
    "moving": False,
    "last_stacked_minor": NOTE,
    "inserted_minor": 1_500_00,
    "answer": NoteAnswer.STACKED,
    "answers": 1,
}


def test_a_stacked_note_is_credited_once():
    went(INSIDE, NoteStacked(NOTE), STACKED, [record("stacked", value_minor=NOTE)])


def test_a_stacked_note_is_worth_what_was_seen_in_escrow():
    written = record("stacked", value_minor=NOTE, reported_minor=50_00)
    went(INSIDE, NoteStacked(50_00), STACKED, [written])
    went(INSIDE, NoteStacked(0), STACKED, [record("stacked", value_minor=NOTE, reported_minor=0)])


@pytest.mark.parametrize(
    ("phase", "of_visit"), [(Phase.PAYING, True), (Phase.IDLE, True), (Phase.PRINTING, False), (Phase.ACCEPTING, False)]
)
def test_a_note_stacked_for_nobody_is_kept_for_a_person(phase, of_visit):
    before = replace(INSIDE, phase=phase, escrow=replace(STACKING, of_visit=of_visit, session_id="s1"))
    changes = {"escrow": None, "moving": False, "last_stacked_minor": NOTE}
    went(before, NoteStacked(NOTE), changes, [record("stacked", value_minor=NOTE, to="unallocated")])


@pytest.mark.parametrize(("inserted", "closed"), [(13_990_00, False), (13_990_01, True)])
def test_the_coin_slot_is_shut_when_no_coin_fits_any_more(inserted, closed):
    before = replace(INSIDE, inserted_minor=inserted)
    changes = {**STACKED, "inserted_minor": inserted + NOTE}
    effects = [record("stacked", value_minor=NOTE), *([Verb.DISABLE_COINS] if closed else [])]
    went(before, NoteStacked(NOTE), changes, effects, at(coins=True))
    went(before, NoteStacked(NOTE), changes, effects[:1], at(coins=False))


def test_a_repeat_of_the_note_closed_last_is_ignored_once():
    before = replace(VISIT, last_stacked_minor=NOTE)
    went(before, NoteStacked(NOTE), {"last_stacked_minor": 0}, [record("repeat_ignored", value_minor=NOTE)])
    went(before, NoteStacked(0), {"last_stacked_minor": 0}, [record("repeat_ignored", value_minor=0)])


def test_a_note_that_nobody_saw_come_is_cash_of_nobody():
    went(VISIT, NoteStacked(NOTE), {}, [record("cash_unidentified", value_minor=NOTE)])
    other = replace(VISIT, last_stacked_minor=50_00, last_doubted_minor=100_00)
    went(other, NoteStacked(NOTE), {}, [record("cash_unidentified", value_minor=NOTE)])
    went(VISIT, NoteStacked(0), {}, [record("incident", what="unknown_note_stacked")])


def test_a_late_report_settles_the_doubt_for_the_visit_it_is_of():
    before = replace(VISIT, in_doubt_minor=NOTE, last_doubted_minor=NOTE)
    changes = {"in_doubt_minor": 0, "inserted_minor": 1_500_00, "last_doubted_minor": 0, "last_stacked_minor": NOTE}
    went(before, NoteStacked(NOTE), changes, [record("stacked", value_minor=NOTE, **{"from": "in_doubt"})])
    unnamed = record("stacked", value_minor=NOTE, reported_minor=0, **{"from": "in_doubt"})
    went(before, NoteStacked(0), changes, [unnamed])


def test_the_doubt_goes_before_the_repeat():
    before = replace(VISIT, in_doubt_minor=NOTE, last_doubted_minor=NOTE, last_stacked_minor=NOTE)
    _, (written,) = step(before, NoteStacked(NOTE), CONTEXT)
    assert written.data["from"] == "in_doubt"


@pytest.mark.parametrize(
    "changes", [{"in_doubt_minor": NOTE - 1}, {"phase": Phase.PAYING}, {"phase": Phase.IDLE, "in_doubt_minor": 0}]
)
def test_a_doubt_of_another_visit_is_settled_for_a_person(changes):
    before = replace(VISIT, **{"in_doubt_minor": NOTE, "last_doubted_minor": NOTE, **changes})
    written = record("stacked", value_minor=NOTE, **{"from": "in_doubt", "to": "unallocated"})
    went(before, NoteStacked(NOTE), {"last_doubted_minor": 0, "last_stacked_minor": NOTE}, [written])


def test_a_stacked_note_ends_the_wait_of_a_visit_that_pays():
    state = replace(INSIDE, phase=Phase.FINISHING)
    after, effects = step(state, NoteStacked(NOTE), CONTEXT)
    assert after.phase is Phase.PAYING
    assert [effect.kind for effect in effects[:2]] == ["stacked", "pay_intent"]
    assert effects[1].data["amount_minor"] == 1_500_00
