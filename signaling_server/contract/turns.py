"""Who is served out of turn: what the customer declares before he waits, and what the agent saw (clause 6.3.3)."""

from __future__ import annotations

import enum

from msgspec import Struct

from signaling_server.contract.services import Id, Line, Word


class TurnCategory(Struct, frozen=True):
    """Whom the law lets pass out of turn; the agent looks at the document."""

    category_id: Id
    title: Line


class Verdict(enum.StrEnum):
    """All that is kept of the document: yes or no. Nothing of it is copied."""

    UNCHECKED = "unchecked"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


class Turn(Struct, frozen=True):
    """`special_help`: «Мне нужна особая помощь», believed without proof. `title` and `verdict` are the office's own."""

    special_help: bool = False
    category_id: Word = ""
    title: Line = ""
    verdict: Verdict = Verdict.UNCHECKED


class CheckCategory(Struct, frozen=True, tag=True, tag_field="type"):
    """The agent has seen the document. Not his: the customer goes back to his place by his original time."""

    command_id: Id
    call_id: Id
    confirmed: bool


class CategoryChecked(Struct, frozen=True, tag=True, tag_field="type"):
    """To the agent's page: what is now known of the category of the call he is in."""

    call_id: Id
    verdict: Verdict
