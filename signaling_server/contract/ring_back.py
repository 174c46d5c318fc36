"""The agent rings a terminal whose talk broke off: five to six signals at least, he cannot cut them (clause 9.4.2)."""

from __future__ import annotations

import enum

from msgspec import Struct

from signaling_server.contract.services import Id


class RingAnswer(enum.StrEnum):
    ACCEPTED = "accepted"
    DECLINED = "declined"
    GONE = "gone"  # who talked has left, or is in another call


class RingState(enum.StrEnum):
    RINGING = "ringing"
    DECLINED = "declined"
    GONE = "gone"
    UNANSWERED = "unanswered"  # after its whole time
    MISSED = "missed"  # the customer said yes while the agent's page was away
    STOPPED = "stopped"  # by the agent, after the least time


class RingBack(Struct, frozen=True, tag=True, tag_field="type"):
    """From the wrap-up of this call."""

    command_id: Id
    call_id: Id


class StopRinging(Struct, frozen=True, tag=True, tag_field="type"):
    """Refused before the least time is over."""

    command_id: Id
    call_id: Id


class CallRinging(Struct, frozen=True, tag=True, tag_field="type"):
    """To the terminal: the customer is asked whether the talk goes on."""

    call_id: Id
    ring_ms: int


class RingStopped(Struct, frozen=True, tag=True, tag_field="type"):
    """To the terminal: nobody rings any more."""

    call_id: Id


class AnswerRing(Struct, frozen=True, tag=True, tag_field="type"):
    """From the terminal. Accepted: `CallAccepted` of the same call follows."""

    call_id: Id
    answer: RingAnswer


class RingTold(Struct, frozen=True, tag=True, tag_field="type"):
    """To the page of the agent who rings."""

    call_id: Id
    state: RingState
    least_ms: int = 0  # of a ring that begins: so long it cannot be cut
