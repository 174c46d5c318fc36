"""Everything that a terminal may ask for its customer alone, and everything that the office may answer."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from signaling_server.contract.cases import CaseAnswer, CaseRequest, Topic
from signaling_server.contract.knowledge import KnowledgeAnswer, KnowledgeRequest
from signaling_server.contract.services import CardAsked, CardTold, CodeAnswer, CodeRequest, Id, ServiceRefused, Word
from signaling_server.contract.turns import TurnCategory
from signaling_server.contract.visits import VisitAnswer, VisitRequest

KeyHex = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]


class ServicesAsked(Struct, frozen=True, tag=True, tag_field="type"):
    """What does this office give? Asked after `TerminalWelcome`; the answer is kept for the time without a line."""

    request_id: Id


class ServicesTold(Struct, frozen=True, tag=True, tag_field="type"):
    """The key that forms are sealed to, the topics, the ways out of this office, and whom it serves out of turn."""

    request_id: Id
    seal_key_id: Word
    seal_key_hex: KeyHex
    topics: list[Topic]
    sms: bool
    email: bool
    categories: list[TurnCategory] = []  # who is served out of turn by law


ServiceRequest = ServicesAsked | CodeRequest | CardAsked | CaseRequest | KnowledgeRequest | VisitRequest
ServiceAnswer = ServiceRefused | ServicesTold | CodeAnswer | CardTold | CaseAnswer | KnowledgeAnswer | VisitAnswer
