"""What the two of a call write to each other: words, and what a finger drew. Relayed unread, stored nowhere.

The terminal keeps all of a call's notes and is the only one who tells them, the agent's own too: a note that the page
of the agent shows stands before the customer. After a lost link or a page loaded anew it tells them all again.
"""

from __future__ import annotations

import enum
from typing import Annotated

from msgspec import Meta, Struct

STROKES_MAX = 400
POINTS_MAX = 3_000  # of a drawing: about 30 kB as JSON, half of a frame
SIDE = 1_000  # a drawing is so many units wide
HEIGHT_MAX = 3 * SIDE
NOTE_LENGTH_MAX = 500
NOTES_MAX = 60  # of a call; then the oldest go

Coordinate = Annotated[int, Meta(ge=0, le=HEIGHT_MAX)]
Stroke = Annotated[list[Coordinate], Meta(min_length=2, max_length=2 * POINTS_MAX)]
NoteId = Annotated[str, Meta(min_length=1, max_length=64)]
NoteText = Annotated[str, Meta(max_length=NOTE_LENGTH_MAX)]


class NoteAuthor(enum.StrEnum):
    CUSTOMER = "customer"
    AGENT = "agent"


class Drawing(Struct, frozen=True):
    """What was drawn: strokes of x, y, x, y …, from the top left; `SIDE` units wide, `height` high."""

    height: Annotated[int, Meta(ge=1, le=HEIGHT_MAX)]
    strokes: Annotated[list[Stroke], Meta(min_length=1, max_length=STROKES_MAX)]


def points_of(drawing: Drawing) -> int:
    return sum(len(stroke) // 2 for stroke in drawing.strokes)


def is_whole(drawing: Drawing) -> bool:
    """No half points, nothing outside, and small enough for one frame."""
    return points_of(drawing) <= POINTS_MAX and all(_is_inside(stroke, drawing.height) for stroke in drawing.strokes)


def _is_inside(stroke: list[int], height: int) -> bool:
    return len(stroke) % 2 == 0 and max(stroke[::2]) <= SIDE and max(stroke[1::2]) <= height


class CallNote(Struct, frozen=True, tag=True, tag_field="type"):
    """One note of a call. The agent's page sends its words; the terminal tells each note that it shows."""

    call_id: NoteId
    note_id: NoteId  # made by who writes; a note with a known id changes nothing
    author: NoteAuthor
    text: NoteText = ""
    drawing: Drawing | None = None
