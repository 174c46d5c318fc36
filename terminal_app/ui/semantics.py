"""What a screen consists of for who cannot see it: speech, keypad navigation, tests, the robot. No Kivy import."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Node:
    """One meaningful thing on the glass, in window pixels from the top left."""

    role: str  # button, heading, text, field, picture
    name: str
    key: str
    enabled: bool
    x: float
    y: float
    width: float
    height: float
    value: str = ""
    primary: bool = False  # the main action of its screen: a larger target
    clipped: bool = False  # its words do not fit the place they have
