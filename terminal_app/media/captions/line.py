"""What the recogniser's process writes: a line of JSON for each piece of sound that it has taken in."""

from __future__ import annotations

from msgspec import Struct


class CaptionLine(Struct, frozen=True):
    taken: int  # samples since its start
    text: str = ""  # of the phrase that is spoken, as far as it is understood
    final: bool = False  # the phrase is over; the next line begins another one
