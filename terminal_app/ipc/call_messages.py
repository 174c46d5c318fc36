"""What the customer does within a live call; of the same socket as `messages.py`."""

from __future__ import annotations

import enum

from msgspec import Struct

from signaling_server.contract.notes import CardAnswer, Drawing


class CallPane(enum.StrEnum):
    """What a call shows."""

    TALK = "talk"
    PAD = "pad"
    KEYBOARD = "keyboard"
    NOTES = "notes"


class Printing(enum.StrEnum):
    """The paper of the card that stands on the screen."""

    NONE = "none"
    BUSY = "busy"
    DONE = "done"
    FAILED = "failed"


class OpenPane(Struct, frozen=True, tag=True, tag_field="type"):
    pane: CallPane


class WriteNote(Struct, frozen=True, tag=True, tag_field="type"):
    """To the consultant: words or a drawing."""

    text: str = ""
    drawing: Drawing | None = None


class AnswerCard(Struct, frozen=True, tag=True, tag_field="type"):
    """The customer's touch on a card, or «Поясните проще» to words of the consultant."""

    note_id: str
    answer: CardAnswer
    option: str = ""  # the words of one of the agent's own


class OpenTurn(Struct, frozen=True, tag=True, tag_field="type"):
    """«Нужна особая помощь или приём вне очереди»: before the customer waits."""


class PrintCard(Struct, frozen=True, tag=True, tag_field="type"):
    note_id: str


CallPress = OpenPane | OpenTurn | WriteNote | AnswerCard | PrintCard
