"""Third parties of a call (clause 9.6.3b), supervision and the hand-over to another agent: who is in its room, and how.

A call of two goes direct. With a third it moves into a room of the media server under its own id, by a higher media
epoch, and back when two are left. Nobody but the office speaks to that server.
"""

from __future__ import annotations

import enum
from typing import Annotated

from msgspec import Meta, Struct

from signaling_server.contract.services import Id, Line

CUSTOMER = "customer"  # what the terminal sends, as a feed; every other feed is called by its party's id
PARTIES_MAX = 6  # of one room, its customer not among them

LiveLine = Annotated[str, Meta(max_length=200)]


class PartyRole(enum.StrEnum):
    AGENT = "agent"  # whose call it is
    INTERPRETER = "interpreter"  # сурдопереводчик
    SPECIALIST = "specialist"
    SUPERVISOR = "supervisor"


class Presence(enum.StrEnum):
    """Who hears and sees a party. Everybody in the room hears and sees the customer and the joined."""

    LISTENS = "listens"  # nobody; the customer is told that there is a listener
    WHISPERS = "whispers"  # the agent alone
    JOINED = "joined"  # all


class Party(Struct, frozen=True):
    """One of the employees in the room."""

    party_id: Id
    role: PartyRole
    presence: Presence
    name: Line
    position: LiveLine


class PartyInvited(Struct, frozen=True, tag=True, tag_field="type"):
    """To the page of a colleague: a customer and an agent ask him into their call."""

    call_id: Id
    role: PartyRole
    from_name: Line
    site: LiveLine
    topic: LiveLine


class InvitationClosed(Struct, frozen=True, tag=True, tag_field="type"):
    """Answered, taken back, or the call is over."""

    call_id: Id


# --- HTTP of the desk ----------------------------------------------------------------------------------------------


class InviteParty(Struct, frozen=True):
    call_id: Id
    agent_id: Id
    role: PartyRole


class AnswerInvitation(Struct, frozen=True):
    call_id: Id
    accepted: bool


class LeaveRoom(Struct, frozen=True):
    """The party leaves, or the agent lets a party go that he has invited."""

    call_id: Id
    party_id: Id


class HandOver(Struct, frozen=True):
    """Warm: the party has spoken with the customer and takes the call with its case."""

    call_id: Id
    party_id: Id


class SuperviseCall(Struct, frozen=True):
    call_id: Id
    presence: Presence


class LiveCall(Struct, frozen=True):
    call_id: Id
    site: LiveLine
    topic: LiveLine
    agent_name: Line
    started_at_ms: int


class LiveCalls(Struct, frozen=True):
    """On the air now, the oldest first."""

    calls: list[LiveCall]
