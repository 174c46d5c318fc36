"""What is written in a call, from both sides, kept for re-reading until it ends (clauses 9.6.10, 9.6.11). Pure.

A card of the agent is a note that stands large until the customer answers it or puts it away; the newest one stands.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from signaling_server.contract.notes import (
    ANSWERS,
    NOTE_LENGTH_MAX,
    NOTES_MAX,
    OPEN_STILL,
    PRINTABLE,
    CallNote,
    Card,
    CardAnswer,
    NoteAuthor,
    is_card,
    is_whole,
)
from terminal_app.ipc.call_messages import AnswerCard, CallPane, OpenPane, PrintCard, Printing, WriteNote
from terminal_app.ipc.messages import GoBack

Command = OpenPane | WriteNote | AnswerCard | PrintCard | GoBack


@dataclass(frozen=True, slots=True)
class Notes:
    kept: tuple[CallNote, ...] = ()
    pane: CallPane = CallPane.TALK
    card_id: str = ""  # the card that stands, under pad and keyboard too
    printing: Printing = Printing.NONE


@dataclass(frozen=True, slots=True)
class CardPrinted:
    """What came of the paper."""

    note_id: str
    done: bool
    answer_id: str  # never seen before


@dataclass(frozen=True, slots=True)
class ToPrinter:
    """A card onto paper; answered by `CardPrinted`."""

    card: CallNote


NO_NOTES = Notes()


def pressed(notes: Notes, call_id: str, note_id: str, command: Command) -> Notes:
    """What is sent closes pad and keyboard. An empty note, or a drawing that no pad makes, is none."""
    match command:
        case OpenPane(pane=pane):
            return replace(notes, pane=pane)
        case WriteNote(text=text, drawing=drawing):
            note = CallNote(call_id, note_id, NoteAuthor.CUSTOMER, text.strip(), drawing)
            return replace(_with(notes, note), pane=CallPane.TALK) if _is_written(note) else notes
        case AnswerCard():
            return _answered(notes, call_id, note_id, command)
        case PrintCard(note_id=card_id):
            card = card_of(notes, card_id)
            may = card is not None and card.kind in PRINTABLE and card_id == notes.card_id
            return replace(notes, printing=Printing.BUSY) if may and notes.printing is not Printing.BUSY else notes
        case GoBack() if notes.pane is CallPane.TALK and notes.card_id:
            return _answered(notes, call_id, note_id, AnswerCard(notes.card_id, CardAnswer.CLOSED))
        case _:
            return replace(notes, pane=CallPane.TALK)


def heard(notes: Notes, note: CallNote) -> Notes:
    """From the agent: words alone, whatever it claims to be. A card interrupts reading, but nobody who is writing."""
    text = note.text.strip()
    if not text or (note.card is not None and not is_card(note.card)) or _known(notes, note.note_id):
        return notes
    after = _with(notes, CallNote(note.call_id, note.note_id, NoteAuthor.AGENT, text, card=note.card))
    if note.card is None:
        return after
    pane = CallPane.TALK if notes.pane is CallPane.NOTES else notes.pane
    return replace(after, card_id=note.note_id, printing=Printing.NONE, pane=pane)


def told_again(notes: Notes, note: CallNote) -> list[CallNote]:
    """The agent sends a note anew because he does not know that it stands here: he is told so, it is shown once."""
    return [known for known in notes.kept if known.note_id == note.note_id]


def told_by_terminal(notes: Notes, note: CallNote) -> Notes:
    """What the terminal did by itself, for the agent and for the record."""
    return _with(notes, note)


def way_chosen(notes: Notes, call_id: str, note_id: str, press: AnswerCard) -> Notes:
    """The customer's answer to a hold that lasts too long; the card has done its work."""
    return replace(_with(notes, _answer(call_id, note_id, press)), card_id="")


def printed(notes: Notes, call_id: str, event: CardPrinted) -> Notes:
    if event.done:
        notes = _with(notes, _answer(call_id, event.answer_id, AnswerCard(event.note_id, CardAnswer.PRINTED)))
    if event.note_id != notes.card_id:
        return notes
    return replace(notes, printing=Printing.DONE if event.done else Printing.FAILED)


def to_print(before: Notes, after: Notes) -> CallNote | None:
    """The card that the printer gets now."""
    if after.printing is not Printing.BUSY or before.printing is Printing.BUSY:
        return None
    return next(note for note in after.kept if note.note_id == after.card_id)


def card_of(notes: Notes, note_id: str) -> Card | None:
    return next((note.card for note in notes.kept if note.note_id == note_id), None)


def _answered(notes: Notes, call_id: str, note_id: str, press: AnswerCard) -> Notes:
    """A touch that means nothing, or comes twice, changes nothing."""
    if not _may_answer(notes, press):
        return notes
    after = _with(notes, _answer(call_id, note_id, press))
    return after if press.answer in OPEN_STILL else replace(after, card_id="", printing=Printing.NONE)


def _may_answer(notes: Notes, press: AnswerCard) -> bool:
    if press.answer is CardAnswer.SIMPLER:
        of_agent = any(note.note_id == press.note_id and note.author is NoteAuthor.AGENT for note in notes.kept)
        return of_agent and not asked_simpler(notes.kept, press.note_id)
    card = card_of(notes, press.note_id)
    if card is None or press.note_id != notes.card_id:
        return False
    if press.answer is CardAnswer.CLOSED:
        return True
    if press.answer is CardAnswer.OPTION:
        return press.option in card.options
    return press.answer in ANSWERS[card.kind] and not card.options


def asked_simpler(kept: tuple[CallNote, ...] | list[CallNote], note_id: str) -> bool:
    return any(note.answer_to == note_id and note.answer is CardAnswer.SIMPLER for note in kept)


def _answer(call_id: str, note_id: str, press: AnswerCard) -> CallNote:
    return CallNote(call_id, note_id, NoteAuthor.CUSTOMER, press.option, answer_to=press.note_id, answer=press.answer)


def _is_written(note: CallNote) -> bool:
    fits = len(note.text) <= NOTE_LENGTH_MAX and (note.drawing is None or is_whole(note.drawing))
    return fits and bool(note.text or note.drawing)


def _known(notes: Notes, note_id: str) -> bool:
    return any(known.note_id == note_id for known in notes.kept)


def _with(notes: Notes, note: CallNote) -> Notes:
    """The oldest go, but never the card that stands."""
    if _known(notes, note.note_id):
        return notes
    kept = (*notes.kept, note)
    if len(kept) > NOTES_MAX:
        oldest = next(each for each in kept if each.note_id != notes.card_id)
        kept = tuple(each for each in kept if each is not oldest)
    return replace(notes, kept=kept)
