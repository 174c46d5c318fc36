"""A still of a paper that the customer shows in a call (clauses 6.1.1, 9.6.10, docs/adr/0039).

The agent asks, the customer allows, looks at what was taken and sends it by his own touch. The picture goes over HTTPS
to a path that the office grants for one picture and a few minutes; on the socket there are only these words.
"""

from __future__ import annotations

import enum
from typing import Annotated

from msgspec import Meta, Struct

STILL_SIZE_MAX = 600_000  # bytes: A4 as a camera of full size sees it
STILLS_MAX = 12  # of one call

StillId = Annotated[str, Meta(min_length=1, max_length=64)]


class StillState(enum.StrEnum):
    """How the customer stands with the paper that he was asked for."""

    ASKED = "asked"  # the question stands before him
    HOLDING = "holding"  # he holds it before the camera
    LOOKING = "looking"  # he looks at what was taken
    SENDING = "sending"
    SENT = "sent"  # the office has it
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"  # the agent needs it no more
    NO_CAMERA = "no_camera"  # it gave no picture
    FAILED = "failed"  # the office did not take it: the link was too old


ENDED = frozenset(StillState) - {StillState.ASKED, StillState.HOLDING, StillState.LOOKING, StillState.SENDING}


class AskStill(Struct, frozen=True, tag=True, tag_field="type"):
    """Of the agent's page: may the customer show a paper?"""

    call_id: StillId
    still_id: StillId  # made by the page


class WithdrawStill(Struct, frozen=True, tag=True, tag_field="type"):
    """He need not any more; what was not sent is gone from the terminal."""

    call_id: StillId
    still_id: StillId


class StillAsked(Struct, frozen=True, tag=True, tag_field="type"):
    """To the terminal: `path` takes one picture, for a few minutes, from this terminal."""

    call_id: StillId
    still_id: StillId
    path: Annotated[str, Meta(max_length=200)]


class StillTold(Struct, frozen=True, tag=True, tag_field="type"):
    """Of the terminal, to the agent; all of a talk are told again after a lost link or a page loaded anew."""

    call_id: StillId
    still_id: StillId
    state: StillState


class AttachStill(Struct, frozen=True):
    """Into the present case of the call. What nobody attaches is destroyed with the call."""

    call_id: StillId
    still_id: StillId
