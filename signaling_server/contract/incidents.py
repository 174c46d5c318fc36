"""What a supervisor has to know at once: a talk ended for misbehaviour (9.4.10), danger at a terminal (9.7.3)."""

from __future__ import annotations

import enum
from typing import Annotated

from msgspec import Meta, Struct

from signaling_server.contract.services import Id, Line

Comment = Annotated[str, Meta(max_length=1_000)]


class IncidentKind(enum.StrEnum):
    MISCONDUCT = "misconduct"
    ALARM = "alarm"


class Misconduct(enum.StrEnum):
    """Why the agent ends the talk; one has to be named."""

    INSULT = "insult"
    OBSCENE = "obscene"
    THREAT = "threat"
    INDECENT = "indecent"


class Danger(enum.StrEnum):
    """What threatens the customer, or who stands around him."""

    VIOLENCE = "violence"
    VANDALISM = "vandalism"
    MEDICAL = "medical"
    FIRE = "fire"
    OTHER = "other"


class EndForMisconduct(Struct, frozen=True, tag=True, tag_field="type"):
    """After the warning stood before the customer, and not sooner."""

    command_id: Id
    call_id: Id
    reason: Misconduct
    comment: Comment = ""


class RaiseAlarm(Struct, frozen=True, tag=True, tag_field="type"):
    """The button was held; the talk goes on. `test`: a drill, marked so wherever it is told."""

    command_id: Id
    call_id: Id
    danger: Danger
    test: bool = False


class Incident(Struct, frozen=True):
    """Kept for good, with the call and the case that it belongs to."""

    incident_id: Id
    kind: IncidentKind
    reason: Line  # a word of Misconduct or of Danger
    comment: Comment
    call_id: Id
    case_number: Line
    terminal_id: Id
    address: Line
    guard_phone: Line  # of the site's guard; empty: nobody has told the office one
    agent_name: Line
    at_ms: int
    test: bool = False
    taken_by: Line = ""


class IncidentRaised(Struct, frozen=True, tag=True, tag_field="type"):
    """To supervisors at their desks; of an alarm also to the agent who raised it: address and phone for his script."""

    incident: Incident


class Incidents(Struct, frozen=True):
    """What nobody has taken yet, newest first."""

    incidents: list[Incident]
