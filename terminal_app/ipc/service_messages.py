"""What a service program (a screen of service mode, a command in a shell) says to core and hears from it.

They speak over a socket of their own, `service.sock`, which only the terminal's user may open.
"""

from __future__ import annotations

import enum

from msgspec import Struct


class EncashmentStage(enum.Enum):
    """payment/encashment/steps.py says what each one means."""

    SIGN_IN = "sign_in"
    SEAL = "seal"
    BEFORE = "before"
    REMOVE = "remove"
    INSERT = "insert"
    AFTER = "after"
    DONE = "done"


# --- service -> core ------------------------------------------------------------------------------------------------


class SignInAsked(Struct, frozen=True, tag=True, tag_field="type"):
    """The number of the collector's card, as the reader gave it, and the PIN."""

    card_id: str
    pin: str


class SealTyped(Struct, frozen=True, tag=True, tag_field="type"):
    """The number of the bag: from here on the collection stands in the journal."""

    seal: str


class SlipCopyAsked(Struct, frozen=True, tag=True, tag_field="type"):
    """The last slip once more."""


class CollectorLeft(Struct, frozen=True, tag=True, tag_field="type"):
    pass


ServiceToCore = SignInAsked | SealTyped | SlipCopyAsked | CollectorLeft

# --- core -> service ------------------------------------------------------------------------------------------------


class EncashmentState(Struct, frozen=True, tag=True, tag_field="type"):
    """Everything a service program shows. `words` say what to do now, `trouble` why the last step was not taken."""

    stage: EncashmentStage
    words: str
    trouble: str = ""
    collector: str = ""
    slip: str = ""  # the last slip as plain text, for who has no paper
