"""A written card of a call sent to the customer by SMS or e-mail (clauses 9.3.5c, 9.6.11).

The agent offers, the customer sees the very text that will leave and says where to; nothing leaves before his touch.
The office sends what it has kept of the card, through its one queue of messages (signaling_server/messaging). The
address stays between terminal and office: the agent is told it masked.
"""

from __future__ import annotations

import enum
from typing import Annotated

from msgspec import Meta, Struct

SENDINGS_MAX = 6  # of one call
ADDRESS_LENGTH_MAX = 200
SENT_TEXT_LENGTH_MAX = 1_000

SendingCallId = Annotated[str, Meta(min_length=1, max_length=64)]
SendingId = Annotated[str, Meta(pattern="^[A-Za-z0-9-]{1,40}$")]  # made by the page


class SendingWay(enum.StrEnum):
    SMS = "sms"
    EMAIL = "email"


class SendingState(enum.StrEnum):
    """How it stands with one offer; the last of each line is its end."""

    # with the customer
    ASKED = "asked"
    TYPING = "typing"  # where to
    CHECKING = "checking"  # he looks over what goes where
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"  # the agent took the offer back
    # the office does not offer it
    NOT_SHOWN = "not_shown"  # no such card stood before the customer
    NO_WAY = "no_way"  # this office sends no SMS, or no e-mail
    TOO_LONG = "too_long"  # for an SMS
    TOO_MANY = "too_many"
    # with the office, after the customer's touch
    BAD_ADDRESS = "bad_address"  # he corrects it
    QUEUED = "queued"
    MORNING = "morning"  # an SMS wakes nobody: it leaves after nine
    RETRYING = "retrying"  # the far end did not take it yet
    TAKEN = "taken"  # by the gateway, or the mail server
    FAILED = "failed"  # it will not go


class OfferSending(Struct, frozen=True, tag=True, tag_field="type"):
    """Of the agent's page: may this card go to the customer?"""

    call_id: SendingCallId
    sending_id: SendingId
    note_id: Annotated[str, Meta(min_length=1, max_length=64)]
    way: SendingWay


class WithdrawSending(Struct, frozen=True, tag=True, tag_field="type"):
    """He need not any more; after his touch it is too late."""

    call_id: SendingCallId
    sending_id: SendingId


class SendingOffered(Struct, frozen=True, tag=True, tag_field="type"):
    """To the terminal: `text` is what would leave, letter by letter."""

    call_id: SendingCallId
    sending_id: SendingId
    way: SendingWay
    text: Annotated[str, Meta(max_length=SENT_TEXT_LENGTH_MAX)]
    morning: bool = False  # it would leave after nine


class SendingKnown(Struct, frozen=True, tag=True, tag_field="type"):
    """To the terminal: where it may go without typing, masked; proved by a code for the customer's account."""

    call_id: SendingCallId
    sending_id: SendingId
    to: Annotated[str, Meta(max_length=ADDRESS_LENGTH_MAX)]


class SendCard(Struct, frozen=True, tag=True, tag_field="type"):
    """Of the terminal: the customer has confirmed by his touch. Told twice it is sent once."""

    call_id: SendingCallId
    sending_id: SendingId
    address: Annotated[str, Meta(max_length=ADDRESS_LENGTH_MAX)] = ""  # as he typed it; empty: the known one


class SendingTold(Struct, frozen=True, tag=True, tag_field="type"):
    """How it stands: of the terminal until the customer's touch, then of the office, to both sides."""

    call_id: SendingCallId
    sending_id: SendingId
    way: SendingWay
    state: SendingState
    to: Annotated[str, Meta(max_length=ADDRESS_LENGTH_MAX)] = ""  # masked, once it is with the office
    account: Annotated[str, Meta(pattern="^[0-9]{0,20}$")] = ""  # of who is identified: for the office alone
