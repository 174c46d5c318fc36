"""What a screen consists of for who cannot see it: speech, keypad navigation, tests, the robot. No Kivy import.

Roles are those of WAI-ARIA where it has one: button, switch, heading, text, field, picture; `secret` is a field whose
value is never said, `textbox` one of which only what changed is said while it is typed, `drawing` a pad with how much
is written on it, `caption` what somebody is saying just now, so the voice does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from terminal_app.ui.locale import t

TEXTBOX = "textbox"
DRAWING = "drawing"
CAPTION = "caption"
TARGET_ROLES = frozenset({"button", "switch"})


@dataclass(frozen=True, slots=True)
class Node:
    """One meaningful thing on the glass, in window pixels from the top left."""

    role: str
    name: str
    key: str
    enabled: bool
    x: float
    y: float
    width: float
    height: float
    value: str = ""
    order: int = 0  # the place in reading order, over all pages of the screen
    within: str = ""  # key of the target whose words these are: said with it, not by themselves
    say: str = ""  # what the voice says of it; empty: nothing
    primary: bool = False  # the main action of its screen: a larger target
    clipped: bool = False  # its words do not fit the place they have

    @property
    def identity(self) -> str:
        """The same thing after the screen was built anew."""
        return self.key or f"{self.role}:{self.name}"


def said(role: str, name: str, value: str, *, enabled: bool) -> str:
    """A node in words, numbers still in figures: «Оплатить. Кнопка. Сейчас не нажимается»."""
    if role == "secret":
        return t("say.secret")
    if role == CAPTION:
        return ""
    if role == DRAWING:
        return f"{name}. {value}"
    if role not in TARGET_ROLES:
        return name
    parts = [name, t(f"say.{role}"), value, "" if enabled else t("say.disabled")]
    return ". ".join(part for part in parts if part)


def focusable(nodes: Sequence[Node], *, words: bool) -> list[Node]:
    """What the arrows of a keypad walk over: targets, and with the voice on the words between them too."""
    return [node for node in nodes if node.say and not node.within and (words or node.role in TARGET_ROLES)]


def step(nodes: Sequence[Node], now: str, by: int) -> Node | None:
    """The next node (`by` 1) or the one before (-1), round the ends; the first when nothing is chosen yet."""
    if not nodes:
        return None
    places = [place for place, node in enumerate(nodes) if node.identity == now]
    if not places:
        return nodes[0 if by > 0 else -1]
    return nodes[(places[0] + by) % len(nodes)]
