"""What is written in a call, from both sides, kept for re-reading until it ends (clauses 9.6.10, 9.6.11). Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from signaling_server.contract.notes import NOTE_LENGTH_MAX, NOTES_MAX, CallNote, NoteAuthor, is_whole
from terminal_app.ipc.call_messages import CallPane, OpenPane, WriteNote
from terminal_app.ipc.messages import GoBack


@dataclass(frozen=True, slots=True)
class Notes:
    kept: tuple[CallNote, ...] = ()
    pane: CallPane = CallPane.TALK


NO_NOTES = Notes()


def pressed(notes: Notes, call_id: str, note_id: str, command: OpenPane | WriteNote | GoBack) -> Notes:
    """What is sent closes pad and keyboard. An empty note, or a drawing that no pad makes, is none."""
    match command:
        case OpenPane(pane=pane):
            return replace(notes, pane=pane)
        case WriteNote(text=text, drawing=drawing):
            note = CallNote(call_id, note_id, NoteAuthor.CUSTOMER, text.strip(), drawing)
            return replace(_with(notes, note), pane=CallPane.TALK) if _is_written(note) else notes
        case _:
            return replace(notes, pane=CallPane.TALK)


def heard(notes: Notes, note: CallNote) -> Notes:
    """From the agent: words alone, whatever it claims to be."""
    text = note.text.strip()
    if not text:
        return notes
    return _with(notes, CallNote(note.call_id, note.note_id, NoteAuthor.AGENT, text))


def _is_written(note: CallNote) -> bool:
    fits = len(note.text) <= NOTE_LENGTH_MAX and (note.drawing is None or is_whole(note.drawing))
    return fits and bool(note.text or note.drawing)


def _with(notes: Notes, note: CallNote) -> Notes:
    if any(known.note_id == note.note_id for known in notes.kept):
        return notes
    return replace(notes, kept=(*notes.kept, note)[-NOTES_MAX:])
