"""SOS button beside the screen: a customer asks for a human, whatever the screen shows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SosPressed:
    """The button was held for 1.5 s. Once for a press, however long it is held then and however it bounces."""
