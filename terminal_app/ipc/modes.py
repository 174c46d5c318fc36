"""How a customer wants to be served: modes of accessibility and the language, independent of each other.

Source: clause 9.6 of the standard; ../shared/notes/desk_and_kiosk_ux.md is where the sizes come from.
"""

from __future__ import annotations

import enum

from msgspec import Struct

PATIENCE = 3  # every wait for the customer is so many times longer in a mode of accessibility (clause 9.6.4)


class TextSize(enum.StrEnum):
    NORMAL = "normal"
    LARGE = "large"  # 1.5 times
    LARGEST = "largest"  # twice


class Language(enum.StrEnum):
    RUSSIAN = "ru"
    ENGLISH = "en"


class Modes(Struct, frozen=True):
    """Chosen by the customer, never guessed, forgotten at the end of the visit."""

    text_size: TextSize = TextSize.NORMAL
    contrast: bool = False
    low: bool = False  # every target within reach from a wheelchair
    plain: bool = False  # the catalogue of plain words
    voice: bool = False
    slow: bool = False  # the voice speaks slower
    language: Language = Language.RUSSIAN

    @property
    def patience(self) -> int:
        """How many times longer the terminal waits. A language alone asks for no more time."""
        assisted = self.text_size is not TextSize.NORMAL or self.contrast or self.low or self.plain or self.voice
        return PATIENCE if assisted else 1


DEFAULT_MODES = Modes()


class ChooseModes(Struct, frozen=True, tag=True, tag_field="type"):
    """The customer's whole choice, as it stands after a press."""

    modes: Modes
