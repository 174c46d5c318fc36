"""What the voice says when the screen changes. Pure: nodes in, texts out."""

from __future__ import annotations

from collections.abc import Sequence

from terminal_app.ui.semantics import TARGET_ROLES, Node


class Narration:
    """A new screen is read from top to bottom; on the same one only what is new is said."""

    def __init__(self) -> None:
        self._screen = ""
        self._said: frozenset[str] = frozenset()

    def changed(self, screen: str, nodes: Sequence[Node]) -> list[str]:
        """Texts to say now; empty: nothing new. `screen` tells screens, and windows over them, apart."""
        words = [node.say for node in nodes if node.say and not node.within and node.role not in TARGET_ROLES]
        new = words if screen != self._screen else [text for text in words if text not in self._said]
        self._screen, self._said = screen, frozenset(words)
        return new

    def forget(self) -> None:
        self._screen, self._said = "", frozenset()
