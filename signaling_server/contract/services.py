"""What a customer does alone at the terminal: requests of the terminal with ids, and the office's answers.

Every request carries a `request_id` of the terminal; its answer repeats it. What is not given is `ServiceRefused`: a
stable word, and a sentence for the screen. Only a terminal with a certificate of the fleet may ask.
"""

from __future__ import annotations

import enum
from typing import Annotated

from msgspec import Meta, Struct

ACCOUNTS_MAX = 20  # of one phone

Id = Annotated[str, Meta(min_length=1, max_length=64)]
Word = Annotated[str, Meta(max_length=64)]
Line = Annotated[str, Meta(max_length=200)]
PhoneText = Annotated[str, Meta(max_length=32)]
Code = Annotated[str, Meta(pattern="^[0-9]{6}$")]
Sha256Hex = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]


class ConsentRead(Struct, frozen=True):
    """How a text was read before it was agreed to: which one, and how much of it was shown or heard (clause 9.6.9)."""

    sha256: Sha256Hex  # of the text as it stood on the screen
    coverage_percent: Annotated[int, Meta(ge=0, le=100)]


class CodePurpose(enum.StrEnum):
    """What a one-time code by SMS opens."""

    IDENTIFY = "identify"  # the phone is his
    INFORMING_ON = "informing_on"  # СМС-информирование of an account to this phone
    INFORMING_OFF = "informing_off"


# --- terminal -> server -----------------------------------------------------------------------------------------------


class CodeAsked(Struct, frozen=True, tag=True, tag_field="type"):
    """The customer typed his phone: send a code there. `account` and consent belong to СМС-информирование."""

    request_id: Id
    phone: PhoneText
    purpose: CodePurpose
    account: Word = ""
    consent_version: Word = ""  # of the text that he read and agreed to
    consent_read: ConsentRead | None = None


class CodeEntered(Struct, frozen=True, tag=True, tag_field="type"):
    """The customer typed the code; the phone again, because the office keeps only its hash."""

    request_id: Id
    code_id: Id
    phone: PhoneText
    code: Code


class InformingAsked(Struct, frozen=True, tag=True, tag_field="type"):
    """Is СМС-информирование on for this identified customer's account?"""

    request_id: Id
    account: Id


class CardAsked(Struct, frozen=True, tag=True, tag_field="type"):
    """A service or city card was held to the reader: whose account is bound to it? `card`: its UID in hexadecimal."""

    request_id: Id
    card: Annotated[str, Meta(pattern="^([0-9a-f]{2}){4,10}$")]


# --- server -> terminal -----------------------------------------------------------------------------------------------


class ServiceRefused(Struct, frozen=True, tag=True, tag_field="type"):
    """A request that is not done: why as a stable word, and as a sentence for the customer."""

    request_id: Id
    reason: Word
    sentence: Line


class CodeSent(Struct, frozen=True, tag=True, tag_field="type"):
    """The code is on its way."""

    request_id: Id
    code_id: Id
    phone_masked: Line
    valid_s: int
    again_after_s: int  # a new one may be asked then
    tries: int


class CodeProved(Struct, frozen=True, tag=True, tag_field="type"):
    """The phone is his, and what the code was for is done. `accounts`: those he is informed of by this phone."""

    request_id: Id
    code_id: Id
    purpose: CodePurpose
    accounts: list[Line]


class InformingTold(Struct, frozen=True, tag=True, tag_field="type"):
    """Who is informed of the account by SMS; nobody: the list is empty."""

    request_id: Id
    account: Id
    phones_masked: list[Line]


class CardTold(Struct, frozen=True, tag=True, tag_field="type"):
    """The account that the card stands for. It is a number and no proof: the second attribute is asked all the same."""

    request_id: Id
    account: Id


CodeRequest = CodeAsked | CodeEntered | InformingAsked
CodeAnswer = CodeSent | CodeProved | InformingTold
