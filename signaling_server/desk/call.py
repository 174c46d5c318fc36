"""One video call as the office knows it. A value: every change is a new one, stored before it is told."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from signaling_server.contract.closing import PortalAnswer
from signaling_server.contract.messages import CallCancelled, CallContext, CallEndReason, Plate, WayToTalk


class CallStage(enum.StrEnum):
    WAITING = "waiting"  # queued or ringing
    ON_AIR = "on_air"
    WRAP_UP = "wrap_up"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Terminal:
    """Who a terminal's certificate says it is."""

    terminal_id: str
    title: str
    site: str


@dataclass(frozen=True, slots=True)
class Agent:
    """A consultant from the staff directory; the plate is never taken from a page."""

    agent_id: str
    login: str
    plate: Plate
    roles: tuple[str, ...]
    ready: bool = False  # when last heard of; survives our restart

    @property
    def has_plate(self) -> bool:
        """Clause 9.1.3: without name and position nobody serves. Not everybody has a patronymic."""
        plate = self.plate
        return all(text.strip() for text in (plate.last_name, plate.first_name, plate.position))


@dataclass(frozen=True, slots=True)
class Call:
    """Moments are UTC milliseconds, 0 is "not yet"."""

    call_id: str
    terminal_id: str
    site: str
    request_id: str
    way: WayToTalk
    topic: str
    context: CallContext
    requested_at_ms: int
    stage: CallStage = CallStage.WAITING
    agent_id: str = ""
    accepted_at_ms: int = 0
    connected_at_ms: int = 0  # both sides decode
    ended_at_ms: int = 0
    closed_at_ms: int = 0
    end_reason: CallEndReason | None = None
    media_epoch: int = 1
    quality: str = "{}"  # JSON of the last report of each side
    case_number: str = ""
    case_date: str = ""  # DD.MM.YYYY
    case_told_title: str = ""  # the topic the customer was told with the number; empty: not told yet
    portal: PortalAnswer = PortalAnswer.NOT_ASKED


@dataclass(frozen=True, slots=True)
class PastOffer:
    """A ring that is over; `outcome` is a word of `OfferOutcome`, or "restart"."""

    call_id: str
    agent_id: str
    offered_at_ms: int
    closed_at_ms: int
    outcome: str


def reason_of(cancelled: CallCancelled) -> CallEndReason:
    """Why a talk is over that the terminal ends."""
    return CallEndReason.MEDIA_FAILED if cancelled.broken else CallEndReason.CUSTOMER_LEFT
