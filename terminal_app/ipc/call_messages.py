"""What the customer does within a live call; of the same socket as `messages.py`."""

from __future__ import annotations

import enum

from msgspec import Struct

from signaling_server.contract.notes import Drawing


class CallPane(enum.StrEnum):
    """What a call shows."""

    TALK = "talk"
    PAD = "pad"
    KEYBOARD = "keyboard"
    NOTES = "notes"


class OpenPane(Struct, frozen=True, tag=True, tag_field="type"):
    pane: CallPane


class WriteNote(Struct, frozen=True, tag=True, tag_field="type"):
    """To the consultant: words or a drawing."""

    text: str = ""
    drawing: Drawing | None = None
