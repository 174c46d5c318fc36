"""Lights (XFS4IoT Lights): guidance lights at slots, the lamp of the case."""

from __future__ import annotations

import enum
from typing import Protocol


class LightMode(enum.Enum):
    OFF = "off"
    CONTINUOUS = "continuous"
    FLASH = "flash"  # a second in all, half of it on


class Lights(Protocol):
    """Verbs of the lights. A light that is not there is a stated fault, never an exception."""

    def set_light(self, name: str, mode: LightMode) -> None:
        """Remembered, and said again when the light comes back."""
