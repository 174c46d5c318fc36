"""What employees write to each other: it arrives at a desk silently, never before a customer (clause 9.2.3)."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from signaling_server.contract.services import Id, Line

StaffText = Annotated[str, Meta(min_length=1, max_length=500)]


class Colleague(Struct, frozen=True):
    """Whose page is open now, besides the one who asks."""

    agent_id: Id
    name: Line
    position: Line
    busy: bool  # rings, talks or wraps up


class Colleagues(Struct, frozen=True):
    colleagues: list[Colleague]


class WriteToColleague(Struct, frozen=True):
    """`urgent`: who talks with a customer is asked to apologise and take a pause before he answers."""

    agent_id: Id
    text: StaffText
    urgent: bool = False


class StaffNote(Struct, frozen=True, tag=True, tag_field="type"):
    """To the page of whom it is for; told again after a reconnect until it is read."""

    note_id: Id
    from_id: Id
    from_name: Line
    text: StaffText
    urgent: bool
    at_ms: int


class StaffNoteRead(Struct, frozen=True, tag=True, tag_field="type"):
    """From the page: it need not be told again."""

    note_id: Id
