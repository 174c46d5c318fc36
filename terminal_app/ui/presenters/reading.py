"""A document that the voice reads whole: where it is, and what its buttons do. Pure (clause 9.6.9).

The customer begins it himself. It halts whenever something else is said, and goes on from the same sentence.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from terminal_app.ipc.pages import Page
from terminal_app.ipc.reading import Aloud, Heard, coverage_percent, sentences_of
from terminal_app.ui.locale import plural, t
from terminal_app.ui.presenters.page_words import ChoiceView

PLAY, REPEAT, AGAIN = "reading_play", "reading_repeat", "reading_again"
SIGNS_A_MINUTE = 800  # of the voice at its usual speed


class Ended(enum.Enum):
    """How the saying of a sentence ended."""

    WHOLE = enum.auto()
    CUT = enum.auto()  # something else is said, or nothing more
    FAILED = enum.auto()  # there is no voice, or no loudspeaker


@dataclass(frozen=True, slots=True)
class Sentence:
    """What is to be said now; `turn` tells one saying of it from another."""

    number: int
    turn: int
    text: str


@dataclass(frozen=True, slots=True)
class ReadingView:
    progress: str
    part: float
    sentence: str  # what is said now, large
    keys: tuple[ChoiceView, ...]


class ReadingAloud:
    """Of one page. What was heard is core's to know; where it goes on is kept here."""

    def __init__(self, page: Page, aloud: Aloud) -> None:
        self._sentences = text_of(page)
        self._heard = self._at = aloud.heard
        self._going = False
        self._turn = 0

    def view(self) -> ReadingView:
        percent = coverage_percent(self._sentences, self._heard)
        begun = self._at > 0 or self._going
        play = t("reading.pause" if self._going else "reading.go_on" if begun else "reading.start")
        keys = [ChoiceView(PLAY, play, "", "", enabled=not self._over)]
        if begun:
            keys += [ChoiceView(REPEAT, t("reading.repeat"), "", "", enabled=True)]
            keys += [ChoiceView(AGAIN, t("reading.again"), "", "", enabled=True)]
        words = self._sentences[self._at] if begun and not self._over else ""
        return ReadingView(self._progress(percent, begun), percent / 100, words, tuple(keys))

    @property
    def now(self) -> Sentence | None:
        """What is to be said now."""
        if not self._going or self._over:
            return None
        return Sentence(self._at, self._turn, self._sentences[self._at])

    def press(self, key: str) -> bool:
        """False: it is none of its buttons."""
        if key not in (PLAY, REPEAT, AGAIN):
            return False
        self._turn += 1
        if key == PLAY:
            self._going = not self._going and not self._over
        else:
            self._at = 0 if key == AGAIN else max(0, min(self._at, len(self._sentences)) - (0 if self._going else 1))
            self._going = True
        return True

    def ended(self, sentence: Sentence, how: Ended, page: str) -> Heard | None:
        """What core is to know of it: one sentence more was heard, or none can be."""
        if sentence != self.now:
            return None  # of a saying before
        self._going = how is Ended.WHOLE
        if how is Ended.FAILED:
            return Heard(page, self._heard, failed=True)
        if how is Ended.CUT:
            return None
        self._at += 1
        self._going = not self._over
        if self._at <= self._heard:
            return None  # heard before
        self._heard = self._at
        return Heard(page, self._heard)

    @property
    def _over(self) -> bool:
        return self._at >= len(self._sentences)

    def _progress(self, percent: int, begun: bool) -> str:
        if self._over:
            return t("reading.over")
        if begun:
            return t("reading.going" if self._going else "reading.paused", percent=percent)
        minutes = max(1, round(sum(map(len, self._sentences)) / SIGNS_A_MINUTE))
        return t("reading.before", time=plural("minutes", minutes))


def text_of(page: Page) -> list[str]:
    """The same sentences that core counts."""
    return [sentence for part in page.parts for sentence in sentences_of(part.text.text)]
