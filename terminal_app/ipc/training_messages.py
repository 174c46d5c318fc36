"""What only a technician who practises presses; of the same socket as `messages.py`."""

from __future__ import annotations

from msgspec import Struct


class InsertTrainingNote(Struct, frozen=True, tag=True, tag_field="type"):
    """In training only: a simulated note."""

    value_minor: int


class EndTraining(Struct, frozen=True, tag=True, tag_field="type"):
    """«Закончить обучение»."""
