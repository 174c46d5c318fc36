"""What the voice says when the screen changes. Pure: nodes in, texts out."""

from __future__ import annotations

from collections.abc import Sequence

from terminal_app.ui.keyboard_layout import NAMES
from terminal_app.ui.locale import t
from terminal_app.ui.semantics import TARGET_ROLES, TEXTBOX, Node


class Narration:
    """A new screen is read from top to bottom; on the same one only what is new is said."""

    def __init__(self) -> None:
        self._screen = ""
        self._said: frozenset[str] = frozenset()
        self._typed = ""

    def changed(self, screen: str, nodes: Sequence[Node]) -> list[str]:
        """Texts to say now; empty: nothing new. `screen` tells screens, and windows over them, apart."""
        words = [node for node in nodes if node.say and not node.within and node.role not in TARGET_ROLES]
        if screen != self._screen:
            new = [node.say for node in words]
        else:
            new = [self._new_of(node) for node in words if node.say not in self._said]
        self._screen, self._said = screen, frozenset(node.say for node in words)
        self._typed = next((node.say for node in words if node.role == TEXTBOX), "")
        return new

    def _new_of(self, node: Node) -> str:
        return typed_change(self._typed, node.say) if node.role == TEXTBOX and self._typed else node.say

    def forget(self) -> None:
        self._screen, self._said, self._typed = "", frozenset(), ""


def typed_change(before: str, after: str) -> str:
    """What a key did to a text, to be heard at once: the signs that came, else those that went."""
    start = _alike(before, after)
    end = _alike(before[start:][::-1], after[start:][::-1])
    came, went = after[start : len(after) - end], before[start : len(before) - end]
    if came:
        return t(NAMES[came]) if came in NAMES else came
    return t("keyboard.erased", sign=went) if len(went) == 1 else t("keyboard.erased_more")


def _alike(first: str, second: str) -> int:
    """How many signs at the beginning of both are the same."""
    alike = (one == other for one, other in zip(first, second, strict=False))
    return next((number for number, same in enumerate(alike) if not same), min(len(first), len(second)))
