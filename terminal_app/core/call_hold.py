"""A hold: from the agent's pause card to his return nobody waits without a word and a way out (clause 9.4.12). Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from signaling_server.contract.notes import CallNote, CardAnswer, CardKind, NoteAuthor
from terminal_app.core.call_notes import Notes, told_by_terminal
from terminal_app.ipc.call_messages import CallPane, HoldStage

MINUTE_S, WAYS_S = 45.0, 120.0
_OF_HOLD = (CardKind.PAUSE, CardKind.RETURN)
_NEXT = {HoldStage.HELD: (MINUTE_S, HoldStage.MINUTE), HoldStage.MINUTE: (WAYS_S, HoldStage.WAYS)}
_TOLD = {HoldStage.MINUTE: CardAnswer.MINUTE, HoldStage.WAYS: CardAnswer.WAYS}


@dataclass(frozen=True, slots=True)
class Hold:
    note_id: str = ""  # of the pause card
    since_s: float = 0.0
    stage: HoldStage = HoldStage.NONE


NO_HOLD = Hold()


def followed(hold: Hold, notes: Notes, now_s: float) -> Hold:
    """After what was written. A second pause goes on counting; an offer that was put away comes again in its time."""
    if not notes.kept:
        return NO_HOLD
    last = next((note for note in reversed(notes.kept) if note.card is not None and note.card.kind in _OF_HOLD), None)
    if last is None or last.card is None:
        return hold
    if last.card.kind is CardKind.RETURN:
        return NO_HOLD
    if hold.stage is HoldStage.NONE:
        return Hold(last.note_id, now_s, HoldStage.HELD)
    hold = replace(hold, note_id=last.note_id)
    waits_on = hold.stage is HoldStage.WAYS and notes.card_id != hold.note_id
    return replace(hold, since_s=now_s, stage=HoldStage.HELD) if waits_on else hold


def ticked(hold: Hold, notes: Notes, call_id: str, now_s: float) -> tuple[Hold, Notes]:
    """At each limit the pause card stands again, with other words, and the agent and the office are told so."""
    after_s, stage = _NEXT.get(hold.stage, (0.0, HoldStage.NONE))
    if stage is HoldStage.NONE or now_s - hold.since_s < after_s:
        return hold, notes
    told_id = f"{hold.note_id[:40]}-{stage}-{round(now_s)}"
    note = CallNote(call_id, told_id, NoteAuthor.TERMINAL, answer_to=hold.note_id, answer=_TOLD[stage])
    pane = CallPane.TALK if notes.pane is CallPane.NOTES else notes.pane  # who is writing is not interrupted
    return replace(hold, stage=stage), replace(told_by_terminal(notes, note), card_id=hold.note_id, pane=pane)
