"""What the router decides, as values: the shell stores each, then tells it."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from signaling_server.contract.messages import AgentState


class OfferOutcome(enum.StrEnum):
    ACCEPTED = "accepted"
    TIMEOUT = "timeout"
    DECLINED = "declined"
    CUSTOMER_LEFT = "customer_left"
    AGENT_LOST = "agent_lost"


class RefusedError(Exception):
    """The command does not fit; `reason` is a word of `CommandRefused`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class OfferMade:
    call_id: str
    agent_id: str
    token: str
    expires_at_s: float


@dataclass(frozen=True, slots=True)
class OfferClosed:
    call_id: str
    agent_id: str
    token: str
    outcome: OfferOutcome


@dataclass(frozen=True, slots=True)
class StateChanged:
    agent_id: str
    state: AgentState


@dataclass(frozen=True, slots=True)
class CallDeserted:
    """Nobody has been on duty for too long: the call left the queue."""

    call_id: str


Decision = OfferMade | OfferClosed | StateChanged | CallDeserted
