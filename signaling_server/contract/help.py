"""Remote help in a call: the agent proposes what to write into the form that stands at the terminal (clause 9.6.3c).

The terminal decides and tells all of it, whole: whether help was allowed by the customer's touch, for which field
something may be proposed, what became of the last proposal. Values are relayed unread and stored nowhere; that help was
allowed, stopped, and what was answered is kept with the call. Consent, PIN, codes and payments are no fields.
"""

from __future__ import annotations

import enum
from typing import Annotated

from msgspec import Meta, Struct

VALUE_LENGTH_MAX = 2_000  # of the longest field: the text of an обращение

HelpId = Annotated[str, Meta(min_length=1, max_length=64)]
FormName = Annotated[str, Meta(max_length=64)]


class HelpState(enum.StrEnum):
    NONE = "none"
    OFFERED = "offered"  # the customer is being asked
    ON = "on"  # he has touched «Разрешаю»


class HelpField(enum.StrEnum):
    """What may be proposed at all."""

    TEXT = "text"
    ADDRESS = "address"
    NAME = "name"
    PHONE = "phone"
    EMAIL = "email"
    ACCOUNT = "account"
    NUMBER = "number"
    READING = "reading"


class ProposalAnswer(enum.StrEnum):
    TAKEN = "taken"
    DECLINED = "declined"
    UNFIT = "unfit"  # it cannot stand in this field
    REFUSED = "refused"  # nothing may be proposed there, or not now


class HelpOffered(Struct, frozen=True, tag=True, tag_field="type"):
    """«Помочь заполнить», by the agent."""

    call_id: HelpId


class HelpWithdrawn(Struct, frozen=True, tag=True, tag_field="type"):
    """The agent takes his offer back, or has helped enough."""

    call_id: HelpId


class FieldProposed(Struct, frozen=True, tag=True, tag_field="type"):
    """By the agent, for the field of the form that he was told of."""

    call_id: HelpId
    proposal_id: HelpId
    form: FormName
    value: Annotated[str, Meta(min_length=1, max_length=VALUE_LENGTH_MAX)]


class HelpTold(Struct, frozen=True, tag=True, tag_field="type"):
    """By the terminal, at each change. `form` and `field` are told only while help is on."""

    call_id: HelpId
    state: HelpState = HelpState.NONE
    form_stands: bool = False  # there is something to help with
    form: FormName = ""
    field: HelpField | None = None  # None: nothing may be proposed here
    length_max: Annotated[int, Meta(ge=0, le=VALUE_LENGTH_MAX)] = 0
    proposal_id: Annotated[str, Meta(max_length=64)] = ""  # the last one
    answer: ProposalAnswer | None = None  # None: it stands before the customer
