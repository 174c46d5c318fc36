"""HTTP of who meets customers: those who came by booking and marked themselves at a terminal."""

from __future__ import annotations

from msgspec import Struct

from signaling_server.contract.services import Id, Line, Word


class Arrival(Struct, frozen=True):
    """A booked customer who is here and was not taken yet."""

    booking_id: Id
    ticket: Word
    place_title: Line
    topic_title: Line
    starts_at_ms: int  # the time that he booked
    checked_in_at_ms: int


class Arrivals(Struct, frozen=True):
    """Earliest booked time first."""

    arrivals: list[Arrival]
