"""Presence sensor (XFS4IoT Auxiliaries, proximity): somebody stands before the terminal."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PresenceChanged:
    """Somebody came, or nobody has been seen for some seconds; told at the start too."""

    present: bool
