"""What every screen's presenter is: the whole state in, a view value out; a touched key in, a command out. Pure."""

from __future__ import annotations

import abc
from collections.abc import Sequence
from typing import Generic, TypeVar

from terminal_app.ipc.messages import TerminalState, UiToCore
from terminal_app.ui.presenters.reading import Ended, Sentence

View = TypeVar("View")


class Presenter(abc.ABC, Generic[View]):
    """Lives as long as its screen is shown: what was typed goes away with it, nothing is left for the next person."""

    def __init__(self, state: TerminalState) -> None:
        """Reads what the state already knows (an account typed before, for example)."""

    @abc.abstractmethod
    def view(self, state: TerminalState) -> View:
        """What the screen shows now."""

    def press(self, key: str, state: TerminalState) -> UiToCore | None:
        """The command of a touched key; None when it only changes what is typed, or nothing."""
        return None

    def to_say(self) -> Sentence | None:
        """What the voice reads of a document now; None: nothing is read."""
        return None

    def said(self, sentence: Sentence, how: Ended, state: TerminalState) -> UiToCore | None:
        """How its saying ended."""
        return None

    def draw(self, points: Sequence[int], height: int) -> None:
        """A stroke of a finger on the pad of a screen that has one."""


DIGIT_KEYS = {f"digit_{digit}": str(digit) for digit in range(10)}
CLEAR, BACKSPACE = "clear", "backspace"


def typed(draft: str, key: str, length_max: int) -> str:
    """The digits after one key of the keypad. A digit over the limit is not taken."""
    if key == CLEAR:
        return ""
    if key == BACKSPACE:
        return draft[:-1]
    digit = DIGIT_KEYS.get(key, "")
    return draft + digit if len(draft) < length_max else draft
