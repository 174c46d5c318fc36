"""A document read aloud whole, sentence by sentence, and how much of it was heard (clause 9.6.9). Pure.

Core decides by it when an agreement unlocks, ui plays by it: both cut a text into the same sentences.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from textwrap import wrap

from msgspec import Struct

SENTENCE_LENGTH_MAX = 240  # signs: what is said again after a pause is no longer
_SENTENCE_END = re.compile(r"(?<=[.!?;:…])\s+")


class Aloud(Struct, frozen=True):
    """A page whose text is read aloud: so many of its sentences were heard whole, in their order."""

    heard: int = 0


class Heard(Struct, frozen=True, tag=True, tag_field="type"):
    """So many sentences of the present page were played whole. `failed`: nothing can be said on this terminal now."""

    page: str
    sentences: int
    failed: bool = False


def sentences_of(text: str) -> list[str]:
    """The whole of a text: every word of it, once."""
    return [
        piece
        for paragraph in text.split("\n")
        for sentence in _SENTENCE_END.split(paragraph.strip())
        for piece in wrap(sentence, SENTENCE_LENGTH_MAX, break_on_hyphens=False, break_long_words=False)
    ]


def coverage_percent(sentences: Sequence[str], heard: int) -> int:
    """How much of the text was heard, by its signs; 100 is the whole of it and nothing less."""
    whole = sum(len(sentence) for sentence in sentences)
    return 100 * sum(len(sentence) for sentence in sentences[:heard]) // whole if whole else 100


def text_sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
